/* cli-finding.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-finding.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *cli_finding_get_label (const StackFinding *finding);
char       *cli_finding_dup_text (const StackFinding *finding);
void        cli_finding_add_json (const StackFinding *finding,
                                  JsonBuilder        *builder);
guint       cli_finding_count (GPtrArray    *findings,
                               StackSeverity severity);

G_END_DECLS
