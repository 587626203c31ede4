/* cli-rollout.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

#include "stack-deployer.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void     cli_rollout_run_async (CliInvocation      *invocation,
                                StackDeployer      *deployer,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
gboolean cli_rollout_run_finish (GAsyncResult *result,
                                 GError      **error);

G_END_DECLS
