/* kube-sleep-monitor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KUBE_TYPE_SLEEP_MONITOR (kube_sleep_monitor_get_type ())

G_DECLARE_FINAL_TYPE (KubeSleepMonitor, kube_sleep_monitor, KUBE, SLEEP_MONITOR, GObject)

KubeSleepMonitor *kube_sleep_monitor_dup_default (void);
void              kube_sleep_monitor_look (KubeSleepMonitor *self,
                                           gint64            slept);

G_END_DECLS
