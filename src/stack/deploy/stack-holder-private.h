/* stack-holder-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *stack_holder_build (void);
gboolean stack_holder_is_gone (const char *identity);
char    *stack_holder_dup_author (const char *identity);

G_END_DECLS
