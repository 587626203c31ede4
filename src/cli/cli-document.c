/* cli-document.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-document.h"

#include "base-json.h"

#include <string.h>

#define MASK "•••"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

static void
mask_members (JsonObject *object)
{
  g_autoptr(GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_string_member (object, name->data, MASK);
}

/* `kubectl apply` keeps a whole copy of the object in an annotation. */
static void
mask_secret (JsonNode *object)
{
  JsonObject *annotations = base_json_get_object (object, "metadata", "annotations", NULL);

  mask_members (base_json_get_object (object, "data", NULL));
  mask_members (base_json_get_object (object, "stringData", NULL));
  if (annotations != NULL && json_object_has_member (annotations, LAST_APPLIED))
    json_object_set_string_member (annotations, LAST_APPLIED, MASK);
}

/* Objects of a list do not say what they are; the list does. */
static void
name_kind (JsonNode   *object,
           const char *api_version,
           const char *list_kind)
{
  JsonObject *members = json_node_get_object (object);

  if (list_kind == NULL || api_version == NULL || !g_str_has_suffix (list_kind, "List"))
    return;

  if (!json_object_has_member (members, "apiVersion"))
    json_object_set_string_member (members, "apiVersion", api_version);
  if (!json_object_has_member (members, "kind"))
    {
      g_autofree char *kind = g_strndup (list_kind, strlen (list_kind) - strlen ("List"));

      json_object_set_string_member (members, "kind", kind);
    }
}

static void
add_object (GPtrArray       *items,
            JsonNode        *object,
            CliDocumentFlags flags)
{
  JsonObject *metadata = base_json_get_object (object, "metadata", NULL);

  if (!(flags & CLI_DOCUMENT_MANAGED_FIELDS) && metadata != NULL &&
      json_object_has_member (metadata, "managedFields"))
    json_object_remove_member (metadata, "managedFields");
  if (!(flags & CLI_DOCUMENT_SECRETS) &&
      g_strcmp0 (base_json_get_string (object, "kind", NULL), "Secret") == 0 &&
      g_strcmp0 (base_json_get_string (object, "apiVersion", NULL), "v1") == 0)
    mask_secret (object);
  g_ptr_array_add (items, json_node_ref (object));
}

/**
 * cli_document_add_page:
 * @items: (element-type JsonNode): objects so far
 * @page: (inout): a list, or a single object; is changed
 * @flags: what is shown
 *
 * Adds the objects of @page to @items. The values of Secrets are masked, and what the server notes
 * about the owners of fields is left out, unless @flags say otherwise.
 */
void
cli_document_add_page (GPtrArray       *items,
                       JsonNode        *page,
                       CliDocumentFlags flags)
{
  const char *api_version = base_json_get_string (page, "apiVersion", NULL);
  const char *kind = base_json_get_string (page, "kind", NULL);
  JsonArray  *objects = base_json_get_array (page, "items", NULL);

  g_return_if_fail (items != NULL);
  g_return_if_fail (page != NULL);

  if (kind == NULL || !g_str_has_suffix (kind, "List"))
    add_object (items, page, flags);
  for (guint i = 0; objects != NULL && i < json_array_get_length (objects); i++)
    {
      JsonNode *object = json_array_get_element (objects, i);

      if (!JSON_NODE_HOLDS_OBJECT (object) || kind == NULL || !g_str_has_suffix (kind, "List"))
        continue;
      name_kind (object, api_version, kind);
      add_object (items, object, flags);
    }
}

/**
 * cli_document_new_list:
 * @items: (element-type JsonNode): objects
 *
 * Returns: (transfer full): a List of @items, as `kubectl` prints several objects
 */
JsonNode *
cli_document_new_list (GPtrArray *items)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (items != NULL, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "apiVersion");
  json_builder_add_string_value (builder, "v1");
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < items->len; i++)
    json_builder_add_value (builder, json_node_ref (g_ptr_array_index (items, i)));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, "List");
  json_builder_set_member_name (builder, "metadata");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "resourceVersion");
  json_builder_add_string_value (builder, "");
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
