/* kube-reflector-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-reflector.h"
#include "kube-retry.h"

G_BEGIN_DECLS

/**
 * KubeReflectorTiming:
 * @retry: the waits before asking again
 * @watch_seconds: how long the server shall let a watch last
 * @grace_ms: how long after that the connection counts as dead
 * @head_ms: how long the server may take to begin its answer
 * @bookmarks_ms: how long the connection may be silent where bookmarks come
 *
 * What tests make quicker.
 */
typedef struct
{
  KubeRetryTiming retry;
  guint           watch_seconds;
  guint           grace_ms;
  guint           head_ms;
  guint           bookmarks_ms;
} KubeReflectorTiming;

void _kube_reflector_set_timing (KubeReflector             *self,
                                 const KubeReflectorTiming *timing);

G_END_DECLS
