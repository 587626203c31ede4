/* cli-log-target.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

G_BEGIN_DECLS

/* Whose logs the command line asks for. */
typedef struct
{
  GPtrArray *pods;     /* (element-type JsonNode): those that there are, never none if one is named */
  char      *selector; /* (nullable): of pods that may join later */
  gboolean   is_owner; /* they belong to an object that was named: one of them is meant */
} CliLogTarget;

void          cli_log_target_free (CliLogTarget *self);
void          cli_log_target_find_async (CliInvocation      *invocation,
                                         const char         *operand,
                                         const char         *selector,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
CliLogTarget *cli_log_target_find_finish (CliInvocation *invocation,
                                          GAsyncResult  *result,
                                          GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliLogTarget, cli_log_target_free)

G_END_DECLS
