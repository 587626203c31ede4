/* kube-socket.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-socket.h"

#include <string.h>

#include "kube-error.h"

#define INPUT_SIZE (64 * 1024)
/* After so many reads others on the main loop have their turn: a record of TLS is 16 KiB. */
#define MAX_READS 16
/* Nobody is to write while more than the one waits to be sent, until it is less than the other. */
#define QUEUE_FULL (256 * 1024)
#define QUEUE_LOW (64 * 1024)
/* client-go, tools/remotecommand/websocket.go: pingPeriod and pingReadDeadline. */
#define PING_INTERVAL_MS 5000
#define MAX_UNANSWERED 12
/* A kubelet that has said its last closes the connection, and the system throws away what it has
 * not sent yet as soon as somebody speaks to it again. So little is said to one that speaks; yet
 * the API server must hear something once a minute (its readDeadline for WebSockets). */
#define BUSY_PINGS 4
#define CLOSE_NORMAL 1000
#define CLOSE_NONE 1005

/**
 * KubeSocket:
 *
 * A WebSocket to the API server. Both directions have back-pressure: nothing is read while it is
 * paused, so that the server's sending comes to a halt, and what waits to be sent can be asked
 * for. libsoup's own connection type can do neither: it reads whatever comes, and queues without
 * a limit.
 *
 * All of it happens in the thread-default main context of [method@Kube.Socket.start].
 */
struct _KubeSocket
{
  GObject parent_instance;

  GIOStream       *stream; /* (nullable) until it is closed */
  char            *protocol;
  KubeFrameReader *reader;
  KubeSocketFuncs  funcs;
  gpointer         user_data;

  /* Reading */
  guint8  *input;
  gsize    input_start;
  gsize    input_end;
  gboolean paused;
  GSource *read_source; /* (nullable) */

  /* Writing */
  GByteArray *output;
  gsize       output_start;
  gboolean    full;         /* somebody was told not to write */
  GSource    *write_source; /* (nullable) */
  gboolean    mute;         /* nothing can be written any more */

  /* Signs of life */
  guint    ping_interval_ms;
  guint    max_unanswered;
  guint    n_unanswered;
  gboolean heard;       /* data came since the last look */
  guint    n_waived;    /* pings, one after the other */
  GSource *ping_source; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (KubeSocket, kube_socket, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
release (KubeSocket *self)
{
  clear_source (&self->read_source);
  clear_source (&self->write_source);
  clear_source (&self->ping_source);
  if (self->stream != NULL)
    g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->stream);
}

static void
finish (KubeSocket   *self,
        const GError *error)
{
  if (self->stream == NULL)
    return;

  release (self);
  if (self->funcs.closed != NULL)
    self->funcs.closed (self, error, self->user_data);
}

static void
fail (KubeSocket *self,
      int         code,
      const char *message)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, code, message);

  finish (self, error);
}

/* Sending */

static gboolean
is_open (KubeSocket *self)
{
  return self->stream != NULL;
}

static void flush (KubeSocket *self);

static gboolean
on_writable_cb (GObject *stream,
                gpointer user_data)
{
  g_autoptr(KubeSocket) self = g_object_ref (KUBE_SOCKET (user_data));

  clear_source (&self->write_source);
  flush (self);
  if (is_open (self) && self->full && kube_socket_get_queued (self) <= QUEUE_LOW)
    {
      self->full = FALSE;
      if (self->funcs.writable != NULL)
        self->funcs.writable (self, self->user_data);
    }

  return G_SOURCE_REMOVE;
}

/* What the server said before it stopped listening is still read; so is the end. */
static void
stop_writing (KubeSocket *self)
{
  self->mute = TRUE;
  self->output_start = 0;
  g_byte_array_set_size (self->output, 0);
}

static void
flush (KubeSocket *self)
{
  GPollableOutputStream *stream =
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));

  while (self->output_start < self->output->len)
    {
      g_autoptr(GError) error = NULL;
      gssize n_bytes = g_pollable_output_stream_write_nonblocking (
          stream, self->output->data + self->output_start,
          self->output->len - self->output_start, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          self->write_source = g_pollable_output_stream_create_source (stream, NULL);
          g_source_set_callback (self->write_source, G_SOURCE_FUNC (on_writable_cb), self, NULL);
          g_source_attach (self->write_source, g_main_context_get_thread_default ());
          return;
        }
      if (n_bytes < 0)
        {
          stop_writing (self);
          return;
        }
      self->output_start += (gsize) n_bytes;
    }

  self->output_start = 0;
  g_byte_array_set_size (self->output, 0);
}

