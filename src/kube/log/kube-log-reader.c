/* kube-log-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-reader.h"

#include "kube-log-splitter.h"

/* A TLS record has 16 KiB at most; going through the main loop for each would cost more
 * than reading it. So much takes about a millisecond. */
#define BLOCK_SIZE ((gsize) 512 << 10)

/* Less is taken apart sooner than a thread is told to. */
#define WORTH_A_THREAD ((gsize) 64 << 10)
/* Less is not worth a chunk of its own. */
#define WORTH_A_CHUNK ((gsize) 256 << 10)

/**
 * KubeLogReader:
 *
 * Reads the lines of a log from a stream, in blocks of all that has arrived.
 *
 * A flood is taken apart into lines in a thread, while the next block is read from
 * the stream, which stays where it was made. At most one block is with the thread;
 * all that it works on is left alone meanwhile.
 */
struct _KubeLogReader
{
  GObject parent_instance;

  GInputStream *stream; /* (owned) */
  gboolean      gathers;
  char         *filled; /* (owned): the block that is read into */
  gsize         n_filled;
  gboolean      at_end;
  GError       *failure; /* (owned) (nullable): still to be told */
  GTask        *task;    /* (owned) (nullable): the read under way */
  GSource      *source;  /* (owned) (nullable): of what the stream brings for it */

  /* The thread's while it is busy */
  gboolean         busy;
  char            *taken; /* (owned): the block that is taken apart */
  gsize            n_taken;
  KubeLogSplitter *splitter; /* (owned) */
  GArray          *entries;  /* (element-type KubeLogEntry) (owned): of the last block */
  KubeLogChunk    *chunk;    /* (owned) (nullable): where they lie, if gathered */
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
  g_clear_pointer (&self->chunk, kube_log_chunk_free);
  g_clear_pointer (&self->filled, g_free);
  g_clear_pointer (&self->taken, g_free);
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
  self->filled = g_malloc (BLOCK_SIZE);
  self->taken = g_malloc (BLOCK_SIZE);
}

/**
 * kube_log_reader_new:
 * @stream: (type GInputStream): where the bytes come from; a #GPollableInputStream
 * @gathers: whether many lines at once are copied into a chunk, without their
 *   stamps, for [method@LogReader.steal_chunk]
 *
 * Returns: (transfer full): a reader that starts where the stream stands
 */
KubeLogReader *
kube_log_reader_new (GInputStream *stream,
                     gboolean      gathers)
{
  KubeLogReader *self;

  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (stream), NULL);

  self = g_object_new (KUBE_TYPE_LOG_READER, NULL);
  self->stream = g_object_ref (stream);
  self->gathers = gathers;

  return self;
}

/* Reads what is there, one block at most. */
static void
fill_block (KubeLogReader *self)
{
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);
  GCancellable         *cancellable = g_task_get_cancellable (self->task);

  while (self->n_filled < BLOCK_SIZE && !self->at_end)
    {
      g_autoptr(GError) error = NULL;
      gssize size = g_pollable_input_stream_read_nonblocking (
          stream, self->filled + self->n_filled, BLOCK_SIZE - self->n_filled, cancellable, &error);

      if (size > 0)
        {
          self->n_filled += (gsize) size;
        }
      else if (size == 0)
        {
          self->at_end = TRUE;
        }
      else
        {
          /* Told once what came before it has been dealt with. The stream itself would not tell it
           * again: after a cut, libsoup's next read is at the end, as if nothing was missing. */
          if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
            self->failure = g_steal_pointer (&error);
          break;
        }
    }
}

static void
take_apart (KubeLogReader *self)
{
  kube_log_splitter_feed (self->splitter, self->taken, self->n_taken, self->entries);
  if (self->gathers && self->n_taken >= WORTH_A_CHUNK && self->entries->len > 0)
    self->chunk = kube_log_chunk_gather ((KubeLogEntry *) (gpointer) self->entries->data,
                                         self->entries->len);
}

static void go_on (KubeLogReader *self);

static void
take_apart_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(KubeLogReader) self = user_data;

  self->busy = FALSE;
  go_on (self);
}

static void
take_apart_in_thread (GTask        *job,
                      gpointer      source_object,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  take_apart (task_data);
  g_task_return_boolean (job, TRUE);
}

static void
begin_block (KubeLogReader *self)
{
  char *block = self->taken;
  g_autoptr(GTask) job = NULL;

  self->taken = self->filled;
  self->n_taken = self->n_filled;
  self->filled = block;
  self->n_filled = 0;
  if (self->n_taken < WORTH_A_THREAD)
    {
      take_apart (self);
      return;
    }

  /* The thread may be the last to have the job, but must not be the last to have the reader, whose
   * stream is to end where it was made. */
  self->busy = TRUE;
  job = g_task_new (NULL, NULL, take_apart_cb, g_object_ref (self));
  g_task_set_task_data (job, self, NULL);
  g_task_set_source_tag (job, begin_block);
  g_task_set_priority (job, g_task_get_priority (self->task));
  g_task_run_in_thread (job, take_apart_in_thread);
}

/* Ends the read under way. Takes @error. */
static void
answer (KubeLogReader *self,
        GError        *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, self->entries->len > 0);
}

static gboolean
on_readable_cb (GObject *stream,
                gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  KubeLogReader *self = g_task_get_source_object (task);

  g_clear_pointer (&self->source, g_source_unref);
  fill_block (self);
  go_on (self);

  return G_SOURCE_REMOVE;
}

/* Has the next block filled, as far as it can be. */
static void
watch (KubeLogReader *self)
{
  if (self->source != NULL || self->at_end || self->failure != NULL || self->n_filled == BLOCK_SIZE)
    return;

  self->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream),
                                                        g_task_get_cancellable (self->task));
  g_task_attach_source (self->task, self->source, G_SOURCE_FUNC (on_readable_cb));
}

static void
go_on (KubeLogReader *self)
{
  while (!self->busy && self->entries->len == 0 && self->n_filled > 0)
    begin_block (self);

  if (!self->busy && self->entries->len > 0)
    answer (self, NULL);
  else if (!self->busy && self->failure != NULL)
    answer (self, g_steal_pointer (&self->failure));
  else if (!self->busy && self->at_end)
    answer (self, NULL);
  else
    watch (self);
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
  g_return_if_fail (KUBE_IS_LOG_READER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, kube_log_reader_read_async);
  g_task_set_priority (self->task, io_priority);
  g_array_set_size (self->entries, 0);
  g_clear_pointer (&self->chunk, kube_log_chunk_free);
  go_on (self);
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
 * kube_log_reader_steal_chunk:
 * @self: a reader that has brought lines
 *
 * Gets the chunk that has all the lines of the last read, and no others.
 *
 * Returns: (transfer full) (nullable): the chunk; %NULL if they lie elsewhere
 */
KubeLogChunk *
kube_log_reader_steal_chunk (KubeLogReader *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_READER (self), NULL);

  return g_steal_pointer (&self->chunk);
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
