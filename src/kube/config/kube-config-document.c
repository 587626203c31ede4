/* kube-config-document.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-document.h"

#include <string.h>

#include "base-error.h"
#include "base-yaml.h"
#include "kube-config-contents.h"
#include "kube-error.h"
#include "kube-material.h"

static void
set_parse_error (GError      **error,
                 const char   *path,
                 const GError *cause)
{
  if (g_error_matches (cause, BASE_ERROR, BASE_ERROR_TOO_LARGE))
    kube_config_contents_set_too_large_error (path, error);
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
 * kube_config_document_new: (skip)
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
 * kube_config_document_read: (skip)
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
  g_auto(KubeConfigContents) contents = { NULL, 0 };
  g_autoptr(GError) parse_error = NULL;
  KubeConfigDocument *self;
  JsonNode           *root;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!kube_config_contents_read (&contents, path, cancellable, error))
    return NULL;

  root = base_yaml_parse (contents.data, contents.length, &parse_error);
  if (root == NULL)
    {
      set_parse_error (error, path, parse_error);
      return NULL;
    }

  self = kube_config_document_new (path, root);
  self->digest = kube_config_contents_dup_digest (&contents);

  return self;
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
  g_free (self->digest);
  g_free (self);
}
