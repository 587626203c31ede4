/* kube-config-document.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-document.h"

#include <string.h>

#include "base-error.h"
#include "base-yaml.h"
#include "kube-error.h"
#include "kube-material.h"

#define MAX_SIZE (2 * 1024 * 1024)

typedef struct
{
  char *data;
  gsize length;
} Contents;

static void
contents_clear (Contents *contents)
{
  if (contents->data != NULL)
    explicit_bzero (contents->data, MAX_SIZE + 1);
  g_clear_pointer (&contents->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

static void
set_read_error (GError    **error,
                const char *path,
                GError     *cause)
{
  g_autoptr(GError) owned = cause;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "There is no kubeconfig at %s. Check the path, or create a cluster first (for "
                 "Minikube: minikube start).",
                 path);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "%s is a folder, not a kubeconfig. Name the file in it.", path);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s may not be read: permission denied. Make yourself the owner "
                 "of the file.",
                 path);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s cannot be read: %s. Check the file.", path, cause->message);
}

/* A pipe has no size to ask for beforehand, so the limit is kept while reading. */
static gboolean
read_contents (const char   *path,
               Contents     *contents,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = NULL;
  GError *local_error = NULL;

  stream = g_file_read (file, cancellable, &local_error);
  if (stream != NULL)
    {
      contents->data = g_malloc0 (MAX_SIZE + 1);
      g_input_stream_read_all (G_INPUT_STREAM (stream), contents->data, MAX_SIZE + 1,
                               &contents->length, cancellable, &local_error);
    }
  if (local_error != NULL)
    {
      set_read_error (error, path, local_error);
      return FALSE;
    }

  return TRUE;
}

static void
set_too_large_error (GError    **error,
                     const char *path)
{
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The kubeconfig %s is too large: it has more than 2 MiB. Check that this is the "
               "right file.",
               path);
}

static void
set_parse_error (GError      **error,
                 const char   *path,
                 const GError *cause)
{
  if (g_error_matches (cause, BASE_ERROR, BASE_ERROR_TOO_LARGE))
    set_too_large_error (error, path);
  else if (g_error_matches (cause, BASE_ERROR, BASE_ERROR_BINARY))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "%s is not a kubeconfig: it is not a text file in UTF-8. Choose another file, "
                 "or save this one as UTF-8.",
                 path);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s is not valid YAML: %s", path, cause->message);
}

/**
 * kube_config_document_new:
 * @path: the absolute path of the file
 * @root: (transfer full): its contents
 *
 * Creates a document. Its values are wiped when it is freed, so nobody else may use @root.
 *
 * Returns: (transfer full): a document
 */
KubeConfigDocument *
kube_config_document_new (const char *path,
                          JsonNode   *root)
{
  KubeConfigDocument *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (root != NULL, NULL);

  self = g_new0 (KubeConfigDocument, 1);
  self->path = g_strdup (path);
  self->root = root;

  return self;
}

/**
 * kube_config_document_read:
 * @path: the absolute path of a kubeconfig
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads and parses one file, at most 2 MiB. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): a document, or %NULL with @error set
 */
KubeConfigDocument *
kube_config_document_read (const char   *path,
                           GCancellable *cancellable,
                           GError      **error)
{
  g_auto(Contents) contents = { NULL, 0 };
  g_autoptr(GError) parse_error = NULL;
  JsonNode *root;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!read_contents (path, &contents, cancellable, error))
    return NULL;
  if (contents.length > MAX_SIZE)
    {
      set_too_large_error (error, path);
      return NULL;
    }

  root = base_yaml_parse (contents.data, contents.length, &parse_error);
  if (root == NULL)
    {
      set_parse_error (error, path, parse_error);
      return NULL;
    }

  return kube_config_document_new (path, root);
}

/**
 * kube_config_document_free:
 * @self: (transfer full): a document
 *
 * Wipes and frees a document.
 */
void
kube_config_document_free (KubeConfigDocument *self)
{
  g_return_if_fail (self != NULL);

  kube_material_wipe_node (self->root);
  json_node_unref (self->root);
  g_free (self->path);
  g_free (self);
}
