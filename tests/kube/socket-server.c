/* socket-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "socket-server.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "client-fixture.h"

#define HEAD                                      \
  "HTTP/1.1 101 Switching Protocols\r\n"          \
  "Upgrade: websocket\r\nConnection: Upgrade\r\n" \
  "Sec-WebSocket-Accept: %s\r\n"                  \
  "Sec-WebSocket-Protocol: %s\r\n\r\n"
#define NEW_PROTOCOL "v5.channel.k8s.io"
#define OLD_PROTOCOL "v4.channel.k8s.io"
/* SHA-1 in Base64 */
#define ACCEPT_LENGTH 28

struct _SocketServer
{
  GThreadedSocketService *service;
  guint                   port;
  SocketServerFunc        func;
  gpointer                user_data;
  char                   *directory;
  const char             *protocol;
  const char             *answer; /* (nullable) instead of the upgrade */
  const char             *object; /* (nullable) what requests without an upgrade are for */
  GMutex                  mutex;
  char                   *request; /* (nullable) the last one's head: hold the mutex */
  gboolean                cutting; /* hold the mutex, also for what follows */
  gsize                   cut_after;
  SocketCut               cut;
  int                     gone; /* atomic: nobody is served any more */
};

struct _SocketPeer
{
  GSocket       *socket;
  GInputStream  *input;
  GOutputStream *output;
  gboolean       cutting;
  gsize          n_left; /* bytes until the cut */
  SocketCut      cut;
};

static char *
read_head (GInputStream *input)
{
  GString *head = g_string_new (NULL);
  char     byte;

  while (!g_str_has_suffix (head->str, "\r\n\r\n") &&
         g_input_stream_read (input, &byte, 1, NULL, NULL) == 1)
    g_string_append_c (head, byte);

  return g_string_free (head, FALSE);
}

static void
accept_upgrade (SocketServer *self,
                SocketPeer   *peer,
                const char   *head)
{
  const char *key = strstr (head, "Sec-WebSocket-Key: ") + strlen ("Sec-WebSocket-Key: ");
  gboolean    is_old = strstr (head, NEW_PROTOCOL) == NULL &&
                    g_str_equal (self->protocol, NEW_PROTOCOL);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept = NULL;
  g_autofree char *answer = NULL;
  guint8           digest[20];
  gsize            size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, strstr (key, "\r\n") - key);
  g_checksum_update (checksum, (const guchar *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &size);
  accept = g_base64_encode (digest, size);
  answer = g_strdup_printf (HEAD, accept, is_old ? OLD_PROTOCOL : self->protocol);
  socket_peer_write (peer, answer, strlen (answer));
}

static void
answer_object (SocketServer *self,
               SocketPeer   *peer)
{
  g_autofree char *answer = NULL;

  answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                            "Connection: close\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                            strlen (self->object), self->object);
  socket_peer_write (peer, answer, strlen (answer));
}

/* Takes the cut that is meant for the next stream. */
static void
take_cut (SocketServer *self,
          SocketPeer   *peer)
{
  peer->cutting = self->cutting;
  peer->n_left = self->cut_after;
  peer->cut = self->cut;
  self->cutting = FALSE;
}

static gboolean
on_service_run_cb (GThreadedSocketService *service,
                   GSocketConnection      *connection,
                   GObject                *source_object,
                   gpointer                user_data)
{
  SocketServer *self = user_data;
  SocketPeer    peer = { .socket = g_socket_connection_get_socket (connection),
                         .input = g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                         .output = g_io_stream_get_output_stream (G_IO_STREAM (connection)) };
  char         *head = read_head (peer.input);

  if (self->object != NULL && strstr (head, "Upgrade: websocket") == NULL)
    {
      answer_object (self, &peer);
      g_free (head);
      return TRUE;
    }

  g_mutex_lock (&self->mutex);
  g_free (self->request);
  self->request = head;
  take_cut (self, &peer);
  g_mutex_unlock (&self->mutex);
  if (self->answer != NULL)
    socket_peer_write (&peer, self->answer, strlen (self->answer));
  else
    {
      accept_upgrade (self, &peer, head);
      self->func (&peer, self->user_data);
    }

  return TRUE;
}

static void
on_service_gone_cb (gpointer user_data,
                    GObject *where_the_object_was)
{
  SocketServer *self = user_data;

  g_atomic_int_set (&self->gone, TRUE);
  g_main_context_wakeup (NULL);
}

SocketServer *
socket_server_new (SocketServerFunc func,
                   gpointer         user_data)
{
  SocketServer *self = g_new0 (SocketServer, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) actual = NULL;
  g_autoptr(GError) error = NULL;

  self->func = func;
  self->user_data = user_data;
  self->protocol = NEW_PROTOCOL;
  self->directory = g_dir_make_tmp ("kube-socket-XXXXXX", NULL);
  g_mutex_init (&self->mutex);
  self->service = G_THREADED_SOCKET_SERVICE (g_threaded_socket_service_new (8));
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &actual, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));
  g_signal_connect (self->service, "run", G_CALLBACK (on_service_run_cb), self);
  /* A connection that is being served keeps the service. */
  g_object_weak_ref (G_OBJECT (self->service), on_service_gone_cb, self);
  g_socket_service_start (G_SOCKET_SERVICE (self->service));

  return self;
}

