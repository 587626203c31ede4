/* stack-session.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-deployer.h"
#include "stack-manifest-set.h"
#include "stack-settings.h"

#include "kube-client.h"
#include "kube-config.h"
#include "kube-context.h"
#include "kube-reflector.h"
#include "vault-keyring.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_CONNECTION_NONE,
  STACK_CONNECTION_CONNECTING,
  STACK_CONNECTION_CONNECTED,
  STACK_CONNECTION_FAILED,
} StackConnection;

#define STACK_TYPE_CONNECTION (stack_connection_get_type ())
#define STACK_TYPE_SESSION (stack_session_get_type ())

G_DECLARE_FINAL_TYPE (StackSession, stack_session, STACK, SESSION, GObject)

GType             stack_connection_get_type (void) G_GNUC_CONST;
StackSession     *stack_session_new (const char *kubeconfig,
                                     const char *profile);
StackSession     *stack_session_new_beside (StackSession *other,
                                            const char   *profile);
void              stack_session_set_may_prompt (StackSession *self,
                                                gboolean      may_prompt);
void              stack_session_load_async (StackSession       *self,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean          stack_session_load_finish (StackSession *self,
                                             GAsyncResult *result,
                                             GError      **error);
void              stack_session_select_context_async (StackSession       *self,
                                                      const char         *name,
                                                      GCancellable       *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
gboolean          stack_session_select_context_finish (StackSession *self,
                                                       GAsyncResult *result,
                                                       GError      **error);
KubeConfig       *stack_session_get_config (StackSession *self);
const GError     *stack_session_get_config_error (StackSession *self);
void              stack_session_watch_config (StackSession *self);
KubeConfig       *stack_session_get_changed_config (StackSession *self);
const GError     *stack_session_get_changed_config_error (StackSession *self);
void              stack_session_adopt_changed_config (StackSession *self);
KubeContext      *stack_session_get_context (StackSession *self);
KubeClient       *stack_session_get_client (StackSession *self);
StackSettings    *stack_session_get_settings (StackSession *self);
VaultStore       *stack_session_get_vault (StackSession *self);
VaultKeyringState stack_session_get_keyring_state (StackSession *self);
StackManifestSet *stack_session_get_manifests (StackSession *self);
StackConnection   stack_session_get_connection (StackSession *self);
const GError     *stack_session_get_connection_error (StackSession *self);
const char       *stack_session_get_server_version (StackSession *self);
KubeReflector    *stack_session_ref_pods (StackSession *self,
                                          const char   *ns);
GPtrArray        *stack_session_fill_objects (StackSession *self,
                                              GError      **error);
StackDeployer    *stack_session_new_deployer (StackSession *self,
                                              GError      **error);

G_END_DECLS
