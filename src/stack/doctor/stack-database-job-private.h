/* stack-database-job-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-database-probe.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define STACK_DATABASE_JOB_LABEL "hackystack.io/database-check"

JsonNode *stack_database_job_new (const char *name,
                                  const char *ns,
                                  const char *image,
                                  const char *host,
                                  guint16     port);
JsonNode *stack_database_job_dup_pod (JsonNode *job);
gboolean  stack_database_job_read_pod (JsonNode           *pod,
                                       StackDatabaseState *state,
                                       char              **words);

G_END_DECLS
