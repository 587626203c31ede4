/* kube-config-contents.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-contents.h"

#include <string.h>

#include "kube-error.h"

#define MAX_SIZE (2 * 1024 * 1024)

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

/**
 * kube_config_contents_set_too_large_error:
 * @path: the path of a kubeconfig
 * @error: return location for an error
 *
 * Says that a file has more bytes than a kubeconfig may have.
 */
void
kube_config_contents_set_too_large_error (const char *path,
                                          GError    **error)
{
  g_return_if_fail (path != NULL);

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The kubeconfig %s is too large: it has more than 2 MiB. Check that this is the "
               "right file.",
               path);
}

/**
 * kube_config_contents_read:
 * @self: cleared contents to fill
 * @path: the absolute path of a kubeconfig
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads a file of at most 2 MiB. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG, %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_config_contents_read (KubeConfigContents *self,
                           const char         *path,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFileInputStream) stream = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (self != NULL && self->data == NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  file = g_file_new_for_path (path);
  stream = g_file_read (file, cancellable, &local_error);
  if (stream != NULL)
    {
      /* A pipe has no size to ask for beforehand, so the limit is kept while reading. */
      self->data = g_malloc0 (MAX_SIZE + 2);
      g_input_stream_read_all (G_INPUT_STREAM (stream), self->data, MAX_SIZE + 1, &self->length,
                               cancellable, &local_error);
    }
  if (local_error != NULL)
    {
      set_read_error (error, path, local_error);
      return FALSE;
    }
  if (self->length > MAX_SIZE)
    {
      kube_config_contents_set_too_large_error (path, error);
      return FALSE;
    }

  return TRUE;
}

/**
 * kube_config_contents_dup_digest:
 * @self: contents that were read
 *
 * Returns: (transfer full): a text that tells these bytes from others, and from which they cannot
 *   be guessed
 */
char *
kube_config_contents_dup_digest (const KubeConfigContents *self)
{
  g_return_val_if_fail (self != NULL && self->data != NULL, NULL);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) self->data,
                                      self->length);
}

/**
 * kube_config_contents_clear:
 * @self: contents
 *
 * Wipes and frees the bytes.
 */
void
kube_config_contents_clear (KubeConfigContents *self)
{
  g_return_if_fail (self != NULL);

  if (self->data != NULL)
    explicit_bzero (self->data, self->length);
  g_clear_pointer (&self->data, g_free);
  self->length = 0;
}
