/* stack-doctor-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-doctor.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void       stack_doctor_check_cluster_async (StackSettings      *settings,
                                             GPtrArray          *objects,
                                             KubeClient         *client,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
GPtrArray *stack_doctor_check_cluster_finish (GAsyncResult *result,
                                              GError      **error);

G_END_DECLS
