/* stack-variable.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean stack_variable_check_name (const char *name,
                                    GError    **error);
gboolean stack_variable_seems_secret (const char *name,
                                      const char *text);
gboolean stack_variable_may_be_shown (const char *name,
                                      const char *text);

G_END_DECLS
