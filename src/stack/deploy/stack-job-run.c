/* stack-job-run.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-job-run-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"
#include "kube-readiness.h"
#include "kube-reflector.h"
#include "stack-error.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"
#include "stack-selector-private.h"

/*
 * StackJobRun:
 *
 * Waits until a Job has run to its end, or never will. It follows the Job and its pods. A pod that
 * has failed is only one try of several; one that cannot even start would be waited for in vain.
 * A cluster that is away is waited for.
 */
struct _StackJobRun
{
  GObject parent_instance;

  char *namespace_; /* (owned) */
  char *name;       /* (owned) */
  char *key;        /* (owned) "namespace/name" */

  KubeReflector  *jobs;      /* (owned) */
  KubeReflector  *pods;      /* (owned) */
  GTask          *task;      /* (owned) (nullable) */
  StackOperation *operation; /* (owned) (nullable) */
  GSource        *timer;     /* (owned) (nullable) */
  GSource        *cancel;    /* (owned) (nullable) */
  char           *reason;    /* (owned) (nullable) of the last verdict */
};

G_DEFINE_FINAL_TYPE (StackJobRun, stack_job_run, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Ends the wait; the caller returns from the task. */
static GTask *
stop (StackJobRun *self)
{
  /* First of all, since a reflector that stops says so, and nothing is to be judged then. */
  GTask *task = g_steal_pointer (&self->task);

  kube_reflector_stop (self->jobs);
  kube_reflector_stop (self->pods);
  clear_source (&self->timer);
  clear_source (&self->cancel);
  g_clear_object (&self->operation);

  return task;
}

static void
fail (StackJobRun *self,
      StackError   code,
      const char  *words)
{
  g_autoptr(GTask) task = stop (self);
  g_autofree char *redacted = base_redact_text (words);

  g_task_return_new_error (task, STACK_ERROR, code, "%s", redacted);
}

static void
fail_for (StackJobRun *self,
          const char  *reason)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf ("Job %s did not do its work: %s. The app was not touched, since it needs "
                           "what the Job prepares. Read why with “kubectl logs -n %s job/%s”, "
                           "correct that and deploy again.",
                           self->name, reason, self->namespace_, self->name);
  fail (self, STACK_ERROR_NOT_READY, words);
}

/* What the pods say: a pod that will never start is the end, sets @hopeless; one that has failed
 * tells why the Job did. */
static char *
describe_pods (StackJobRun *self,
               gboolean    *hopeless)
{
  GListModel *model = kube_reflector_get_model (self->pods);
  char       *words = NULL;

  *hopeless = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) pod = g_list_model_get_item (model, i);
      g_autofree char *reason = NULL;
      JsonNode        *node = kube_object_get_node (pod);
      const char      *phase = base_json_get_string (node, "status", "phase", NULL);
      KubeReadiness    readiness = kube_readiness_compute (node, g_get_real_time (), &reason);

      if (readiness == KUBE_READINESS_CURRENT || reason == NULL)
        continue;

      g_free (words);
      words = g_steal_pointer (&reason);
      *hopeless = readiness == KUBE_READINESS_FAILED && g_strcmp0 (phase, "Pending") == 0;
      if (*hopeless)
        break;
    }

  return words;
}

/* Why the news may be old; NULL while all is followed. */
static char *
describe_trouble (StackJobRun *self)
{
  const GError *error = kube_reflector_get_error (self->jobs);

  if (error == NULL || kube_reflector_get_state (self->jobs) != KUBE_REFLECTOR_BACKING_OFF ||
      g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXPIRED))
    return NULL;

  return stack_retry_explain (error);
}

static void
say (StackJobRun *self,
     const char  *words)
{
  g_autofree char *redacted = base_redact_text (words);

  stack_operation_set_detail (self->operation, redacted);
  g_free (self->reason);
  self->reason = g_strdup (words);
}

static void
judge (StackJobRun *self,
       JsonNode    *job)
{
  g_autofree char *reason = NULL;
  g_autofree char *pods = NULL;
  g_autofree char *trouble = describe_trouble (self);
  g_autofree char *words = NULL;
  gboolean         hopeless;

  pods = describe_pods (self, &hopeless);
  switch (kube_readiness_compute (job, g_get_real_time (), &reason))
    {
    case KUBE_READINESS_CURRENT:
      {
        g_autoptr(GTask) task = stop (self);

        g_task_return_boolean (task, TRUE);
        return;
      }
    case KUBE_READINESS_FAILED:
      words = pods != NULL ? g_strdup_printf ("%s (%s)", reason, pods) : g_strdup (reason);
      fail_for (self, words);
      return;
    case KUBE_READINESS_TERMINATING:
      fail_for (self, "somebody is deleting it");
      return;
    case KUBE_READINESS_IN_PROGRESS:
    default:
      if (hopeless)
        fail_for (self, pods);
      else
        say (self, trouble != NULL ? trouble : pods != NULL ? pods
                                                            : reason);
    }
}

