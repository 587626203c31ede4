/* cli-prompt.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "vault-secret.h"

G_BEGIN_DECLS

void         cli_prompt_ask_async (CliPrinter         *printer,
                                   const char         *question,
                                   gboolean            hidden,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
VaultSecret *cli_prompt_ask_finish (GAsyncResult *result,
                                    GError      **error);

G_END_DECLS
