/* kube-log-stream-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-stream.h"
#include "kube-retry.h"

G_BEGIN_DECLS

void _kube_log_stream_set_timing (KubeLogStream         *self,
                                  const KubeRetryTiming *timing,
                                  guint                  silence_ms);

void _kube_log_stream_set_split (KubeLogStream *self,
                                 gboolean       split);

G_END_DECLS
