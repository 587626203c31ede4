/* stack-deployer-run.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-deployer-private.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-object.h"
#include "kube-pod.h"
#include "kube-readiness.h"
#include "kube-resource.h"
#include "stack-apply-private.h"
#include "stack-endpoints-private.h"
#include "stack-error.h"
#include "stack-health-private.h"
#include "stack-operation-private.h"
#include "stack-plan-private.h"
#include "stack-provision.h"
#include "stack-status.h"
#include "stack-visit-private.h"

/* After as many attempts the proof asks a pod instead of the Service. */
#define PATIENCE 5

/* The run of a deployer, from its end to its beginning: each part stands below what it leads to. */

static guint
count_objects (StackDeployer *self)
{
  return self->shapes->len;
}

static JsonNode *
find_kind (GPtrArray  *objects,
           const char *kind)
{
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);

      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), kind) == 0)
        return object;
    }

  return NULL;
}

static StackOperation *
get_operation (StackDeployer *self,
               guint          index)
{
  g_autoptr(StackOperation) operation = NULL;

  operation = g_list_model_get_item (G_LIST_MODEL (self->operations), index);

  /* The list keeps it. */
  return operation;
}

/* What came of the objects. */
enum
{
  APPLIED,
  UNCONFIRMED,
  UNAPPLIED,
  N_CLASSES,
};

static guint
classify (StackOperation *operation)
{
  if (stack_operation_get_state (operation) == STACK_OPERATION_DONE)
    return APPLIED;
  if (stack_operation_get_outcome (operation) == STACK_OUTCOME_UNCONFIRMED)
    return UNCONFIRMED;

  return UNAPPLIED;
}

/* "Applied: Namespace x, …. Not confirmed: Secret y. Not applied: Ingress z.", without what is
 * empty. */
static char *
build_summary (StackDeployer *self)
{
  static const char *const labels[N_CLASSES] = { "Applied", "Not confirmed", "Not applied" };
  g_autoptr(GString) words = g_string_new (NULL);
  guint counts[N_CLASSES] = { 0 };

  for (guint class = 0; class < N_CLASSES; class ++)
    {
      for (guint i = 0; i < count_objects (self); i++)
        {
          StackOperation *operation = get_operation (self, i);

          if (classify (operation) != class)
            continue;
          if (counts[class]++ == 0)
            g_string_append_printf (words, "%s%s: ", words->len > 0 ? ". " : "", labels[class]);
          else
            g_string_append (words, ", ");
          g_string_append (words, stack_operation_get_title (operation));
        }
    }

  if (counts[APPLIED] + counts[UNCONFIRMED] == 0)
    return g_strdup ("Nothing was applied.");

  return g_strconcat (words->str, ".", NULL);
}

/* The end of a run, by one way or the other. */

/*
 * stack_deployer_clear_run:
 * @self: a deployer
 *
 * Forgets what only a run needs, filled secrets above all.
 */
void
stack_deployer_clear_run (StackDeployer *self)
{
  stack_retry_clear (&self->retry);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_clear_pointer (&self->deployment, json_node_unref);
  g_clear_object (&self->rollout);
  g_clear_error (&self->error);
  g_clear_object (&self->job_run);
}

static void
finish_cancelled (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);
  GError        *error = g_steal_pointer (&self->error);

  stack_deployer_clear_run (self);
  stack_deployer_set_state (self, STACK_DEPLOYER_CANCELLED);
  g_task_return_error (task, error);
}

static void
return_cancelled (StackDeployer *self,
                  GTask         *task)
{
  g_autofree char *summary = build_summary (self);

  if (self->current < g_list_model_get_n_items (G_LIST_MODEL (self->operations)))
    stack_operation_cancel (get_operation (self, self->current));
  self->error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                             "The deployment was stopped. %s Deploy again to go on from there.",
                             summary);
  stack_deployer_unguard (self, task, finish_cancelled);
}

static void
finish_failure (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);
  GError        *error = g_steal_pointer (&self->error);

  stack_deployer_clear_run (self);
  stack_deployer_set_state (self, STACK_DEPLOYER_FAILED);
  g_task_return_error (task, error);
}

/* What somebody else's deployment has replaced did not fail: there is nothing left to prove. */
static void
end_failure (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);

  if (self->current >= count_objects (self) &&
      g_error_matches (self->error, STACK_ERROR, STACK_ERROR_CONFLICT))
    finish_failure (task);
  else
    stack_deployer_end_record (self, task, TRUE, finish_failure);
}

