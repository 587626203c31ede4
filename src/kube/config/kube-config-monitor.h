/* kube-config-monitor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-config.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CONFIG_MONITOR (kube_config_monitor_get_type ())
G_DECLARE_FINAL_TYPE (KubeConfigMonitor, kube_config_monitor, KUBE, CONFIG_MONITOR, GObject)

KubeConfigMonitor *kube_config_monitor_new (const char *path);
void               kube_config_monitor_follow (KubeConfigMonitor *self,
                                               KubeConfig        *config);
KubeConfig        *kube_config_monitor_get_changed (KubeConfigMonitor *self);
const GError      *kube_config_monitor_get_error (KubeConfigMonitor *self);

G_END_DECLS
