/* test-cluster-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* exec and attach against a real cluster. */

#include <string.h>
#include <unistd.h>

#include "cluster-fixture.h"
#include "cluster-pods.h"
#include "await.h"
#include "exec-fixture.h"
#include "kube-error.h"
#include "kube-process.h"

#define MEBIBYTE (1024 * 1024)
#define BULK (48 * MEBIBYTE)
#define CHUNK (128 * 1024)

static const char *const box =
    "apiVersion: v1\n"
    "kind: Pod\n"
    "metadata: {name: box}\n"
    "spec:\n"
    "  terminationGracePeriodSeconds: 0\n"
    "  automountServiceAccountToken: false\n"
    "  containers:\n"
    "  - {name: main, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '100000']}\n"
    "  - name: talker\n"
    "    image: busybox\n"
    "    imagePullPolicy: IfNotPresent\n"
    "    command: [sh, -c, 'while read line; do echo \"said $line\"; done; sleep 100000']\n"
    "    stdin: true\n";

static char *namespace_;

static KubeExecOptions
get_options (const char *const *command)
{
  const KubeExecOptions options = { namespace_, "box", "main", command, FALSE, FALSE };

  return options;
}

static Ran
run (KubeClient            *client,
     const KubeExecOptions *options,
     gboolean              *ended,
     GError               **error)
{
  Ran       ran = { 0 };
  KubeExec *exec = start_exec (client, options, error);

  *ended = FALSE;
  ran.exit_status = -1;
  if (exec == NULL)
    return ran;

  ran_drain (&ran, exec);
  *ended = ran_wait (&ran, error);

  return ran;
}

static const struct
{
  const char *name;
  const char *command[4];
  int         exit_status;
  const char *out;
  const char *err;
  int         code; /* of an error, or -1 */
  const char *detail;
} commands[] = {
  { "true", { "true" }, 0, "", "", -1, NULL },
  { "false", { "false" }, 1, "", "", -1, NULL },
  { "exit 3", { "sh", "-c", "exit 3" }, 3, "", "", -1, NULL },
  { "killed", { "sh", "-c", "kill -9 $$" }, 137, "", "", -1, NULL },
  { "two streams", { "sh", "-c", "echo one; echo two >&2; exit 4" }, 4, "one\n", "two\n", -1, NULL },
  { "arguments", { "printf", "%s|", "a b&c=d +%20ü" }, 0, "a b&c=d +%20ü|", "", -1, NULL },
  { "not there", { "nosuch" }, 127, "", "", KUBE_ERROR_NOT_FOUND, "no program “nosuch”" },
  { "no shell", { "bash" }, 127, "", "", KUBE_ERROR_NOT_FOUND, "no shell “bash”" },
  { "not a program", { "/etc/passwd" }, 126, "", "", KUBE_ERROR_BAD_REQUEST, "cannot be run" },
};

static void
test_command (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(KubeClient) client = cluster_connect ("admin");
  const KubeExecOptions options = get_options (commands[index].command);
  g_autoptr(GError) error = NULL;
  gboolean ended;
  Ran      ran = run (client, &options, &ended, &error);

  if (commands[index].code < 0)
    g_assert_no_error (error);
  else
    {
      g_assert_error (error, KUBE_ERROR, commands[index].code);
      g_assert_nonnull (strstr (error->message, commands[index].detail));
    }
  g_assert_cmpint (ran.exit_status, ==, commands[index].exit_status);
  assert_read (&ran.out, commands[index].out);
  assert_read (&ran.err, commands[index].err);
  ran_clear (&ran);
}

static const struct
{
  const char *name;
  const char *user;
  const char *pod;
  const char *container;
  int         code;
  const char *detail;
} refusals[] = {
  { "no pod", "admin", "nosuch", "main", KUBE_ERROR_NOT_FOUND, "pods \"nosuch\" not found" },
  { "no container", "admin", "box", "nosuch", KUBE_ERROR_BAD_REQUEST,
    "container nosuch is not valid for pod box" },
  { "which container", "admin", "box", NULL, KUBE_ERROR_BAD_REQUEST,
    "a container name must be specified for pod box" },
  { "no right", "viewer", "box", "main", KUBE_ERROR_FORBIDDEN, "pods/exec" },
  { "no credentials", "bad-token", "box", "main", KUBE_ERROR_UNAUTHORIZED,
    "does not accept the credentials of user" },
  { "not trusted", "wrong-ca", "box", "main", KUBE_ERROR_TLS, "is not signed by" },
  { "wrong name", "wrong-host", "box", "main", KUBE_ERROR_TLS, "is made out to" },
  { "away", "down", "box", "main", KUBE_ERROR_UNREACHABLE, "connection refused" },
};