/* Takes @error. */
static void
return_failure (StackDeployer *self,
                GTask         *task,
                GError        *error)
{
  g_autofree char *summary = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return_cancelled (self, task);
      return;
    }

  stack_operation_fail (get_operation (self, self->current), error);
  summary = build_summary (self);
  self->error = g_error_new (error->domain, error->code, "%s %s", error->message, summary);
  g_error_free (error);
  stack_deployer_unguard (self, task, end_failure);
}

static void
finish_success (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);

  stack_deployer_clear_run (self);
  stack_deployer_set_state (self, STACK_DEPLOYER_DONE);
  g_task_return_boolean (task, TRUE);
}

static void
return_success (StackDeployer *self,
                GTask         *task)
{
  stack_deployer_end_record (self, task, FALSE, finish_success);
}

static gint64
build_deadline (StackDeployer *self)
{
  return self->timeout != 0 ? g_get_monotonic_time () + self->timeout * G_USEC_PER_SEC : 0;
}

/* Fourth part: the way to the app. What cannot be asked is said, and no reason to fail. */

static void prove_way (GTask *task);

/* Takes @words, or %NULL with the error. */
static void
end_step (GTask       *task,
          char        *words,
          StackOutcome outcome,
          GError      *error)
{
  StackDeployer   *self = g_task_get_source_object (task);
  g_autofree char *owned = words;

  if (words == NULL)
    {
      return_failure (self, task, error);
      return;
    }

  stack_operation_finish (get_operation (self, self->current), outcome, words);
  self->current++;
  prove_way (task);
}

static void
stack_deployer_run_endpoints_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackOutcome outcome = STACK_OUTCOME_NONE;
  GError      *error = NULL;
  char        *words = stack_endpoints_look_finish (result, &outcome, &error);

  end_step (task, words, outcome, error);
}

static void
stack_deployer_run_visit_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackOutcome outcome = STACK_OUTCOME_NONE;
  GError      *error = NULL;
  char        *words = stack_visit_make_finish (result, &outcome, &error);

  end_step (task, words, outcome, error);
}

static const char *
get_service (StackDeployer *self)
{
  JsonNode   *service = find_kind (self->objects, "Service");
  const char *name = base_json_get_string (service, "metadata", "name", NULL);

  return name != NULL ? name : STACK_APP_SERVICE;
}

static void
prove_way (GTask *task)
{
  StackDeployer  *self = g_task_get_source_object (task);
  GCancellable   *cancellable = g_task_get_cancellable (task);
  const char     *ns = base_json_get_string (self->deployment, "metadata", "namespace", NULL);
  StackOperation *operation;

  if (self->current == stack_deployer_count_operations (self))
    {
      return_success (self, task);
      return;
    }

  operation = get_operation (self, self->current);
  stack_operation_start (operation);
  if (self->current == count_objects (self) + STACK_STEP_ENDPOINTS)
    stack_endpoints_look_async (self->client, ns, get_service (self), build_deadline (self),
                                operation, cancellable, stack_deployer_run_endpoints_cb,
                                g_object_ref (task));
  else
    stack_visit_make_async (self->client, find_kind (self->objects, "Ingress"), operation,
                            cancellable, stack_deployer_run_visit_cb, g_object_ref (task));
}

/* Third part: the app's own word. */

static void prove (GTask *task);

static gboolean
on_prove_again_cb (gpointer user_data)
{
  GTask         *task = user_data;
  StackDeployer *self = g_task_get_source_object (task);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return_cancelled (self, task);
  else
    prove (task);

  return G_SOURCE_REMOVE;
}

/* The question did not reach the app. */
static void
handle_unasked (StackDeployer *self,
                GTask         *task,
                const GError  *error)
{
  StackOperation  *operation = get_operation (self, self->current);
  g_autofree char *words = NULL;

  self->n_unasked++;
  if (stack_retry_again (&self->retry, error))
    {
      words = stack_retry_explain (error);
      stack_operation_set_detail (operation, words);
      stack_retry_wait (&self->retry, task, on_prove_again_cb);
    }
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN))
    {
      /* The pods' own readiness checks have passed; the rights to ask once more are a luxury. */
      words = g_strdup_printf ("Not asked, but the pods' own checks passed. %s", error->message);
      stack_operation_finish (operation, STACK_OUTCOME_NONE, words);
      self->current++;
      prove_way (task);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return_cancelled (self, task);
  else
    return_failure (self, task,
                    g_error_new (STACK_ERROR, STACK_ERROR_UNHEALTHY,
                                 "The pods are ready, but the app could not be asked for its "
                                 "health. %s",
                                 error->message));
}

