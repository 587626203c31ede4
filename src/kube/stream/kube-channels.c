/* kube-channels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-channels.h"

#include <string.h>

#include "kube-channel-input.h"
#include "kube-channel-output.h"

/* Those of a command have the numbers 0 to 4, a forwarded port's 0 and 1. */
#define N_CHANNELS 8
#define NO_CHANNEL (-1)
/* Nothing is taken from the server while more than the one waits to be read, until it is less
 * than the other. */
#define QUEUE_FULL (256 * 1024)
#define QUEUE_LOW (64 * 1024)
/* As much as a Status can use. */
#define MAX_TEXT_SIZE (64 * 1024)
#define CLOSING_PROTOCOL "v5.channel.k8s.io"

/**
 * KubeChannels:
 *
 * Several streams in one WebSocket, as the subprotocols `v4.channel.k8s.io` and
 * `v5.channel.k8s.io` have it: the first byte of each message is the number of its channel. One
 * that is not read holds up the others, since they share the connection.
 */
struct _KubeChannels
{
  GObject parent_instance;

  KubeSocket *socket; /* (owned) */
  guint       prelude;
  gboolean    ended;

  KubeChannelInput  *inputs[N_CHANNELS];  /* (owned) (nullable) */
  KubeChannelOutput *outputs[N_CHANNELS]; /* (owned) (nullable) */

  /* The message that comes in pieces */
  int channel;
  /* What is still to be skipped of each channel */
  guint skip[N_CHANNELS];

  int      text_channel;
  GString *text;

  guint64 received;
};

G_DEFINE_FINAL_TYPE (KubeChannels, kube_channels, G_TYPE_OBJECT)

enum
{
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
end_streams (KubeChannels *self,
             const GError *error)
{
  g_autoptr(GError) gone = NULL;

  if (error == NULL)
    gone = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE,
                                "The other side takes nothing any more. It has ended.");
  for (guint i = 0; i < N_CHANNELS; i++)
    {
      if (self->inputs[i] != NULL)
        kube_channel_input_end (self->inputs[i], error);
      if (self->outputs[i] != NULL)
        kube_channel_output_end (self->outputs[i], error != NULL ? error : gone);
    }
}

static void
end (KubeChannels *self,
     const GError *error)
{
  if (self->ended)
    return;

  self->ended = TRUE;
  kube_socket_close (self->socket);
  end_streams (self, error);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
pause_if_full (KubeChannels *self)
{
  if (kube_channels_get_queued (self) >= QUEUE_FULL)
    kube_socket_pause (self->socket);
}

static void
on_input_read_cb (gpointer user_data)
{
  KubeChannels *self = user_data;

  if (kube_channels_get_queued (self) < QUEUE_LOW)
    kube_socket_resume (self->socket);
}

static void
receive (KubeChannels *self,
         const guint8 *data,
         gsize         length)
{
  KubeChannelInput *input = self->inputs[self->channel];
  guint             skipped = (guint) MIN (length, self->skip[self->channel]);

  self->received += length;
  self->skip[self->channel] -= skipped;
  data += skipped;
  length -= skipped;
  if (self->channel == self->text_channel)
    g_string_append_len (self->text, (const char *) data,
                         (gssize) MIN (length, MAX_TEXT_SIZE - self->text->len));
  else if (input != NULL && length > 0)
    {
      kube_channel_input_push (input, data, length);
      pause_if_full (self);
    }
}

static void
on_socket_receive_cb (KubeSocket      *socket,
                      const KubeFrame *frame,
                      gpointer         user_data)
{
  g_autoptr(KubeChannels) self = g_object_ref (KUBE_CHANNELS (user_data));
  const guint8 *data = frame->data;
  gsize         length = frame->length;

  if (frame->first)
    self->channel = NO_CHANNEL;
  if (self->channel == NO_CHANNEL && length > 0)
    {
      self->channel = *data++;
      length--;
    }
  if (self->channel == NO_CHANNEL || self->channel >= N_CHANNELS)
    return;

  receive (self, data, length);
  /* The last word: nothing follows, whether the server closes now or not. */
  if (self->channel == self->text_channel && frame->last && self->text->len > 0)
    end (self, NULL);
}

static void
on_socket_writable_cb (KubeSocket *socket,
                       gpointer    user_data)
{
  g_autoptr(KubeChannels) self = g_object_ref (KUBE_CHANNELS (user_data));

  for (guint i = 0; i < N_CHANNELS; i++)
    if (self->outputs[i] != NULL)
      kube_channel_output_wake (self->outputs[i]);
}

static void
on_socket_closed_cb (KubeSocket   *socket,
                     const GError *error,
                     gpointer      user_data)
{
  g_autoptr(KubeChannels) self = g_object_ref (KUBE_CHANNELS (user_data));

  end (self, error);
}

static void
kube_channels_dispose (GObject *object)
{
  KubeChannels *self = KUBE_CHANNELS (object);
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                  "The stream was given up.");

  if (self->socket != NULL)
    kube_socket_close (self->socket);
  end_streams (self, error);
  for (guint i = 0; i < N_CHANNELS; i++)
    {
      if (self->inputs[i] != NULL)
        kube_channel_input_set_func (self->inputs[i], NULL, NULL);
      g_clear_object (&self->inputs[i]);
      g_clear_object (&self->outputs[i]);
    }
  g_clear_object (&self->socket);

  G_OBJECT_CLASS (kube_channels_parent_class)->dispose (object);
}

