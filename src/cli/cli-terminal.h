/* cli-terminal.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean cli_terminal_is_there (void);
gboolean cli_terminal_set_raw (void);
void     cli_terminal_restore (void);
gboolean cli_terminal_get_size (guint *columns,
                                guint *rows);

G_END_DECLS
