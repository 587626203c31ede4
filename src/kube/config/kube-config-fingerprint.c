/* kube-config-fingerprint.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-fingerprint.h"

#include <string.h>

#include "base-json.h"
#include "kube-config-document.h"

static void add_node (GChecksum *checksum,
                      JsonNode  *node);

/* A letter says of which kind it is, and a NUL where it ends, so that no two trees can look alike. */
static void
add_text (GChecksum  *checksum,
          char        kind,
          const char *text)
{
  g_checksum_update (checksum, (const guchar *) &kind, 1);
  g_checksum_update (checksum, (const guchar *) text, strlen (text) + 1);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static void
add_object (GChecksum  *checksum,
            JsonObject *object)
{
  g_autoptr(GList) names = g_list_sort (json_object_get_members (object), compare_names);

  add_text (checksum, '{', "");
  for (GList *link = names; link != NULL; link = link->next)
    {
      add_text (checksum, ':', link->data);
      add_node (checksum, json_object_get_member (object, link->data));
    }
  add_text (checksum, '}', "");
}

static void
add_array (GChecksum *checksum,
           JsonArray *array)
{
  add_text (checksum, '[', "");
  for (guint i = 0; i < json_array_get_length (array); i++)
    add_node (checksum, json_array_get_element (array, i));
  add_text (checksum, ']', "");
}

static void
add_node (GChecksum *checksum,
          JsonNode  *node)
{
  g_autofree char *printed = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    add_object (checksum, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    add_array (checksum, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    add_text (checksum, 's', json_node_get_string (node));
  else
    {
      printed = base_json_print (node, FALSE);
      add_text (checksum, 'v', printed);
    }
}

/**
 * kube_config_fingerprint_build:
 * @documents: (element-type KubeConfigDocument): the files of a kubeconfig, in their order
 *
 * Builds a text that is the same for two kubeconfigs that say the same: neither comments and
 * spaces nor the order of fields count. Nothing can be guessed from it.
 *
 * Returns: (transfer full): the text
 */
char *
kube_config_fingerprint_build (GPtrArray *documents)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (documents != NULL, NULL);

  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);

      add_text (checksum, 'f', document->path);
      add_node (checksum, document->root);
    }

  return g_strdup (g_checksum_get_string (checksum));
}
