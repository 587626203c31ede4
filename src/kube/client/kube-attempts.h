/* kube-attempts.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "base-backoff.h"

G_BEGIN_DECLS

/**
 * KubeAttempts:
 * @backoff: how the waits grow
 * @n_repeated: how often the request was repeated
 * @n_cut: how often of these because the connection was cut
 * @waited_ms: how long was waited before that, in all
 *
 * The attempts to have one request answered.
 */
typedef struct
{
  BaseBackoff backoff;
  guint       n_repeated;
  guint       n_cut;
  guint       waited_ms;
} KubeAttempts;

void     kube_attempts_init (KubeAttempts *self);
gboolean kube_attempts_after_answer (KubeAttempts *self,
                                     guint         http_status,
                                     int           retry_after,
                                     guint        *wait_ms);
gboolean kube_attempts_after_cut (KubeAttempts *self,
                                  const char   *method,
                                  guint        *wait_ms);
void     kube_attempts_explain (KubeAttempts *self,
                                GError       *error);

G_END_DECLS