static void
send_frame (KubeSocket          *self,
            KubeFrameType        type,
            const GOutputVector *parts,
            guint                n_parts)
{
  if (!is_open (self) || self->mute)
    return;

  /* What was sent makes room, before the array grows for it. */
  if (self->output_start > self->output->len / 2)
    {
      g_byte_array_remove_range (self->output, 0, (guint) self->output_start);
      self->output_start = 0;
    }
  kube_frame_append (self->output, type, parts, n_parts);
  if (self->write_source == NULL)
    flush (self);
}

static gboolean
on_ping_cb (gpointer user_data)
{
  g_autoptr(KubeSocket) self = g_object_ref (KUBE_SOCKET (user_data));
  gboolean busy = self->paused || self->heard;

  self->heard = FALSE;
  /* Answers lie behind what is not read now. */
  if (self->paused)
    self->n_unanswered = 0;
  else if (self->n_unanswered >= self->max_unanswered)
    {
      fail (self, G_IO_ERROR_TIMED_OUT, "there was no sign of life for a long time");
      return G_SOURCE_REMOVE;
    }

  if (busy && ++self->n_waived < BUSY_PINGS)
    return G_SOURCE_CONTINUE;

  self->n_waived = 0;
  self->n_unanswered++;
  send_frame (self, KUBE_FRAME_PING, NULL, 0);

  return G_SOURCE_CONTINUE;
}

/* Receiving */

static void
receive_close (KubeSocket      *self,
               const KubeFrame *frame)
{
  GOutputVector    code_part = { frame->data, MIN (frame->length, 2) };
  guint            code = CLOSE_NONE;
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;

  send_frame (self, KUBE_FRAME_CLOSE, &code_part, 1);
  if (frame->length >= 2)
    {
      code = (guint) (frame->data[0] << 8 | frame->data[1]);
      reason = g_utf8_make_valid ((const char *) frame->data + 2, (gssize) frame->length - 2);
    }
  if (code == CLOSE_NORMAL || code == CLOSE_NONE)
    {
      finish (self, NULL);
      return;
    }

  g_set_error (&error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The cluster ended the stream%s%s (code %u). Try again.",
               *reason != '\0' ? ": " : "", reason, code);
  finish (self, error);
}

static void
receive (KubeSocket      *self,
         const KubeFrame *frame)
{
  GOutputVector part = { frame->data, frame->length };
  g_autoptr(GError) error = NULL;

  switch (frame->type)
    {
    case KUBE_FRAME_BINARY:
      self->heard = TRUE;
      self->funcs.receive (self, frame, self->user_data);
      break;

    case KUBE_FRAME_CLOSE:
      receive_close (self, frame);
      break;

    case KUBE_FRAME_PING:
      send_frame (self, KUBE_FRAME_PONG, &part, 1);
      break;

    case KUBE_FRAME_PONG:
      break;

    case KUBE_FRAME_TEXT:
    default:
      g_set_error (&error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The cluster sent text where bytes belong. A proxy may have changed the "
                   "stream. Try again, or go around the proxy.");
      finish (self, error);
      break;
    }
}

/* Hands out what was read, until somebody pauses. */
static void
deliver (KubeSocket *self)
{
  const guint8 *data = self->input + self->input_start;
  gsize         length = self->input_end - self->input_start;
  KubeFrame     frame;
  g_autoptr(GError) error = NULL;

  while (is_open (self) && !self->paused &&
         kube_frame_reader_read (self->reader, &data, &length, &frame, &error))
    {
      self->input_start = self->input_end - length;
      receive (self, &frame);
    }
  if (error != NULL)
    finish (self, error);
  else if (length == 0)
    self->input_start = self->input_end = 0;
}

static gboolean
has_input (KubeSocket *self)
{
  return self->input_start < self->input_end;
}

/* Returns FALSE when there is nothing to read now, or ever. */
static gboolean
read_some (KubeSocket *self)
{
  GInputStream *stream = g_io_stream_get_input_stream (self->stream);
  g_autoptr(GError) error = NULL;
  gssize n_bytes;

  n_bytes = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream),
                                                      self->input, INPUT_SIZE, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  /* The code of a broken pipe stays with the program's own pipes. */
  if (n_bytes == 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    fail (self, G_IO_ERROR_PARTIAL_INPUT, "the connection was cut");
  else if (n_bytes < 0)
    finish (self, error);
  if (n_bytes <= 0)
    return FALSE;

  self->n_unanswered = 0;
  self->input_end = (gsize) n_bytes;
  deliver (self);

  return TRUE;
}

