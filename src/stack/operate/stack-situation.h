/* stack-situation.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-revision.h"
#include "stack-status.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StackSituation:
 * @status: what runs
 * @unfinished: (nullable): the latest revision, if its deployment has not come to its end: it goes
 *   on somewhere, or the program that did it was ended
 *
 * What the cluster alone says that somebody has to be told who comes back to it.
 */
typedef struct
{
  StackStatus   *status;
  StackRevision *unfinished;
} StackSituation;

void            stack_situation_free (StackSituation *self);
void            stack_situation_read_async (KubeClient         *client,
                                            const char         *ns,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
StackSituation *stack_situation_read_finish (GAsyncResult *result,
                                             GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackSituation, stack_situation_free)

G_END_DECLS
