/* stack-finding.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-finding.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (StackSeverity, stack_severity, G_DEFINE_ENUM_VALUE (STACK_SEVERITY_HINT, "hint"), G_DEFINE_ENUM_VALUE (STACK_SEVERITY_WARNING, "warning"), G_DEFINE_ENUM_VALUE (STACK_SEVERITY_ERROR, "error"))

G_DEFINE_BOXED_TYPE (StackFinding, stack_finding, stack_finding_copy, stack_finding_free)

/**
 * stack_finding_new:
 * @field: which setting it is about
 * @severity: how bad it is
 * @message: what, why, and what to do next
 * @fix: (nullable): the value to set instead
 *
 * A finding may hold a secret in @fix, never in @message; the fix is wiped with it.
 *
 * Returns: (transfer full): a new finding
 */
StackFinding *
stack_finding_new (StackFieldId  field,
                   StackSeverity severity,
                   const char   *message,
                   const char   *fix)
{
  StackFinding *self;

  g_return_val_if_fail (message != NULL, NULL);

  self = g_new0 (StackFinding, 1);
  self->field = field;
  self->severity = severity;
  self->message = g_strdup (message);
  self->fix = g_strdup (fix);

  return self;
}

/**
 * stack_finding_copy:
 * @self: a finding
 *
 * Returns: (transfer full): a copy
 */
StackFinding *
stack_finding_copy (const StackFinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return stack_finding_new (self->field, self->severity, self->message, self->fix);
}

/**
 * stack_finding_free:
 * @self: (transfer full): a finding
 *
 * Frees the finding and wipes its fix.
 */
void
stack_finding_free (StackFinding *self)
{
  g_return_if_fail (self != NULL);

  if (self->fix != NULL)
    explicit_bzero (self->fix, strlen (self->fix));
  g_free (self->fix);
  g_free (self->message);
  g_free (self);
}
