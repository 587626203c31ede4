/* kube-log-merger.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-entry.h"

G_BEGIN_DECLS

typedef struct _KubeLogMerger KubeLogMerger;

KubeLogMerger *kube_log_merger_new (gint64      window_us,
                                    KubeLogSink sink,
                                    gpointer    user_data);
void           kube_log_merger_free (KubeLogMerger *self);
guint          kube_log_merger_add_source (KubeLogMerger *self,
                                           gboolean       has_past);
void           kube_log_merger_push (KubeLogMerger      *self,
                                     guint               source,
                                     const KubeLogEntry *entries,
                                     guint               n_entries,
                                     gint64              now_us);
void           kube_log_merger_settle (KubeLogMerger *self,
                                       guint          source);
void           kube_log_merger_close (KubeLogMerger *self,
                                      guint          source);
gint64         kube_log_merger_release (KubeLogMerger *self,
                                        gint64         now_us);
void           kube_log_merger_flush (KubeLogMerger *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeLogMerger, kube_log_merger_free)

G_END_DECLS
