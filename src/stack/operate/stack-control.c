/* stack-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-control.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-object.h"
#include "kube-request-change.h"
#include "stack-error.h"
#include "stack-operation-private.h"
#include "stack-rollout-private.h"
#include "stack-status.h"

/* Its own name: what it writes is no part of what is deployed, and stays when that is applied. */
#define FIELD_MANAGER "hackystack-desktop-rollout"
#define DEFAULT_TIMEOUT_SECONDS 600

/**
 * StackControl:
 *
 * Restarts the app's pods, or pauses or resumes their rollout, as `kubectl rollout` does, and waits
 * until the pods are ready again. Windows and terminals show [method@Control.get_operations].
 */
struct _StackControl
{
  GObject parent_instance;

  KubeClient        *client; /* (owned) */
  char              *ns;     /* (owned) */
  StackControlAction action;
  guint              timeout; /* seconds, 0 for none */

  GListStore     *operations; /* (element-type StackOperation) (owned) */
  GListStore     *pods;       /* (element-type KubeObject) (owned) */
  StackOperation *change;     /* (owned) */
  StackOperation *wait;       /* (owned) (nullable) */
  StackRollout   *rollout;    /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (StackControl, stack_control, G_TYPE_OBJECT)

static void
stack_control_dispose (GObject *object)
{
  StackControl *self = STACK_CONTROL (object);

  g_clear_object (&self->rollout);
  g_clear_object (&self->client);
  g_clear_object (&self->operations);
  g_clear_object (&self->pods);
  g_clear_object (&self->change);
  g_clear_object (&self->wait);
  g_clear_pointer (&self->ns, g_free);

  G_OBJECT_CLASS (stack_control_parent_class)->dispose (object);
}

static void
stack_control_class_init (StackControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stack_control_dispose;
}

static void
stack_control_init (StackControl *self)
{
  self->timeout = DEFAULT_TIMEOUT_SECONDS;
  self->pods = g_list_store_new (KUBE_TYPE_OBJECT);
}

/**
 * stack_control_new:
 * @client: the cluster
 * @ns: the app's namespace
 * @action: what to do
 *
 * Returns: (transfer full): a control that has not run
 */
StackControl *
stack_control_new (KubeClient        *client,
                   const char        *ns,
                   StackControlAction action)
{
  static const char *const titles[] = {
    [STACK_CONTROL_RESTART] = "Restart the pods",
    [STACK_CONTROL_PAUSE] = "Pause the rollout",
    [STACK_CONTROL_RESUME] = "Resume the rollout",
  };
  StackControl *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail ((guint) action < G_N_ELEMENTS (titles), NULL);

  self = g_object_new (STACK_TYPE_CONTROL, NULL);
  self->client = g_object_ref (client);
  self->ns = g_strdup (ns);
  self->action = action;
  self->operations = g_list_store_new (STACK_TYPE_OPERATION);
  self->change = stack_operation_new (titles[action]);
  g_list_store_append (self->operations, self->change);
  if (action != STACK_CONTROL_PAUSE)
    {
      self->wait = stack_operation_new ("Wait for the pods");
      g_list_store_append (self->operations, self->wait);
    }

  return self;
}

/**
 * stack_control_get_operations:
 * @self: a control
 *
 * Returns: (transfer none): the steps, [class@Operation], complete from the start
 */
GListModel *
stack_control_get_operations (StackControl *self)
{
  g_return_val_if_fail (STACK_IS_CONTROL (self), NULL);

  return G_LIST_MODEL (self->operations);
}

/**
 * stack_control_get_pods:
 * @self: a control
 *
 * Returns: (transfer none): the app's pods, [class@Kube.Object] in full form, kept up to date
 *   while the run waits for them
 */
GListModel *
stack_control_get_pods (StackControl *self)
{
  g_return_val_if_fail (STACK_IS_CONTROL (self), NULL);

  return G_LIST_MODEL (self->pods);
}

/**
 * stack_control_set_timeout:
 * @self: a control
 * @seconds: how long to wait for the pods; 0 for ever; 600 by default
 *
 * Sets the patience of the run.
 */
void
stack_control_set_timeout (StackControl *self,
                           guint         seconds)
{
  g_return_if_fail (STACK_IS_CONTROL (self));

  self->timeout = seconds;
}

/* Takes @error. */
static void
return_failure (GTask          *task,
                StackOperation *operation,
                GError         *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    stack_operation_cancel (operation);
  else
    stack_operation_fail (operation, error);
  g_task_return_error (task, error);
}

static void
stack_control_run_wait_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *words = NULL;
  StackControl    *self = g_task_get_source_object (task);
  GError          *error = NULL;

  words = stack_rollout_wait_finish (STACK_ROLLOUT (source), result, &error);
  g_clear_object (&self->rollout);
  if (words == NULL)
    {
      return_failure (task, self->wait, error);
      return;
    }

  stack_operation_finish (self->wait, STACK_OUTCOME_READY, words);
  g_task_return_boolean (task, TRUE);
}

static void
on_pods_items_changed_cb (GListModel   *model,
                          guint         position,
                          guint         removed,
                          guint         added,
                          StackControl *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (model, position + i));

  g_list_store_splice (self->pods, position, removed, items->pdata, added);
}

