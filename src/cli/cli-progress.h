/* cli-progress.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "stack-operation.h"

G_BEGIN_DECLS

#define CLI_TYPE_PROGRESS (cli_progress_get_type ())

G_DECLARE_FINAL_TYPE (CliProgress, cli_progress, CLI, PROGRESS, GObject)

CliProgress *cli_progress_new (CliPrinter *printer,
                               GListModel *operations);
void         cli_progress_stop (CliProgress *self);

G_END_DECLS
