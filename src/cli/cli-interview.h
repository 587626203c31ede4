/* cli-interview.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "stack-settings.h"

G_BEGIN_DECLS

void     cli_interview_run_async (CliPrinter         *printer,
                                  StackSettings      *settings,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean cli_interview_run_finish (GAsyncResult *result,
                                   GError      **error);

G_END_DECLS
