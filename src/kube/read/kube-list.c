/* kube-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-list.h"

#include "base-json.h"
#include "kube-error.h"

/* Servers write `null` for a slice without elements, as Go does. */
static gboolean
is_array (JsonNode   *list,
          const char *member)
{
  JsonNode *node = base_json_get (list, member, NULL);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) || JSON_NODE_HOLDS_ARRAY (node);
}

/**
 * kube_list_check:
 * @resource: what was asked for
 * @list: the answer to a list request
 * @error: return location for an error
 *
 * Tells a list or a Table from whatever else may come with the HTTP status of success, such as the
 * words of a proxy: that must not pass as a list of nothing.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL.
 *
 * Returns: %TRUE if @list is one, %FALSE with @error set
 */
gboolean
kube_list_check (const KubeResource *resource,
                 JsonNode           *list,
                 GError            **error)
{
  const char *kind;

  g_return_val_if_fail (resource != NULL, FALSE);
  g_return_val_if_fail (list != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  kind = base_json_get_string (list, "kind", NULL);
  if (kind != NULL && g_str_equal (kind, "Table") && is_array (list, "rows"))
    return TRUE;
  if (kind != NULL && g_str_has_suffix (kind, "List") && is_array (list, "items"))
    return TRUE;

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The cluster was asked for a list of %s, but the answer is none. A proxy or a "
               "sign-in page may stand in between: check the server address of the context.",
               resource->plural);

  return FALSE;
}
