/* stack-change.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-diff.h"

#include "kube-field-conflict.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* In whose name fields are set. */
#define STACK_FIELD_MANAGER "hackystack-desktop"

/**
 * StackAction:
 * @STACK_ACTION_CREATE: the object is not there
 * @STACK_ACTION_CHANGE: it is there and differs
 * @STACK_ACTION_UNCHANGED: it is there as it shall be
 * @STACK_ACTION_CONFLICT: others own fields of it, and nobody has decided about them
 * @STACK_ACTION_REFUSED: the cluster would not take it
 *
 * What applying an object would do.
 */
typedef enum
{
  STACK_ACTION_CREATE,
  STACK_ACTION_CHANGE,
  STACK_ACTION_UNCHANGED,
  STACK_ACTION_CONFLICT,
  STACK_ACTION_REFUSED,
} StackAction;

/**
 * StackChoice:
 * @STACK_CHOICE_NONE: nobody has decided
 * @STACK_CHOICE_KEEP: whoever owns the field keeps it, with its value
 * @STACK_CHOICE_TAKE: it gets our value and is ours
 *
 * What becomes of a field that somebody else owns.
 */
typedef enum
{
  STACK_CHOICE_NONE,
  STACK_CHOICE_KEEP,
  STACK_CHOICE_TAKE,
} StackChoice;

#define STACK_TYPE_ACTION (stack_action_get_type ())
#define STACK_TYPE_CHOICE (stack_choice_get_type ())
#define STACK_TYPE_CHANGE (stack_change_get_type ())

G_DECLARE_FINAL_TYPE (StackChange, stack_change, STACK, CHANGE, GObject)

GType                    stack_action_get_type (void) G_GNUC_CONST;
GType                    stack_choice_get_type (void) G_GNUC_CONST;
const char              *stack_change_get_kind (StackChange *self);
const char              *stack_change_get_name (StackChange *self);
const char              *stack_change_get_title (StackChange *self);
StackAction              stack_change_get_action (StackChange *self);
const char              *stack_change_get_live_text (StackChange *self);
const char              *stack_change_get_wanted_text (StackChange *self);
StackDiff               *stack_change_get_diff (StackChange *self);
const char              *stack_change_get_note (StackChange *self);
const GError            *stack_change_get_error (StackChange *self);
const char *const       *stack_change_get_warnings (StackChange *self);
char                    *stack_change_dup_command (StackChange *self);
guint                    stack_change_get_n_conflicts (StackChange *self);
const KubeFieldConflict *stack_change_get_conflict (StackChange *self,
                                                    guint        index);
StackChoice              stack_change_get_choice (StackChange *self,
                                                  guint        index);
void                     stack_change_set_choice (StackChange *self,
                                                  guint        index,
                                                  StackChoice  choice);

G_END_DECLS
