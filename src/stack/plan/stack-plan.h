/* stack-plan.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-change.h"
#include "stack-manifest-set.h"
#include "stack-settings.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_PLAN (stack_plan_get_type ())

G_DECLARE_FINAL_TYPE (StackPlan, stack_plan, STACK, PLAN, GObject)

GPtrArray  *stack_plan_fill_objects (StackManifestSet *manifests,
                                     StackSettings    *settings,
                                     GError          **error);
void        stack_plan_make_async (KubeClient         *client,
                                   GPtrArray          *objects,
                                   gboolean            force,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
StackPlan  *stack_plan_make_finish (GAsyncResult *result,
                                    GError      **error);
void        stack_plan_try_again_async (StackPlan          *self,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
gboolean    stack_plan_try_again_finish (StackPlan    *self,
                                         GAsyncResult *result,
                                         GError      **error);
KubeClient *stack_plan_get_client (StackPlan *self);
guint       stack_plan_count (StackPlan  *self,
                              StackAction action);
guint       stack_plan_get_n_changes (StackPlan *self);
char       *stack_plan_dup_summary (StackPlan *self);
gboolean    stack_plan_check (StackPlan *self,
                              GError   **error);
gboolean    stack_plan_check_refusals (StackPlan *self,
                                       GError   **error);

G_END_DECLS
