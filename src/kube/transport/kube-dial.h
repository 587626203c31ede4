/* kube-dial.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-credentials.h"
#include "kube-request.h"
#include "kube-response.h"
#include "kube-socket.h"

G_BEGIN_DECLS

void        kube_dial_async (KubeCredentials    *credentials,
                             KubeRequest        *request,
                             const char *const  *protocols,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
KubeSocket *kube_dial_finish (GAsyncResult  *result,
                              KubeResponse **refusal,
                              GError       **error);

G_END_DECLS
