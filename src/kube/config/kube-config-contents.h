/* kube-config-contents.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bytes of a kubeconfig, to be kept on the stack with g_auto(). */
typedef struct
{
  char *data; /* (nullable) ends with a NUL that does not count */
  gsize length;
} KubeConfigContents;

gboolean kube_config_contents_read (KubeConfigContents *self,
                                    const char         *path,
                                    GCancellable       *cancellable,
                                    GError            **error);
char    *kube_config_contents_dup_digest (const KubeConfigContents *self);
void     kube_config_contents_clear (KubeConfigContents *self);
void     kube_config_contents_set_too_large_error (const char *path,
                                                   GError    **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeConfigContents, kube_config_contents_clear)

G_END_DECLS
