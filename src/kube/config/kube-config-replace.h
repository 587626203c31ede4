/* kube-config-replace.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* A kubeconfig that is about to be replaced, to be kept on the stack with g_auto(). */
typedef struct
{
  const char *path;   /* (borrowed) as it was asked for, for messages */
  char       *target; /* (nullable) the file that links lead to */
  struct stat status; /* of the file before */
} KubeConfigReplace;

gboolean kube_config_replace_begin (KubeConfigReplace *self,
                                    const char        *path,
                                    GError           **error);
gboolean kube_config_replace_commit (KubeConfigReplace *self,
                                     const char        *data,
                                     gsize              length,
                                     GCancellable      *cancellable,
                                     GError           **error);
void     kube_config_replace_clear (KubeConfigReplace *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeConfigReplace, kube_config_replace_clear)

G_END_DECLS
