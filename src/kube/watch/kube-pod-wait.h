/* kube-pod-wait.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

void     kube_pod_wait_async (KubeClient         *client,
                              const char         *ns,
                              const char         *name,
                              const char         *resource_version,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
gboolean kube_pod_wait_finish (KubeClient   *client,
                               GAsyncResult *result,
                               GError      **error);

G_END_DECLS
