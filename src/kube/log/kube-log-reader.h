/* kube-log-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-log-entry.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_READER (kube_log_reader_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogReader, kube_log_reader, KUBE, LOG_READER, GObject)

KubeLogReader *kube_log_reader_new (GInputStream *stream);
void           kube_log_reader_read_async (KubeLogReader      *self,
                                           int                 io_priority,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
GArray        *kube_log_reader_read_finish (KubeLogReader *self,
                                            GAsyncResult  *result,
                                            GError       **error);
GArray        *kube_log_reader_get_rest (KubeLogReader *self);

G_END_DECLS