static void schedule_read (KubeSocket *self);

static void
read_turn (KubeSocket *self)
{
  guint n_reads = 0;

  if (has_input (self))
    deliver (self);
  while (is_open (self) && !self->paused && n_reads++ < MAX_READS)
    if (!read_some (self))
      break;
}

static gboolean
on_readable_cb (GObject *stream,
                gpointer user_data)
{
  g_autoptr(KubeSocket) self = g_object_ref (KUBE_SOCKET (user_data));

  read_turn (self);
  if (is_open (self) && !self->paused)
    return G_SOURCE_CONTINUE;

  clear_source (&self->read_source);
  return G_SOURCE_REMOVE;
}

static gboolean
on_resumed_cb (gpointer user_data)
{
  g_autoptr(KubeSocket) self = g_object_ref (KUBE_SOCKET (user_data));

  read_turn (self);
  clear_source (&self->read_source);
  if (is_open (self) && !self->paused)
    schedule_read (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_read (KubeSocket *self)
{
  GInputStream *stream = g_io_stream_get_input_stream (self->stream);

  if (self->read_source != NULL)
    return;

  if (has_input (self))
    {
      self->read_source = g_idle_source_new ();
      g_source_set_priority (self->read_source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->read_source, on_resumed_cb, self, NULL);
    }
  else
    {
      self->read_source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream),
                                                                 NULL);
      g_source_set_callback (self->read_source, G_SOURCE_FUNC (on_readable_cb), self, NULL);
    }
  g_source_attach (self->read_source, g_main_context_get_thread_default ());
}

static void
kube_socket_dispose (GObject *object)
{
  KubeSocket *self = KUBE_SOCKET (object);

  kube_socket_close (self);

  G_OBJECT_CLASS (kube_socket_parent_class)->dispose (object);
}

static void
kube_socket_finalize (GObject *object)
{
  KubeSocket *self = KUBE_SOCKET (object);

  g_free (self->protocol);
  g_free (self->input);
  g_byte_array_unref (self->output);
  kube_frame_reader_free (self->reader);

  G_OBJECT_CLASS (kube_socket_parent_class)->finalize (object);
}

static void
kube_socket_class_init (KubeSocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_socket_dispose;
  object_class->finalize = kube_socket_finalize;
}

static void
kube_socket_init (KubeSocket *self)
{
  self->reader = kube_frame_reader_new ();
  self->output = g_byte_array_new ();
  self->ping_interval_ms = PING_INTERVAL_MS;
  self->max_unanswered = MAX_UNANSWERED;
}

/**
 * kube_socket_new:
 * @stream: a connection that was upgraded; its streams can be polled
 * @protocol: the subprotocol that was agreed on
 * @received: what the server sent after its answer to the upgrade
 *
 * Creates a socket. Nothing is read before [method@Kube.Socket.start].
 *
 * Returns: (transfer full): a new socket
 */
KubeSocket *
kube_socket_new (GIOStream  *stream,
                 const char *protocol,
                 GBytes     *received)
{
  KubeSocket *self;
  gsize       size;
  const void *data;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  g_return_val_if_fail (protocol != NULL, NULL);
  g_return_val_if_fail (received != NULL, NULL);

  self = g_object_new (KUBE_TYPE_SOCKET, NULL);
  self->stream = g_object_ref (stream);
  self->protocol = g_strdup (protocol);
  data = g_bytes_get_data (received, &size);
  self->input = g_malloc (MAX (INPUT_SIZE, size));
  if (size > 0)
    memcpy (self->input, data, size);
  self->input_end = size;

  return self;
}

/**
 * kube_socket_get_protocol:
 * @self: a socket
 *
 * Returns: (transfer none): the subprotocol that was agreed on
 */
const char *
kube_socket_get_protocol (KubeSocket *self)
{
  g_return_val_if_fail (KUBE_IS_SOCKET (self), NULL);

  return self->protocol;
}

