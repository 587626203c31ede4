/* kube-forward.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

void     kube_forward_async (KubeClient         *client,
                             const char         *namespace_,
                             const char         *pod,
                             guint16             port,
                             GSocketConnection  *connection,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
gboolean kube_forward_finish (KubeClient   *client,
                              GAsyncResult *result,
                              GError      **error);

G_END_DECLS
