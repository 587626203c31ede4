/* cli-session.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "kube-exec.h"

G_BEGIN_DECLS

void     cli_session_run_async (KubeExec           *exec,
                                gboolean            tty,
                                CliPrinter         *printer,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
gboolean cli_session_run_finish (GAsyncResult *result,
                                 int          *exit_status,
                                 GError      **error);

G_END_DECLS
