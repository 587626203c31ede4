/* base-number.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *base_number_format (double number);
char *base_number_format_go (double number);

G_END_DECLS
