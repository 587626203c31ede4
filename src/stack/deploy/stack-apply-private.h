/* stack-apply-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-change.h"
#include "stack-operation.h"

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void      stack_apply_async (KubeClient         *client,
                             JsonNode           *object,
                             gboolean            force,
                             const char         *right_version,
                             gint64              deadline,
                             StackOperation     *operation,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
JsonNode *stack_apply_finish (GAsyncResult *result,
                              StackOutcome *outcome,
                              GError      **error);

G_END_DECLS
