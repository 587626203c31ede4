/* kube-log-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-reader.h"

#include "kube-log-splitter.h"

/* A TLS record has 16 KiB at most; going through the main loop for each would cost more
 * than reading it. So much takes well under a millisecond. */
#define BLOCK_SIZE ((gsize) 128 << 10)

/**
 * KubeLogReader:
 *
 * Reads the lines of a log from a stream, in blocks of all that has arrived.
 */
struct _KubeLogReader
{
  GObject parent_instance;

  GInputStream    *stream;   /* (owned) */
  KubeLogSplitter *splitter; /* (owned) */
  GArray          *entries;  /* (element-type KubeLogEntry) (owned): of the last read */
  char            *block;    /* (owned) */
  gsize            used;
  gboolean         at_end;
  GError          *failure; /* (owned) (nullable): still to be told */
};

G_DEFINE_FINAL_TYPE (KubeLogReader, kube_log_reader, G_TYPE_OBJECT)

static void
kube_log_reader_dispose (GObject *object)
{
  KubeLogReader *self = KUBE_LOG_READER (object);

  g_clear_object (&self->stream);

  G_OBJECT_CLASS (kube_log_reader_parent_class)->dispose (object);
}

static void
kube_log_reader_finalize (GObject *object)
{
  KubeLogReader *self = KUBE_LOG_READER (object);

  g_clear_pointer (&self->splitter, kube_log_splitter_free);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->block, g_free);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (kube_log_reader_parent_class)->finalize (object);
}

static void
kube_log_reader_class_init (KubeLogReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_log_reader_dispose;
  object_class->finalize = kube_log_reader_finalize;
}

static void
kube_log_reader_init (KubeLogReader *self)
{
  self->splitter = kube_log_splitter_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
  self->block = g_malloc (BLOCK_SIZE);
}

/**
 * kube_log_reader_new:
 * @stream: (type GInputStream): where the bytes come from; a #GPollableInputStream
 *
 * Returns: (transfer full): a reader that starts where the stream stands
 */
KubeLogReader *
kube_log_reader_new (GInputStream *stream)
{
  KubeLogReader *self;

  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (stream), NULL);

  self = g_object_new (KUBE_TYPE_LOG_READER, NULL);
  self->stream = g_object_ref (stream);

  return self;
}

/* Reads what is there, one block at most. Returns: FALSE with @error set */
static gboolean
fill_block (KubeLogReader *self,
            GCancellable  *cancellable,
            GError       **error)
{
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);

  self->used = 0;
  while (self->used < BLOCK_SIZE && !self->at_end)
    {
      g_autoptr(GError) local_error = NULL;
      gssize size = g_pollable_input_stream_read_nonblocking (
          stream, self->block + self->used, BLOCK_SIZE - self->used, cancellable, &local_error);

      if (size > 0)
        {
          self->used += (gsize) size;
        }
      else if (size == 0)
        {
          self->at_end = TRUE;
        }
      else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          break;
        }
      else if (self->used > 0)
        {
          /* Told once what came before it has been dealt with. The stream itself would not tell it
           * again: after a cut, libsoup's next read is at the end, as if nothing was missing. */
          self->failure = g_steal_pointer (&local_error);
          break;
        }
      else
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
on_readable_cb (GObject *stream,
                gpointer user_data)
{
  GTask         *task = user_data;
  KubeLogReader *self = g_task_get_source_object (task);
  GError        *error = NULL;

  if (!fill_block (self, g_task_get_cancellable (task), &error))
    {
      g_task_return_error (task, error);
      return G_SOURCE_REMOVE;
    }

  kube_log_splitter_feed (self->splitter, self->block, self->used, self->entries);
  if (self->entries->len == 0 && self->failure != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->failure));
      return G_SOURCE_REMOVE;
    }
  if (self->entries->len == 0 && !self->at_end)
    return G_SOURCE_CONTINUE;

  g_task_return_boolean (task, self->entries->len > 0);

  return G_SOURCE_REMOVE;
}

/**
 * kube_log_reader_read_async:
 * @self: a reader without a read under way
 * @io_priority: the priority of the request
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there are lines
 * @user_data: for @callback
 *
 * Waits for the next lines.
 */
void
kube_log_reader_read_async (KubeLogReader      *self,
                            int                 io_priority,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GSource) source = NULL;

  g_return_if_fail (KUBE_IS_LOG_READER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_log_reader_read_async);
  g_task_set_priority (task, io_priority);
  g_array_set_size (self->entries, 0);
  if (self->failure != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->failure));
      return;
    }
  if (self->at_end)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }

  source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream),
                                                  cancellable);
  g_task_attach_source (task, source, G_SOURCE_FUNC (on_readable_cb));
}

/**
 * kube_log_reader_read_finish:
 * @self: a reader
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Takes the lines that have arrived. Errors are those of the stream.
 *
 * Returns: (transfer none) (nullable) (element-type KubeLogEntry): one line or more,
 *   valid until the next read; %NULL without an error at the end of the stream
 */
GArray *
kube_log_reader_read_finish (KubeLogReader *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (KUBE_IS_LOG_READER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_boolean (G_TASK (result), error) ? self->entries : NULL;
}

/**
 * kube_log_reader_get_rest:
 * @self: a reader at the end of its stream
 *
 * Gets what stands after the last line end.
 *
 * Returns: (transfer none) (element-type KubeLogEntry): one entry or none
 */
GArray *
kube_log_reader_get_rest (KubeLogReader *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_READER (self), NULL);

  g_array_set_size (self->entries, 0);
  if (self->at_end)
    kube_log_splitter_end (self->splitter, self->entries);

  return self->entries;
}
