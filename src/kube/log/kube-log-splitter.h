/* kube-log-splitter.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-entry.h"

G_BEGIN_DECLS

#define KUBE_LOG_MAX_ENTRY ((gsize) 1 << 20)

typedef struct _KubeLogSplitter KubeLogSplitter;

KubeLogSplitter *kube_log_splitter_new (void);
void             kube_log_splitter_free (KubeLogSplitter *self);
void             kube_log_splitter_feed (KubeLogSplitter *self,
                                         const char      *data,
                                         gsize            length,
                                         GArray          *entries);
void             kube_log_splitter_end (KubeLogSplitter *self,
                                        GArray          *entries);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeLogSplitter, kube_log_splitter_free)

G_END_DECLS