static void
test_refusal (gconstpointer data)
{
  guint                 index = GPOINTER_TO_UINT (data);
  const char *const     command[] = { "true", NULL };
  const KubeExecOptions options = { namespace_, refusals[index].pod, refusals[index].container,
                                    command, FALSE, FALSE };
  g_autoptr(KubeClient) client = cluster_connect (refusals[index].user);
  g_autoptr(GError) error = NULL;

  g_assert_null (start_exec (client, &options, &error));
  g_assert_error (error, KUBE_ERROR, refusals[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, refusals[index].detail));
}

/* Writes much, as fast as it is taken. */
typedef struct
{
  GOutputStream *stream;
  guint8        *chunk;
  gsize          left;
  GChecksum     *checksum;
  GError        *error;      /* (nullable) */
  gboolean       stays_open; /* after the last byte */
  gboolean       ended;
} Feed;

static void feed_step (Feed *feed);

static void
feed_close_cb (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Feed *feed = user_data;

  g_output_stream_close_finish (feed->stream, result, &feed->error);
  feed->ended = TRUE;
}

static void
feed_write_cb (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Feed *feed = user_data;

  if (!g_output_stream_write_all_finish (feed->stream, result, NULL, &feed->error))
    feed->ended = TRUE;
  else if (feed->left == 0 && feed->stays_open)
    feed->ended = TRUE;
  else if (feed->left == 0)
    g_output_stream_close_async (feed->stream, 0, NULL, feed_close_cb, feed);
  else
    feed_step (feed);
}

static void
feed_step (Feed *feed)
{
  gsize n_bytes = MIN (feed->left, CHUNK);

  for (gsize i = 0; i < n_bytes; i += 4)
    {
      guint32 word = (guint32) (feed->left - i) * 2654435761u;

      memcpy (feed->chunk + i, &word, sizeof word);
    }
  g_checksum_update (feed->checksum, feed->chunk, (gssize) n_bytes);
  feed->left -= n_bytes;
  g_output_stream_write_all_async (feed->stream, feed->chunk, n_bytes, 0, NULL, feed_write_cb, feed);
}

static void
feed_start (Feed          *feed,
            GOutputStream *stream,
            gsize          length)
{
  feed->stream = stream;
  feed->left = length;
  feed->chunk = g_malloc (CHUNK);
  feed->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  feed_step (feed);
}

static void
feed_clear (Feed *feed)
{
  g_checksum_free (feed->checksum);
  g_clear_error (&feed->error);
  g_free (feed->chunk);
}

static void
write_text (KubeExec   *exec,
            const char *text)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all_async (kube_exec_get_stdin (exec), text, strlen (text), 0, NULL,
                                   await_cb, &result);
  g_output_stream_write_all_finish (kube_exec_get_stdin (exec), await (&result), NULL, &error);
  g_assert_no_error (error);
}

static void
assert_bulk (Ran     *ran,
             Feed    *feed,
             gboolean ended,
             GError  *error)
{
  g_assert_no_error (error);
  g_assert_true (ended);
  g_assert_no_error (feed->error);
  g_assert_true (feed->ended);
  g_assert_cmpint (ran->exit_status, ==, 0);
  g_assert_cmpuint (ran->out.n_bytes, ==, BULK);
  g_assert_cmpstr (g_checksum_get_string (ran->out.checksum), ==,
                   g_checksum_get_string (feed->checksum));
  g_test_message ("At most %" G_GSIZE_FORMAT " KiB waited to be read.",
                  ran->out.most_queued / 1024);
  g_assert_cmpuint (ran->out.most_queued, <=, 512 * 1024);
}

/* There and back, to its end. */
static void
test_bulk (void)
{
  const char *const command[] = { "cat", NULL };
  KubeExecOptions   options = get_options (command);
  g_autoptr(KubeClient) client = cluster_connect ("admin");
  g_autoptr(GError) error = NULL;
  Ran      ran = { 0 };
  Feed     feed = { 0 };
  gboolean ended;

  options.has_stdin = TRUE;
  ran.out.checksum = g_checksum_new (G_CHECKSUM_SHA256);
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  g_assert_true (kube_exec_can_close_stdin (ran.exec));
  feed_start (&feed, kube_exec_get_stdin (ran.exec), BULK);
  ended = ran_wait (&ran, &error);
  assert_bulk (&ran, &feed, ended, error);
  feed_clear (&feed);
  ran_clear (&ran);
}

/* To a reader who takes his time everything arrives, and little of it is ever in memory here. The
 * command goes on until he has it: what a busy node has not sent when a command ends it may drop
 * without a word. */
