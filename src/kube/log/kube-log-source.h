/* kube-log-source.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-stream.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_SOURCE (kube_log_source_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogSource, kube_log_source, KUBE, LOG_SOURCE, GObject)

guint        kube_log_source_get_index (KubeLogSource *self);
const char  *kube_log_source_get_pod (KubeLogSource *self);
const char  *kube_log_source_get_container (KubeLogSource *self);
KubeLogState kube_log_source_get_state (KubeLogSource *self);
GError      *kube_log_source_get_error (KubeLogSource *self);
const char  *kube_log_source_get_detail (KubeLogSource *self);

G_END_DECLS
