/* stack-pod-status.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define STACK_TYPE_POD_STATUS (stack_pod_status_get_type ())

typedef struct
{
  char    *name;
  char    *status; /* as kubectl prints it: "Running", "CrashLoopBackOff" */
  guint    restarts;
  gboolean ready;
  gint64   age_seconds;
  char    *node; /* nullable: not scheduled yet */
} StackPodStatus;

GType           stack_pod_status_get_type (void) G_GNUC_CONST;
StackPodStatus *stack_pod_status_copy (const StackPodStatus *self);
void            stack_pod_status_free (StackPodStatus *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackPodStatus, stack_pod_status_free)

G_END_DECLS
