/* test-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "await.h"
#include "exec-fixture.h"
#include "kube-error.h"
#include "kube-process.h"
#include "socket-server.h"

#define SUCCESS "{\"metadata\":{},\"status\":\"Success\"}"

/* Messages of a server, and what is made of them: one message a part, its first byte the channel. */
static const struct
{
  const char *name;
  const char *bytes;
  gsize       length;
  const char *out;
  const char *err;
  int         exit_status;
  const char *problem; /* (nullable) */
} cases[] = {
#define BYTES(text) text, sizeof text - 1
#define END "\x82\x24\x03{\"metadata\":{},\"status\":\"Success\"} " /* 36 and the channel */
  { "empty", BYTES (END), "", "", 0, NULL },
  { "hello", BYTES ("\x82\x01\x01\x82\x06\x01hello" END), "hello", "", 0, NULL },
  { "apart", BYTES ("\x82\x02\x01"
                    "a\x82\x02\x02"
                    "b\x82\x02\x01"
                    "c" END),
    "ac", "b", 0, NULL },
  { "in pieces", BYTES ("\x02\x01\x02\x00\x02lo\x89\x00\x80\x01l" END), "", "lol", 0, NULL },
  { "channel comes late", BYTES ("\x02\x00\x00\x00\x00\x02\x01x\x80\x01y" END), "xy", "", 0, NULL },
  { "unknown channel", BYTES ("\x82\x02\x09x\x82\x02\xffy\x82\x02\x07z\x82\x02\x01o" END), "o", "", 0, NULL },
  { "no channel", BYTES ("\x82\x00\x82\x02\x01o" END), "o", "", 0, NULL },
  { "behind the end", BYTES (END "\x82\x02\x01x"), "", "", 0, NULL },
  { "closed", BYTES ("\x82\x02\x01o\x88\x02\x03\xe8"), "o", "", -1, "without saying how" },
  { "cut", BYTES ("\x82\x02\x01o"), "o", "", -1, "cut" },
  { "cut in the status", BYTES ("\x82\x26\x03{\"metadata\":{}"), "", "", -1, "did not say how" },
  { "broken", BYTES ("\x82\x02\x01o\x83\x00"), "o", "", -1, "damaged" },
#undef END
#undef BYTES
};

static guint case_index;

static void
send_case (SocketPeer *peer,
           gpointer    user_data)
{
  socket_peer_write (peer, cases[case_index].bytes, cases[case_index].length);
  if (cases[case_index].problem == NULL)
    socket_peer_wait (peer);
}

static void
test_case (gconstpointer data)
{
  const char *const     command[] = { "tool", NULL };
  const KubeExecOptions options = { "n", "p", NULL, command, FALSE, FALSE };
  g_autoptr(SocketServer) server = socket_server_new (send_case, NULL);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GError) error = NULL;
  Ran      ran = { 0 };
  gboolean ended;

  case_index = GPOINTER_TO_UINT (data);
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  ended = ran_wait (&ran, &error);
  assert_read (&ran.out, cases[case_index].out);
  assert_read (&ran.err, cases[case_index].err);
  g_assert_cmpint (ran.exit_status, ==, cases[case_index].exit_status);
  g_assert_cmpint (ended, ==, cases[case_index].problem == NULL);
  if (ended)
    g_assert_no_error (ran.out.error);
  else
    {
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[case_index].problem));
    }
  ran_clear (&ran);
}

/* What the request says of each form. */
static const struct
{
  const char *container;
  const char *command[4];
  gboolean    has_stdin;
  gboolean    tty;
  const char *line;
} requests[] = {
  { NULL, { "true", NULL }, FALSE, FALSE, "exec?command=true&stdout=true&stderr=true" },
  { "c", { "sh", "-c", "a b&c=d", NULL }, TRUE, FALSE, "exec?command=sh&command=-c&command=a%20b%26c%3Dd&container=c&stdin=true&stdout=true&stderr="
                                                       "true" },
  { NULL, { "sh", NULL }, TRUE, TRUE, "exec?command=sh&stdin=true&stdout=true&tty=true" },
  { "c", { NULL }, TRUE, TRUE, "attach?container=c&stdin=true&stdout=true&tty=true" },
};

