/* kube-log-stream.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-log-buffer.h"
#include "kube-log-options.h"
#include "kube-log-state.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_STREAM (kube_log_stream_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogStream, kube_log_stream, KUBE, LOG_STREAM, GObject)

KubeLogStream *kube_log_stream_new (KubeClient *client,
                                    const char *ns,
                                    const char *pod,
                                    const char *container);
void           kube_log_stream_set_options (KubeLogStream        *self,
                                            const KubeLogOptions *options);
void           kube_log_stream_set_sink (KubeLogStream *self,
                                         KubeLogSink    sink,
                                         gpointer       user_data);
void           kube_log_stream_start (KubeLogStream *self);
void           kube_log_stream_stop (KubeLogStream *self);
KubeLogBuffer *kube_log_stream_get_buffer (KubeLogStream *self);
KubeLogState   kube_log_stream_get_state (KubeLogStream *self);
GError        *kube_log_stream_get_error (KubeLogStream *self);
const char    *kube_log_stream_get_detail (KubeLogStream *self);
const char    *kube_log_stream_get_container (KubeLogStream *self);
gboolean       kube_log_stream_get_caught_up (KubeLogStream *self);

G_END_DECLS
