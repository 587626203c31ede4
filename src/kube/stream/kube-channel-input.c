/* kube-channel-input.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-channel-input.h"

#include <string.h>

#include "kube-waiting-task.h"

/**
 * KubeChannelInput:
 *
 * What arrives on one channel of a [class@Kube.Channels], to be read asynchronously. What has not
 * been read waits in memory; when it is much, nothing more is taken from the server.
 */
struct _KubeChannelInput
{
  GInputStream parent_instance;

  GByteArray *queue;
  gsize       start;
  gboolean    ended;
  GError     *error; /* (nullable) why it has ended */

  /* Told when something was read */
  KubeChannelInputFunc func; /* (nullable) */
  gpointer             user_data;

  /* A read that waits */
  KubeWaitingTask waiting;
  guint8         *buffer;
  gsize           count;
};

G_DEFINE_FINAL_TYPE (KubeChannelInput, kube_channel_input, G_TYPE_INPUT_STREAM)

static gsize
take (KubeChannelInput *self,
      guint8           *buffer,
      gsize             count)
{
  gsize n_bytes = MIN (count, self->queue->len - self->start);

  memcpy (buffer, self->queue->data + self->start, n_bytes);
  self->start += n_bytes;
  if (self->start == self->queue->len)
    {
      g_byte_array_set_size (self->queue, 0);
      self->start = 0;
    }

  return n_bytes;
}

static void
return_end (KubeChannelInput *self,
            GTask            *task)
{
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_int (task, 0);
}

static gboolean
has_data (KubeChannelInput *self)
{
  return self->start < self->queue->len;
}

static void
return_data (KubeChannelInput *self,
             GTask            *task,
             guint8           *buffer,
             gsize             count)
{
  gsize n_bytes = take (self, buffer, count);

  if (self->func != NULL)
    self->func (self->user_data);
  g_task_return_int (task, (gssize) n_bytes);
}

static void
kube_channel_input_read_async (GInputStream       *stream,
                               void               *buffer,
                               gsize               count,
                               int                 priority,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  KubeChannelInput *self = KUBE_CHANNEL_INPUT (stream);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_channel_input_read_async);
  g_task_set_priority (task, priority);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (has_data (self))
    return_data (self, task, buffer, count);
  else if (self->ended)
    return_end (self, task);
  else
    {
      self->buffer = buffer;
      self->count = count;
      kube_waiting_task_set (&self->waiting, g_steal_pointer (&task));
    }
}

static gssize
kube_channel_input_read_finish (GInputStream *stream,
                                GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

static gssize
kube_channel_input_read (GInputStream *stream,
                         void         *buffer,
                         gsize         count,
                         GCancellable *cancellable,
                         GError      **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "This stream lives on a main loop, which must not be blocked. Read it "
               "asynchronously.");

  return -1;
}

/* What comes from now on is dropped. */
static gboolean
kube_channel_input_close (GInputStream *stream,
                          GCancellable *cancellable,
                          GError      **error)
{
  KubeChannelInput *self = KUBE_CHANNEL_INPUT (stream);

  self->ended = TRUE;
  self->start = 0;
  g_byte_array_set_size (self->queue, 0);
  if (self->func != NULL)
    self->func (self->user_data);

  return TRUE;
}

static void
kube_channel_input_close_async (GInputStream       *stream,
                                int                 priority,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_channel_input_close_async);
  g_task_return_boolean (task, kube_channel_input_close (stream, NULL, NULL));
}

static gboolean
kube_channel_input_close_finish (GInputStream *stream,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
kube_channel_input_finalize (GObject *object)
{
  KubeChannelInput *self = KUBE_CHANNEL_INPUT (object);

  g_byte_array_unref (self->queue);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (kube_channel_input_parent_class)->finalize (object);
}

static void
kube_channel_input_class_init (KubeChannelInputClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kube_channel_input_finalize;
  stream_class->read_fn = kube_channel_input_read;
  stream_class->read_async = kube_channel_input_read_async;
  stream_class->read_finish = kube_channel_input_read_finish;
  stream_class->close_fn = kube_channel_input_close;
  stream_class->close_async = kube_channel_input_close_async;
  stream_class->close_finish = kube_channel_input_close_finish;
}

static void
kube_channel_input_init (KubeChannelInput *self)
{
  self->queue = g_byte_array_new ();
}

/**
 * kube_channel_input_new:
 *
 * Creates a stream in which there is nothing yet.
 *
 * Returns: (transfer full): a new stream
 */
KubeChannelInput *
kube_channel_input_new (void)
{
  return g_object_new (KUBE_TYPE_CHANNEL_INPUT, NULL);
}

/**
 * kube_channel_input_set_func: (skip)
 * @self: a stream
 * @func: (nullable): told whenever something was read
 * @user_data: data for @func
 *
 * Sets who is told that there is room.
 */
void
kube_channel_input_set_func (KubeChannelInput    *self,
                             KubeChannelInputFunc func,
                             gpointer             user_data)
{
  g_return_if_fail (KUBE_IS_CHANNEL_INPUT (self));

  self->func = func;
  self->user_data = user_data;
}

/**
 * kube_channel_input_push:
 * @self: a stream
 * @data: bytes
 * @length: how many they are
 *
 * Adds what was received. A stream that was closed drops it.
 */
void
kube_channel_input_push (KubeChannelInput *self,
                         const void       *data,
                         gsize             length)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CHANNEL_INPUT (self));

  if (self->ended || length == 0)
    return;

  if (self->start > self->queue->len / 2)
    {
      g_byte_array_remove_range (self->queue, 0, (guint) self->start);
      self->start = 0;
    }
  g_byte_array_append (self->queue, data, (guint) length);
  task = kube_waiting_task_steal (&self->waiting);
  if (task != NULL)
    return_data (self, task, self->buffer, self->count);
}

/**
 * kube_channel_input_end:
 * @self: a stream
 * @error: (nullable): why it ends, if it should not
 *
 * Says that nothing more comes. What was added before is still read.
 */
void
kube_channel_input_end (KubeChannelInput *self,
                        const GError     *error)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CHANNEL_INPUT (self));

  if (self->ended)
    return;

  self->ended = TRUE;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  task = kube_waiting_task_steal (&self->waiting);
  if (task != NULL)
    return_end (self, task);
}

/**
 * kube_channel_input_get_queued:
 * @self: a stream
 *
 * Returns: how many bytes wait to be read
 */
gsize
kube_channel_input_get_queued (KubeChannelInput *self)
{
  g_return_val_if_fail (KUBE_IS_CHANNEL_INPUT (self), 0);

  return self->queue->len - self->start;
}
