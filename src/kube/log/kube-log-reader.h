/* kube-log-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-log-chunk.h"

#include "kube-log-entry.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_READER (kube_log_reader_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogReader, kube_log_reader, KUBE, LOG_READER, GObject)

KubeLogReader *kube_log_reader_new (GInputStream *stream,
                                    gboolean      gathers);
void           kube_log_reader_read_async (KubeLogReader      *self,
                                           int                 io_priority,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
GArray        *kube_log_reader_read_finish (KubeLogReader *self,
                                            GAsyncResult  *result,
                                            GError       **error);
KubeLogChunk  *kube_log_reader_steal_chunk (KubeLogReader *self);
GArray        *kube_log_reader_get_rest (KubeLogReader *self);

G_END_DECLS
