/* cli-build.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

G_BEGIN_DECLS

gboolean cli_build_check_options (CliInvocation *invocation,
                                  GError       **error);
void     cli_build_run_async (CliInvocation      *invocation,
                              const char         *folder,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
char    *cli_build_run_finish (CliInvocation *invocation,
                               GAsyncResult  *result,
                               GError       **error);

G_END_DECLS
