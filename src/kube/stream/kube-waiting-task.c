/* kube-waiting-task.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-waiting-task.h"

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = kube_waiting_task_steal (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/**
 * kube_waiting_task_set:
 * @self: a place in which no task waits
 * @task: (transfer full): a task
 *
 * Lets a task wait. When its cancellable is cancelled it ends with %G_IO_ERROR_CANCELLED.
 */
void
kube_waiting_task_set (KubeWaitingTask *self,
                       GTask           *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_return_if_fail (self->task == NULL);

  self->task = task;
  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, g_task_get_context (task));
}

/**
 * kube_waiting_task_steal:
 * @self: a place
 *
 * Takes the task that waits, if there is one, in order to end it.
 *
 * Returns: (transfer full) (nullable): the task
 */
GTask *
kube_waiting_task_steal (KubeWaitingTask *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  return g_steal_pointer (&self->task);
}
