/* base-line-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BASE_TYPE_LINE_READER (base_line_reader_get_type ())
G_DECLARE_FINAL_TYPE (BaseLineReader, base_line_reader, BASE, LINE_READER, GObject)

BaseLineReader *base_line_reader_new (GInputStream *stream,
                                      gsize         max_line_length);
void            base_line_reader_read_async (BaseLineReader     *self,
                                             int                 io_priority,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
GPtrArray      *base_line_reader_read_finish (BaseLineReader *self,
                                              GAsyncResult   *result,
                                              GError        **error);
GBytes         *base_line_reader_dup_rest (BaseLineReader *self);

G_END_DECLS
