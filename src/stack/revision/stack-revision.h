/* stack-revision.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * StackRevisionOutcome:
 * @STACK_REVISION_DEPLOYING: the deployment has not come to its end, or was broken off
 * @STACK_REVISION_PROVEN: the pods got ready and the app said that it is well
 * @STACK_REVISION_FAILED: the deployment failed
 *
 * What became of a revision.
 */
typedef enum
{
  STACK_REVISION_DEPLOYING,
  STACK_REVISION_PROVEN,
  STACK_REVISION_FAILED,
} StackRevisionOutcome;

#define STACK_TYPE_REVISION_OUTCOME (stack_revision_outcome_get_type ())
#define STACK_TYPE_REVISION (stack_revision_get_type ())

G_DECLARE_FINAL_TYPE (StackRevision, stack_revision, STACK, REVISION, GObject)

GType                stack_revision_outcome_get_type (void) G_GNUC_CONST;
guint                stack_revision_get_number (StackRevision *self);
gint64               stack_revision_get_time (StackRevision *self);
const char          *stack_revision_get_author (StackRevision *self);
const char          *stack_revision_get_image (StackRevision *self);
const char          *stack_revision_get_summary (StackRevision *self);
StackRevisionOutcome stack_revision_get_outcome (StackRevision *self);
const char          *stack_revision_outcome_get_word (StackRevisionOutcome outcome);

G_END_DECLS