static void
send_success (SocketPeer *peer,
              gpointer    user_data)
{
  socket_peer_send (peer, 0x82, "\x03" SUCCESS, 1 + strlen (SUCCESS));
  socket_peer_wait (peer);
}

static void
test_request (void)
{
  g_autoptr(SocketServer) server = socket_server_new (send_success, NULL);
  g_autoptr(KubeClient) client = socket_server_connect (server);

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      const KubeExecOptions options = { "n", "p", requests[i].container,
                                        requests[i].command[0] != NULL ? requests[i].command : NULL,
                                        requests[i].has_stdin, requests[i].tty };
      g_autoptr(GError) error = NULL;
      g_autofree char *request = NULL;
      g_autofree char *line = NULL;
      Ran              ran = { 0 };

      ran_drain (&ran, start_exec (client, &options, &error));
      g_assert_no_error (error);
      g_assert_true (ran_wait (&ran, &error));
      request = socket_server_dup_request (server);
      /* Who only listens asks the container runtime itself, which loses no exit status. */
      g_assert_nonnull (strstr (request, requests[i].has_stdin
                                             ? "Protocol: v5.channel.k8s.io, v4.channel.k8s.io\r\n"
                                             : "Protocol: v4.channel.k8s.io\r\n"));
      line = g_strdup_printf ("GET /api/v1/namespaces/n/pods/p/%s HTTP/1.1\r\n",
                              requests[i].line);
      *strchr (request, '\n') = '\0';
      line[strlen (line) - 1] = '\0';
      g_assert_cmpstr (request, ==, line);
      g_assert_cmpint (kube_exec_get_stdin (ran.exec) != NULL, ==, requests[i].has_stdin);
      g_assert_cmpint (kube_exec_get_stderr (ran.exec) == NULL, ==, requests[i].tty);
      ran_clear (&ran);
    }
}

static void
send_back (SocketPeer *peer,
           gpointer    user_data)
{
  GString *said = user_data;
  GBytes  *message;
  guint8   first;

  while ((message = socket_peer_receive (peer, &first)) != NULL)
    {
      gsize         size;
      const guint8 *data = g_bytes_get_data (message, &size);

      if (first == 0x82)
        {
          g_string_append_printf (said, "%u:", data[0]);
          g_string_append_len (said, (const char *) data + 1, (gssize) size - 1);
          g_string_append_c (said, ';');
        }
      if (first == 0x82 && size >= 1 && (data[0] == 255 || strstr (said->str, "bye") != NULL))
        socket_peer_send (peer, 0x82, "\x03" SUCCESS, 1 + strlen (SUCCESS));
      g_bytes_unref (message);
    }
}

static void
write_text (GOutputStream *stream,
            const char    *text)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all_async (stream, text, strlen (text), 0, NULL, await_cb, &result);
  g_output_stream_write_all_finish (stream, await (&result), NULL, &error);
  g_assert_no_error (error);
}

static void
close_stream (GOutputStream *stream)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_output_stream_close_async (stream, 0, NULL, await_cb, &result);
  g_output_stream_close_finish (stream, await (&result), &error);
  g_assert_no_error (error);
}

/* What is said to the server. The end of the input can be said in the newer protocol only. */
static void
test_input (gconstpointer data)
{
  gboolean              is_new = GPOINTER_TO_INT (data);
  const KubeExecOptions options = { "n", "p", NULL, NULL, TRUE, TRUE };
  g_autoptr(GString) said = g_string_new (NULL);
  g_autoptr(SocketServer) server = socket_server_new (send_back, said);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GError) error = NULL;
  Ran            ran = { 0 };
  GOutputStream *stream;

  socket_server_set_protocol (server, is_new ? "v5.channel.k8s.io" : "v4.channel.k8s.io");
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  g_assert_cmpint (kube_exec_can_close_stdin (ran.exec), ==, is_new);
  stream = g_object_ref (kube_exec_get_stdin (ran.exec));
  kube_exec_resize (ran.exec, 80, 24);
  write_text (stream, "hello");
  write_text (stream, is_new ? "more" : "bye");
  close_stream (stream);
  kube_exec_resize (ran.exec, 1000000, 0);
  g_assert_true (ran_wait (&ran, &error));
  g_assert_true (g_str_has_prefix (said->str, is_new ? "4:{\"Width\":80,\"Height\":24};0:hello;"
                                                       "0:more;255:"
                                                     : "4:{\"Width\":80,\"Height\":24};0:hello;"
                                                       "0:bye;"));
  ran_clear (&ran);
  g_object_unref (stream);
}

