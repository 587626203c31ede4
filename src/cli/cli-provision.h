/* cli-provision.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

G_BEGIN_DECLS

void     cli_provision_async (CliInvocation      *invocation,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
gboolean cli_provision_finish (CliInvocation *invocation,
                               GAsyncResult  *result,
                               gboolean      *present,
                               GError       **error);

G_END_DECLS
