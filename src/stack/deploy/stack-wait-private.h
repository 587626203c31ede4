/* stack-wait-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-reflector.h"
#include "stack-error.h"
#include "stack-operation.h"

G_BEGIN_DECLS

typedef void (*StackWaitJudgeFunc) (GObject *owner);

typedef struct
{
  GObject           *owner; /* (not owned) */
  StackWaitJudgeFunc judge;
  GPtrArray         *reflectors; /* (owned) (element-type KubeReflector) */
  char              *reason;     /* (owned) (nullable) what is waited for, at the last verdict */

  /* While it goes on */
  GTask          *task;      /* (owned) (nullable) */
  StackOperation *operation; /* (owned) (nullable) */
  GSource        *timer;     /* (owned) (nullable) */
  GSource        *cancel;    /* (owned) (nullable) */
  gint64          deadline;  /* monotonic µs, 0 for none */
} StackWait;

void           stack_wait_init (StackWait         *self,
                                GObject           *owner,
                                StackWaitJudgeFunc judge);
void           stack_wait_clear (StackWait *self);
KubeReflector *stack_wait_follow (StackWait          *self,
                                  KubeClient         *client,
                                  const KubeResource *resource,
                                  const char         *ns,
                                  const char         *selector);
void           stack_wait_begin (StackWait      *self,
                                 GTask          *task,
                                 gint64          deadline,
                                 StackOperation *operation);
void           stack_wait_look_again (StackWait *self,
                                      gint64     wait_us);
gboolean       stack_wait_is_over (StackWait *self);
const GError  *stack_wait_find_trouble (StackWait *self);
void           stack_wait_say (StackWait  *self,
                               const char *reason);
GTask         *stack_wait_end (StackWait *self);
void           stack_wait_fail (StackWait  *self,
                                StackError  code,
                                const char *words);

G_END_DECLS