static void
kube_channels_finalize (GObject *object)
{
  KubeChannels *self = KUBE_CHANNELS (object);

  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (kube_channels_parent_class)->finalize (object);
}

static void
kube_channels_class_init (KubeChannelsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_channels_dispose;
  object_class->finalize = kube_channels_finalize;

  /**
   * KubeChannels::ended:
   * @self: the channels
   * @error: (nullable): why, if the server did not end them in an orderly way
   *
   * Nothing more comes, and nothing can be sent. What has come before can still be read.
   */
  signals[ENDED] = g_signal_new ("ended", KUBE_TYPE_CHANNELS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kube_channels_init (KubeChannels *self)
{
  self->channel = NO_CHANNEL;
  self->text_channel = NO_CHANNEL;
  self->text = g_string_new (NULL);
}

/**
 * kube_channels_new:
 * @socket: (transfer none): a socket that was not started
 * @prelude: how many bytes begin every channel that say nothing: 2 where they repeat the port that
 *   is forwarded
 *
 * Creates channels. They are added before [method@Kube.Channels.start].
 *
 * Returns: (transfer full): new channels
 */
KubeChannels *
kube_channels_new (KubeSocket *socket,
                   guint       prelude)
{
  KubeChannels *self;

  g_return_val_if_fail (KUBE_IS_SOCKET (socket), NULL);

  self = g_object_new (KUBE_TYPE_CHANNELS, NULL);
  self->socket = g_object_ref (socket);
  for (guint i = 0; i < N_CHANNELS; i++)
    self->skip[i] = prelude;

  return self;
}

/**
 * kube_channels_can_close:
 * @self: channels
 *
 * Tells whether the end of an output can be told to the other side, with the rest going on. Since
 * Kubernetes 1.30 it can (`v5.channel.k8s.io`).
 *
 * Returns: %TRUE if it can
 */
gboolean
kube_channels_can_close (KubeChannels *self)
{
  g_return_val_if_fail (KUBE_IS_CHANNELS (self), FALSE);

  return strcmp (kube_socket_get_protocol (self->socket), CLOSING_PROTOCOL) == 0;
}

/**
 * kube_channels_add_input:
 * @self: channels
 * @channel: a number below 8
 *
 * Adds a channel that is read. What comes on a channel that was not added is dropped. The stream
 * is to be read asynchronously only, until its end or until it is closed.
 *
 * Returns: (transfer none): the stream
 */
GInputStream *
kube_channels_add_input (KubeChannels *self,
                         guint8        channel)
{
  g_return_val_if_fail (KUBE_IS_CHANNELS (self), NULL);
  g_return_val_if_fail (channel < N_CHANNELS && self->inputs[channel] == NULL, NULL);

  self->inputs[channel] = kube_channel_input_new ();
  kube_channel_input_set_func (self->inputs[channel], on_input_read_cb, self);

  return G_INPUT_STREAM (self->inputs[channel]);
}

/**
 * kube_channels_add_output:
 * @self: channels
 * @channel: a number below 8
 *
 * Adds a channel that is written. The stream is to be written asynchronously only. Closing it
 * tells the other side that nothing more comes, if [method@Kube.Channels.can_close].
 *
 * Returns: (transfer none): the stream
 */
GOutputStream *
kube_channels_add_output (KubeChannels *self,
                          guint8        channel)
{
  g_return_val_if_fail (KUBE_IS_CHANNELS (self), NULL);
  g_return_val_if_fail (channel < N_CHANNELS && self->outputs[channel] == NULL, NULL);

  self->outputs[channel] = kube_channel_output_new (self->socket, channel,
                                                    kube_channels_can_close (self));

  return G_OUTPUT_STREAM (self->outputs[channel]);
}

/**
 * kube_channels_set_text_channel:
 * @self: channels
 * @channel: a number below 8
 *
 * Sets the channel on which the last word comes, at most 64 KiB: the status of a command, or why
 * a port cannot be forwarded. All ends with it.
 */
void
kube_channels_set_text_channel (KubeChannels *self,
                                guint8        channel)
{
  g_return_if_fail (KUBE_IS_CHANNELS (self));

  self->text_channel = channel;
}

/**
 * kube_channels_start:
 * @self: channels
 *
 * Begins to receive.
 */
void
kube_channels_start (KubeChannels *self)
{
  const KubeSocketFuncs funcs = { on_socket_receive_cb, on_socket_writable_cb,
                                  on_socket_closed_cb };

  g_return_if_fail (KUBE_IS_CHANNELS (self));

  kube_socket_start (self->socket, &funcs, self);
}

/**
 * kube_channels_send:
 * @self: channels
 * @channel: a number below 8
 * @text: a short text
 *
 * Sends a message, without regard to what waits to be sent already.
 */
void
kube_channels_send (KubeChannels *self,
                    guint8        channel,
                    const char   *text)
{
  GOutputVector parts[] = { { &channel, 1 }, { text, 0 } };

  g_return_if_fail (KUBE_IS_CHANNELS (self));
  g_return_if_fail (text != NULL);

  parts[1].size = strlen (text);
  kube_socket_send (self->socket, parts, G_N_ELEMENTS (parts));
}

/**
 * kube_channels_get_queued:
 * @self: channels
 *
 * Returns: how many bytes have come and wait to be read
 */
gsize
kube_channels_get_queued (KubeChannels *self)
{
  gsize queued = 0;

  g_return_val_if_fail (KUBE_IS_CHANNELS (self), 0);

  for (guint i = 0; i < N_CHANNELS; i++)
    if (self->inputs[i] != NULL)
      queued += kube_channel_input_get_queued (self->inputs[i]);

  return queued;
}

/**
 * kube_channels_get_received:
 * @self: channels
 *
 * Returns: how many bytes have come on all channels, ever
 */
guint64
kube_channels_get_received (KubeChannels *self)
{
  g_return_val_if_fail (KUBE_IS_CHANNELS (self), 0);

  return self->received;
}

/**
 * kube_channels_get_text:
 * @self: channels
 *
 * Returns: (transfer none): the last word, empty if none has come
 */
const char *
kube_channels_get_text (KubeChannels *self)
{
  g_return_val_if_fail (KUBE_IS_CHANNELS (self), "");

  return self->text->str;
}

/**
 * kube_channels_close:
 * @self: channels
 * @error: why
 *
 * Ends everything at once. Whoever reads or writes gets @error.
 */
void
kube_channels_close (KubeChannels *self,
                     const GError *error)
{
  g_return_if_fail (KUBE_IS_CHANNELS (self));
  g_return_if_fail (error != NULL);

  end (self, error);
}
