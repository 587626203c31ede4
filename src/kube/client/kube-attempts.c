/* kube-attempts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-attempts.h"

#include <string.h>

/* So often does client-go (rest/request.go, defaultMaxRetries). */
#define MAX_REPEATED 10
/* A server that cuts one connection after the other does not get better by asking. */
#define MAX_CUT 2
/* People wait for the answer: after so much time in all they hear what is the matter. */
#define MAX_WAIT_MS 60000
/* Where the server asks for no time in particular. */
#define INITIAL_MS 100
#define MAXIMUM_MS 5000
#define FACTOR 2.0
/* Many clients that were refused together shall not come back together. */
#define JITTER 0.5
/* What client-go waits after a cut, and API servers name where they are busy. */
#define CUT_SECONDS 1

/**
 * kube_attempts_init:
 * @self: (out caller-allocates): attempts, to be begun
 *
 * Begins with the first attempt.
 */
void
kube_attempts_init (KubeAttempts *self)
{
  g_return_if_fail (self != NULL);

  base_backoff_init (&self->backoff, INITIAL_MS, MAXIMUM_MS, FACTOR, JITTER);
  self->n_repeated = 0;
  self->n_cut = 0;
  self->waited_ms = 0;
}

/* Never earlier than asked for. */
static gboolean
again (KubeAttempts *self,
       guint         seconds,
       guint        *wait_ms)
{
  double asked_ms = seconds * 1000.0;
  double chosen_ms;

  if (self->n_repeated >= MAX_REPEATED || self->waited_ms + asked_ms > MAX_WAIT_MS)
    return FALSE;

  chosen_ms = MAX (asked_ms * (1.0 + JITTER * g_random_double ()),
                   base_backoff_next (&self->backoff));
  *wait_ms = (guint) MIN (chosen_ms, MAX_WAIT_MS - self->waited_ms);
  self->waited_ms += *wait_ms;
  self->n_repeated++;

  return TRUE;
}

/**
 * kube_attempts_after_answer:
 * @self: attempts
 * @http_status: the status of an answer
 * @retry_after: the seconds of its `Retry-After` header, -1 if it has none
 * @wait_ms: (out): return location for how long to wait, in milliseconds
 *
 * Decides whether to repeat a request after an answer, by the rules of client-go
 * (rest/with_retry.go): when the server puts it off with 429 or 5xx and names a time to come back
 * after, whatever the method, since the server says by that that it has done nothing; at most ten
 * times. Besides, the waits are spread and grow, and are at most one minute in all: where the
 * server asks for more, that is for people to know.
 *
 * Returns: whether to repeat it
 */
gboolean
kube_attempts_after_answer (KubeAttempts *self,
                            guint         http_status,
                            int           retry_after,
                            guint        *wait_ms)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (wait_ms != NULL, FALSE);

  if ((http_status != 429 && http_status < 500) || retry_after < 0)
    return FALSE;

  return again (self, (guint) retry_after, wait_ms);
}

/**
 * kube_attempts_after_cut:
 * @self: attempts
 * @method: the method of the request
 * @wait_ms: (out): return location for how long to wait, in milliseconds
 *
 * Decides whether to repeat a request whose connection was cut before any answer, as happens
 * where an API server is restarted behind a load balancer. Only reading is repeated, as by
 * client-go: nobody knows whether a change was made.
 *
 * Returns: whether to repeat it
 */
gboolean
kube_attempts_after_cut (KubeAttempts *self,
                         const char   *method,
                         guint        *wait_ms)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (method != NULL, FALSE);
  g_return_val_if_fail (wait_ms != NULL, FALSE);

  if (strcmp (method, "GET") != 0 || self->n_cut >= MAX_CUT)
    return FALSE;

  self->n_cut++;
  return again (self, CUT_SECONDS, wait_ms);
}

/**
 * kube_attempts_explain:
 * @self: attempts
 * @error: why the last one failed
 *
 * Adds to @error how often and how long it was tried, if it was tried more than once.
 */
void
kube_attempts_explain (KubeAttempts *self,
                       GError       *error)
{
  g_autofree char *message = NULL;
  guint            seconds;

  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  if (self->n_repeated == 0)
    return;

  seconds = (self->waited_ms + 999) / 1000;
  message = g_steal_pointer (&error->message);
  error->message = g_strdup_printf ("%s It was tried %u times, with %u %s of waiting.", message,
                                    self->n_repeated + 1, seconds,
                                    seconds == 1 ? "second" : "seconds");
}
