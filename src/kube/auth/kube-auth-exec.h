/* kube-auth-exec.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-exec-credential.h"

G_BEGIN_DECLS

#define KUBE_TYPE_AUTH_EXEC (kube_auth_exec_get_type ())
G_DECLARE_FINAL_TYPE (KubeAuthExec, kube_auth_exec, KUBE, AUTH_EXEC, GObject)

KubeAuthExec         *kube_auth_exec_new (KubeExecConfig *config,
                                          const char     *user_name);
KubeAuthExec         *kube_auth_exec_dup_shared (KubeExecConfig *config,
                                                 const char     *user_name,
                                                 const char     *key);
const KubeExecConfig *kube_auth_exec_get_config (KubeAuthExec *self);
void                  kube_auth_exec_get_async (KubeAuthExec       *self,
                                                JsonNode           *cluster,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
KubeExecCredential   *kube_auth_exec_get_finish (KubeAuthExec *self,
                                                 GAsyncResult *result,
                                                 GError      **error);
void                  kube_auth_exec_expire (KubeAuthExec       *self,
                                             KubeExecCredential *credential);

G_END_DECLS