static void
evaluate (StackJobRun *self)
{
  const GError *error = kube_reflector_get_error (self->jobs);
  KubeObject   *object;

  if (self->task == NULL)
    return;

  if (!kube_reflector_get_synced (self->jobs))
    {
      g_autofree char *words = NULL;

      if (kube_reflector_get_state (self->jobs) == KUBE_REFLECTOR_FAILED && error != NULL)
        {
          words = g_strdup_printf ("Job %s was applied, but nobody can say what becomes of it. %s",
                                   self->name, error->message);
          fail (self, STACK_ERROR_REFUSED, words);
          return;
        }
      words = describe_trouble (self);
      if (words != NULL)
        say (self, words);
      return;
    }

  object = kube_reflector_lookup (self->jobs, self->key);
  if (object == NULL)
    fail_for (self, "somebody deleted it in the meantime");
  else
    judge (self, kube_object_get_node (object));
}

static gboolean
on_deadline_cb (gpointer user_data)
{
  StackJobRun     *self = user_data;
  g_autofree char *words = NULL;

  words = g_strdup_printf ("Job %s did not come to its end in time. %s%sIt goes on by itself. Deploy "
                           "again to wait longer.",
                           self->name, self->reason != NULL ? self->reason : "",
                           self->reason != NULL ? ". " : "");
  fail (self, STACK_ERROR_TIMED_OUT, words);

  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = stop (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static KubeReflector *
follow (StackJobRun        *self,
        KubeClient         *client,
        const KubeResource *resource,
        const char         *selector)
{
  KubeReflector *reflector;

  reflector = kube_reflector_new (client, resource, self->namespace_, KUBE_FORM_OBJECT, selector);
  g_signal_connect_object (reflector, "changed", G_CALLBACK (evaluate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (reflector, "notify::state", G_CALLBACK (evaluate), self,
                           G_CONNECT_SWAPPED);

  return reflector;
}

static void
stack_job_run_dispose (GObject *object)
{
  StackJobRun *self = STACK_JOB_RUN (object);

  clear_source (&self->timer);
  clear_source (&self->cancel);
  g_clear_object (&self->jobs);
  g_clear_object (&self->pods);
  g_clear_object (&self->operation);

  G_OBJECT_CLASS (stack_job_run_parent_class)->dispose (object);
}

static void
stack_job_run_finalize (GObject *object)
{
  StackJobRun *self = STACK_JOB_RUN (object);

  g_clear_pointer (&self->namespace_, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (stack_job_run_parent_class)->finalize (object);
}

static void
stack_job_run_class_init (StackJobRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = stack_job_run_dispose;
  object_class->finalize = stack_job_run_finalize;
}

static void
stack_job_run_init (StackJobRun *self)
{
}

/*
 * stack_job_run_new:
 * @client: the cluster
 * @job: the Job as the server answered when it was applied
 *
 * Returns: (transfer full): a run that nobody waits for yet
 */
StackJobRun *
stack_job_run_new (KubeClient *client,
                   JsonNode   *job)
{
  StackJobRun     *self;
  g_autofree char *labels = NULL;
  g_autofree char *selector = NULL;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (job != NULL, NULL);

  self = g_object_new (STACK_TYPE_JOB_RUN, NULL);
  self->namespace_ = g_strdup (base_json_get_string (job, "metadata", "namespace", NULL));
  self->name = g_strdup (base_json_get_string (job, "metadata", "name", NULL));
  self->key = g_strconcat (self->namespace_, "/", self->name, NULL);
  /* The label that the Job's controller gives its pods. */
  selector = g_strconcat ("batch.kubernetes.io/job-name=", self->name, NULL);
  labels = stack_selector_build (base_json_get_object (job, "metadata", "labels", NULL));
  self->jobs = follow (self, client, kube_resource_find ("batch/v1", "Job"), labels);
  self->pods = follow (self, client, &KUBE_POD, selector);

  return self;
}

/*
 * stack_job_run_wait_async:
 * @self: a run that nobody waits for yet
 * @deadline: when to give up, in µs of the monotonic clock; 0 for never
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Waits until the Job has completed.
 */
void
stack_job_run_wait_async (StackJobRun        *self,
                          gint64              deadline,
                          StackOperation     *operation,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (STACK_IS_JOB_RUN (self));
  g_return_if_fail (STACK_IS_OPERATION (operation));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, stack_job_run_wait_async);
  g_set_object (&self->operation, operation);

  if (cancellable != NULL)
    {
      self->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
      g_source_attach (self->cancel, g_task_get_context (self->task));
    }
  if (deadline != 0)
    {
      gint64 left = MAX (deadline - g_get_monotonic_time (), 0) / 1000;

      self->timer = g_timeout_source_new (MIN (left, G_MAXUINT));
      g_source_set_callback (self->timer, on_deadline_cb, self, NULL);
      g_source_attach (self->timer, g_task_get_context (self->task));
    }

  kube_reflector_start (self->jobs);
  kube_reflector_start (self->pods);
}

/*
 * stack_job_run_wait_finish:
 * @self: a run
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_READY (it failed, or cannot start, with the cluster's own
 * words), %STACK_ERROR_TIMED_OUT, %STACK_ERROR_REFUSED (the Job may not be read) and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether it completed
 */
gboolean
stack_job_run_wait_finish (StackJobRun  *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (STACK_IS_JOB_RUN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