/* The clients have left, or are leaving: whoever serves one still uses what the test has. */
void
socket_server_free (SocketServer *self)
{
  g_autofree char *config = g_build_filename (self->directory, "config", NULL);

  g_socket_service_stop (G_SOCKET_SERVICE (self->service));
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_remove (config);
  g_rmdir (self->directory);
  g_object_unref (self->service);
  while (!g_atomic_int_get (&self->gone))
    g_main_context_iteration (NULL, TRUE);

  g_free (self->directory);
  g_free (self->request);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

KubeClient *
socket_server_connect (SocketServer *self)
{
  g_autofree char *path = g_build_filename (self->directory, "config", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  KubeClient *client;

  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%u'}}]\n"
                          "users: [{name: u, user: {}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                          "current-context: x\n",
                          self->port);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  client = connect_client (path, NULL, &error);
  g_assert_no_error (error);

  return client;
}

void
socket_server_set_protocol (SocketServer *self,
                            const char   *protocol)
{
  self->protocol = protocol;
}

/* @answer: (nullable): what is said instead of the upgrade, after which the connection ends */
void
socket_server_set_answer (SocketServer *self,
                          const char   *answer)
{
  self->answer = answer;
}

/* @json: what every request is answered with that is not for a stream */
void
socket_server_set_object (SocketServer *self,
                          const char   *json)
{
  self->object = json;
}

/* The next stream ends after @n_bytes, of which the first are those of the upgrade. */
void
socket_server_cut (SocketServer *self,
                   gsize         n_bytes,
                   SocketCut     cut)
{
  g_mutex_lock (&self->mutex);
  self->cutting = TRUE;
  self->cut_after = n_bytes;
  self->cut = cut;
  g_mutex_unlock (&self->mutex);
}

/* Whether the stream that is cut has been asked for. */
gboolean
socket_server_has_cut (SocketServer *self)
{
  gboolean cutting;

  g_mutex_lock (&self->mutex);
  cutting = self->cutting;
  g_mutex_unlock (&self->mutex);

  return !cutting;
}

/* How many bytes the upgrade has. */
gsize
socket_server_measure_answer (SocketServer *self)
{
  return strlen (HEAD) - 2 * strlen ("%s") + ACCEPT_LENGTH + strlen (self->protocol);
}

char *
socket_server_dup_request (SocketServer *self)
{
  char *request;

  g_mutex_lock (&self->mutex);
  request = g_strdup (self->request);
  g_mutex_unlock (&self->mutex);

  return request;
}

static void
cut (SocketPeer *peer)
{
  struct linger now = { 1, 0 };
  int           fd = g_socket_get_fd (peer->socket);

  if (peer->cut == SOCKET_CUT_END)
    g_socket_shutdown (peer->socket, FALSE, TRUE, NULL);
  /* What the client has said must be read: to close a socket before is to reset it. */
  if (peer->cut != SOCKET_CUT_RESET)
    socket_peer_wait (peer);
  else
    g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), ==, 0);
  g_socket_close (peer->socket, NULL);
}

void
socket_peer_write (SocketPeer *peer,
                   const void *data,
                   gsize       length)
{
  gsize size = peer->cutting ? MIN (length, peer->n_left) : length;

  g_output_stream_write_all (peer->output, data, size, NULL, NULL, NULL);
  peer->n_left -= peer->cutting ? size : 0;
  if (peer->cutting && size < length && !g_socket_is_closed (peer->socket))
    cut (peer);
}

/* @first is the first byte of the frame. */
void
socket_peer_send (SocketPeer *peer,
                  guint8      first,
                  const void *data,
                  gsize       length)
{
  guint8  head[10] = { first, 127 };
  guint64 size = GUINT64_TO_BE ((guint64) length);

  if (length < 126)
    head[1] = (guint8) length;
  memcpy (head + 2, &size, sizeof size);
  socket_peer_write (peer, head, length < 126 ? 2 : sizeof head);
  if (length > 0)
    socket_peer_write (peer, data, length);
}

static gboolean
read_all (SocketPeer *peer,
          void       *data,
          gsize       length)
{
  gsize n_bytes;

  return g_input_stream_read_all (peer->input, data, length, &n_bytes, NULL, NULL) &&
         n_bytes == length;
}

/* Returns NULL at the end. */
GBytes *
socket_peer_receive (SocketPeer *peer,
                     guint8     *first)
{
  guint8             head[2];
  guint8             more[8];
  guint8             mask[4];
  guint64            length;
  g_autofree guint8 *data = NULL;

  if (!read_all (peer, head, 2))
    return NULL;
  *first = head[0];
  length = head[1] & 0x7F;
  if (length >= 126)
    {
      guint n_bytes = length == 126 ? 2 : 8;

      if (!read_all (peer, more, n_bytes))
        return NULL;
      length = 0;
      for (guint i = 0; i < n_bytes; i++)
        length = length << 8 | more[i];
    }
  data = g_malloc (length + 1);
  if (!read_all (peer, mask, 4) || !read_all (peer, data, length))
    return NULL;
  for (gsize i = 0; i < length; i++)
    data[i] ^= mask[i % 4];

  return g_bytes_new_take (g_steal_pointer (&data), length);
}

/* Reads until the client goes away. Returns whether it said so before. */
gboolean
socket_peer_wait (SocketPeer *peer)
{
  guint8  first = 0;
  GBytes *message;

  while ((message = socket_peer_receive (peer, &first)) != NULL)
    g_bytes_unref (message);

  return first == 0x88;
}
