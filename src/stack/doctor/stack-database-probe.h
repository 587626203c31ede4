/* stack-database-probe.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-finding.h"
#include "stack-settings.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StackDatabaseState:
 * @STACK_DATABASE_ANSWERS: PostgreSQL answers there
 * @STACK_DATABASE_NAME: the host name is not known inside the cluster
 * @STACK_DATABASE_REFUSED: nothing listens on that port
 * @STACK_DATABASE_TIMED_OUT: nothing came back in time
 * @STACK_DATABASE_OTHER: something answers that is not PostgreSQL
 * @STACK_DATABASE_UNREACHABLE: no way leads there
 * @STACK_DATABASE_UNKNOWN: the pod could not try
 *
 * What a pod found where DATABASE_URL leads.
 */
typedef enum
{
  STACK_DATABASE_ANSWERS,
  STACK_DATABASE_NAME,
  STACK_DATABASE_REFUSED,
  STACK_DATABASE_TIMED_OUT,
  STACK_DATABASE_OTHER,
  STACK_DATABASE_UNREACHABLE,
  STACK_DATABASE_UNKNOWN,
} StackDatabaseState;

void     stack_database_probe_async (StackSettings      *settings,
                                     KubeClient         *client,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean stack_database_probe_finish (GAsyncResult       *result,
                                      StackDatabaseState *state,
                                      char              **message,
                                      GError            **error);

G_END_DECLS
