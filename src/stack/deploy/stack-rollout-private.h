/* stack-rollout-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define STACK_TYPE_ROLLOUT (stack_rollout_get_type ())

G_DECLARE_FINAL_TYPE (StackRollout, stack_rollout, STACK, ROLLOUT, GObject)

StackRollout *stack_rollout_new (KubeClient *client,
                                 JsonNode   *deployment);
GListModel   *stack_rollout_get_pods (StackRollout *self);
void          stack_rollout_wait_async (StackRollout       *self,
                                        gint64              deadline,
                                        StackOperation     *operation,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
char         *stack_rollout_wait_finish (StackRollout *self,
                                         GAsyncResult *result,
                                         GError      **error);

G_END_DECLS
