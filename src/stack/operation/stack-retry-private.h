/* stack-retry-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "base-backoff.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  BaseBackoff backoff;
  gint64      deadline; /* monotonic µs, 0 for none */
  gint64      trouble;  /* monotonic µs when the server began to answer with errors, 0 */
  gboolean    was_away; /* since the series began */
  GSource    *timer;    /* (owned) (nullable) */
} StackRetry;

void     stack_retry_init (StackRetry *self,
                           gint64      deadline);
void     stack_retry_clear (StackRetry *self);
gboolean stack_retry_is_away (const GError *error);
gboolean stack_retry_again (StackRetry   *self,
                            const GError *error);
gboolean stack_retry_endure (StackRetry *self);
char    *stack_retry_explain (const GError *error);
void     stack_retry_wait (StackRetry *self,
                           GTask      *task,
                           GSourceFunc callback);

G_END_DECLS
