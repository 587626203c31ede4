/* kube-retry.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KubeRetryTiming:
 * @initial_ms: the first wait
 * @maximum_ms: the longest wait while the server answers with trouble
 * @unreachable_ms: the longest wait while the server does not answer at all
 * @refused_ms: the wait after the server refused (401, 403, 404)
 *
 * How long to wait before asking again, in milliseconds.
 */
typedef struct
{
  guint initial_ms;
  guint maximum_ms;
  guint unreachable_ms;
  guint refused_ms;
} KubeRetryTiming;

typedef struct _KubeRetry KubeRetry;
typedef void (*KubeRetryFunc) (gpointer user_data);

KubeRetry *kube_retry_new (KubeRetryFunc func,
                           gpointer      user_data);
void       kube_retry_free (KubeRetry *self);
void       kube_retry_set_timing (KubeRetry             *self,
                                  const KubeRetryTiming *timing);
void       kube_retry_schedule (KubeRetry    *self,
                                const GError *error);
void       kube_retry_hurry (KubeRetry *self);
void       kube_retry_cancel (KubeRetry *self);
void       kube_retry_answered (KubeRetry *self);
void       kube_retry_succeed (KubeRetry *self);
gboolean   kube_retry_is_refusal (const GError *error);
gboolean   kube_retry_is_away (const GError *error);

G_END_DECLS
