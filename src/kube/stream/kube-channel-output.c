/* kube-channel-output.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-channel-output.h"

#include "kube-waiting-task.h"

/* What kubectl sends at once, too (io.Copy). */
#define MAX_MESSAGE_SIZE (32 * 1024)
/* remotecommand: StreamClose, in v5.channel.k8s.io. */
#define CLOSE_CHANNEL 255

/**
 * KubeChannelOutput:
 *
 * What goes out on one channel of a [class@Kube.Channels], to be written asynchronously. A write
 * waits while the server does not take what was written before.
 */
struct _KubeChannelOutput
{
  GOutputStream parent_instance;

  KubeSocket *socket; /* (owned) */
  guint8      channel;
  gboolean    can_close;
  GError     *error; /* (nullable) why nothing can be written any more */

  /* A write that waits */
  KubeWaitingTask waiting;
  const guint8   *buffer;
  gsize           count;
};

G_DEFINE_FINAL_TYPE (KubeChannelOutput, kube_channel_output, G_TYPE_OUTPUT_STREAM)

static gsize
send (KubeChannelOutput *self,
      const guint8      *buffer,
      gsize              count)
{
  gsize         n_bytes = MIN (count, MAX_MESSAGE_SIZE);
  GOutputVector parts[] = { { &self->channel, 1 }, { buffer, n_bytes } };

  kube_socket_send (self->socket, parts, G_N_ELEMENTS (parts));

  return n_bytes;
}

/* As much as the socket takes. */
static gsize
send_much (KubeChannelOutput *self,
           const guint8      *buffer,
           gsize              count)
{
  gsize n_bytes = 0;

  while (n_bytes < count && kube_socket_can_send (self->socket))
    n_bytes += send (self, buffer + n_bytes, count - n_bytes);

  return n_bytes;
}

static void
kube_channel_output_write_async (GOutputStream      *stream,
                                 const void         *buffer,
                                 gsize               count,
                                 int                 priority,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  KubeChannelOutput *self = KUBE_CHANNEL_OUTPUT (stream);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_channel_output_write_async);
  g_task_set_priority (task, priority);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else if (kube_socket_can_send (self->socket))
    g_task_return_int (task, (gssize) send_much (self, buffer, count));
  else
    {
      self->buffer = buffer;
      self->count = count;
      kube_waiting_task_set (&self->waiting, g_steal_pointer (&task));
    }
}

static gssize
kube_channel_output_write_finish (GOutputStream *stream,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

static gssize
kube_channel_output_write (GOutputStream *stream,
                           const void    *buffer,
                           gsize          count,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "This stream lives on a main loop, which must not be blocked. Write to it "
               "asynchronously.");

  return -1;
}

/* Tells the other side that nothing more comes, where the protocol has a word for that. */
static gboolean
kube_channel_output_close (GOutputStream *stream,
                           GCancellable  *cancellable,
                           GError       **error)
{
  KubeChannelOutput *self = KUBE_CHANNEL_OUTPUT (stream);
  const guint8       message[] = { CLOSE_CHANNEL, self->channel };
  GOutputVector      part = { message, sizeof message };

  if (self->can_close && self->error == NULL)
    kube_socket_send (self->socket, &part, 1);

  return TRUE;
}

static void
kube_channel_output_close_async (GOutputStream      *stream,
                                 int                 priority,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_channel_output_close_async);
  g_task_return_boolean (task, kube_channel_output_close (stream, NULL, NULL));
}

static gboolean
kube_channel_output_close_finish (GOutputStream *stream,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
kube_channel_output_finalize (GObject *object)
{
  KubeChannelOutput *self = KUBE_CHANNEL_OUTPUT (object);

  g_object_unref (self->socket);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (kube_channel_output_parent_class)->finalize (object);
}

static void
kube_channel_output_class_init (KubeChannelOutputClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kube_channel_output_finalize;
  stream_class->write_fn = kube_channel_output_write;
  stream_class->write_async = kube_channel_output_write_async;
  stream_class->write_finish = kube_channel_output_write_finish;
  stream_class->close_fn = kube_channel_output_close;
  stream_class->close_async = kube_channel_output_close_async;
  stream_class->close_finish = kube_channel_output_close_finish;
}

static void
kube_channel_output_init (KubeChannelOutput *self)
{
}

/**
 * kube_channel_output_new:
 * @socket: what it goes out through
 * @channel: the number of the channel
 * @can_close: whether the protocol can say that nothing more comes: `v5.channel.k8s.io` can
 *
 * Creates a stream.
 *
 * Returns: (transfer full): a new stream
 */
KubeChannelOutput *
kube_channel_output_new (KubeSocket *socket,
                         guint8      channel,
                         gboolean    can_close)
{
  KubeChannelOutput *self;

  g_return_val_if_fail (KUBE_IS_SOCKET (socket), NULL);

  self = g_object_new (KUBE_TYPE_CHANNEL_OUTPUT, NULL);
  self->socket = g_object_ref (socket);
  self->channel = channel;
  self->can_close = can_close;

  return self;
}

/**
 * kube_channel_output_wake:
 * @self: a stream
 *
 * Goes on with a write that waits, because the socket can take it now.
 */
void
kube_channel_output_wake (KubeChannelOutput *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CHANNEL_OUTPUT (self));

  task = kube_waiting_task_steal (&self->waiting);
  if (task != NULL)
    g_task_return_int (task, (gssize) send_much (self, self->buffer, self->count));
}

/**
 * kube_channel_output_end:
 * @self: a stream
 * @error: why nothing can be written any more
 *
 * Makes writing fail from now on.
 */
void
kube_channel_output_end (KubeChannelOutput *self,
                         const GError      *error)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CHANNEL_OUTPUT (self));
  g_return_if_fail (error != NULL);

  if (self->error != NULL)
    return;

  self->error = g_error_copy (error);
  task = kube_waiting_task_steal (&self->waiting);
  if (task != NULL)
    g_task_return_error (task, g_error_copy (error));
}
