/* kube-log-line.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "kube-log-entry.h"

G_BEGIN_DECLS

#define KUBE_TYPE_LOG_LINE (kube_log_line_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogLine, kube_log_line, KUBE, LOG_LINE, GObject)

KubeLogLine *kube_log_line_new (const KubeLogEntry *entry);
const char  *kube_log_line_get_text (KubeLogLine *self);
gint64       kube_log_line_get_time (KubeLogLine *self);
guint        kube_log_line_get_source (KubeLogLine *self);

G_END_DECLS
