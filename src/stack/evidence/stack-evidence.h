/* stack-evidence.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define STACK_TYPE_EVIDENCE (stack_evidence_get_type ())

G_DECLARE_FINAL_TYPE (StackEvidence, stack_evidence, STACK, EVIDENCE, GObject)

void           stack_evidence_collect_async (KubeClient         *client,
                                             const char         *ns,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
StackEvidence *stack_evidence_collect_finish (GAsyncResult *result,
                                              GError      **error);
JsonNode      *stack_evidence_get_document (StackEvidence *self);
void           stack_evidence_save_async (StackEvidence      *self,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
char          *stack_evidence_save_finish (StackEvidence *self,
                                           GAsyncResult  *result,
                                           GError       **error);

G_END_DECLS
