/* cli-watch.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-document.h"
#include "cli-invocation.h"

#include "kube-api-resource.h"

G_BEGIN_DECLS

/**
 * CliWatchForm:
 * @CLI_WATCH_TABLE: rows of the normal columns
 * @CLI_WATCH_WIDE: rows of all columns
 * @CLI_WATCH_NAME: names
 * @CLI_WATCH_DOCUMENT: whole objects, as JSON or YAML
 *
 * How a watch prints what happens.
 */
typedef enum
{
  CLI_WATCH_TABLE,
  CLI_WATCH_WIDE,
  CLI_WATCH_NAME,
  CLI_WATCH_DOCUMENT,
} CliWatchForm;

/* What to watch, and how to print it. */
typedef struct
{
  const KubeApiResource *kind;
  const char            *namespace_;     /* (nullable): all */
  const char            *name;           /* (nullable): every object */
  const char            *label_selector; /* (nullable) */
  const char            *field_selector; /* (nullable) */
  CliWatchForm           form;
  CliDocumentFlags       flags;        /* of documents */
  gboolean               only_changes; /* not what is there already */
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
