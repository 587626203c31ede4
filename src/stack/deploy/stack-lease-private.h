/* stack-lease-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_LEASE (stack_lease_get_type ())

G_DECLARE_FINAL_TYPE (StackLease, stack_lease, STACK, LEASE, GObject)

StackLease *stack_lease_new (KubeClient *client,
                             const char *ns);
void        stack_lease_acquire_async (StackLease         *self,
                                       gint64              deadline,
                                       StackOperation     *operation,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean    stack_lease_acquire_finish (StackLease   *self,
                                        GAsyncResult *result,
                                        GError      **error);
gboolean    stack_lease_is_in_doubt (StackLease *self);
gboolean    stack_lease_get_moved (StackLease *self);
void        stack_lease_release_async (StackLease         *self,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
void        stack_lease_release_finish (StackLease   *self,
                                        GAsyncResult *result);

G_END_DECLS