static void
test_slow_reader (void)
{
  g_autofree char  *script = g_strdup_printf ("head -c %d; read end", BULK);
  const char *const command[] = { "sh", "-c", script, NULL };
  KubeExecOptions   options = get_options (command);
  g_autoptr(KubeClient) client = cluster_connect ("admin");
  g_autoptr(GError) error = NULL;
  Ran      ran = { 0 };
  Feed     feed = { 0 };
  gboolean ended;

  options.has_stdin = TRUE;
  ran.out.checksum = g_checksum_new (G_CHECKSUM_SHA256);
  ran.out.pause_ms = 1;
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  feed.stays_open = TRUE;
  feed_start (&feed, kube_exec_get_stdin (ran.exec), BULK);
  while (ran.out.n_bytes < BULK && !ran.out.ended)
    g_main_context_iteration (NULL, TRUE);
  write_text (ran.exec, "end\n");
  ended = ran_wait (&ran, &error);
  assert_bulk (&ran, &feed, ended, error);
  feed_clear (&feed);
  ran_clear (&ran);
}

/* Waits until the command has said @text. */
static void
await_text (Ran        *ran,
            const char *text)
{
  while (ran->out.read->len == 0 ||
         memmem (ran->out.read->data, ran->out.read->len, text, strlen (text)) == NULL)
    {
      g_assert_false (ran->out.ended);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_terminal (void)
{
  const char *const command[] = { "sh", NULL };
  KubeExecOptions   options = get_options (command);
  g_autoptr(KubeClient) client = cluster_connect ("admin");
  g_autoptr(GError) error = NULL;
  Ran ran = { 0 };

  options.has_stdin = TRUE;
  options.tty = TRUE;
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  kube_exec_resize (ran.exec, 99, 33);
  write_text (ran.exec, "until stty size | grep '^33 99'; do :; done\n");
  await_text (&ran, "\n33 99\r\n");
  kube_exec_resize (ran.exec, 120, 40);
  write_text (ran.exec, "until stty size | grep '^40 120'; do :; done\n");
  await_text (&ran, "\n40 120\r\n");
  write_text (ran.exec, "exit 5\n");
  ran_wait (&ran, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ran.exit_status, ==, 5);
  ran_clear (&ran);
}

/* The program of the container itself goes on when its watcher leaves. */
static void
test_attach (void)
{
  const KubeExecOptions options = { namespace_, "box", "talker", NULL, TRUE, FALSE };
  g_autoptr(KubeClient) client = cluster_connect ("admin");

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u\n", i);
      g_autofree char *answer = g_strdup_printf ("said number %u\n", i);
      g_autoptr(GError) error = NULL;
      Ran ran = { 0 };

      ran_drain (&ran, start_exec (client, &options, &error));
      g_assert_no_error (error);
      write_text (ran.exec, text);
      await_text (&ran, answer);
      kube_exec_close (ran.exec);
      g_assert_false (ran_wait (&ran, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      ran_clear (&ran);
    }
}

/* In the midst of a flood both ways. */
static void
test_cancel (void)
{
  const char *const command[] = { "cat", NULL };
  KubeExecOptions   options = get_options (command);
  g_autoptr(KubeClient) client = cluster_connect ("admin");
  g_autoptr(GError) error = NULL;
  Ran  ran = { 0 };
  Feed feed = { 0 };

  options.has_stdin = TRUE;
  ran.out.checksum = g_checksum_new (G_CHECKSUM_SHA256);
  ran_drain (&ran, start_exec (client, &options, &error));
  g_assert_no_error (error);
  feed_start (&feed, kube_exec_get_stdin (ran.exec), (gsize) 1024 * BULK);
  while (ran.out.n_bytes < MEBIBYTE)
    g_main_context_iteration (NULL, TRUE);
  kube_exec_close (ran.exec);
  g_assert_false (ran_wait (&ran, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (!feed.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (feed.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  feed_clear (&feed);
  ran_clear (&ran);
}

static void
make_box (void)
{
  g_autoptr(KubeClient) client = cluster_connect ("admin");

  cluster_make_pod (client, namespace_, box, "box");
}

int
main (int   argc,
      char *argv[])
{
  int result;

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (!cluster_is_there ())
    {
      g_print ("1..0 # SKIP There is no cluster: set " CLUSTER_KUBECONFIGS " and " CLUSTER_PROGRAM
               ".\n");
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/cluster-exec/command/", commands[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_command);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/cluster-exec/refused/", refusals[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refusal);
    }
  g_test_add_func ("/kube/cluster-exec/bulk", test_bulk);
  g_test_add_func ("/kube/cluster-exec/bulk-to-a-slow-reader", test_slow_reader);
  g_test_add_func ("/kube/cluster-exec/terminal", test_terminal);
  g_test_add_func ("/kube/cluster-exec/attach", test_attach);
  g_test_add_func ("/kube/cluster-exec/cancel", test_cancel);

  namespace_ = g_strdup_printf ("hackystack-client-exec-%d", (int) getpid ());
  make_box ();
  result = g_test_run ();
  cluster_remove_namespace (namespace_);
  g_free (namespace_);

  return result;
}
