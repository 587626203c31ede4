/* stack-situation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-situation.h"

#include "stack-history.h"

/**
 * stack_situation_free:
 * @self: (transfer full): a situation
 *
 * Frees what [func@situation_read_finish] returned.
 */
void
stack_situation_free (StackSituation *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->status, stack_status_unref);
  g_clear_object (&self->unfinished);
  g_free (self);
}

/* Who may not see revisions has none to be told of. */
static void
stack_situation_read_history_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackRevision) latest = NULL;
  StackSituation *self;

  if (!stack_history_load_finish (STACK_HISTORY (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self = g_new0 (StackSituation, 1);
  self->status = stack_status_ref (g_task_get_task_data (task));
  latest = g_list_model_get_item (G_LIST_MODEL (source), 0);
  if (latest != NULL && self->status->deployed &&
      stack_revision_get_outcome (latest) == STACK_REVISION_DEPLOYING)
    self->unfinished = g_steal_pointer (&latest);
  g_task_return_pointer (task, self, (GDestroyNotify) stack_situation_free);
}

static void
stack_situation_read_status_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackStatus  *status = stack_status_read_finish (result, &error);
  StackHistory *history = g_task_get_source_object (task);

  if (status == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_set_task_data (task, status, (GDestroyNotify) stack_status_unref);
  stack_history_load_async (history, g_task_get_cancellable (task),
                            stack_situation_read_history_cb, g_object_ref (task));
}

/**
 * stack_situation_read_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks once what runs, and whether a deployment has not come to its end.
 */
void
stack_situation_read_async (KubeClient         *client,
                            const char         *ns,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(StackHistory) history = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  history = stack_history_new (client, ns);
  task = g_task_new (history, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_situation_read_async);
  stack_status_read_async (client, ns, cancellable, stack_situation_read_status_cb,
                           g_steal_pointer (&task));
}

/**
 * stack_situation_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [func@status_read_finish].
 *
 * Returns: (transfer full): the situation
 */
StackSituation *
stack_situation_read_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_situation_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
