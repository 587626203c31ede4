/* kube-discovery-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-discovery.h"

G_BEGIN_DECLS

void           kube_discovery_read_async (KubeClient         *client,
                                          gboolean            refresh,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
KubeDiscovery *kube_discovery_read_finish (KubeClient   *client,
                                           GAsyncResult *result,
                                           GError      **error);

G_END_DECLS
