/* test-fault-socket.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Commands and forwarded ports before a server that fails in the middle of a word. A command has
 * ended well only where the server has said so; whatever happens, somebody is told. */

#include <string.h>

#include "await.h"
#include "exec-fixture.h"
#include "fault-fixture.h"
#include "kube-error.h"
#include "kube-port-forward.h"
#include "kube-process.h"
#include "socket-server.h"

#define POD "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":" \
            "\"n\"},\"status\":{\"phase\":\"Running\"}}"
#define STATUS(words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\"," words "}"
#define SWITCH "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"

#define LONG 200
#define VERY_LONG 300

/* All that a server says but for the upgrade, each kind of frame at least once. It lives as long as
 * the program: the threads of a server may outlive its test. */
typedef struct
{
  GByteArray *stream;
  GString    *out;     /* what of it is for people */
  gsize       decided; /* up to where the end is known */
} Script;

static Script exec_script, forward_script;

static void
append_frame (Script *script, guint8 first, guint8 channel, const char *text, gsize length)
{
  const guint8 head[] = { first, (guint8) (length + 1), channel };
  const guint8 longer[] = { first, 126, (guint8) ((length + 1) >> 8), (guint8) (length + 1),
                            channel };
  const guint8 longest[] = { first, 127, 0, 0, 0, 0, 0, 0, (guint8) ((length + 1) >> 8),
                             (guint8) (length + 1), channel };

  if (length + 1 < 126)
    g_byte_array_append (script->stream, head, sizeof head);
  else if (length < VERY_LONG)
    g_byte_array_append (script->stream, longer, sizeof longer);
  else
    g_byte_array_append (script->stream, longest, sizeof longest);
  g_byte_array_append (script->stream, (const guint8 *) text, (guint) length);
}

static void
append_output (Script *script, guint8 channel, const char *text)
{
  append_frame (script, 0x82, channel, text, strlen (text));
  g_string_append (script->out, text);
}

static void
begin_stream (Script *script)
{
  script->stream = g_byte_array_new ();
  script->out = g_string_new (NULL);
  script->decided = 0;
}

static void
end_stream (Script *script)
{
  g_byte_array_append (script->stream, (const guint8 *) "\x88\x02\x03\xe8", 4);
  if (script->decided == 0)
    script->decided = script->stream->len;
}

static void
build_exec (Script *script)
{
  const char      *status = "{\"metadata\":{},\"status\":\"Success\"}";
  g_autofree char *longer = g_strnfill (LONG, 'x');
  g_autofree char *longest = g_strnfill (VERY_LONG, 'y');

  begin_stream (script);
  append_output (script, 1, "hello");
  append_output (script, 1, longer);
  /* In pieces, with a ping in between. */
  g_byte_array_append (script->stream, (const guint8 *) "\x02\x02\x01h\x89\x00\x80\x01o", 9);
  g_string_append (script->out, "ho");
  append_output (script, 1, longest);
  append_frame (script, 0x82, 3, status, strlen (status));
  script->decided = script->stream->len;
  end_stream (script);
}

static void
build_forward (Script *script)
{
  g_autofree char *longer = g_strnfill (LONG, 'x');
  g_autofree char *longest = g_strnfill (VERY_LONG, 'y');

  begin_stream (script);
  append_frame (script, 0x82, 0, "\x50\x00", 2);
  append_frame (script, 0x82, 1, "\x50\x00", 2);
  append_output (script, 0, "hello");
  append_output (script, 0, longer);
  append_output (script, 0, longest);
  end_stream (script);
}

static void
send_stream (SocketPeer *peer,
             gpointer    user_data)
{
  const Script *script = user_data;

  socket_peer_write (peer, script->stream->data, script->stream->len);
  socket_peer_wait (peer);
}

static void
check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == KUBE_ERROR);
  fault_assert_for_people (error->message);
}

static void
check_prefix (const Script *script, const void *data, gsize length)
{
  g_assert_cmpuint (length, <=, script->out->len);
  g_assert_cmpmem (data, length, script->out->str, length);
}

static void
check_exec (KubeClient *client,
            gboolean    upgraded,
            gboolean    may_succeed,
            gboolean    must_succeed)
{
  const char *const     command[] = { "tool", NULL };
  const KubeExecOptions options = { "n", "p", NULL, command, FALSE, TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeExec) exec = start_exec (client, &options, &error);
  Ran      ran = { 0 };
  gboolean ended;

  if (exec == NULL)
    {
      g_assert_true (!upgraded || !must_succeed);
      check_error (error);
      return;
    }

  g_assert_no_error (error);
  g_assert_true (upgraded);
  ran_drain (&ran, g_steal_pointer (&exec));
  ended = ran_wait (&ran, &error);
  check_prefix (&exec_script, ran.out.read->data, ran.out.read->len);
  g_assert_true (may_succeed || !ended);
  g_assert_true (ended || !must_succeed);
  g_assert_cmpint (ran.exit_status, ==, ended ? 0 : -1);
  if (ended)
    assert_read (&ran.out, exec_script.out->str);
  else
    check_error (error);
  ran_clear (&ran);
}

