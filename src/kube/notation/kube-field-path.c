/* kube-field-path.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-field-path.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-label.h"

/* What a pod may be told about itself in environment variables and files (the downward API:
 * core/v1 ObjectFieldSelector), and where it stands in the pod. */
static const struct
{
  const char *path;
  const char *parent;
  const char *member;
} fields[] = {
  { "metadata.name", "metadata", "name" },
  { "metadata.namespace", "metadata", "namespace" },
  { "metadata.uid", "metadata", "uid" },
  { "metadata.labels", "metadata", "labels" },
  { "metadata.annotations", "metadata", "annotations" },
  { "spec.nodeName", "spec", "nodeName" },
  { "spec.serviceAccountName", "spec", "serviceAccountName" },
  { "status.hostIP", "status", "hostIP" },
  { "status.hostIPs", "status", "hostIPs" },
  { "status.podIP", "status", "podIP" },
  { "status.podIPs", "status", "podIPs" },
};

/**
 * kube_field_path_split:
 * @path: a path such as "metadata.labels['app']"
 * @field: (out) (transfer full): return location for what stands before the brackets
 * @subscript: (out) (transfer full): return location for the key between them
 *
 * Takes the key out of a path, by the rules of `SplitMaybeSubscriptedPath()` of
 * k8s.io/kubernetes/pkg/fieldpath: between "['" and "']" at the end anything may stand.
 *
 * Returns: whether @path has a key; @field and @subscript are not set otherwise
 */
gboolean
kube_field_path_split (const char *path,
                       char      **field,
                       char      **subscript)
{
  const char *open;
  gsize       length;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (field != NULL, FALSE);
  g_return_val_if_fail (subscript != NULL, FALSE);

  if (!g_str_has_suffix (path, "']"))
    return FALSE;
  open = strstr (path, "['");
  length = strlen (path) - strlen ("']");
  if (open == NULL || open == path || (gsize) (open + 2 - path) > length)
    return FALSE;

  *field = g_strndup (path, (gsize) (open - path));
  *subscript = g_strndup (open + 2, length - (gsize) (open + 2 - path));

  return TRUE;
}

/* As Go's %q does with what labels and annotations hold. */
static void
append_quoted (GString    *text,
               const char *value)
{
  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
      case '\\':
        g_string_append_c (text, '\\');
        g_string_append_c (text, *p);
        break;
      case '\n':
        g_string_append (text, "\\n");
        break;
      case '\r':
        g_string_append (text, "\\r");
        break;
      case '\t':
        g_string_append (text, "\\t");
        break;
      default:
        if (g_ascii_iscntrl (*p))
          g_string_append_printf (text, "\\x%02x", (guint) *p);
        else
          g_string_append_c (text, *p);
      }
  g_string_append_c (text, '"');
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

/* One line for each: key="value". */
static char *
print_map (JsonNode *node)
{
  JsonObject *map = base_json_get_object (node, NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  GList *keys = map != NULL ? json_object_get_members (map) : NULL;

  keys = g_list_sort (keys, compare_keys);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      const char *value = base_json_get_string (json_object_get_member (map, l->data), NULL);

      g_string_append_printf (text, "%s%s=", text->len > 0 ? "\n" : "", (const char *) l->data);
      append_quoted (text, value != NULL ? value : "");
    }
  g_list_free (keys);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Addresses, with commas between them. */
static char *
print_addresses (JsonArray *addresses)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (addresses); i++)
    {
      const char *ip = base_json_get_string (json_array_get_element (addresses, i), "ip", NULL);

      if (ip != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", ip);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
has_usable_key (const char *field,
                const char *key)
{
  g_autofree char *lower = g_ascii_strdown (key, -1);

  if (strcmp (field, "metadata.labels") == 0)
    return kube_label_is_key (key);

  return strcmp (field, "metadata.annotations") == 0 && kube_label_is_key (lower);
}

/**
 * kube_field_path_read:
 * @pod: a pod
 * @path: what an environment variable or a file of the pod is taken from: "metadata.name",
 *   "metadata.labels['app']", "status.hostIP" …
 * @error: return location for an error
 *
 * Reads what a pod is told about itself, as the kubelet does it
 * (`ExtractFieldPathAsString()` of k8s.io/kubernetes/pkg/fieldpath). Labels and annotations as a
 * whole have a line for each, `key="value"`; what is not set is "".
 *
 * Possible errors: %KUBE_ERROR_INVALID if pods are not told of @path.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL with @error set
 */
char *
kube_field_path_read (JsonNode   *pod,
                      const char *path,
                      GError    **error)
{
  g_autofree char *field = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (pod != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (kube_field_path_split (path, &field, &key))
    {
      if (has_usable_key (field, key))
        return g_strdup (base_json_get_string (pod, "metadata", field + strlen ("metadata."), key,
                                               NULL)
                             ?: "");
    }
  else
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
      if (strcmp (fields[i].path, path) == 0)
        {
          JsonNode *node = base_json_get (pod, fields[i].parent, fields[i].member, NULL);

          if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
            return print_addresses (json_node_get_array (node));
          if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
            return print_map (node);
          return g_strdup (base_json_get_string (node, NULL) ?: "");
        }

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
               "A pod cannot be told of “%s”. Write a field such as metadata.name, "
               "metadata.labels['app'] or status.podIP.",
               path);

  return NULL;
}

/**
 * kube_field_path_dup_container:
 * @path: (nullable): `involvedObject.fieldPath` of an event: "spec.containers{web}",
 *   "spec.initContainers{migrate}" or "spec.containers[0]"
 *
 * Takes the name of the container out of what an event of a pod is about
 * (`fieldPath()` of k8s.io/kubernetes/pkg/kubelet/container).
 *
 * Returns: (transfer full) (nullable): the name, or %NULL if @path names no container
 */
char *
kube_field_path_dup_container (const char *path)
{
  static const char *const lists[] = {
    "spec.containers{", "spec.initContainers{", "spec.ephemeralContainers{"
  };

  if (path == NULL || !g_str_has_suffix (path, "}"))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const char *name = path + strlen (lists[i]);

      if (g_str_has_prefix (path, lists[i]) && strlen (name) > 1)
        return g_strndup (name, strlen (name) - 1);
    }

  return NULL;
}
