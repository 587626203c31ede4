/* cli-watch.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

#include "kube-api-resource.h"

G_BEGIN_DECLS

/* What to watch, and how to print it. */
typedef struct
{
  const KubeApiResource *kind;
  const char            *namespace_;     /* (nullable): all */
  const char            *name;           /* (nullable): every object */
  const char            *label_selector; /* (nullable) */
  gboolean               names_only;
} CliWatchQuery;

void   cli_watch_async (CliInvocation       *invocation,
                        const CliWatchQuery *query,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data);
gssize cli_watch_finish (CliInvocation *invocation,
                         GAsyncResult  *result,
                         GError       **error);

G_END_DECLS