/* At every byte. */
static void
test_exec_cut (void)
{
  g_autoptr(SocketServer) server = socket_server_new (send_stream, &exec_script);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  gsize head = socket_server_measure_answer (server);

  for (gsize i = 0; i < head + exec_script.stream->len; i++)
    {
      gboolean ends = i >= head + exec_script.decided;

      socket_server_cut (server, i, SOCKET_CUT_END);
      check_exec (client, i >= head, ends, ends);
    }
}

/* A reset may come before what was sent. */
static void
test_exec_reset (void)
{
  g_autoptr(SocketServer) server = socket_server_new (send_stream, &exec_script);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  gsize head = socket_server_measure_answer (server);

  for (gsize i = 0; i < head + exec_script.stream->len; i += 5)
    {
      socket_server_cut (server, i, SOCKET_CUT_RESET);
      check_exec (client, i >= head, i >= head + exec_script.decided, FALSE);
    }
}

static void
cancel_exec (SocketServer *server,
             KubeClient   *client,
             gboolean      upgraded)
{
  const KubeExecOptions options = { "n", "p", NULL, NULL, FALSE, TRUE };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) started = NULL;
  g_autoptr(GAsyncResult) waited = NULL;
  g_autoptr(KubeExec) exec = NULL;
  g_autoptr(GError) error = NULL;
  int exit_status;

  kube_exec_start_async (client, &options, cancellable, await_cb, &started);
  FAULT_WAIT (socket_server_has_cut (server));
  if (!upgraded)
    g_cancellable_cancel (cancellable);
  exec = kube_exec_start_finish (await (&started), &error);
  g_assert_cmpint (exec != NULL, ==, upgraded);
  if (exec != NULL)
    {
      kube_exec_wait_async (exec, cancellable, await_cb, &waited);
      g_cancellable_cancel (cancellable);
      g_assert_false (kube_exec_wait_finish (exec, await (&waited), &exit_status, &error));
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Who does not want to wait need not. */
static void
test_exec_stall (void)
{
  g_autoptr(SocketServer) server = socket_server_new (send_stream, &exec_script);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  gsize head = socket_server_measure_answer (server);

  for (gsize i = 0; i < head + exec_script.decided; i += 11)
    {
      socket_server_cut (server, i, SOCKET_CUT_STALL);
      cancel_exec (server, client, i >= head);
    }
}

/* Answers that open no stream. */
static const struct
{
  const char *name;
  const char *answer;
  int         code;
  const char *words;
} answers[] = {
  { "forbidden", "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n" STATUS ("\"code\":403,\"reason\":\"Forbidden\",\"message\":\"pods is forbidden: no exec for you\""),
    KUBE_ERROR_FORBIDDEN, "no exec for you" },
  { "not-found", "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n" STATUS ("\"code\":404,\"reason\":\"NotFound\",\"message\":\"pods \\\"p\\\" not found\""),
    KUBE_ERROR_NOT_FOUND, "not found" },
  { "server-error", "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\noops",
    KUBE_ERROR_SERVER, "oops" },
  { "bad-gateway-page", "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><h1>502</h1></html>",
    KUBE_ERROR_SERVER, "502" },
  { "sign-in-page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><h1>Hotel</h1></html>",
    KUBE_ERROR_PROTOCOL, NULL },
  { "wrong-key", SWITCH "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
    KUBE_ERROR_PROTOCOL, "another request" },
  { "wrong-protocol", SWITCH "Upgrade: SPDY/3.1\r\n\r\n", KUBE_ERROR_PROTOCOL, "something else" },
  { "not-http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", KUBE_ERROR_PROTOCOL, NULL },
};

static void
test_answer (gconstpointer data)
{
  guint                 index = GPOINTER_TO_UINT (data);
  const KubeExecOptions options = { "n", "p", NULL, NULL, FALSE, TRUE };
  g_autoptr(SocketServer) server = socket_server_new (send_stream, &exec_script);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GError) error = NULL;

  socket_server_set_answer (server, answers[index].answer);
  g_assert_null (start_exec (client, &options, &error));
  check_error (error);
  g_assert_error (error, KUBE_ERROR, answers[index].code);
  if (answers[index].words != NULL)
    g_assert_nonnull (strstr (error->message, answers[index].words));
}

typedef struct
{
  SocketServer    *server;
  KubeClient      *client;
  KubePortForward *forward;
  guint            n_failed;
} Forwarded;

static void
on_forward_failed_cb (KubePortForward *forward,
                      const GError    *error,
                      gpointer         user_data)
{
  Forwarded *forwarded = user_data;

  check_error (error);
  forwarded->n_failed++;
}

