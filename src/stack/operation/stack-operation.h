/* stack-operation.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_OPERATION_PENDING,
  STACK_OPERATION_RUNNING,
  STACK_OPERATION_DONE,
  STACK_OPERATION_FAILED,
  STACK_OPERATION_CANCELLED,
} StackOperationState;

typedef enum
{
  STACK_OUTCOME_NONE,
  STACK_OUTCOME_CREATED,
  STACK_OUTCOME_CHANGED,
  STACK_OUTCOME_UNCHANGED,
  STACK_OUTCOME_READY,
  STACK_OUTCOME_UNCONFIRMED, /* sent, but nobody knows whether it was done */
} StackOutcome;

#define STACK_TYPE_OPERATION_STATE (stack_operation_state_get_type ())
#define STACK_TYPE_OUTCOME (stack_outcome_get_type ())
#define STACK_TYPE_OPERATION (stack_operation_get_type ())

G_DECLARE_FINAL_TYPE (StackOperation, stack_operation, STACK, OPERATION, GObject)

GType               stack_operation_state_get_type (void) G_GNUC_CONST;
GType               stack_outcome_get_type (void) G_GNUC_CONST;
const char         *stack_operation_get_title (StackOperation *self);
StackOperationState stack_operation_get_state (StackOperation *self);
StackOutcome        stack_operation_get_outcome (StackOperation *self);
const char         *stack_operation_get_detail (StackOperation *self);
const GError       *stack_operation_get_error (StackOperation *self);
gint64              stack_operation_get_started (StackOperation *self);
gint64              stack_operation_get_finished (StackOperation *self);

G_END_DECLS
