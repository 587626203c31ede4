/* stack-plan-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-change-private.h"
#include "stack-plan.h"

G_BEGIN_DECLS

GPtrArray   *stack_plan_list_objects (StackPlan *self);
StackChange *stack_plan_get_change (StackPlan *self,
                                    guint      index);

G_END_DECLS
