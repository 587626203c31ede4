/* cli-invocation.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-command.h"
#include "cli-options.h"
#include "cli-printer.h"

#include "stack-session.h"

G_BEGIN_DECLS

#define CLI_TYPE_INVOCATION (cli_invocation_get_type ())

G_DECLARE_FINAL_TYPE (CliInvocation, cli_invocation, CLI, INVOCATION, GObject)

CliInvocation *cli_invocation_new (CliOptions *options);
CliOptions    *cli_invocation_get_options (CliInvocation *self);
CliPrinter    *cli_invocation_get_printer (CliInvocation *self);
StackSession  *cli_invocation_get_session (CliInvocation *self);
gboolean       cli_invocation_can_ask (CliInvocation *self);
const char    *cli_invocation_get_namespace (CliInvocation *self);
void           cli_invocation_load_async (CliInvocation      *self,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean       cli_invocation_load_finish (CliInvocation *self,
                                           GAsyncResult  *result,
                                           GError       **error);
KubeContext   *cli_invocation_find_context (CliInvocation *self,
                                            GError       **error);
void           cli_invocation_open_async (CliInvocation      *self,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean       cli_invocation_open_finish (CliInvocation *self,
                                           GAsyncResult  *result,
                                           GError       **error);
KubeClient    *cli_invocation_get_client (CliInvocation *self);
void           cli_invocation_connect_async (CliInvocation      *self,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean       cli_invocation_connect_finish (CliInvocation *self,
                                              GAsyncResult  *result,
                                              GError       **error);
int            cli_invocation_run (CliInvocation *self);

G_END_DECLS
