/* ui-plan-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-plan.h"

G_BEGIN_DECLS

#define UI_TYPE_PLAN_VIEW (ui_plan_view_get_type ())

G_DECLARE_FINAL_TYPE (UiPlanView, ui_plan_view, UI, PLAN_VIEW, GtkWidget)

void       ui_plan_view_set_purpose (UiPlanView *self,
                                     const char *words,
                                     const char *label);
void       ui_plan_view_show_asking (UiPlanView *self);
void       ui_plan_view_show_plan (UiPlanView *self,
                                   StackPlan  *plan);
void       ui_plan_view_show_error (UiPlanView *self,
                                    const char *headline,
                                    const char *words);
void       ui_plan_view_forget (UiPlanView *self);
StackPlan *ui_plan_view_get_plan (UiPlanView *self);
gboolean   ui_plan_view_is_ready (UiPlanView *self);

G_END_DECLS
