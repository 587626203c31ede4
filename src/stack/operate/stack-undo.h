/* stack-undo.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-history.h"
#include "stack-running.h"

G_BEGIN_DECLS

#define STACK_TYPE_UNDO (stack_undo_get_type ())

G_DECLARE_FINAL_TYPE (StackUndo, stack_undo, STACK, UNDO, GObject)

void           stack_undo_prepare_async (KubeClient         *client,
                                         const char         *ns,
                                         guint               number,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
StackUndo     *stack_undo_prepare_finish (GAsyncResult *result,
                                          GError      **error);
StackRevision *stack_undo_get_revision (StackUndo *self);
gboolean       stack_undo_get_interrupted (StackUndo *self);
StackRunning  *stack_undo_get_running (StackUndo *self);

G_END_DECLS
