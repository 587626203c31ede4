/* cli-config-import.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

G_BEGIN_DECLS

void cli_config_import_run (CliInvocation *invocation,
                            GTask         *task);

G_END_DECLS
