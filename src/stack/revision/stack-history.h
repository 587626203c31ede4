/* stack-history.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-revision.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_HISTORY (stack_history_get_type ())

G_DECLARE_FINAL_TYPE (StackHistory, stack_history, STACK, HISTORY, GObject)

StackHistory  *stack_history_new (KubeClient *client,
                                  const char *ns);
void           stack_history_load_async (StackHistory       *self,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean       stack_history_load_finish (StackHistory *self,
                                          GAsyncResult *result,
                                          GError      **error);
StackRevision *stack_history_find (StackHistory *self,
                                   guint         number);
StackRevision *stack_history_find_proven (StackHistory  *self,
                                          StackRevision *running);
StackRevision *stack_history_find_same (StackHistory  *self,
                                        StackRevision *running);

G_END_DECLS