/* The change has arrived, or was not needed. */
static void
go_on (GTask       *task,
       JsonNode    *deployment,
       StackOutcome outcome)
{
  StackControl *self = g_task_get_source_object (task);
  gint64        deadline = 0;

  stack_operation_finish (self->change, outcome,
                          outcome == STACK_OUTCOME_CHANGED ? "changed" : "unchanged");
  if (self->wait == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (self->timeout != 0)
    deadline = g_get_monotonic_time () + self->timeout * G_USEC_PER_SEC;
  self->rollout = stack_rollout_new (self->client, deployment);
  g_signal_connect_object (stack_rollout_get_pods (self->rollout), "items-changed",
                           G_CALLBACK (on_pods_items_changed_cb), self, G_CONNECT_DEFAULT);
  stack_operation_start (self->wait);
  stack_rollout_wait_async (self->rollout, deadline, self->wait, g_task_get_cancellable (task),
                            stack_control_run_wait_cb, g_object_ref (task));
}

static void
stack_control_run_patch_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonNode) deployment = NULL;
  StackControl *self = g_task_get_source_object (task);
  GError       *error = NULL;

  deployment = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (deployment == NULL)
    return_failure (task, self->change, error);
  else
    go_on (task, deployment, STACK_OUTCOME_CHANGED);
}

/* The annotation and its form are those of `kubectl rollout restart`. */
static JsonNode *
build_patch (StackControlAction action)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *restart = NULL;

  switch (action)
    {
    case STACK_CONTROL_PAUSE:
      return base_json_parse ("{\"spec\":{\"paused\":true}}", -1, NULL);
    case STACK_CONTROL_RESUME:
      return base_json_parse ("{\"spec\":{\"paused\":null}}", -1, NULL);
    case STACK_CONTROL_RESTART:
    default:
      restart = g_strdup_printf ("{\"spec\":{\"template\":{\"metadata\":{\"annotations\":"
                                 "{\"kubectl.kubernetes.io/restartedAt\":\"%s\"}}}}}",
                                 time);
      return base_json_parse (restart, -1, NULL);
    }
}

static void
patch (GTask *task)
{
  StackControl *self = g_task_get_source_object (task);
  g_autoptr(JsonNode) body = build_patch (self->action);
  g_autoptr(KubeRequest) request = NULL;

  request = kube_request_new_patch (&KUBE_DEPLOYMENT, self->ns, STACK_APP_DEPLOYMENT, NULL,
                                    KUBE_PATCH_MERGE, body);
  kube_request_set_change (request, FIELD_MANAGER, KUBE_CHANGE_STRICT);
  kube_client_call_async (self->client, request, g_task_get_cancellable (task),
                          stack_control_run_patch_cb, g_object_ref (task));
}

static void
judge (GTask    *task,
       JsonNode *deployment)
{
  StackControl *self = g_task_get_source_object (task);
  gboolean      paused = base_json_get_boolean (deployment, FALSE, "spec", "paused", NULL);

  if (self->action == STACK_CONTROL_RESTART && paused)
    return_failure (task, self->change,
                    g_error_new_literal (STACK_ERROR, STACK_ERROR_NOT_READY,
                                         "The pods were not restarted: the rollout is paused, and "
                                         "new pods would not come. Resume it first."));
  else if (self->action != STACK_CONTROL_RESTART && paused == (self->action == STACK_CONTROL_PAUSE))
    go_on (task, deployment, STACK_OUTCOME_UNCHANGED);
  else
    patch (task);
}

static void
stack_control_run_get_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonNode) deployment = NULL;
  StackControl *self = g_task_get_source_object (task);
  GError       *error = NULL;

  deployment = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (deployment != NULL)
    {
      judge (task, deployment);
      return;
    }

  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      error = g_error_new (STACK_ERROR, STACK_ERROR_NOT_DEPLOYED,
                           "Hacky Stack is not deployed in the namespace %s. There is no "
                           "Deployment " STACK_APP_DEPLOYMENT ". Deploy it first, or choose "
                           "another namespace.",
                           self->ns);
    }
  return_failure (task, self->change, error);
}

/**
 * stack_control_run_async:
 * @self: a control that has not run
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Does it. What is so already is left as it is.
 */
void
stack_control_run_async (StackControl       *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(KubeRequest) request = NULL;
  GTask *task;

  g_return_if_fail (STACK_IS_CONTROL (self));
  g_return_if_fail (stack_operation_get_state (self->change) == STACK_OPERATION_PENDING);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_control_run_async);
  stack_operation_start (self->change);
  request = kube_request_new_get (&KUBE_DEPLOYMENT, self->ns, STACK_APP_DEPLOYMENT);
  kube_client_call_async (self->client, request, cancellable, stack_control_run_get_cb, task);
}

/**
 * stack_control_run_finish:
 * @self: a control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_DEPLOYED, %STACK_ERROR_NOT_READY, %STACK_ERROR_TIMED_OUT,
 * %STACK_ERROR_REFUSED, those of [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether it was done, and the pods are ready
 */
gboolean
stack_control_run_finish (StackControl *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (STACK_IS_CONTROL (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
