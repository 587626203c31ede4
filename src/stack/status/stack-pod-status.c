/* stack-pod-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-pod-status.h"

/**
 * StackPodStatus:
 *
 * One pod in a line.
 */
G_DEFINE_BOXED_TYPE (StackPodStatus, stack_pod_status, stack_pod_status_copy, stack_pod_status_free)

/**
 * stack_pod_status_copy:
 * @self: a pod in a line
 *
 * Returns: (transfer full): a copy
 */
StackPodStatus *
stack_pod_status_copy (const StackPodStatus *self)
{
  StackPodStatus *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (StackPodStatus, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->status = g_strdup (self->status);
  copy->node = g_strdup (self->node);

  return copy;
}

/**
 * stack_pod_status_free:
 * @self: (transfer full): a pod in a line
 *
 * Frees it.
 */
void
stack_pod_status_free (StackPodStatus *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->status);
  g_free (self->node);
  g_free (self);
}
