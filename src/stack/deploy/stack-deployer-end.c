/* stack-deployer-end.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-deployer-private.h"

#include "base-json.h"
#include "stack-error.h"
#include "stack-record-private.h"

/* What a run leaves behind: a revision while it goes on, and at its end what became of it, with
 * the evidence when it failed. None of that makes a run fail. */

/* How long the good news that a revision works is tried to be told. */
#define END_US (20 * G_USEC_PER_SEC)

static const char *
get_namespace (StackDeployer *self)
{
  return base_json_get_string (self->deployment, "metadata", "namespace", NULL);
}

static void
call_next (GTask *task)
{
  StackDeployer            *self = g_task_get_source_object (task);
  StackDeployerContinueFunc next = self->next;

  self->next = NULL;
  next (task);
}

/* A revision that is not kept is lost for ever: a cluster that is away is waited for. */

static void begin (GTask *task);

static gboolean
on_begin_again_cb (gpointer user_data)
{
  begin (user_data);

  return G_SOURCE_REMOVE;
}

static void
stack_deployer_record_begin_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackDeployer *self = g_task_get_source_object (task);

  self->revision = stack_record_begin_finish (result, &error);
  if (self->revision == NULL && stack_retry_again (&self->retry, error))
    {
      stack_retry_wait (&self->retry, task, on_begin_again_cb);
      return;
    }
  /* Whoever may not write Secrets has been told so by the Secret before. */
  if (self->revision == NULL)
    g_debug ("No revision was kept: %s", error->message);
  call_next (task);
}

static void
begin (GTask *task)
{
  StackDeployer *self = g_task_get_source_object (task);

  stack_record_begin_async (self->client, self->deployment, self->objects,
                            g_task_get_cancellable (task), stack_deployer_record_begin_cb,
                            g_object_ref (task));
}

/*
 * stack_deployer_begin_record:
 * @self: a deployer that has applied the Deployment
 * @task: (transfer none): the run
 * @deadline: until when to try, in µs of the monotonic clock; 0 for ever
 * @next: what to do afterwards
 *
 * Keeps what is being deployed as a revision.
 */
void
stack_deployer_begin_record (StackDeployer            *self,
                             GTask                    *task,
                             gint64                    deadline,
                             StackDeployerContinueFunc next)
{
  g_assert (self->next == NULL);

  self->next = next;
  stack_retry_clear (&self->retry);
  stack_retry_init (&self->retry, deadline);
  begin (task);
}

static void end_record (GTask               *task,
                        StackRevisionOutcome outcome);

static gboolean
on_end_again_cb (gpointer user_data)
{
  StackDeployer *self = g_task_get_source_object (user_data);

  end_record (user_data, self->end);

  return G_SOURCE_REMOVE;
}

static void
stack_deployer_record_end_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackDeployer *self = g_task_get_source_object (task);

  if (stack_record_end_finish (result, &error))
    {
      call_next (task);
      return;
    }
  if (stack_retry_again (&self->retry, error))
    {
      stack_retry_wait (&self->retry, task, on_end_again_cb);
      return;
    }

  g_debug ("The outcome was not kept: %s", error->message);
  call_next (task);
}

static void
end_record (GTask               *task,
            StackRevisionOutcome outcome)
{
  StackDeployer *self = g_task_get_source_object (task);

  if (self->revision == NULL)
    {
      call_next (task);
      return;
    }

  self->end = outcome;
  stack_record_end_async (self->client, get_namespace (self), self->revision, outcome,
                          g_task_get_cancellable (task), stack_deployer_record_end_cb,
                          g_object_ref (task));
}

static void
stack_deployer_evidence_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackDeployer *self = g_task_get_source_object (task);

  self->evidence = stack_evidence_collect_finish (result, NULL);
  end_record (task, STACK_REVISION_FAILED);
}

/*
 * stack_deployer_end_record:
 * @self: a deployer whose run has come to its end
 * @task: (transfer none): the run
 * @failed: whether it failed
 * @next: what to do afterwards
 *
 * Keeps what became of the revision, and before that the evidence of a failure. A run that has not
 * come as far as the Deployment leaves neither.
 */
void
stack_deployer_end_record (StackDeployer            *self,
                           GTask                    *task,
                           gboolean                  failed,
                           StackDeployerContinueFunc next)
{
  g_assert (self->next == NULL);

  self->next = next;
  stack_retry_clear (&self->retry);
  stack_retry_init (&self->retry, g_get_monotonic_time () + (failed ? 0 : END_US));
  if (self->deployment == NULL)
    call_next (task);
  else if (!failed)
    end_record (task, STACK_REVISION_PROVEN);
  else
    stack_evidence_collect_async (self->client, get_namespace (self),
                                  g_task_get_cancellable (task), stack_deployer_evidence_cb,
                                  g_object_ref (task));
}

/**
 * stack_deployer_get_revision:
 * @self: a deployer
 *
 * Returns: (transfer none) (nullable): the revision that the last run has deployed; %NULL when it
 *   has not come so far, or the cluster does not let us keep any
 */
StackRevision *
stack_deployer_get_revision (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), NULL);

  return self->revision;
}

/**
 * stack_deployer_get_evidence:
 * @self: a deployer
 *
 * Returns: (transfer none) (nullable): what was to be seen of the pods when the last run failed
 */
StackEvidence *
stack_deployer_get_evidence (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), NULL);

  return self->evidence;
}
