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
 *
 * What tests make quicker.
 */
typedef struct
{
  KubeRetryTiming retry;
  guint           watch_seconds;
  guint           grace_ms;
} KubeReflectorTiming;

void _kube_reflector_set_timing (KubeReflector             *self,
                                 const KubeReflectorTiming *timing);

G_END_DECLS
