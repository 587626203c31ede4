/* stack-revision-change.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-diff.h"
#include "stack-revision.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * StackRevisionChange:
 * @image_before: (nullable): the image that is replaced; %NULL if it stays
 * @image_after: (nullable): the one that replaces it
 * @settings: (element-type utf8): names of the settings that differ, sorted
 * @secrets: (element-type utf8): names of the secrets that differ, sorted; never their values
 * @template: whether anything else in the pod template differs
 *
 * How two revisions differ.
 */
typedef struct
{
  char      *image_before;
  char      *image_after;
  GPtrArray *settings;
  GPtrArray *secrets;
  gboolean template;
} StackRevisionChange;

StackRevisionChange *stack_revision_change_new (StackRevision *before,
                                                StackRevision *after);
void                 stack_revision_change_free (StackRevisionChange *self);
gboolean             stack_revision_change_is_empty (const StackRevisionChange *self);
char                *stack_revision_change_describe (const StackRevisionChange *self);
StackDiff           *stack_revision_change_build_diff (StackRevision *before,
                                                       StackRevision *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackRevisionChange, stack_revision_change_free)

G_END_DECLS
