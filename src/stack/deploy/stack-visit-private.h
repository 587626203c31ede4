/* stack-visit-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void  stack_visit_make_async (KubeClient         *client,
                              JsonNode           *ingress,
                              StackOperation     *operation,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
char *stack_visit_make_finish (GAsyncResult *result,
                               StackOutcome *outcome,
                               GError      **error);

G_END_DECLS
