/* base-line-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-line-reader.h"

#include <string.h>

#include "base-error.h"

#define CHUNK_SIZE (64 * 1024)

/**
 * BaseLineReader:
 *
 * Splits a stream into lines as they arrive, such as the events of a watch or the lines of a log.
 */
struct _BaseLineReader
{
  GObject parent_instance;

  /* Owned */
  GInputStream *stream;
  GByteArray   *rest;    /* bytes after the last newline */
  GError       *failure; /* (nullable): what the next read ends with */
  guint8       *chunk;

  gsize    max_line_length;
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (BaseLineReader, base_line_reader, G_TYPE_OBJECT)

static void read_chunk (GTask *task);

/* Whether a line, of which this much is known, is over the limit. The "\r" of "\r\n" is no part of
 * it, and while a line grows its last byte may be one. */
static gboolean
is_too_long (BaseLineReader *self,
             const guint8   *data,
             gsize           length)
{
  if (length > 0 && data[length - 1] == '\r')
    length--;
  return length > self->max_line_length;
}

/* The line is what was kept from earlier chunks and these bytes behind it. */
static GBytes *
take_line (BaseLineReader *self,
           const guint8   *data,
           gsize           length)
{
  if (self->rest->len > 0)
    {
      g_byte_array_append (self->rest, data, (guint) length);
      data = self->rest->data;
      length = self->rest->len;
    }
  if (is_too_long (self, data, length))
    return NULL;
  if (length > 0 && data[length - 1] == '\r')
    length--;
  return g_bytes_new (data, length);
}

static void
fail_too_long (BaseLineReader *self)
{
  self->failure = g_error_new (BASE_ERROR, BASE_ERROR_TOO_LARGE,
                               "A line has more than %" G_GSIZE_FORMAT " bytes. "
                               "The rest of the stream was not read.",
                               self->max_line_length);
}

/* Adds the complete lines of the chunk to the array and keeps what is left. */
static void
split_chunk (BaseLineReader *self,
             gsize           size,
             GPtrArray      *lines)
{
  const guint8 *p = self->chunk;
  const guint8 *end = p + size;
  const guint8 *newline;

  while (p < end && (newline = memchr (p, '\n', (gsize) (end - p))) != NULL)
    {
      GBytes *line = take_line (self, p, (gsize) (newline - p));

      if (line == NULL)
        {
          fail_too_long (self);
          return;
        }
      g_ptr_array_add (lines, line);
      g_byte_array_set_size (self->rest, 0);
      p = newline + 1;
    }
  g_byte_array_append (self->rest, p, (guint) (end - p));
  if (is_too_long (self, self->rest->data, self->rest->len))
    fail_too_long (self);
}

/* Ends the task if the reader's state already tells how. */
static gboolean
return_if_over (BaseLineReader *self,
                GTask          *task)
{
  if (self->failure != NULL)
    g_task_return_error (task, g_error_copy (self->failure));
  else if (self->at_end)
    g_task_return_pointer (task, NULL, NULL);
  else
    return FALSE;
  return TRUE;
}

static void
base_line_reader_read_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  BaseLineReader *self = g_task_get_source_object (task);
  GError         *error = NULL;
  gssize          size;

  g_assert (BASE_IS_LINE_READER (self));

  size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  if (size < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  self->at_end = size == 0;
  split_chunk (self, (gsize) size, lines);
  if (lines->len > 0)
    g_task_return_pointer (task, g_steal_pointer (&lines), (GDestroyNotify) g_ptr_array_unref);
  else if (!return_if_over (self, task))
    read_chunk (g_steal_pointer (&task));
}

static void
read_chunk (GTask *task)
{
  BaseLineReader *self = g_task_get_source_object (task);

  g_input_stream_read_async (self->stream, self->chunk, CHUNK_SIZE, g_task_get_priority (task),
                             g_task_get_cancellable (task), base_line_reader_read_cb, task);
}

static void
base_line_reader_dispose (GObject *object)
{
  BaseLineReader *self = BASE_LINE_READER (object);

  g_clear_object (&self->stream);

  G_OBJECT_CLASS (base_line_reader_parent_class)->dispose (object);
}

static void
base_line_reader_finalize (GObject *object)
{
  BaseLineReader *self = BASE_LINE_READER (object);

  g_clear_pointer (&self->rest, g_byte_array_unref);
  g_clear_pointer (&self->chunk, g_free);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (base_line_reader_parent_class)->finalize (object);
}

static void
base_line_reader_class_init (BaseLineReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = base_line_reader_dispose;
  object_class->finalize = base_line_reader_finalize;
}

static void
base_line_reader_init (BaseLineReader *self)
{
  self->rest = g_byte_array_new ();
  self->chunk = g_malloc (CHUNK_SIZE);
}

/**
 * base_line_reader_new:
 * @stream: where the bytes come from
 * @max_line_length: how many bytes a line may have, without its line break
 *
 * Creates a reader that starts where the stream stands. It does not close the stream.
 *
 * Returns: (transfer full): a new reader
 */
BaseLineReader *
base_line_reader_new (GInputStream *stream,
                      gsize         max_line_length)
{
  BaseLineReader *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (max_line_length > 0 && max_line_length <= G_MAXINT, NULL);

  self = g_object_new (BASE_TYPE_LINE_READER, NULL);
  self->stream = g_object_ref (stream);
  self->max_line_length = max_line_length;
  return self;
}

/**
 * base_line_reader_read_async:
 * @self: a reader without a read under way
 * @io_priority: the priority of the request
 * @cancellable: (nullable): to stop waiting; nothing that has arrived is lost
 * @callback: (scope async): called when there are lines
 * @user_data: for @callback
 *
 * Waits for the next lines.
 */
void
base_line_reader_read_async (BaseLineReader     *self,
                             int                 io_priority,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BASE_IS_LINE_READER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, base_line_reader_read_async);
  g_task_set_priority (task, io_priority);
  /* lines taken out of the stream would be gone if a cancelled task dropped them */
  g_task_set_check_cancellable (task, FALSE);

  if (g_task_return_error_if_cancelled (task) || return_if_over (self, task))
    return;
  read_chunk (g_steal_pointer (&task));
}

/**
 * base_line_reader_read_finish:
 * @self: a reader
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Takes the lines that have arrived, all that came in one go.
 *
 * A line has neither its "\n" nor its "\r\n". Bytes after the last newline are no line; at the end
 * of the stream [method@LineReader.dup_rest] has them. The data of an empty line is %NULL, as with
 * all empty `GBytes`.
 *
 * Errors are %BASE_ERROR_TOO_LARGE for a line over the limit, after which every read fails in the
 * same way, and those of the stream.
 *
 * Returns: (transfer full) (nullable) (element-type GBytes): one line or more; %NULL without an
 *   error at the end of the stream, %NULL with @error set otherwise
 */
GPtrArray *
base_line_reader_read_finish (BaseLineReader *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (BASE_IS_LINE_READER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * base_line_reader_dup_rest:
 * @self: a reader
 *
 * Gets what stands after the last newline once the stream has ended.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL if there are none or the stream goes on
 */
GBytes *
base_line_reader_dup_rest (BaseLineReader *self)
{
  g_return_val_if_fail (BASE_IS_LINE_READER (self), NULL);

  if (!self->at_end || self->rest->len == 0)
    return NULL;
  return g_bytes_new (self->rest->data, self->rest->len);
}
