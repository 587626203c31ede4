/* stack-finding.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-field.h"

G_BEGIN_DECLS

typedef enum
{
  STACK_SEVERITY_HINT,
  STACK_SEVERITY_WARNING,
  STACK_SEVERITY_ERROR,
} StackSeverity;

#define STACK_TYPE_SEVERITY (stack_severity_get_type ())
#define STACK_TYPE_FINDING (stack_finding_get_type ())

typedef struct
{
  StackFieldId  field;
  StackSeverity severity;
  char         *message;
  char         *fix; /* the value to set instead, nullable */
} StackFinding;

GType         stack_severity_get_type (void) G_GNUC_CONST;
GType         stack_finding_get_type (void) G_GNUC_CONST;
StackFinding *stack_finding_new (StackFieldId  field,
                                 StackSeverity severity,
                                 const char   *message,
                                 const char   *fix);
StackFinding *stack_finding_copy (const StackFinding *self);
void          stack_finding_free (StackFinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackFinding, stack_finding_free)

G_END_DECLS
