/* kube-log-filter.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-options.h"
#include "kube-log-tail.h"

G_BEGIN_DECLS

typedef struct _KubeLogFilter KubeLogFilter;

KubeLogFilter *kube_log_filter_new (const KubeLogOptions *options);
void           kube_log_filter_free (KubeLogFilter *self);
KubeLogTail   *kube_log_filter_get_tail (KubeLogFilter *self);
guint          kube_log_filter_choose (KubeLogFilter *self,
                                       KubeLogEntry  *entries,
                                       guint          n_entries);
gboolean       kube_log_filter_is_over (KubeLogFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeLogFilter, kube_log_filter_free)

G_END_DECLS
