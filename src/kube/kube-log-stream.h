/* kube-log-stream.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-log-buffer.h"

G_BEGIN_DECLS

/**
 * KubeLogState:
 * @KUBE_LOG_IDLE: not started, or stopped
 * @KUBE_LOG_CONNECTING: the log has been asked for
 * @KUBE_LOG_FOLLOWING: lines come in as they are written
 * @KUBE_LOG_WAITING: the container is not running yet or not again, or the server is away
 * @KUBE_LOG_ENDED: every line there will ever be has been read
 * @KUBE_LOG_FAILED: the log cannot be read; see the error
 *
 * What a [class@KubeLogStream] is doing.
 */
typedef enum
{
  KUBE_LOG_IDLE,
  KUBE_LOG_CONNECTING,
  KUBE_LOG_FOLLOWING,
  KUBE_LOG_WAITING,
  KUBE_LOG_ENDED,
  KUBE_LOG_FAILED
} KubeLogState;

#define KUBE_TYPE_LOG_STATE (kube_log_state_get_type ())
#define KUBE_TYPE_LOG_STREAM (kube_log_stream_get_type ())

GType kube_log_state_get_type (void);

G_DECLARE_FINAL_TYPE (KubeLogStream, kube_log_stream, KUBE, LOG_STREAM, GObject)

KubeLogStream *kube_log_stream_new (KubeClient *client,
                                    const char *ns,
                                    const char *pod,
                                    const char *container);
void           kube_log_stream_set_follow (KubeLogStream *self,
                                           gboolean       follow);
void           kube_log_stream_set_tail_lines (KubeLogStream *self,
                                               gint64         tail_lines);
void           kube_log_stream_set_previous (KubeLogStream *self,
                                             gboolean       previous);
void           kube_log_stream_start (KubeLogStream *self);
void           kube_log_stream_stop (KubeLogStream *self);
KubeLogBuffer *kube_log_stream_get_buffer (KubeLogStream *self);
KubeLogState   kube_log_stream_get_state (KubeLogStream *self);
GError        *kube_log_stream_get_error (KubeLogStream *self);
const char    *kube_log_stream_get_detail (KubeLogStream *self);
const char    *kube_log_stream_get_container (KubeLogStream *self);

G_END_DECLS
