/* stack-revision-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-revision.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define STACK_REVISION_LABEL "hackystack.io/revision"
#define STACK_REVISION_OUTCOME_ANNOTATION "hackystack.io/outcome"

/* What finds the revisions of the app in its namespace. */
#define STACK_REVISION_SELECTOR "app.kubernetes.io/managed-by=hackystack-desktop," \
                                "app.kubernetes.io/name=hackystack," STACK_REVISION_LABEL

StackRevision *stack_revision_new (JsonNode *config_map,
                                   JsonNode *secret,
                                   JsonNode *template);
StackRevision *stack_revision_new_from_secret (JsonNode *secret,
                                               GError  **error);
JsonNode      *stack_revision_build_secret (StackRevision *self,
                                            JsonNode      *deployment,
                                            guint          number);
JsonNode      *stack_revision_get_config_map (StackRevision *self);
JsonNode      *stack_revision_get_secret (StackRevision *self);
JsonNode      *stack_revision_get_template (StackRevision *self);
const char    *stack_revision_find_input (JsonNode *template,
                                          const char *reference);
const char    *stack_revision_get_name (StackRevision *self);
gboolean       stack_revision_is_same (StackRevision *self,
                                       StackRevision *other);
void           stack_revision_set_summary (StackRevision *self,
                                           const char    *summary);
void           stack_revision_set_outcome (StackRevision       *self,
                                           StackRevisionOutcome outcome);

G_END_DECLS
