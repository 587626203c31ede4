/* stack-operation-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

G_BEGIN_DECLS

StackOperation *stack_operation_new (const char *title);
void            stack_operation_set_title (StackOperation *self,
                                           const char     *title);
void            stack_operation_set_detail (StackOperation *self,
                                            const char     *detail);
void            stack_operation_start (StackOperation *self);
void            stack_operation_finish (StackOperation *self,
                                        StackOutcome    outcome,
                                        const char     *detail);
void            stack_operation_fail (StackOperation *self,
                                      const GError   *error);
void            stack_operation_leave_unconfirmed (StackOperation *self);
void            stack_operation_cancel (StackOperation *self);
void            stack_operation_reset (StackOperation *self);

G_END_DECLS
