/* chunk-stream.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "chunk-stream.h"

#include <string.h>

/* Bytes that arrive in pieces, as from a network: each read gives between one byte and a limit. */
struct _ChunkStream
{
  GInputStream parent_instance;

  const char *data; /* (borrowed) */
  gsize       size;
  gsize       position;
  guint       max_chunk; /* 0 for everything at once */
  GRand      *random;    /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChunkStream, chunk_stream, G_TYPE_INPUT_STREAM)

static gssize
chunk_stream_read (GInputStream *stream,
                   void         *buffer,
                   gsize         count,
                   GCancellable *cancellable,
                   GError      **error)
{
  ChunkStream *self = CHUNK_STREAM (stream);
  gsize        length = self->size - self->position;
  gsize        limit = count;

  if (self->max_chunk > 0)
    limit = (gsize) g_rand_int_range (self->random, 1, (gint32) self->max_chunk + 1);
  length = MIN (length, MIN (limit, count));
  if (length > 0)
    memcpy (buffer, self->data + self->position, length);
  self->position += length;

  return (gssize) length;
}

/* The one that GInputStream has would start a thread for each piece. */
static void
chunk_stream_read_async (GInputStream       *stream,
                         void               *buffer,
                         gsize               count,
                         int                 io_priority,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, chunk_stream_read_async);
  g_task_set_priority (task, io_priority);
  g_task_return_int (task, chunk_stream_read (stream, buffer, count, cancellable, NULL));
}

static gssize
chunk_stream_read_finish (GInputStream *stream,
                          GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
chunk_stream_finalize (GObject *object)
{
  ChunkStream *self = CHUNK_STREAM (object);

  g_clear_pointer (&self->random, g_rand_free);

  G_OBJECT_CLASS (chunk_stream_parent_class)->finalize (object);
}

static void
chunk_stream_class_init (ChunkStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = chunk_stream_finalize;
  stream_class->read_fn = chunk_stream_read;
  stream_class->read_async = chunk_stream_read_async;
  stream_class->read_finish = chunk_stream_read_finish;
}

static void
chunk_stream_init (ChunkStream *self)
{
}

/*
 * chunk_stream_new:
 * @data: the bytes, which have to stay until the stream has gone
 * @size: how many
 * @max_chunk: how many at most come at once; 0 for no limit
 * @seed: decides how many come each time
 *
 * Returns: (transfer full): a stream of the bytes
 */
GInputStream *
chunk_stream_new (const void *data,
                  gsize       size,
                  guint       max_chunk,
                  guint32     seed)
{
  ChunkStream *self = g_object_new (CHUNK_TYPE_STREAM, NULL);

  self->data = data;
  self->size = size;
  self->max_chunk = max_chunk;
  self->random = g_rand_new_with_seed (seed);

  return G_INPUT_STREAM (self);
}
