/* test-socket.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-process.h"
#include "socket-fixture.h"
#include "socket-server.h"

#define MEBIBYTE (1024 * 1024)
#define MANY 48
#define MESSAGE_SIZE MEBIBYTE

/* What is done to a client, and what it makes of it. */
typedef struct
{
  SocketServer *server;
  KubeClient   *client;
  KubeSocket   *socket;
  SeenSocket    seen;

  /* Shared with the server's thread */
  GMutex   mutex;
  GCond    cond;
  gboolean go;
  gint     n_received; /* atomic: bytes of messages */
  gint     n_pings;    /* atomic */
  gint     closed;     /* atomic: the client said that it ends */
} Fixture;

static void
set_up (Fixture         *fixture,
        SocketServerFunc func)
{
  g_autoptr(GError) error = NULL;

  g_mutex_init (&fixture->mutex);
  g_cond_init (&fixture->cond);
  fixture->server = socket_server_new (func, fixture);
  fixture->client = socket_server_connect (fixture->server);
  fixture->socket = connect_socket (fixture->client, "/x?a=b", &error);
  g_assert_no_error (error);
}

static void
let_go (Fixture *fixture)
{
  g_mutex_lock (&fixture->mutex);
  fixture->go = TRUE;
  g_cond_signal (&fixture->cond);
  g_mutex_unlock (&fixture->mutex);
}

static void
tear_down (Fixture *fixture)
{
  let_go (fixture);
  kube_socket_close (fixture->socket);
  g_object_unref (fixture->socket);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  socket_server_free (fixture->server);
  g_object_unref (fixture->client);
  seen_socket_clear (&fixture->seen);
  g_cond_clear (&fixture->cond);
  g_mutex_clear (&fixture->mutex);
}

static void
wait_for_go (Fixture *fixture)
{
  g_mutex_lock (&fixture->mutex);
  while (!fixture->go)
    g_cond_wait (&fixture->cond, &fixture->mutex);
  g_mutex_unlock (&fixture->mutex);
}

#define WAIT_FOR(condition)                  \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

static void
start (Fixture *fixture)
{
  seen_socket_start (&fixture->seen, fixture->socket);
}

static void
echo (SocketPeer *peer,
      gpointer    user_data)
{
  guint8  first;
  GBytes *message;

  while ((message = socket_peer_receive (peer, &first)) != NULL)
    {
      socket_peer_send (peer, first, g_bytes_get_data (message, NULL),
                        g_bytes_get_size (message));
      g_bytes_unref (message);
      if (first == 0x88)
        break;
    }
}

