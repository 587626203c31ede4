/* chunk-stream.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CHUNK_TYPE_STREAM (chunk_stream_get_type ())
G_DECLARE_FINAL_TYPE (ChunkStream, chunk_stream, CHUNK, STREAM, GInputStream)

GInputStream *chunk_stream_new (const void *data,
                                gsize       size,
                                guint       max_chunk,
                                guint32     seed);

G_END_DECLS
