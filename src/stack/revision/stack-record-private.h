/* stack-record-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-revision.h"

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void           stack_record_begin_async (KubeClient         *client,
                                         JsonNode           *deployment,
                                         GPtrArray          *objects,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
StackRevision *stack_record_begin_finish (GAsyncResult *result,
                                          GError      **error);
void           stack_record_end_async (KubeClient          *client,
                                       const char          *ns,
                                       StackRevision       *revision,
                                       StackRevisionOutcome outcome,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
gboolean       stack_record_end_finish (GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
