/* kube-exec.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

#define KUBE_TYPE_EXEC (kube_exec_get_type ())
G_DECLARE_FINAL_TYPE (KubeExec, kube_exec, KUBE, EXEC, GObject)

/**
 * KubeExecOptions:
 * @namespace_: the namespace of the pod
 * @pod: the name of the pod
 * @container: (nullable): its container; %NULL if it has only one
 * @command: (nullable) (array zero-terminated=1): a program and its arguments, without a shell;
 *   %NULL to attach to what the container itself runs
 * @has_stdin: whether something is to be written to it
 * @tty: whether it runs on a terminal. Then what it says comes on one stream
 *
 * What is to be run, and where.
 */
typedef struct
{
  const char        *namespace_;
  const char        *pod;
  const char        *container;
  const char *const *command;
  gboolean           has_stdin;
  gboolean           tty;
} KubeExecOptions;

void           kube_exec_start_async (KubeClient            *client,
                                      const KubeExecOptions *options,
                                      GCancellable          *cancellable,
                                      GAsyncReadyCallback    callback,
                                      gpointer               user_data);
KubeExec      *kube_exec_start_finish (GAsyncResult *result,
                                       GError      **error);
GOutputStream *kube_exec_get_stdin (KubeExec *self);
GInputStream  *kube_exec_get_stdout (KubeExec *self);
GInputStream  *kube_exec_get_stderr (KubeExec *self);
gboolean       kube_exec_can_close_stdin (KubeExec *self);
void           kube_exec_resize (KubeExec *self,
                                 guint     columns,
                                 guint     rows);
gsize          kube_exec_get_queued (KubeExec *self);
void           kube_exec_wait_async (KubeExec           *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean       kube_exec_wait_finish (KubeExec     *self,
                                      GAsyncResult *result,
                                      int          *exit_status,
                                      GError      **error);
void           kube_exec_close (KubeExec *self);

G_END_DECLS
