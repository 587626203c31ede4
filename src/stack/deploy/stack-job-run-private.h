/* stack-job-run-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define STACK_TYPE_JOB_RUN (stack_job_run_get_type ())

G_DECLARE_FINAL_TYPE (StackJobRun, stack_job_run, STACK, JOB_RUN, GObject)

StackJobRun *stack_job_run_new (KubeClient *client,
                                JsonNode   *job);
void         stack_job_run_wait_async (StackJobRun        *self,
                                       gint64              deadline,
                                       StackOperation     *operation,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean     stack_job_run_wait_finish (StackJobRun  *self,
                                        GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
