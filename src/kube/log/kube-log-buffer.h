/* kube-log-buffer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-log-entry.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_BUFFER (kube_log_buffer_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogBuffer, kube_log_buffer, KUBE, LOG_BUFFER, GObject)

KubeLogBuffer *kube_log_buffer_new (void);
guint          kube_log_buffer_get_max_lines (KubeLogBuffer *self);
void           kube_log_buffer_set_max_lines (KubeLogBuffer *self,
                                              guint          max_lines);
void           kube_log_buffer_append (KubeLogBuffer *self,
                                       gint64         time_us,
                                       const char    *text,
                                       gsize          length);
guint          kube_log_buffer_append_many (KubeLogBuffer      *self,
                                            const KubeLogEntry *entries,
                                            guint               n_entries);
void           kube_log_buffer_clear (KubeLogBuffer *self);
const char    *kube_log_buffer_get_text (KubeLogBuffer *self,
                                         guint          index,
                                         gsize         *length,
                                         gint64        *time_us);
gboolean       kube_log_buffer_get_entry (KubeLogBuffer *self,
                                          guint          index,
                                          KubeLogEntry  *entry);

G_END_DECLS
