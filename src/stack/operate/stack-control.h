/* stack-control.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StackControlAction:
 * @STACK_CONTROL_RESTART: replace every pod by a new one, a few at a time
 * @STACK_CONTROL_PAUSE: keep changes from reaching the pods
 * @STACK_CONTROL_RESUME: let them through again
 *
 * What to do with the pods, without a change of what is deployed.
 */
typedef enum
{
  STACK_CONTROL_RESTART,
  STACK_CONTROL_PAUSE,
  STACK_CONTROL_RESUME,
} StackControlAction;

#define STACK_TYPE_CONTROL (stack_control_get_type ())

G_DECLARE_FINAL_TYPE (StackControl, stack_control, STACK, CONTROL, GObject)

StackControl *stack_control_new (KubeClient        *client,
                                 const char        *ns,
                                 StackControlAction action);
GListModel   *stack_control_get_operations (StackControl *self);
GListModel   *stack_control_get_pods (StackControl *self);
void          stack_control_set_timeout (StackControl *self,
                                         guint         seconds);
void          stack_control_run_async (StackControl       *self,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean      stack_control_run_finish (StackControl *self,
                                        GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
