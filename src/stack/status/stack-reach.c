/* stack-reach.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-reach.h"

#include "base-json.h"
#include "kube-client.h"
#include "kube-error.h"
#include "kube-request.h"

typedef struct
{
  GPtrArray *reaches;   /* (element-type StackReach) (owned) */
  guint      n_pending; /* one more than there are, until all have been started */
} Check;

/* One question on its way. */
typedef struct
{
  GTask      *task;  /* (owned) */
  StackReach *reach; /* borrowed from the task's data */
} Question;

static void
reach_free (StackReach *self)
{
  g_clear_object (&self->context);
  g_clear_pointer (&self->version, g_free);
  g_clear_error (&self->error);
  g_free (self);
}

static void
check_free (Check *self)
{
  g_clear_pointer (&self->reaches, g_ptr_array_unref);
  g_free (self);
}

static void
end_one (GTask *task)
{
  Check *check = g_task_get_task_data (task);

  if (--check->n_pending > 0 || g_task_return_error_if_cancelled (task))
    return;
  g_task_return_pointer (task, g_steal_pointer (&check->reaches),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
question_end (Question *self)
{
  end_one (self->task);
  g_clear_object (&self->task);
  g_free (self);
}

static void
stack_reach_check_version_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(JsonNode) answer = NULL;

  answer = kube_client_call_finish (KUBE_CLIENT (source), result, &question->reach->error);
  if (answer != NULL)
    {
      question->reach->version = g_strdup (base_json_get_string (answer, "gitVersion", NULL));
      if (question->reach->version == NULL)
        g_set_error_literal (&question->reach->error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                             "What answers there is not a Kubernetes API server. "
                             "Check the server's address in the kubeconfig.");
    }
  question_end (question);
}

static void
stack_reach_check_connect_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeRequest) request = NULL;

  client = kube_client_connect_finish (result, &question->reach->error);
  if (client == NULL)
    {
      question_end (question);
      return;
    }

  request = kube_request_new ("GET", "/version");
  kube_client_call_async (client, request, g_task_get_cancellable (question->task),
                          stack_reach_check_version_cb, question);
}

static void
ask (GTask       *task,
     KubeContext *context)
{
  Check      *check = g_task_get_task_data (task);
  StackReach *reach = g_new0 (StackReach, 1);
  Question   *question = g_new0 (Question, 1);

  reach->context = g_object_ref (context);
  g_ptr_array_add (check->reaches, reach);
  check->n_pending++;

  question->task = g_object_ref (task);
  question->reach = reach;
  kube_client_connect_async (context, g_task_get_cancellable (task),
                             stack_reach_check_connect_cb, question);
}

/**
 * stack_reach_check_async:
 * @config: a kubeconfig
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async): called when every cluster has answered or failed to
 * @user_data: for @callback
 *
 * Asks the cluster of every context for its version, all at the same time.
 */
void
stack_reach_check_async (KubeConfig         *config,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GListModel) contexts = NULL;
  Check *check;

  g_return_if_fail (KUBE_IS_CONFIG (config));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  check = g_new0 (Check, 1);
  check->reaches = g_ptr_array_new_with_free_func ((GDestroyNotify) reach_free);
  check->n_pending = 1;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_reach_check_async);
  g_task_set_task_data (task, check, (GDestroyNotify) check_free);

  contexts = kube_config_list_contexts (config);
  for (guint i = 0; i < g_list_model_get_n_items (contexts); i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      ask (task, context);
    }
  end_one (task);
}

/**
 * stack_reach_check_finish:
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Ends [func@Stack.reach_check_async]. That a cluster does not answer is no error of this
 * function: it stands in that cluster's own result.
 *
 * Returns: (transfer full) (element-type StackReach): one result a context, in the kubeconfig's
 *   order; %NULL with %G_IO_ERROR_CANCELLED
 */
GPtrArray *
stack_reach_check_finish (GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_reach_check_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
