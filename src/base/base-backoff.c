/* base-backoff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-backoff.h"

/**
 * BaseBackoff:
 * @initial_ms: milliseconds before the first attempt
 * @maximum_ms: milliseconds no wait is longer than
 * @factor: what each wait is multiplied by for the next
 * @jitter: the part of a wait, 0 to 1, that chance may add
 * @attempts: how many waits were handed out since the last reset
 *
 * Growing waits between attempts, spread by chance so that many clients do not return together.
 */

/**
 * base_backoff_init:
 * @self: (out caller-allocates): the backoff to set up
 * @initial_ms: milliseconds before the first attempt
 * @maximum_ms: milliseconds no wait is longer than, at least @initial_ms
 * @factor: what each wait is multiplied by for the next, at least 1
 * @jitter: the part of a wait, 0 to 1, that chance may add
 *
 * Sets up a backoff that has handed out nothing yet.
 */
void
base_backoff_init (BaseBackoff *self,
                   guint        initial_ms,
                   guint        maximum_ms,
                   double       factor,
                   double       jitter)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (initial_ms <= maximum_ms);
  g_return_if_fail (factor >= 1.0);
  g_return_if_fail (jitter >= 0.0 && jitter <= 1.0);

  self->initial_ms = initial_ms;
  self->maximum_ms = maximum_ms;
  self->factor = factor;
  self->jitter = jitter;
  self->attempts = 0;
}

/**
 * base_backoff_next:
 * @self: a backoff
 *
 * Counts one more attempt and says how long to wait before it.
 *
 * The wait is `initial × factor ^ attempts`, plus a random part of it up to the jitter, and never
 * over the maximum. The growth stops where the jitter would still fit below the maximum, so waits
 * stay spread when they are longest.
 *
 * Returns: milliseconds until the next attempt
 */
guint
base_backoff_next (BaseBackoff *self)
{
  double longest;
  double wait;

  g_return_val_if_fail (self != NULL, 0);

  longest = self->maximum_ms / (1.0 + self->jitter);
  wait = self->initial_ms;
  for (guint i = 0; i < self->attempts && wait < longest && self->factor > 1.0; i++)
    wait *= self->factor;
  wait = MIN (wait, longest);
  wait += wait * self->jitter * g_random_double ();

  if (self->attempts < G_MAXUINT)
    self->attempts++;
  return (guint) MIN (wait + 0.5, (double) self->maximum_ms);
}

/**
 * base_backoff_reset:
 * @self: a backoff
 *
 * Starts again from the initial wait, as after an attempt that went well.
 */
void
base_backoff_reset (BaseBackoff *self)
{
  g_return_if_fail (self != NULL);

  self->attempts = 0;
}
