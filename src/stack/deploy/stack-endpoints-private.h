/* stack-endpoints-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void  stack_endpoints_look_async (KubeClient         *client,
                                  const char         *ns,
                                  const char         *service,
                                  gint64              deadline,
                                  StackOperation     *operation,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
char *stack_endpoints_look_finish (GAsyncResult *result,
                                   StackOutcome *outcome,
                                   GError      **error);

G_END_DECLS
