/* kube-log-state.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

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
 * What a [class@KubeLogStream] or a [class@KubeLogGroup] is doing.
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

GType kube_log_state_get_type (void);

G_END_DECLS
