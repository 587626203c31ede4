/* stack-running.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-deployer.h"
#include "stack-manifest-set.h"
#include "stack-revision-change.h"
#include "stack-revision.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_RUNNING (stack_running_get_type ())

G_DECLARE_FINAL_TYPE (StackRunning, stack_running, STACK, RUNNING, GObject)

void                 stack_running_read_async (KubeClient         *client,
                                               const char         *ns,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
StackRunning        *stack_running_read_finish (GAsyncResult *result,
                                                GError      **error);
StackRevision       *stack_running_get_revision (StackRunning *self);
guint                stack_running_get_replicas (StackRunning *self);
gboolean             stack_running_get_paused (StackRunning *self);
const char          *stack_running_get_autoscaler (StackRunning *self);
char                *stack_running_dup_variable (StackRunning *self,
                                                 const char   *name);
GStrv                stack_running_list_variables (StackRunning *self);
gboolean             stack_running_is_secret (StackRunning *self,
                                              const char   *name);
void                 stack_running_set_replicas (StackRunning *self,
                                                 guint         replicas);
void                 stack_running_set_image (StackRunning *self,
                                              const char   *image);
void                 stack_running_set_variable (StackRunning *self,
                                                 const char   *name,
                                                 const char   *text);
gboolean             stack_running_set_field (StackRunning     *self,
                                              StackManifestSet *manifests,
                                              StackFieldId      id,
                                              const char       *text);
void                 stack_running_restore (StackRunning  *self,
                                            StackRevision *revision);
StackRevisionChange *stack_running_build_change (StackRunning *self);
GPtrArray           *stack_running_build_objects (StackRunning *self);
StackDeployer       *stack_running_new_deployer (StackRunning *self);

G_END_DECLS
