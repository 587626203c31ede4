/* stack-ingress-class.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StackIngressClass:
 * @name: its name
 * @is_default: whether the cluster takes it for an Ingress that names none
 *
 * An Ingress class that a cluster has.
 */
typedef struct
{
  char    *name;
  gboolean is_default;
} StackIngressClass;

void       stack_ingress_class_list_async (KubeClient         *client,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
GPtrArray *stack_ingress_class_list_finish (GAsyncResult *result,
                                            GError      **error);

G_END_DECLS