/**
 * kube_socket_set_keepalive:
 * @self: a socket that was not started
 * @interval_ms: how often to ask for a sign of life, in milliseconds
 * @max_unanswered: after how many such questions, with nothing read since, it is dead
 *
 * Sets how a dead connection is noticed. As client-go does it by default: asked every 5 seconds,
 * dead after 12 questions. While the socket is paused nothing is concluded.
 */
void
kube_socket_set_keepalive (KubeSocket *self,
                           guint       interval_ms,
                           guint       max_unanswered)
{
  g_return_if_fail (KUBE_IS_SOCKET (self));
  g_return_if_fail (interval_ms > 0);

  self->ping_interval_ms = interval_ms;
  self->max_unanswered = max_unanswered;
}

/**
 * kube_socket_start:
 * @self: a socket
 * @funcs: what to call
 * @user_data: data for @funcs
 *
 * Begins to read. The functions are called from the main loop only, never from within another
 * function of the socket.
 */
void
kube_socket_start (KubeSocket            *self,
                   const KubeSocketFuncs *funcs,
                   gpointer               user_data)
{
  g_return_if_fail (KUBE_IS_SOCKET (self));
  g_return_if_fail (funcs != NULL && funcs->receive != NULL);
  g_return_if_fail (self->funcs.receive == NULL);

  self->funcs = *funcs;
  self->user_data = user_data;
  if (!is_open (self))
    return;

  self->ping_source = g_timeout_source_new (self->ping_interval_ms);
  g_source_set_callback (self->ping_source, on_ping_cb, self, NULL);
  g_source_attach (self->ping_source, g_main_context_get_thread_default ());
  if (!self->paused)
    schedule_read (self);
}

/**
 * kube_socket_send:
 * @self: a socket
 * @parts: (array length=n_parts): what the message consists of
 * @n_parts: how many parts there are
 *
 * Sends a binary message, or queues it: whoever sends much asks [method@Kube.Socket.can_send]
 * before. On a socket that is closed it is dropped.
 */
void
kube_socket_send (KubeSocket          *self,
                  const GOutputVector *parts,
                  guint                n_parts)
{
  g_return_if_fail (KUBE_IS_SOCKET (self));
  g_return_if_fail (parts != NULL);

  send_frame (self, KUBE_FRAME_BINARY, parts, n_parts);
  if (kube_socket_get_queued (self) >= QUEUE_FULL)
    self->full = TRUE;
}

/**
 * kube_socket_can_send:
 * @self: a socket
 *
 * Tells whether a message may be sent now. If not, the function `writable` is called when it may.
 * A socket that has lost its server takes everything, and forgets it.
 *
 * Returns: %FALSE if 256 KiB or more wait to be sent
 */
gboolean
kube_socket_can_send (KubeSocket *self)
{
  g_return_val_if_fail (KUBE_IS_SOCKET (self), FALSE);

  return !self->full;
}

/**
 * kube_socket_get_queued:
 * @self: a socket
 *
 * Returns: how many bytes wait to be sent
 */
gsize
kube_socket_get_queued (KubeSocket *self)
{
  g_return_val_if_fail (KUBE_IS_SOCKET (self), 0);

  return self->output->len - self->output_start;
}

/**
 * kube_socket_pause:
 * @self: a socket
 *
 * Stops reading, so that nothing is received until [method@Kube.Socket.resume]. The server comes
 * to a halt when what lies between is full.
 */
void
kube_socket_pause (KubeSocket *self)
{
  g_return_if_fail (KUBE_IS_SOCKET (self));

  self->paused = TRUE;
}

/**
 * kube_socket_resume:
 * @self: a socket
 *
 * Goes on reading.
 */
void
kube_socket_resume (KubeSocket *self)
{
  g_return_if_fail (KUBE_IS_SOCKET (self));

  if (!self->paused)
    return;

  self->paused = FALSE;
  if (is_open (self) && self->funcs.receive != NULL)
    schedule_read (self);
}

/**
 * kube_socket_close:
 * @self: a socket
 *
 * Ends the conversation at once. What was queued is not sent, and no function is called any more.
 * May be called again.
 */
void
kube_socket_close (KubeSocket *self)
{
  const guint8  code[] = { CLOSE_NORMAL >> 8, CLOSE_NORMAL & 0xFF };
  GOutputVector part = { code, sizeof code };

  g_return_if_fail (KUBE_IS_SOCKET (self));

  memset (&self->funcs, 0, sizeof self->funcs);
  if (!is_open (self))
    return;

  send_frame (self, KUBE_FRAME_CLOSE, &part, 1);
  release (self);
}