static void
stack_deployer_run_health_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackHealth) health = stack_health_ask_finish (result, &error);
  StackDeployer *self = g_task_get_source_object (task);

  if (health == NULL)
    {
      handle_unasked (self, task, error);
      return;
    }

  stack_deployer_set_health (self, health->words);
  if (health->healthy)
    {
      stack_operation_finish (get_operation (self, self->current), STACK_OUTCOME_READY,
                              health->words);
      self->current++;
      prove_way (task);
    }
  else
    return_failure (self, task,
                    g_error_new (STACK_ERROR, STACK_ERROR_UNHEALTHY,
                                 "The pods run, but the app is not well (HTTP %u): %s. What it "
                                 "needs may be missing or unreachable. Read the pods' logs, "
                                 "correct the settings and deploy again.",
                                 health->http_status,
                                 health->words));
}

static char *
dup_port (JsonNode *service)
{
  JsonArray  *ports = base_json_get_array (service, "spec", "ports", NULL);
  JsonNode   *port = ports != NULL && json_array_get_length (ports) > 0
                         ? json_array_get_element (ports, 0)
                         : NULL;
  const char *name = base_json_get_string (port, "name", NULL);

  if (service == NULL)
    return g_strdup (STACK_APP_PORT);

  return name != NULL ? g_strdup (name)
                      : g_strdup_printf ("%" G_GINT64_FORMAT,
                                         base_json_get_int (port, 3000, "port", NULL));
}

static const char *
find_ready_pod (StackDeployer *self)
{
  GListModel *pods = G_LIST_MODEL (self->pods);

  for (guint i = 0; i < g_list_model_get_n_items (pods); i++)
    {
      g_autoptr(KubeObject) pod = g_list_model_get_item (pods, i);

      if (kube_pod_is_ready (kube_object_get_node (pod)))
        return kube_object_get_name (pod);
    }

  return NULL;
}

static gint64
get_container_port (JsonNode *deployment)
{
  JsonArray *containers = base_json_get_array (deployment, "spec", "template", "spec",
                                               "containers", NULL);
  JsonNode  *container = containers != NULL && json_array_get_length (containers) > 0
                             ? json_array_get_element (containers, 0)
                             : NULL;
  JsonArray *ports = base_json_get_array (container, "ports", NULL);

  return ports != NULL && json_array_get_length (ports) > 0
             ? base_json_get_int (json_array_get_element (ports, 0), 3000, "containerPort", NULL)
             : 3000;
}

/* The proxy finds a Service's pods by its Endpoints, whose controller may lag or give up when the
 * API server has been away, while visitors come in by EndpointSlices: then a pod is asked. */
static void
prove (GTask *task)
{
  StackDeployer   *self = g_task_get_source_object (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  JsonNode        *service = find_kind (self->objects, "Service");
  const char      *ns = base_json_get_string (self->deployment, "metadata", "namespace", NULL);
  const char      *pod = find_ready_pod (self);
  g_autofree char *port = dup_port (service);

  if (self->n_unasked >= PATIENCE && pod != NULL)
    stack_health_ask_pod_async (self->client, ns, pod, get_container_port (self->deployment),
                                cancellable, stack_deployer_run_health_cb, g_object_ref (task));
  else
    stack_health_ask_async (self->client, ns, get_service (self), port,
                            cancellable, stack_deployer_run_health_cb, g_object_ref (task));
}

/* Second part: the wait. */

static void
on_pods_items_changed_cb (GListModel    *model,
                          guint          position,
                          guint          removed,
                          guint          added,
                          StackDeployer *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (model, position + i));

  g_list_store_splice (self->pods, position, removed, items->pdata, added);
}

static void
stack_deployer_run_wait_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;
  StackDeployer   *self = g_task_get_source_object (task);

  words = stack_rollout_wait_finish (STACK_ROLLOUT (source), result, &error);
  if (words == NULL)
    {
      return_failure (self, task, g_steal_pointer (&error));
      return;
    }

  stack_operation_finish (get_operation (self, self->current), STACK_OUTCOME_READY, words);
  self->current++;
  stack_operation_start (get_operation (self, self->current));
  if (base_json_get_int (self->deployment, 1, "spec", "replicas", NULL) == 0)
    {
      stack_operation_finish (get_operation (self, self->current), STACK_OUTCOME_NONE,
                              "not asked, since there shall be no pods");
      finish_success (task);
      return;
    }

  stack_retry_clear (&self->retry);
  stack_retry_init (&self->retry, build_deadline (self));
  self->n_unasked = 0;
  prove (task);
}

