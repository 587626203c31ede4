/* kube-config-lock.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Held while a kubeconfig is changed, to be kept on the stack with g_auto(). */
typedef struct
{
  char *path; /* (nullable) of the lock file, unset while it is not held */
} KubeConfigLock;

gboolean kube_config_lock_take (KubeConfigLock *self,
                                const char     *path,
                                GError        **error);
void     kube_config_lock_clear (KubeConfigLock *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeConfigLock, kube_config_lock_clear)

G_END_DECLS