static void
wait (SocketPeer *peer,
      gpointer    user_data)
{
  socket_peer_send (peer, 0x82, "\x01x", 2);
  if (socket_peer_wait (peer))
    g_atomic_int_set ((gint *) user_data, 1);
  g_main_context_wakeup (NULL);
}

/* Whoever gives a command up gets that as an answer everywhere, and the server is told. */
static void
test_close (void)
{
  const KubeExecOptions options = { "n", "p", NULL, NULL, TRUE, FALSE };
  gint                  told = 0;
  g_autoptr(SocketServer) server = socket_server_new (wait, &told);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GAsyncResult) written = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) write_error = NULL;
  Ran ran = { 0 };

  ran_drain (&ran, start_exec (client, &options, &error));
  while (ran.out.n_bytes == 0)
    g_main_context_iteration (NULL, TRUE);
  kube_exec_close (ran.exec);
  g_assert_false (ran_wait (&ran, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (ran.out.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_output_stream_write_async (kube_exec_get_stdin (ran.exec), "x", 1, 0, NULL, await_cb, &written);
  g_output_stream_write_finish (kube_exec_get_stdin (ran.exec), await (&written), &write_error);
  g_assert_error (write_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (g_atomic_int_get (&told) == 0)
    g_main_context_iteration (NULL, TRUE);
  ran_clear (&ran);
}

/* A read, a write and a waiting that are cancelled leave the command as it is. */
static void
test_cancel (void)
{
  const KubeExecOptions options = { "n", "p", NULL, NULL, TRUE, FALSE };
  gint                  told = 0;
  g_autoptr(SocketServer) server = socket_server_new (wait, &told);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GAsyncResult) waited = NULL;
  g_autoptr(KubeExec) exec = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) wait_error = NULL;
  char byte;
  int  exit_status;

  exec = start_exec (client, &options, &error);
  g_assert_no_error (error);
  g_input_stream_read_async (kube_exec_get_stderr (exec), &byte, 1, 0, cancellable, await_cb,
                             &read);
  kube_exec_wait_async (exec, cancellable, await_cb, &waited);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (g_input_stream_read_finish (kube_exec_get_stderr (exec), await (&read), &error),
                   ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (kube_exec_wait_finish (exec, await (&waited), &exit_status, &wait_error));
  g_assert_error (wait_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&read);
  g_clear_error (&error);
  g_input_stream_read_async (kube_exec_get_stdout (exec), &byte, 1, 0, NULL, await_cb, &read);
  g_assert_cmpint (g_input_stream_read_finish (kube_exec_get_stdout (exec), await (&read), &error),
                   ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (byte, ==, 'x');
}

/* A stream outlives its command, and ends with it. */
static void
test_drop (void)
{
  const KubeExecOptions options = { "n", "p", NULL, NULL, TRUE, FALSE };
  gint                  told = 0;
  g_autoptr(SocketServer) server = socket_server_new (wait, &told);
  g_autoptr(KubeClient) client = socket_server_connect (server);
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  KubeExec *exec;
  char      byte;

  exec = start_exec (client, &options, &error);
  g_assert_no_error (error);
  stream = g_object_ref (kube_exec_get_stderr (exec));
  g_input_stream_read_async (stream, &byte, 1, 0, NULL, await_cb, &read);
  g_assert_finalize_object (exec);
  g_assert_cmpint (g_input_stream_read_finish (stream, await (&read), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (g_atomic_int_get (&told) == 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/exec/channels/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/kube/exec/request", test_request);
  g_test_add_data_func ("/kube/exec/input-v5", GINT_TO_POINTER (TRUE), test_input);
  g_test_add_data_func ("/kube/exec/input-v4", GINT_TO_POINTER (FALSE), test_input);
  g_test_add_func ("/kube/exec/close", test_close);
  g_test_add_func ("/kube/exec/cancel", test_cancel);
  g_test_add_func ("/kube/exec/drop", test_drop);

  return g_test_run ();
}
