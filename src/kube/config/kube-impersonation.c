/* kube-impersonation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-impersonation.h"

#include <string.h>

#include "base-json.h"

static gboolean
is_unset (JsonNode *node)
{
  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

/* A control character could end the header or begin another one. */
static gboolean
add_header (GStrvBuilder *headers,
            const char   *name,
            JsonNode     *value)
{
  const char *text = base_json_get_string (value, NULL);

  if (text == NULL)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;
  if (*text != '\0')
    g_strv_builder_add_many (headers, name, text, NULL);

  return TRUE;
}

/* What may not stand in the name of a header is percent-encoded (client-go:
 * transport/round_trippers.go, headerKeyEscape). */
static char *
escape_key (const char *key)
{
  GString *text = g_string_new ("Impersonate-Extra-");

  for (; *key != '\0'; key++)
    if (g_ascii_isalnum (*key) || strchr ("!#$&'*+-.^_`|~", *key) != NULL)
      g_string_append_c (text, *key);
    else
      g_string_append_printf (text, "%%%02X", (guchar) *key);

  return g_string_free (text, FALSE);
}

static gboolean
add_list (GStrvBuilder *headers,
          const char   *name,
          JsonNode     *list)
{
  JsonArray *array = base_json_get_array (list, NULL);

  if (array == NULL)
    return is_unset (list);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!add_header (headers, name, json_array_get_element (array, i)))
      return FALSE;

  return TRUE;
}

static gboolean
add_extra (GStrvBuilder *headers,
           JsonNode     *extra)
{
  JsonObject    *object = base_json_get_object (extra, NULL);
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *values;

  if (object == NULL)
    return is_unset (extra);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &values))
    {
      g_autofree char *name = escape_key (key);

      if (*key == '\0' || !add_list (headers, name, values))
        return FALSE;
    }

  return TRUE;
}

/**
 * kube_impersonation_read:
 * @user: a user of a kubeconfig
 * @user_name: its name, for messages
 * @problem: (out) (transfer full) (nullable): whole sentences that say what is wrong
 *
 * Reads in whose name the user acts (`as`, `as-uid`, `as-groups`, `as-user-extra`; see
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
 *
 * Returns: (transfer full) (nullable): names and values of request headers by turns, %NULL if
 *   the user acts in its own name or with @problem set
 */
GStrv
kube_impersonation_read (JsonNode   *user,
                         const char *user_name,
                         char      **problem)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) headers = NULL;
  JsonNode *as = base_json_get (user, "as", NULL);
  JsonNode *uid = base_json_get (user, "as-uid", NULL);

  g_return_val_if_fail (user_name != NULL, NULL);
  g_return_val_if_fail (problem != NULL, NULL);

  *problem = NULL;
  if ((!is_unset (as) && !add_header (builder, "Impersonate-User", as)) ||
      (!is_unset (uid) && !add_header (builder, "Impersonate-Uid", uid)) ||
      !add_list (builder, "Impersonate-Group", base_json_get (user, "as-groups", NULL)) ||
      !add_extra (builder, base_json_get (user, "as-user-extra", NULL)))
    {
      *problem = g_strdup_printf ("The user “%s” acts in the name of another, but that is not "
                                  "written as it should be. “as” and “as-uid” must hold a text, "
                                  "“as-groups” a list of texts, “as-user-extra” such a list for "
                                  "each name, all without line breaks.",
                                  user_name);
      return NULL;
    }

  headers = g_strv_builder_end (builder);
  if (headers[0] == NULL)
    return NULL;
  if (strcmp (headers[0], "Impersonate-User") != 0)
    {
      *problem = g_strdup_printf ("The user “%s” acts in the name of another, but only “as-uid”, "
                                  "“as-groups” or “as-user-extra” says of whom. Add the name "
                                  "with “as”, or remove them.",
                                  user_name);
      return NULL;
    }

  return g_steal_pointer (&headers);
}
