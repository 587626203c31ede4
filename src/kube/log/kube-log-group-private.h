/* kube-log-group-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-group.h"
#include "kube-retry.h"

G_BEGIN_DECLS

void _kube_log_group_set_timing (KubeLogGroup          *self,
                                 const KubeRetryTiming *timing,
                                 guint                  silence_ms,
                                 guint                  window_ms);

G_END_DECLS
