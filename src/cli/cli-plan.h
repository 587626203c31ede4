/* cli-plan.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "stack-plan.h"

G_BEGIN_DECLS

char *cli_plan_dup_list (CliPrinter *printer,
                         StackPlan  *plan,
                         gboolean    colour);
char *cli_plan_dup_diffs (CliPrinter *printer,
                          StackPlan  *plan,
                          gboolean    whole,
                          gboolean    colour);
void  cli_plan_add_json (StackPlan   *plan,
                         JsonBuilder *builder);

G_END_DECLS