static void
wait_for_pods (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);
  GListModel    *pods;

  self->rollout = stack_rollout_new (self->client, self->deployment);
  pods = stack_rollout_get_pods (self->rollout);
  g_list_store_remove_all (self->pods);
  g_signal_connect_object (pods, "items-changed", G_CALLBACK (on_pods_items_changed_cb), self,
                           G_CONNECT_DEFAULT);

  stack_operation_start (get_operation (self, self->current));
  stack_rollout_wait_async (self->rollout, build_deadline (self),
                            get_operation (self, self->current), g_task_get_cancellable (task),
                            stack_deployer_run_wait_cb, g_object_ref (task));
}

/* First part: the objects, one after the other. */

static const char *
describe_outcome (StackOutcome outcome)
{
  switch (outcome)
    {
    case STACK_OUTCOME_CREATED:
      return "created";
    case STACK_OUTCOME_CHANGED:
      return "changed";
    case STACK_OUTCOME_UNCHANGED:
      return "unchanged";
    case STACK_OUTCOME_NONE:
    case STACK_OUTCOME_READY:
    case STACK_OUTCOME_UNCONFIRMED:
    default:
      return "";
    }
}

static void go_on (GTask *task);
static void apply_next (GTask *task);

static gboolean
is_kind (JsonNode   *object,
         const char *kind)
{
  return g_strcmp0 (base_json_get_string (object, "kind", NULL), kind) == 0;
}

static void
end_writing (GTask *task)
{
  stack_deployer_unguard (g_task_get_source_object (task), task, go_on);
}

static void
finish_object (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);
  JsonNode      *object = g_ptr_array_index (self->objects, self->current);

  stack_operation_finish (get_operation (self, self->current), self->outcome,
                          describe_outcome (self->outcome));
  self->current++;
  if (is_kind (object, "Deployment"))
    stack_deployer_begin_record (self, task, build_deadline (self), end_writing);
  else
    go_on (task);
}

/* A Job has to come to its end before what follows. */

static void
stack_deployer_run_job_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (stack_job_run_wait_finish (STACK_JOB_RUN (source), result, &error))
    finish_object (task);
  else
    return_failure (g_task_get_source_object (task), task, g_steal_pointer (&error));
}

static void
stack_deployer_run_delete_job_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  if (answer != NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    apply_next (task);
  else
    return_failure (g_task_get_source_object (task), task, g_steal_pointer (&error));
}

/* Whoever deploys again after a Job has failed wants it to be tried again. */
static void
repeat_job (GTask    *task,
            JsonNode *job)
{
  StackDeployer *self = g_task_get_source_object (task);
  g_autoptr(KubeRequest) request = NULL;

  request = kube_request_new_delete (kube_resource_find ("batch/v1", "Job"),
                                     base_json_get_string (job, "metadata", "namespace", NULL),
                                     base_json_get_string (job, "metadata", "name", NULL),
                                     "Background");
  kube_client_call_async (self->client, request, g_task_get_cancellable (task),
                          stack_deployer_run_delete_job_cb, g_object_ref (task));
}

static void
follow_job (GTask    *task,
            JsonNode *job)
{
  StackDeployer   *self = g_task_get_source_object (task);
  KubeReadiness    readiness;
  g_autofree char *reason = NULL;

  readiness = kube_readiness_compute (job, g_get_real_time (), &reason);
  if (readiness == KUBE_READINESS_CURRENT)
    {
      finish_object (task);
      return;
    }
  if (readiness == KUBE_READINESS_FAILED && self->outcome != STACK_OUTCOME_CREATED)
    {
      repeat_job (task, job);
      return;
    }

  g_clear_object (&self->job_run);
  self->job_run = stack_job_run_new (self->client, job);
  stack_job_run_wait_async (self->job_run, build_deadline (self),
                            get_operation (self, self->current), g_task_get_cancellable (task),
                            stack_deployer_run_job_cb, g_object_ref (task));
}

static void
stack_deployer_run_apply_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) object = NULL;
  StackDeployer *self = g_task_get_source_object (task);
  StackOutcome   outcome = STACK_OUTCOME_NONE;

  object = stack_apply_finish (result, &outcome, &error);
  if (object == NULL)
    {
      if (outcome == STACK_OUTCOME_UNCONFIRMED)
        stack_operation_leave_unconfirmed (get_operation (self, self->current));
      return_failure (self, task, g_steal_pointer (&error));
      return;
    }

  self->changed |= outcome != STACK_OUTCOME_UNCHANGED;
  if (is_kind (object, "Deployment"))
    {
      g_clear_pointer (&self->deployment, json_node_unref);
      self->deployment = json_node_ref (object);
    }
  self->outcome = outcome;
  if (is_kind (object, "Job"))
    follow_job (task, object);
  else
    finish_object (task);
}