static void
set_up_forward (Forwarded *forwarded)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  forwarded->server = socket_server_new (send_stream, &forward_script);
  socket_server_set_protocol (forwarded->server, "v4.channel.k8s.io");
  socket_server_set_object (forwarded->server, POD);
  forwarded->client = socket_server_connect (forwarded->server);
  forwarded->forward = kube_port_forward_new (forwarded->client, "n", &KUBE_POD, "p", "80");
  g_signal_connect (forwarded->forward, "failed", G_CALLBACK (on_forward_failed_cb), forwarded);
  kube_port_forward_start_async (forwarded->forward, NULL, await_cb, &result);
  kube_port_forward_start_finish (forwarded->forward, await (&result), &error);
  g_assert_no_error (error);
}

static void
tear_down_forward (Forwarded *forwarded)
{
  kube_port_forward_stop (forwarded->forward);
  g_assert_finalize_object (forwarded->forward);
  g_object_unref (forwarded->client);
  socket_server_free (forwarded->server);
}

/* A program that uses the port, until it is told that there is no more.
 *
 * Returns: how much it has heard */
static gsize
use_port (Forwarded *forwarded)
{
  g_autoptr(GSocketClient) program = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GError) error = NULL;
  char          heard[4 * VERY_LONG];
  GInputStream *input;
  gsize         n_heard = 0;

  g_socket_client_connect_to_host_async (program, "127.0.0.1",
                                         kube_port_forward_get_local_port (forwarded->forward),
                                         NULL, await_cb, &connected);
  connection = g_socket_client_connect_to_host_finish (program, await (&connected), &error);
  g_assert_no_error (error);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_input_stream_read_all_async (input, heard, sizeof heard, G_PRIORITY_DEFAULT, NULL, await_cb,
                                 &read);
  g_input_stream_read_all_finish (input, await (&read), &n_heard, &error);
  g_assert_no_error (error);
  check_prefix (&forward_script, heard, n_heard);
  FAULT_WAIT (kube_port_forward_get_n_connections (forwarded->forward) == 0);

  return n_heard;
}

/* The connection ends, and the next one works. */
static void
test_forward_cut (gconstpointer data)
{
  SocketCut cut = GPOINTER_TO_INT (data);
  Forwarded forwarded = { 0 };
  gsize     head;

  set_up_forward (&forwarded);
  head = socket_server_measure_answer (forwarded.server);
  for (gsize i = 0; i < head + forward_script.stream->len; i += cut == SOCKET_CUT_RESET ? 7 : 1)
    {
      forwarded.n_failed = 0;
      socket_server_cut (forwarded.server, i, cut);
      use_port (&forwarded);
      g_assert_cmpuint (forwarded.n_failed, ==, 1);
      g_assert_true (kube_port_forward_is_running (forwarded.forward));
      if (i % 20 == 0)
        g_assert_cmpuint (use_port (&forwarded), ==, forward_script.out->len);
      g_assert_cmpuint (forwarded.n_failed, ==, 1);
    }
  g_assert_cmpuint (use_port (&forwarded), ==, forward_script.out->len);
  tear_down_forward (&forwarded);
}

static void
test_forward_answer (gconstpointer data)
{
  guint     index = GPOINTER_TO_UINT (data);
  Forwarded forwarded = { 0 };

  set_up_forward (&forwarded);
  socket_server_set_answer (forwarded.server, answers[index].answer);
  g_assert_cmpuint (use_port (&forwarded), ==, 0);
  g_assert_cmpuint (forwarded.n_failed, ==, 1);
  socket_server_set_answer (forwarded.server, NULL);
  g_assert_cmpuint (use_port (&forwarded), ==, forward_script.out->len);
  g_assert_cmpuint (forwarded.n_failed, ==, 1);
  tear_down_forward (&forwarded);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);

  build_exec (&exec_script);
  build_forward (&forward_script);
  g_test_add_func ("/fault/socket/exec/cut", test_exec_cut);
  g_test_add_func ("/fault/socket/exec/reset", test_exec_reset);
  g_test_add_func ("/fault/socket/exec/stall", test_exec_stall);
  g_test_add_data_func ("/fault/socket/forward/cut", GINT_TO_POINTER (SOCKET_CUT_END),
                        test_forward_cut);
  g_test_add_data_func ("/fault/socket/forward/reset", GINT_TO_POINTER (SOCKET_CUT_RESET),
                        test_forward_cut);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *exec = g_strconcat ("/fault/socket/exec/", answers[i].name, NULL);
      g_autofree char *forward = g_strconcat ("/fault/socket/forward/", answers[i].name, NULL);

      g_test_add_data_func (exec, GUINT_TO_POINTER (i), test_answer);
      g_test_add_data_func (forward, GUINT_TO_POINTER (i), test_forward_answer);
    }

  return g_test_run ();
}
