/* base-time.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 base_time_parse (const char *rfc3339);
gint64 base_time_parse_ns (const char *rfc3339);
char  *base_time_format_age (gint64 seconds);

G_END_DECLS