static void
test_echo (void)
{
  Fixture          fixture = { 0 };
  g_autofree char *request = NULL;

  set_up (&fixture, echo);
  g_assert_cmpstr (kube_socket_get_protocol (fixture.socket), ==, "v5.channel.k8s.io");
  request = socket_server_dup_request (fixture.server);
  g_assert_true (g_str_has_prefix (request, "GET /x?a=b HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, "User-Agent: hackystack-desktop/"));
  send_text (fixture.socket, "before");
  start (&fixture);
  send_text (fixture.socket, "");
  send_text (fixture.socket, "after");
  WAIT_FOR (strstr (fixture.seen.text->str, "after\n") != NULL);
  g_assert_cmpstr (fixture.seen.text->str, ==, "before\n\nafter\n");
  g_assert_false (fixture.seen.closed);
  tear_down (&fixture);
}

/* How a conversation ends; an error has to say why. */
static const struct
{
  const char *name;
  const char *bytes;
  gsize       length;
  const char *text;
  GQuark (*domain) (void); /* (nullable) */
  int         code;
  const char *detail;
} ends[] = {
#define BYTES(text) text, sizeof text - 1
  { "normal", BYTES ("\x82\x01x\x88\x02\x03\xe8"), "x\n", NULL, 0, NULL },
  { "without a code", BYTES ("\x82\x01x\x88\x00"), "x\n", NULL, 0, NULL },
  { "with a reason", BYTES ("\x88\x0a\x03\xf3no space"), "", kube_error_quark,
    KUBE_ERROR_PROTOCOL, "no space (code 1011)" },
  { "cut", BYTES ("\x82\x01x"), "x\n", g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, "cut" },
  { "cut in a frame", BYTES ("\x82\x05x"), "x", g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT,
    "cut" },
  { "text", BYTES ("\x81\x01x"), "", kube_error_quark, KUBE_ERROR_PROTOCOL, "sent text" },
  { "broken", BYTES ("\x82\x01x\x83\x01y\x82\x01z"), "x\n", kube_error_quark, KUBE_ERROR_PROTOCOL,
    "damaged" },
#undef BYTES
};

static guint end_index;

static void
send_end (SocketPeer *peer,
          gpointer    user_data)
{
  socket_peer_write (peer, ends[end_index].bytes, ends[end_index].length);
}

static void
test_end (gconstpointer data)
{
  Fixture fixture = { 0 };

  end_index = GPOINTER_TO_UINT (data);
  set_up (&fixture, send_end);
  start (&fixture);
  WAIT_FOR (fixture.seen.closed);
  g_assert_cmpstr (fixture.seen.text->str, ==, ends[end_index].text);
  if (ends[end_index].domain == NULL)
    g_assert_no_error (fixture.seen.error);
  else
    {
      g_assert_error (fixture.seen.error, ends[end_index].domain (), ends[end_index].code);
      g_assert_nonnull (strstr (fixture.seen.error->message, ends[end_index].detail));
    }
  /* What is sent now goes nowhere, and does no harm. */
  send_text (fixture.socket, "late");
  g_assert_cmpuint (kube_socket_get_queued (fixture.socket), ==, 0);
  tear_down (&fixture);
}

static void
wait_for_close (SocketPeer *peer,
                gpointer    user_data)
{
  Fixture *fixture = user_data;

  if (socket_peer_wait (peer))
    g_atomic_int_set (&fixture->closed, 1);
  g_main_context_wakeup (NULL);
}

static void
test_close (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, wait_for_close);
  start (&fixture);
  kube_socket_close (fixture.socket);
  kube_socket_close (fixture.socket);
  WAIT_FOR (g_atomic_int_get (&fixture.closed) != 0);
  g_assert_false (fixture.seen.closed);
  tear_down (&fixture);
}

/* Whoever drops a socket has closed it. */
static void
test_drop (void)
{
  Fixture     fixture = { 0 };
  KubeSocket *socket;

  set_up (&fixture, wait_for_close);
  start (&fixture);
  socket = fixture.socket;
  fixture.socket = connect_socket (fixture.client, "/other", NULL);
  g_assert_finalize_object (socket);
  WAIT_FOR (g_atomic_int_get (&fixture.closed) != 0);
  tear_down (&fixture);
}

static void
push (SocketPeer *peer,
      gpointer    user_data)
{
  Fixture           *fixture = user_data;
  g_autofree guint8 *message = g_malloc (MESSAGE_SIZE);

  for (guint i = 0; i < MANY; i++)
    {
      memset (message, 'a' + (int) (i % 26), MESSAGE_SIZE);
      socket_peer_send (peer, 0x82, message, MESSAGE_SIZE);
      g_atomic_int_inc (&fixture->n_received);
      g_main_context_wakeup (NULL);
    }
  socket_peer_wait (peer);
}

/* While it is paused the server comes to a halt, and nothing piles up here. */
static void
test_pause (void)
{
  Fixture fixture = { 0 };
  int     sent;
  int     before = -1;

  set_up (&fixture, push);
  kube_socket_pause (fixture.socket);
  start (&fixture);
  /* The server stands still when it has written what the system takes. */
  do
    {
      sent = before;
      g_usleep (200 * 1000);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      before = g_atomic_int_get (&fixture.n_received);
    }
  while (sent != before);
  g_assert_cmpint (sent, <, MANY);
  g_assert_cmpuint (fixture.seen.text->len, ==, 0);

  kube_socket_resume (fixture.socket);
  WAIT_FOR (fixture.seen.text->len == MANY * (MESSAGE_SIZE + 1));
  for (guint i = 0; i < MANY; i++)
    {
      gsize at = (gsize) i * (MESSAGE_SIZE + 1);

      g_assert_cmpint (fixture.seen.text->str[at], ==, 'a' + (int) (i % 26));
      g_assert_cmpint (fixture.seen.text->str[at + MESSAGE_SIZE - 1], ==, 'a' + (int) (i % 26));
      g_assert_cmpint (fixture.seen.text->str[at + MESSAGE_SIZE], ==, '\n');
    }
  tear_down (&fixture);
}

static void
sink (SocketPeer *peer,
      gpointer    user_data)
{
  Fixture *fixture = user_data;
  GBytes  *message;
  guint8   first;

  wait_for_go (fixture);
  while ((message = socket_peer_receive (peer, &first)) != NULL)
    {
      if (first == 0x82)
        g_atomic_int_add (&fixture->n_received, (int) g_bytes_get_size (message));
      g_bytes_unref (message);
      g_main_context_wakeup (NULL);
    }
}

/* Who asks before he sends never makes the queue longer than its limit and a message. */
static void
test_slow_server (void)
{
  Fixture            fixture = { 0 };
  gsize              size = 64 * 1024;
  g_autofree guint8 *message = g_malloc0 (size);
  GOutputVector      part = { message, size };
  guint              n_sent = 0;
  guint              n_wanted = MANY * MEBIBYTE / (guint) size;
  gsize              most = 0;

  set_up (&fixture, sink);
  start (&fixture);
  while (kube_socket_can_send (fixture.socket) && n_sent < n_wanted)
    {
      kube_socket_send (fixture.socket, &part, 1);
      most = MAX (most, kube_socket_get_queued (fixture.socket));
      n_sent++;
    }
  g_assert_cmpuint (n_sent, <, n_wanted);
  g_assert_cmpuint (fixture.seen.writable, ==, 0);

  let_go (&fixture);
  while (n_sent < n_wanted)
    {
      guint n_writable = fixture.seen.writable;

      if (!kube_socket_can_send (fixture.socket))
        WAIT_FOR (fixture.seen.writable > n_writable);
      kube_socket_send (fixture.socket, &part, 1);
      most = MAX (most, kube_socket_get_queued (fixture.socket));
      n_sent++;
    }
  WAIT_FOR (g_atomic_int_get (&fixture.n_received) == (int) (n_wanted * size));
  g_assert_cmpuint (most, >=, 256 * 1024);
  g_assert_cmpuint (most, <, 256 * 1024 + 2 * size);
  g_assert_cmpuint (fixture.seen.writable, >, 0);
  tear_down (&fixture);
}

static void
answer_pings (SocketPeer *peer,
              gpointer    user_data)
{
  Fixture *fixture = user_data;
  GBytes  *message;
  guint8   first;

  while ((message = socket_peer_receive (peer, &first)) != NULL)
    {
      if (first == 0x89)
        {
          g_atomic_int_inc (&fixture->n_pings);
          socket_peer_send (peer, 0x8a, NULL, 0);
        }
      g_bytes_unref (message);
      g_main_context_wakeup (NULL);
    }
}

static void
ignore_pings (SocketPeer *peer,
              gpointer    user_data)
{
  Fixture *fixture = user_data;
  GBytes  *message;
  guint8   first;

  while ((message = socket_peer_receive (peer, &first)) != NULL)
    {
      g_atomic_int_add (&fixture->n_pings, first == 0x89);
      g_bytes_unref (message);
      g_main_context_wakeup (NULL);
    }
}

static void
test_alive (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, answer_pings);
  kube_socket_set_keepalive (fixture.socket, 50, 6);
  start (&fixture);
  WAIT_FOR (g_atomic_int_get (&fixture.n_pings) >= 20 || fixture.seen.closed);
  g_assert_false (fixture.seen.closed);
  tear_down (&fixture);
}

