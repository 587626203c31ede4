/* stack-retry.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-retry-private.h"

#include "kube-error.h"

#define INITIAL_MS 500
#define MAXIMUM_MS 4000
#define FACTOR 1.6
#define JITTER 0.2

/* How long a server may go on answering with errors. An Ingress controller that has just been
 * installed refuses for up to a minute, until its webhook serves. */
#define TROUBLE_SECONDS 60

/* How long a server that has just come back may refuse what it will allow when it has read its
 * rules. */
#define RETURN_SECONDS 10

/*
 * StackRetry:
 *
 * When to ask again. A cluster that is away is asked until the time is up; one that answers, but
 * with errors of its own, for a minute; one that refuses when it has just come back, for ten
 * seconds. Requests that are repeated this way do the same thing
 * twice (GET, server-side apply), so a lost answer does no harm.
 */

/*
 * stack_retry_init:
 * @self: memory for it
 * @deadline: when to give up, in µs of the monotonic clock; 0 for never
 *
 * Begins a series of attempts.
 */
void
stack_retry_init (StackRetry *self,
                  gint64      deadline)
{
  g_return_if_fail (self != NULL);

  *self = (StackRetry){ .deadline = deadline };
  base_backoff_init (&self->backoff, INITIAL_MS, MAXIMUM_MS, FACTOR, JITTER);
}

/*
 * stack_retry_clear:
 * @self: a series of attempts
 *
 * Ends it.
 */
void
stack_retry_clear (StackRetry *self)
{
  g_return_if_fail (self != NULL);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/*
 * stack_retry_is_away:
 * @error: (nullable): why an attempt failed
 *
 * Returns: whether there was no answer at all
 */
gboolean
stack_retry_is_away (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TIMEOUT);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
}

static gboolean
endure (StackRetry *self,
        gint64      seconds)
{
  gint64 now = g_get_monotonic_time ();

  if (self->deadline != 0 && now >= self->deadline)
    return FALSE;
  if (self->trouble == 0)
    self->trouble = now;

  return now - self->trouble < seconds * G_USEC_PER_SEC;
}

/*
 * stack_retry_endure:
 * @self: a series of attempts
 *
 * For what is no error of the server's, but passes as its errors do.
 *
 * Returns: whether to try again, by stack_retry_wait()
 */
gboolean
stack_retry_endure (StackRetry *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return endure (self, TROUBLE_SECONDS);
}

/*
 * stack_retry_again:
 * @self: a series of attempts
 * @error: why the last one failed
 *
 * Returns: whether to try again, by stack_retry_wait()
 */
gboolean
stack_retry_again (StackRetry   *self,
                   const GError *error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (stack_retry_is_away (error))
    {
      self->was_away = TRUE;
      self->trouble = 0;
      return self->deadline == 0 || g_get_monotonic_time () < self->deadline;
    }
  if (kube_error_is_server_trouble (error))
    return endure (self, TROUBLE_SECONDS);

  return self->was_away && is_refusal (error) && endure (self, RETURN_SECONDS);
}

/*
 * stack_retry_explain:
 * @error: why the last attempt failed
 *
 * Returns: (transfer full): what is waited for, in words
 */
char *
stack_retry_explain (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (stack_retry_is_away (error))
    return g_strdup ("The cluster does not answer. Trying again…");

  return g_strdup_printf ("%s Trying again…", error->message);
}

/*
 * stack_retry_wait:
 * @self: a series of attempts, kept alive by @task
 * @task: (transfer none): the task that goes on; kept until then
 * @callback: the next attempt, given @task; it returns %G_SOURCE_REMOVE
 *
 * Waits, the longer the more attempts there were. Cancelling the task's cancellable ends the wait,
 * and @callback has to see to it.
 */
void
stack_retry_wait (StackRetry *self,
                  GTask      *task,
                  GSourceFunc callback)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_return_if_fail (self != NULL);

  stack_retry_clear (self);
  self->timer = g_timeout_source_new (base_backoff_next (&self->backoff));
  if (cancellable != NULL)
    {
      g_autoptr(GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (self->timer, cancelled);
    }
  g_source_set_callback (self->timer, callback, g_object_ref (task), g_object_unref);
  g_source_attach (self->timer, g_task_get_context (task));
}
