/* kube-log-state.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-state.h"

G_DEFINE_ENUM_TYPE (KubeLogState, kube_log_state, G_DEFINE_ENUM_VALUE (KUBE_LOG_IDLE, "idle"), G_DEFINE_ENUM_VALUE (KUBE_LOG_CONNECTING, "connecting"), G_DEFINE_ENUM_VALUE (KUBE_LOG_FOLLOWING, "following"), G_DEFINE_ENUM_VALUE (KUBE_LOG_WAITING, "waiting"), G_DEFINE_ENUM_VALUE (KUBE_LOG_ENDED, "ended"), G_DEFINE_ENUM_VALUE (KUBE_LOG_FAILED, "failed"))