static void
apply_next (GTask *task)
{
  StackDeployer  *self = g_task_get_source_object (task);
  StackOperation *operation = get_operation (self, self->current);
  StackChange    *change = self->plan != NULL ? stack_plan_get_change (self->plan, self->current)
                                              : NULL;
  gboolean        force = self->force || (change != NULL && stack_change_get_forced (change));
  const char     *version = change != NULL ? stack_change_get_version (change) : NULL;

  stack_operation_start (operation);
  stack_apply_async (self->client, g_ptr_array_index (self->objects, self->current), force, version,
                     build_deadline (self), operation, g_task_get_cancellable (task),
                     stack_deployer_run_apply_cb, g_object_ref (task));
}

static void
go_on (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);

  if (stack_deployer_wants_guard (self))
    stack_deployer_guard (self, task, build_deadline (self), apply_next, return_failure);
  else if (self->current < count_objects (self))
    apply_next (task);
  else if (self->deployment != NULL)
    wait_for_pods (task);
  else
    return_success (self, task);
}

/* Before anything is sent. */

static gboolean
prepare (StackDeployer *self,
         GError       **error)
{
  if (self->plan != NULL && !stack_plan_check (self->plan, error))
    return FALSE;
  if (self->given != NULL)
    {
      self->objects = g_ptr_array_ref (self->given);
      return TRUE;
    }
  self->objects = stack_plan_fill_objects (self->manifests, self->settings, error);

  return self->objects != NULL;
}

/* Fills the objects and goes on with the first of them. */
static void
begin (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);
  GError        *error = NULL;

  if (prepare (self, &error))
    {
      stack_deployer_reset_operations (self);
      go_on (task);
      return;
    }

  stack_deployer_clear_run (self);
  stack_deployer_set_state (self, STACK_DEPLOYER_FAILED);
  g_task_return_error (task, error);
}

/* What the objects need beside the settings. A cluster that is away is waited for, since it may
 * have a certificate that is to stay. */

static void provide (GTask *task);

static gboolean
on_provide_again_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return_cancelled (g_task_get_source_object (task), task);
  else
    provide (task);

  return G_SOURCE_REMOVE;
}

static void
stack_deployer_run_provision_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackDeployer  *self = g_task_get_source_object (task);
  StackOperation *operation = get_operation (self, 0);

  if (stack_provision_finish (result, NULL, &error))
    {
      begin (task);
    }
  else if (stack_retry_again (&self->retry, error))
    {
      g_autofree char *words = stack_retry_explain (error);

      stack_operation_start (operation);
      stack_operation_set_detail (operation, words);
      stack_retry_wait (&self->retry, task, on_provide_again_cb);
    }
  else if (stack_retry_is_away (error))
    return_failure (self, task,
                    g_error_new (STACK_ERROR, STACK_ERROR_TIMED_OUT,
                                 "The cluster did not answer in time. %s", error->message));
  else
    return_failure (self, task, g_steal_pointer (&error));
}

static void
provide (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);

  stack_provision_async (self->manifests, self->settings, self->client, self->vault,
                         g_task_get_cancellable (task), stack_deployer_run_provision_cb,
                         g_object_ref (task));
}

/* With a wrong setting nobody is asked anything. */
static gboolean
can_fill (StackDeployer *self)
{
  g_autoptr(GPtrArray) trial = NULL;

  trial = stack_plan_fill_objects (self->manifests, self->settings, NULL);

  return trial != NULL;
}

/*
 * stack_deployer_start:
 * @self: a deployer that is not running
 * @task: (transfer full): returns a boolean when the run has ended
 *
 * Begins a run from scratch.
 */
void
stack_deployer_start (StackDeployer *self,
                      GTask         *task)
{
  g_autoptr(GTask) owned = task;

  stack_deployer_clear_run (self);
  stack_deployer_reset_operations (self);
  stack_deployer_set_health (self, NULL);
  g_clear_object (&self->revision);
  g_clear_object (&self->evidence);
  self->changed = FALSE;
  self->guarded = FALSE;
  self->current = 0;
  stack_deployer_set_state (self, STACK_DEPLOYER_RUNNING);

  if (self->given != NULL || self->vault == NULL || !can_fill (self))
    {
      begin (owned);
      return;
    }

  stack_retry_init (&self->retry, build_deadline (self));
  provide (owned);
}
