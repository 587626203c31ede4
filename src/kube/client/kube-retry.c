/* kube-retry.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-retry.h"

#include "base-backoff.h"
#include "kube-error.h"

/* The numbers are those of client-go (tools/cache/reflector.go), but for an absent
 * server: there the waits stay so short that people see the truth within five
 * seconds of its return. */
#define INITIAL_MS 800
#define MAXIMUM_MS 30000
#define UNREACHABLE_MS 2000
#define REFUSED_MS 30000
#define FACTOR 2.0
#define JITTER 0.5

/* A server that has just been started refuses for a few seconds what it will allow
 * later: who was served before asks again at the common pace so many times. */
#define MAX_QUICK_REFUSALS 6
/* Seconds: a server that asks for weeks is not believed. */
#define MAX_ASKED 3600

/**
 * KubeRetry:
 *
 * One wait before the next attempt, its length after what went wrong.
 */
struct _KubeRetry
{
  KubeRetryFunc func;
  gpointer      user_data;

  BaseBackoff trouble; /* the server answers, but not well */
  BaseBackoff away;    /* the server does not answer */
  guint       refused_ms;
  gboolean    was_away;
  gboolean    served; /* it has worked before */

  GSource *source; /* (owned) (nullable): the wait under way */
};

static gboolean
wait_cb (gpointer user_data)
{
  KubeRetry *self = user_data;

  kube_retry_cancel (self);
  self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

/**
 * kube_retry_new: (skip)
 * @func: called at the end of each wait
 * @user_data: for @func
 *
 * Returns: (transfer full): a retry that waits for nothing yet
 */
KubeRetry *
kube_retry_new (KubeRetryFunc func,
                gpointer      user_data)
{
  static const KubeRetryTiming timing = { INITIAL_MS, MAXIMUM_MS, UNREACHABLE_MS, REFUSED_MS };
  KubeRetry                   *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (KubeRetry, 1);
  self->func = func;
  self->user_data = user_data;
  kube_retry_set_timing (self, &timing);

  return self;
}

/**
 * kube_retry_free:
 * @self: (nullable): a retry
 *
 * Ends the wait without a call and frees @self.
 */
void
kube_retry_free (KubeRetry *self)
{
  if (self == NULL)
    return;

  kube_retry_cancel (self);
  g_free (self);
}

/**
 * kube_retry_set_timing:
 * @self: a retry
 * @timing: other waits than the usual ones
 *
 * Lets tests be quick.
 */
void
kube_retry_set_timing (KubeRetry             *self,
                       const KubeRetryTiming *timing)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (timing != NULL);

  base_backoff_init (&self->trouble, timing->initial_ms, timing->maximum_ms, FACTOR, JITTER);
  base_backoff_init (&self->away, timing->initial_ms, timing->unreachable_ms, FACTOR, JITTER);
  self->refused_ms = timing->refused_ms;
}

static guint
choose_wait (KubeRetry    *self,
             const GError *error)
{
  guint wait_ms;

  if (kube_retry_is_away (error))
    {
      self->was_away = TRUE;
      return base_backoff_next (&self->away);
    }

  if (self->was_away)
    {
      self->was_away = FALSE;
      base_backoff_reset (&self->away);
      base_backoff_reset (&self->trouble);
    }

  if (kube_retry_is_refusal (error) && (!self->served || self->trouble.attempts >= MAX_QUICK_REFUSALS))
    return self->refused_ms;

  wait_ms = base_backoff_next (&self->trouble);
  if (error != NULL && error->domain == KUBE_ERROR)
    wait_ms = MAX (wait_ms, MIN (kube_error_get_retry_after (error), MAX_ASKED) * 1000);

  return wait_ms;
}

/**
 * kube_retry_schedule:
 * @self: a retry
 * @error: (nullable): what went wrong
 *
 * Starts a wait; one that is under way is given up. Its length follows @error: a
 * server that does not answer is asked every two seconds at most, one that
 * refuses every 30 seconds, one in trouble after waits that double up to 30
 * seconds and are not shorter than its own Retry-After, up to an hour.
 */
void
kube_retry_schedule (KubeRetry    *self,
                     const GError *error)
{
  g_return_if_fail (self != NULL);

  kube_retry_cancel (self);
  self->source = g_timeout_source_new (choose_wait (self, error));
  g_source_set_static_name (self->source, "kube-retry");
  g_source_set_callback (self->source, wait_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * kube_retry_hurry:
 * @self: a retry
 *
 * Ends the wait that is under way, if any, because what it waits for may be there:
 * the network has changed, or the computer has been asleep.
 */
void
kube_retry_hurry (KubeRetry *self)
{
  g_return_if_fail (self != NULL);

  if (self->source != NULL)
    g_source_set_ready_time (self->source, 0);
}

/**
 * kube_retry_cancel:
 * @self: a retry
 *
 * Gives up the wait that is under way, if any.
 */
void
kube_retry_cancel (KubeRetry *self)
{
  g_return_if_fail (self != NULL);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/**
 * kube_retry_answered:
 * @self: a retry
 *
 * Tells that the server answered a request as it should: it is there, and if it
 * refuses later that may pass.
 */
void
kube_retry_answered (KubeRetry *self)
{
  g_return_if_fail (self != NULL);

  base_backoff_reset (&self->away);
  self->was_away = FALSE;
  self->served = TRUE;
}

/**
 * kube_retry_succeed:
 * @self: a retry
 *
 * Tells that all goes well: every wait starts short again.
 */
void
kube_retry_succeed (KubeRetry *self)
{
  g_return_if_fail (self != NULL);

  kube_retry_answered (self);
  base_backoff_reset (&self->trouble);
}

/**
 * kube_retry_is_refusal:
 * @error: (nullable): an error
 *
 * Returns: whether the server understood and will not do it: 401, 403, 404; or whether there is
 *   nothing to sign in with, which a program of the kubeconfig may find out late
 */
gboolean
kube_retry_is_refusal (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED) || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS) || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN) || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

/**
 * kube_retry_is_away:
 * @error: (nullable): an error
 *
 * Returns: whether the server did not answer at all
 */
gboolean
kube_retry_is_away (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}
