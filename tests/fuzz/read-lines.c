/* read-lines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "read-lines.h"

#include "base-line-reader.h"
#include "chunk-stream.h"

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/* (transfer full) (nullable): as base_line_reader_read_finish() */
static GPtrArray *
wait_for_lines (BaseLineReader *reader,
                GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  base_line_reader_read_async (reader, G_PRIORITY_DEFAULT, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return base_line_reader_read_finish (reader, result, error);
}

/*
 * read_lines:
 * @data: the bytes of a stream
 * @size: how many
 * @max_line_length: the limit of the reader
 * @max_chunk: how many bytes at most arrive at once, 0 for all of them
 * @seed: decides how many each time
 * @rest: (out) (transfer full) (nullable): what stands behind the last line break
 * @error: return location for an error of the reader
 *
 * Returns: (transfer full) (element-type GBytes): the lines up to the end or to @error
 */
GPtrArray *
read_lines (const void *data,
            gsize       size,
            gsize       max_line_length,
            guint       max_chunk,
            guint32     seed,
            GBytes    **rest,
            GError    **error)
{
  g_autoptr(GInputStream) stream = chunk_stream_new (data, size, max_chunk, seed);
  g_autoptr(BaseLineReader) reader = base_line_reader_new (stream, max_line_length);
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GPtrArray *some;

  while ((some = wait_for_lines (reader, error)) != NULL)
    g_ptr_array_extend_and_steal (lines, some);
  *rest = base_line_reader_dup_rest (reader);

  return lines;
}

/*
 * read_lines_seed:
 * @data: an input
 * @size: its length
 *
 * Returns: a seed that is the same for the same input
 */
guint32
read_lines_seed (const void *data,
                 gsize       size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);

  return g_bytes_hash (bytes);
}
