/* read-lines.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GPtrArray *read_lines (const void *data,
                       gsize       size,
                       gsize       max_line_length,
                       guint       max_chunk,
                       guint32     seed,
                       GBytes    **rest,
                       GError    **error);
guint32    read_lines_seed (const void *data,
                            gsize       size);

G_END_DECLS
