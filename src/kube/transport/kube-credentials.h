/* kube-credentials.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-context.h"
#include "kube-exec-credential.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CREDENTIALS (kube_credentials_get_type ())
G_DECLARE_FINAL_TYPE (KubeCredentials, kube_credentials, KUBE, CREDENTIALS, GObject)

KubeCredentials    *kube_credentials_load (KubeContext  *context,
                                           GCancellable *cancellable,
                                           GError      **error);
KubeContext        *kube_credentials_get_context (KubeCredentials *self);
GTlsDatabase       *kube_credentials_get_database (KubeCredentials *self);
GTlsCertificate    *kube_credentials_get_certificate (KubeCredentials *self);
const char         *kube_credentials_get_server_name (KubeCredentials *self);
void                kube_credentials_authorize_async (KubeCredentials    *self,
                                                      GCancellable       *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer            user_data);
gboolean            kube_credentials_authorize_finish (KubeCredentials *self,
                                                       GAsyncResult    *result,
                                                       char           **authorization,
                                                       GError         **error);
KubeExecCredential *kube_credentials_dup_exec (KubeCredentials *self);
void                kube_credentials_expire (KubeCredentials    *self,
                                             KubeExecCredential *exec);
void                kube_credentials_free_text (char *authorization);

G_END_DECLS
