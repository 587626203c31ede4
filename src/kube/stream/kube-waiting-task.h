/* kube-waiting-task.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KubeWaitingTask:
 * @task: (nullable): the task
 * @cancelled: (nullable): tells that it was cancelled
 *
 * At most one task of an object, that waits for something to come, or to be cancelled. It is a
 * part of the object, which the task keeps alive.
 */
typedef struct
{
  GTask   *task;
  GSource *cancelled;
} KubeWaitingTask;

void   kube_waiting_task_set (KubeWaitingTask *self,
                              GTask           *task);
GTask *kube_waiting_task_steal (KubeWaitingTask *self);

G_END_DECLS