static void
test_dead (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, ignore_pings);
  kube_socket_set_keepalive (fixture.socket, 10, 3);
  start (&fixture);
  WAIT_FOR (fixture.seen.closed);
  g_assert_error (fixture.seen.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  tear_down (&fixture);
}

/* Who does not read sees no answers, and concludes nothing from it. */
static void
test_dead_or_paused (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, ignore_pings);
  kube_socket_set_keepalive (fixture.socket, 10, 3);
  kube_socket_pause (fixture.socket);
  start (&fixture);
  WAIT_FOR (g_atomic_int_get (&fixture.n_pings) >= 10 || fixture.seen.closed);
  g_assert_false (fixture.seen.closed);
  kube_socket_resume (fixture.socket);
  WAIT_FOR (fixture.seen.closed);
  g_assert_error (fixture.seen.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  tear_down (&fixture);
}

static void
ping (SocketPeer *peer,
      gpointer    user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GBytes) pong = NULL;
  guint8 first;

  socket_peer_send (peer, 0x89, "life?", 5);
  pong = socket_peer_receive (peer, &first);
  if (first == 0x8a && g_bytes_get_size (pong) == 5 &&
      memcmp (g_bytes_get_data (pong, NULL), "life?", 5) == 0)
    g_atomic_int_set (&fixture->n_pings, 1);
}

static void
test_pong (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, ping);
  start (&fixture);
  WAIT_FOR (fixture.seen.closed);
  g_assert_cmpint (g_atomic_int_get (&fixture.n_pings), ==, 1);
  tear_down (&fixture);
}

static void
test_subprotocol (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;

  set_up (&fixture, echo);
  start (&fixture);
  socket_server_set_protocol (fixture.server, "chat");
  g_assert_null (connect_socket (fixture.client, "/", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_test_message ("%s", error->message);
  tear_down (&fixture);
}

static void
test_cancel (void)
{
  const char *const protocols[] = { "v5.channel.k8s.io", NULL };
  Fixture           fixture = { 0 };
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&fixture, echo);
  start (&fixture);
  kube_client_connect_socket_async (fixture.client, request, protocols, cancellable, await_cb,
                                    &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (kube_client_connect_socket_finish (fixture.client, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/kube/socket/echo", test_echo);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/socket/end/", ends[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_end);
    }
  g_test_add_func ("/kube/socket/close", test_close);
  g_test_add_func ("/kube/socket/drop", test_drop);
  g_test_add_func ("/kube/socket/pause", test_pause);
  g_test_add_func ("/kube/socket/slow-server", test_slow_server);
  g_test_add_func ("/kube/socket/alive", test_alive);
  g_test_add_func ("/kube/socket/dead", test_dead);
  g_test_add_func ("/kube/socket/dead-or-paused", test_dead_or_paused);
  g_test_add_func ("/kube/socket/pong", test_pong);
  g_test_add_func ("/kube/socket/subprotocol", test_subprotocol);
  g_test_add_func ("/kube/socket/cancel", test_cancel);

  return g_test_run ();
}
