/* kube-material.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-material.h"

#include <string.h>

#include "kube-error.h"

#define MAX_SIZE (1024 * 1024)

static gboolean
read_file (KubeMaterial *self,
           const char   *path,
           GCancellable *cancellable,
           GError      **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = NULL;

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return FALSE;

  self->text = g_malloc0 (MAX_SIZE + 1);
  return g_input_stream_read_all (G_INPUT_STREAM (stream), self->text, MAX_SIZE, &self->length,
                                  cancellable, error);
}

static GError *
describe_failure (const char *path,
                  const char *what,
                  GError     *cause)
{
  g_autoptr(GError) owned = cause;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&owned);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_error_new (KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                        "The file %s with %s is missing. If the cluster was deleted, create it "
                        "again (for Minikube: minikube start); else check the path in the "
                        "kubeconfig.",
                        path, what);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                      "The file %s with %s cannot be read: %s. Make it readable for you.", path,
                      what, cause->message);
}

/**
 * kube_material_read:
 * @self: a cleared material to fill; @path and @field must outlive it
 * @path: (nullable): a file
 * @data: (nullable): what to use without @path, in base64
 * @field: the field of the kubeconfig that @data stands in
 * @what: what it is, for messages: "the token"
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads a file of at most 1 MiB, or decodes a field. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CREDENTIALS, %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_material_read (KubeMaterial *self,
                    const char   *path,
                    const char   *data,
                    const char   *field,
                    const char   *what,
                    GCancellable *cancellable,
                    GError      **error)
{
  GError *local_error = NULL;

  g_return_val_if_fail (self != NULL && self->text == NULL, FALSE);
  g_return_val_if_fail (path != NULL || data != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (path == NULL)
    {
      self->place = field;
      self->text = (char *) g_base64_decode (data, &self->length);
      return TRUE;
    }

  self->place = path;
  if (!read_file (self, path, cancellable, &local_error))
    {
      g_propagate_error (error, describe_failure (path, what, local_error));
      return FALSE;
    }
  if (self->length == MAX_SIZE)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The file %s with %s is too large: it has more than 1 MiB. Check the path in "
                   "the kubeconfig.",
                   path, what);
      return FALSE;
    }

  return TRUE;
}

/**
 * kube_material_is_base64:
 * @data: a text
 *
 * Returns: %TRUE if it is base64 with its padding, as RFC 4648 has it; line breaks do not count
 */
gboolean
kube_material_is_base64 (const char *data)
{
  gsize n_letters = 0;
  gsize n_padding = 0;

  g_return_val_if_fail (data != NULL, FALSE);

  for (; *data != '\0'; data++)
    {
      if (*data == '\n' || *data == '\r')
        continue;
      if (*data == '=')
        n_padding++;
      else if (n_padding == 0 && (g_ascii_isalnum (*data) || *data == '+' || *data == '/'))
        n_letters++;
      else
        return FALSE;
    }

  return n_padding <= 2 && (n_letters + n_padding) % 4 == 0;
}

/**
 * kube_material_clear:
 * @self: a material
 *
 * Wipes and frees what was read.
 */
void
kube_material_clear (KubeMaterial *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    explicit_bzero (self->text, self->length);
  g_clear_pointer (&self->text, g_free);
}

/**
 * kube_material_wipe_node:
 * @node: a tree that was made by a parser and was not handed on
 *
 * Wipes all texts in a tree, so that no secret stays behind when it is freed.
 */
void
kube_material_wipe_node (JsonNode *node)
{
  g_return_if_fail (node != NULL);

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode      *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        kube_material_wipe_node (member);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        kube_material_wipe_node (json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      /* JsonNode gives no access for writing, but a node that is not shared owns its text. */
      char *text = (char *) json_node_get_string (node);

      explicit_bzero (text, strlen (text));
    }
}
