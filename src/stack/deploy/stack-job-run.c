/* stack-job-run.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-job-run-private.h"

#include "base-json.h"
#include "kube-readiness.h"
#include "stack-selector-private.h"
#include "stack-wait-private.h"

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

  StackWait      wait;
  KubeReflector *jobs; /* (not owned) of the wait */
  KubeReflector *pods; /* (not owned) of the wait */
};

G_DEFINE_FINAL_TYPE (StackJobRun, stack_job_run, G_TYPE_OBJECT)

static void
fail_for (StackJobRun *self,
          const char  *reason)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf ("Job %s did not do its work: %s. The app was not touched, since it needs "
                           "what the Job prepares. Read why with “kubectl logs -n %s job/%s”, "
                           "correct that and deploy again.",
                           self->name, reason, self->namespace_, self->name);
  stack_wait_fail (&self->wait, STACK_ERROR_NOT_READY, words);
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

static void
judge (StackJobRun *self,
       JsonNode    *job)
{
  g_autofree char *reason = NULL;
  g_autofree char *pods = NULL;
  g_autofree char *words = NULL;
  gboolean         hopeless;

  pods = describe_pods (self, &hopeless);
  switch (kube_readiness_compute (job, g_get_real_time (), &reason))
    {
    case KUBE_READINESS_CURRENT:
      {
        g_autoptr(GTask) task = stack_wait_end (&self->wait);

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
        stack_wait_say (&self->wait, pods != NULL ? pods : reason);
    }
}

/* What was known last is no news when the cluster is away. */
static void
fail_timed_out (StackJobRun *self)
{
  const GError    *trouble = stack_wait_find_trouble (&self->wait);
  const char      *reason = self->wait.reason;
  g_autofree char *words = NULL;

  if (trouble != NULL)
    words = g_strdup_printf ("Job %s was applied, but what becomes of it is not known: the cluster "
                             "does not answer as it should. %s Deploy again when it does: what is "
                             "there stays.",
                             self->name, trouble->message);
  else
    words = g_strdup_printf ("Job %s did not come to its end in time. %s%sIt goes on by itself. "
                             "Deploy again to wait longer.",
                             self->name, reason != NULL ? reason : "", reason != NULL ? ". " : "");
  stack_wait_fail (&self->wait, STACK_ERROR_TIMED_OUT, words);
}

static void
evaluate (GObject *owner)
{
  StackJobRun     *self = STACK_JOB_RUN (owner);
  const GError    *error = kube_reflector_get_error (self->jobs);
  KubeObject      *object = kube_reflector_lookup (self->jobs, self->key);
  g_autofree char *words = NULL;

  if (stack_wait_is_over (&self->wait))
    fail_timed_out (self);
  else if (kube_reflector_get_synced (self->jobs) && object == NULL)
    fail_for (self, "somebody deleted it in the meantime");
  else if (kube_reflector_get_synced (self->jobs))
    judge (self, kube_object_get_node (object));
  else if (kube_reflector_get_state (self->jobs) == KUBE_REFLECTOR_FAILED && error != NULL)
    {
      words = g_strdup_printf ("Job %s was applied, but nobody can say what becomes of it. %s",
                               self->name, error->message);
      stack_wait_fail (&self->wait, STACK_ERROR_REFUSED, words);
    }
  else
    stack_wait_say (&self->wait, NULL);
}

static void
stack_job_run_finalize (GObject *object)
{
  StackJobRun *self = STACK_JOB_RUN (object);

  g_clear_pointer (&self->namespace_, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->key, g_free);
  stack_wait_clear (&self->wait);

  G_OBJECT_CLASS (stack_job_run_parent_class)->finalize (object);
}

static void
stack_job_run_class_init (StackJobRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_job_run_finalize;
}

static void
stack_job_run_init (StackJobRun *self)
{
  stack_wait_init (&self->wait, G_OBJECT (self), evaluate);
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
  self->jobs = stack_wait_follow (&self->wait, client, kube_resource_find ("batch/v1", "Job"),
                                  self->namespace_, labels);
  self->pods = stack_wait_follow (&self->wait, client, &KUBE_POD, self->namespace_, selector);

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
  GTask *task;

  g_return_if_fail (STACK_IS_JOB_RUN (self));
  g_return_if_fail (STACK_IS_OPERATION (operation));
  g_return_if_fail (self->wait.task == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_job_run_wait_async);
  stack_wait_begin (&self->wait, task, deadline, operation);
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
