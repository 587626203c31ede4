/* cli-pods.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "stack-pod-status.h"

G_BEGIN_DECLS

GPtrArray *cli_pods_new_from_model (GListModel *model);
void       cli_pods_print (GPtrArray  *pods,
                           CliPrinter *printer);
void       cli_pods_add_json (GPtrArray   *pods,
                              JsonBuilder *builder);

G_END_DECLS
