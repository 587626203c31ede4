/* kube-config-document.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One file of the kubeconfig. Freeing it wipes the values. */
typedef struct
{
  char     *path; /* absolute */
  JsonNode *root;
  char     *digest; /* (nullable) of its bytes; of a file only */
} KubeConfigDocument;

KubeConfigDocument *kube_config_document_new (const char *path,
                                              JsonNode   *root);
KubeConfigDocument *kube_config_document_read (const char   *path,
                                               GCancellable *cancellable,
                                               GError      **error);
void                kube_config_document_free (KubeConfigDocument *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeConfigDocument, kube_config_document_free)

G_END_DECLS
