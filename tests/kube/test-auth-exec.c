/* test-auth-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base-json.h"
#include "base-redact.h"
#include "client-fixture.h"
#include "kube-auth-exec-private.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-login-path.h"
#include "kube-process.h"
#include "secure-server.h"
#include "socket-fixture.h"

#define GROUP "client.authentication.k8s.io/"
#define EXEC(fields) "exec: {command: ./plugin, apiVersion: " GROUP "v1, interactiveMode: Never" fields "}"
/* Of a program in the shell: prints an answer with the fields of the status. */
#define ANSWER(status) "printf '%s' '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\"," \
                       "\"status\":{" status "}}'\n"
/* Notes each call, and has its number in $n. */
#define COUNT "cd \"$(dirname \"$0\")\" || exit\necho call >>calls\nn=$(wc -l <calls)\n"
#define NUMBERED "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\",\"status\":" \
                 "{\"token\":\"t0ken-%d\"}}' $n\n"

static SecureServer *server;

/* Answers and failures of programs that are called once; @error is part of the message. */
static const struct
{
  const char *name;
  const char *user; /* (nullable) EXEC ("") if unset */
  const char *body;
  const char *identity; /* (nullable) what the server sees */
  const char *error;    /* (nullable) */
} cases[] = {
  { "token", NULL, ANSWER ("\"token\":\"t0ken-a\""), "Bearer t0ken-a -", NULL },
  { "token-with-expiry", NULL, ANSWER ("\"token\":\"t0ken-b\",\"expirationTimestamp\":"
                                       "\"2999-01-01T00:00:00Z\""),
    "Bearer t0ken-b -", NULL },
  { "expired-at-once", NULL, ANSWER ("\"token\":\"t0ken-c\",\"expirationTimestamp\":"
                                     "\"2020-01-01T00:00:00Z\""),
    "Bearer t0ken-c -", NULL },
  { "beta", "exec: {command: ./plugin, apiVersion: " GROUP "v1beta1}", "echo '{\"kind\":"
                                                                       "\"ExecCredential\",\"apiVersion\":\"" GROUP "v1beta1\",\"status\":{\"token\":\"beta-token\"}}'"
                                                                       "\n",
    "Bearer beta-token -", NULL },
  { "arguments-and-environment", EXEC (", args: [one, 'two three', '$(id)'], env: [{name: EXTRA, "
                                       "value: extra}, {name: HOME, value: other}]"),
    "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\",\"status\":{\"token\":"
    "\"%s\"}}' \"$#-$(echo \"$2\" | tr ' ' _)-${#3}-$EXTRA-$HOME-$ANCESTOR\"\n",
    "Bearer 3-two_three-5-extra-other-inherited -", NULL },

  /* Neither input nor a terminal to ask on: it is the first of a session of its own. */
  { "no-terminal", NULL, "[ -t 0 ] && exit 7\n[ -z \"$(cat)\" ] || exit 8\n"
                         "[ \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ ] || exit 9\n" ANSWER ("\"token\":\"t0ken-e\""),
    "Bearer t0ken-e -", NULL },
  { "noise-before-answer", NULL, "echo Welcome\n" ANSWER ("\"token\":\"s3cr3t\""), NULL,
    "it is not JSON." },
  { "cut-short", NULL, "printf '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"s3cr3t'\n", NULL,
    "it is not JSON." },
  { "not-text", NULL, "printf '\\377\\376s3cr3t'\n", NULL, "it is not JSON." },

  { "exit-code", NULL, "printf 'one\\ntwo\\n\\nthree\\nfour\\n\\n' >&2; exit 3\n", NULL,
    "signs in, failed with the exit code 3. Its last words: “two three four”. Sign in with it" },
  { "exit-code-and-silence", NULL, "exit 1\n", NULL, "failed with the exit code 1. Sign in with" },
  { "exit-code-and-answer", NULL, ANSWER ("\"token\":\"t0ken-d\"") "exit 4\n", NULL,
    "the exit code 4" },
  { "secret-in-messages", EXEC (", env: [{name: API_SECRET, value: wh1sper-value}]"),
    "echo \"denied: $API_SECRET\" >&2; exit 1\n", NULL, "“denied: •••”" },
  { "one-word", NULL, "printf denied >&2; exit 1\n", NULL, "words: “denied”." },
  { "two-lines", NULL, "printf '\\n\\na\\nb\\n' >&2; exit 1\n", NULL, "words: “a b”." },
  { "many-messages", NULL, "i=0; while [ $i -lt 5000 ]; do echo chatter; i=$((i+1)); done >&2; "
                           "echo last >&2; exit 1\n",
    NULL, "words: “chatter chatter last”." },
  { "long-line-before-last", NULL, "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2; "
                                   "echo last >&2; exit 1\n",
    NULL, "words: “last”." },
  { "signal", NULL, "kill -9 $$\n", NULL, "was ended by a signal" },
  { "empty", NULL, "exit 0\n", NULL, "it is empty." },
  { "garbage", NULL, "echo s3cr3t-garbage\n", NULL, "it is not JSON." },
  { "list", NULL, "echo '[1]'\n", NULL, "it is not an ExecCredential" },
  { "kind", NULL, "echo '{\"kind\":\"Secret\",\"apiVersion\":\"" GROUP "v1\",\"status\":{\"token\":"
                  "\"t\"}}'\n",
    NULL, "its kind is “Secret”." },
  { "version", NULL, "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1beta1\","
                     "\"status\":{\"token\":\"t\"}}'\n",
    NULL, "it speaks “" GROUP "v1beta1”, and the kubeconfig "
          "demands “" GROUP "v1”." },
  { "no-status", NULL, "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\"}'\n",
    NULL, "it has no “status”." },
  { "no-credential", NULL, ANSWER ("\"token\":\"\""), NULL,
    "it has neither a token nor a client certificate." },
  { "certificate-without-key", NULL, ANSWER ("\"clientCertificateData\":\"s3cr3t\""), NULL,
    "a client certificate without its private key." },
  { "key-without-certificate", NULL, ANSWER ("\"token\":\"t\",\"clientKeyData\":\"s3cr3t\""), NULL,
    "a private key without its client certificate." },
  { "no-pair", NULL, ANSWER ("\"clientCertificateData\":\"s3cr3t\",\"clientKeyData\":\"s3cr3t\""),
    NULL, "are not a pair in PEM form" },
  { "token-as-number", NULL, ANSWER ("\"token\":12345678"), NULL,
    "its field “token” is not a text." },
  { "token-with-line-break", NULL, "cat <<'X'\n{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\",\"status\":{\"token\":\"s3cr3t\\nHeader: 1\"}}\nX\n", NULL, "such as line breaks" },
  { "expiry", NULL, ANSWER ("\"token\":\"t\",\"expirationTimestamp\":\"tomorrow\""), NULL,
    "is not a time: “tomorrow”." },
  { "too-much", NULL, "exec head -c 1100000 /dev/zero\n", NULL, "printed more than 1 MiB" },
  { "missing", "exec: {command: ./nowhere, apiVersion: " GROUP "v1, interactiveMode: Never, "
               "installHint: 'Fetch it at https://example.org.'}",
    "", NULL, "The program “./nowhere”, by "
              "which the user “u” signs in, was not found on this computer. Install it, or choose another "
              "context. The kubeconfig says about it: Fetch it at https://example.org." },
  { "missing-name", "exec: {command: no-such-program-here, apiVersion: " GROUP "v1, "
                    "interactiveMode: Never}",
    "", NULL, "was not found on this computer. Install it, or choose "
              "another context." },
  { "not-a-program", "exec: {command: ./ca.crt, apiVersion: " GROUP "v1, interactiveMode: Never}",
    "", NULL, "cannot be started" },
};

static void
write_plugin (const char *name,
              const char *body)
{
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", body, NULL);

  secure_server_write (server, name, 0700, text);
}

static guint
count_lines (const char *name)
{
  g_autofree char *path = secure_server_get_path (server, name);
  g_autofree char *text = NULL;
  guint            n_lines = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  for (const char *p = text; *p != '\0'; p++)
    n_lines += *p == '\n' ? 1 : 0;

  return n_lines;
}

/* A client of a user with a program of its own, and a server with nothing on its mind. */
static KubeClient *
begin (const char *user,
       const char *body)
{
  g_autofree char *calls = secure_server_get_path (server, "calls");
  g_autoptr(GError) error = NULL;
  KubeClient *client;

  g_remove (calls);
  write_plugin ("plugin", body);
  server->refused = NULL;
  server->n_requests = 0;
  g_clear_pointer (&server->identity, g_free);
  client = secure_server_connect (server, "", user, &error);
  g_assert_no_error (error);

  return client;
}

static void
assert_answered (KubeClient *client,
                 const char *identity)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (client, "/version", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (node, "identity", NULL), ==, identity);
}

static void
test_case (gconstpointer data)
{
  guint       index = GPOINTER_TO_UINT (data);
  const char *user = cases[index].user;
  g_autoptr(KubeClient) client = begin (user != NULL ? user : EXEC (""), cases[index].body);
  g_autoptr(GError) error = NULL;

  if (cases[index].identity != NULL)
    {
      assert_answered (client, cases[index].identity);
      return;
    }

  g_assert_null (call_path (client, "/version", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, cases[index].error));
  g_assert_null (strstr (error->message, "s3cr3t"));
  g_assert_cmpuint (server->n_requests, ==, 0);
}

static void
test_not_run (void)
{
  const char *users[] = {
    "token: t0ken-own, " EXEC (""),
    "username: a, password: b, " EXEC (""),
    "client-certificate: one.crt, client-key: one.key, " EXEC (""),
  };
  const char *identities[] = { "Bearer t0ken-own -", "Basic YTpi -", "- CN=one" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr(KubeClient) client = begin (users[i], COUNT NUMBERED);

      assert_answered (client, identities[i]);
      g_assert_cmpuint (count_lines ("calls"), ==, 0);
    }
}

static void
test_kept (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);
  g_autofree char *redacted = NULL;

  assert_answered (client, "Bearer t0ken-1 -");
  assert_answered (client, "Bearer t0ken-1 -");
  g_assert_cmpuint (count_lines ("calls"), ==, 1);
  redacted = base_redact_text ("it is t0ken-1");
  g_assert_null (strstr (redacted, "t0ken-1"));
}

/* An answer that ends in less than 10 seconds is used, but not again. */
static void
test_expiry (void)
{
  const struct
  {
    int         seconds;
    const char *second;
    guint       n_calls;
  } spans[] = {
    { 5, "Bearer t0ken-2 -", 2 },
    { 600, "Bearer t0ken-1 -", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
      g_autoptr(GDateTime) end = g_date_time_add_seconds (now, spans[i].seconds);
      g_autofree char *date = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");
      g_autofree char *body = NULL;
      g_autoptr(KubeClient) client = NULL;

      body = g_strdup_printf (COUNT "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP
                                    "v1\",\"status\":{\"expirationTimestamp\":\"%s\",\"token\":\"t0ken-'"
                                    "$n'\"}}'\n",
                              date);
      client = begin (EXEC (""), body);
      assert_answered (client, "Bearer t0ken-1 -");
      assert_answered (client, spans[i].second);
      g_assert_cmpuint (count_lines ("calls"), ==, spans[i].n_calls);
    }
}

static void
test_one_at_a_time (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT "sleep 0.2\n" NUMBERED);
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(KubeClient) other = NULL;
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/version");
  GAsyncResult *results[4] = {
    NULL,
  };
  g_autoptr(GError) error = NULL;

  kube_client_connect_async (kube_client_get_context (client), NULL, await_cb, &connected);
  other = kube_client_connect_finish (await (&connected), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    kube_client_call_async (i % 2 == 0 ? client : other, request, NULL, await_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) result = await (&results[i]);
      g_autoptr(JsonNode) node = NULL;

      node = kube_client_call_finish (i % 2 == 0 ? client : other, result, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (base_json_get_string (node, "identity", NULL), ==, "Bearer t0ken-1 -");
    }
  g_assert_cmpuint (count_lines ("calls"), ==, 1);
}

static void
test_refused_once (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);

  server->refused = "t0ken-1";
  assert_answered (client, "Bearer t0ken-2 -");
  g_assert_cmpuint (count_lines ("calls"), ==, 2);
  g_assert_cmpuint (server->n_requests, ==, 2);
}

static void
test_refused_always (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);
  g_autoptr(GError) error = NULL;

  server->refused = "t0ken";
  g_assert_null (call_path (client, "/version", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_lines ("calls"), ==, 2);
  g_assert_cmpuint (server->n_requests, ==, 2);
}

/* The same for a WebSocket. */
static void
test_socket_refused_once (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);
  g_autoptr(KubeSocket) socket = NULL;
  g_autoptr(GError) error = NULL;

  server->refused = "t0ken-1";
  socket = connect_socket (client, "/socket", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_socket_get_protocol (socket), ==, "v4.channel.k8s.io");
  g_assert_cmpstr (server->identity, ==, "Bearer t0ken-2 -");
  g_assert_cmpuint (count_lines ("calls"), ==, 2);
  g_assert_cmpuint (server->n_requests, ==, 2);
}

static void
test_socket_refused_always (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);
  g_autoptr(GError) error = NULL;

  server->refused = "t0ken";
  g_assert_null (connect_socket (client, "/socket", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_nonnull (strstr (error->message, "does not accept the credentials of user “u”"));
  g_assert_cmpuint (count_lines ("calls"), ==, 2);
  g_assert_cmpuint (server->n_requests, ==, 2);
}

/* An app that the API server passes the request on to wants credentials of its own. */
static void
test_refused_by_app (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT NUMBERED);
  g_autoptr(GError) error = NULL;

  server->refused = "t0ken";
  g_assert_null (call (client, kube_request_new_service_proxy ("n", "s", NULL, "/"), &error));
  g_assert_nonnull (error);
  server->refused = NULL;
  assert_answered (client, "Bearer t0ken-1 -");
  g_assert_cmpuint (count_lines ("calls"), ==, 1);
  g_assert_cmpuint (server->n_requests, ==, 2);
}

static void
write_pair_answer (const char *name)
{
  g_autofree char *certificate_name = g_strconcat (name, ".crt", NULL);
  g_autofree char *key_name = g_strconcat (name, ".key", NULL);
  g_autofree char *answer_name = g_strconcat (name, ".json", NULL);
  g_autofree char *certificate_path = secure_server_get_path (server, certificate_name);
  g_autofree char *key_path = secure_server_get_path (server, key_name);
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonObject *status;

  g_assert_true (g_file_get_contents (certificate_path, &certificate, NULL, NULL));
  g_assert_true (g_file_get_contents (key_path, &key, NULL, NULL));
  root = base_json_parse ("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\",\"status\":"
                          "{}}",
                          -1, NULL);
  status = base_json_get_object (root, "status", NULL);
  json_object_set_string_member (status, "clientCertificateData", certificate);
  json_object_set_string_member (status, "clientKeyData", key);
  text = base_json_print (root, FALSE);
  secure_server_write (server, answer_name, 0600, text);
}

/* The second certificate is used at once, and what began with the first one goes on. */
static void
test_certificate (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/stream");
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GError) error = NULL;
  char text[64] = "";

  write_pair_answer ("one");
  write_pair_answer ("two");
  client = begin (EXEC (""), COUNT "if [ $n = 1 ]; then cat one.json; else cat two.json; fi\n");
  assert_answered (client, "- CN=one");
  kube_client_stream_async (client, request, NULL, await_cb, &opened);
  stream = kube_client_stream_finish (client, await (&opened), &error);
  g_assert_no_error (error);

  server->refused = "CN=one";
  assert_answered (client, "- CN=two");
  g_assert_cmpuint (count_lines ("calls"), ==, 2);

  secure_server_end_stream (server, "second");
  g_input_stream_read_all_async (stream, text, sizeof text - 1, G_PRIORITY_DEFAULT, NULL, await_cb,
                                 &read);
  g_input_stream_read_all_finish (stream, await (&read), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_strchomp (text), ==, "first second");
}

static void
test_cluster_info (void)
{
  const char *settings = "extensions: [{name: " GROUP "exec, extension: {audience: me}}], "
                         "tls-server-name: 127.0.0.1, disable-compression: true";
  g_autoptr(KubeClient) first = begin (EXEC (""), "echo \"$KUBERNETES_EXEC_INFO\" >\"$0\".info\n" ANSWER ("\"token\":\"t0ken-a\""));
  g_autoptr(KubeClient) second = NULL;
  g_autofree char *info_path = secure_server_get_path (server, "plugin.info");
  g_autofree char *authority_path = secure_server_get_path (server, "ca.crt");
  g_autofree char *authority = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *info = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  assert_answered (first, "Bearer t0ken-a -");
  g_assert_true (g_file_get_contents (info_path, &info, NULL, NULL));
  g_assert_cmpstr (g_strchomp (info), ==, "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\",\"spec\":{\"interactive\":false}}");

  second = secure_server_connect (server, settings, EXEC (", provideClusterInfo: true"), &error);
  g_assert_no_error (error);
  assert_answered (second, "Bearer t0ken-a -");
  g_clear_pointer (&info, g_free);
  g_assert_true (g_file_get_contents (info_path, &info, NULL, NULL));
  g_assert_true (g_file_get_contents (authority_path, &authority, &length, NULL));
  encoded = g_base64_encode ((const guchar *) authority, length);
  expected = g_strdup_printf ("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP "v1\","
                              "\"spec\":{\"cluster\":{\"server\":\"https://127.0.0.1:%u\","
                              "\"tls-server-name\":\"127.0.0.1\",\"certificate-authority-data\":"
                              "\"%s\",\"disable-compression\":true,\"config\":{\"audience\":\"me\"}"
                              "},\"interactive\":false}}",
                              server->port, encoded);
  g_assert_cmpstr (g_strchomp (info), ==, expected);
}

static void
test_timeout (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), "exec sleep 600\n");
  g_autoptr(GError) error = NULL;

  _kube_auth_exec_set_seconds (kube_client_get_context (client)->auth_exec, 1);
  g_assert_null (call_path (client, "/version", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "did not finish within 1 seconds and was ended"));
}

/* The program is ended, and the next request starts it anew. */
static void
test_cancelled (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT "if [ $n = 1 ]; then echo $$ >number; "
                                                          "exec sleep 600; fi\n" NUMBERED);
  g_autofree char *path = secure_server_get_path (server, "number");
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/version");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *number = NULL;

  kube_client_call_async (client, request, cancellable, await_cb, &result);
  while (count_lines ("number") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  g_assert_null (kube_client_call_finish (client, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  assert_answered (client, "Bearer t0ken-2 -");
  g_assert_true (g_file_get_contents (path, &number, NULL, NULL));
  while (kill ((pid_t) g_ascii_strtoll (number, NULL, 10), 0) == 0)
    g_main_context_iteration (NULL, FALSE);
}

/* As one that opens a browser to sign in with, which has the program's outputs and stays. */
static void
test_left_running (void)
{
  g_autoptr(KubeClient) client = begin (EXEC (""), COUNT "sleep 600 & echo $! >left\n" NUMBERED);
  g_autofree char *path = secure_server_get_path (server, "left");
  g_autofree char *number = NULL;

  assert_answered (client, "Bearer t0ken-1 -");
  g_assert_true (g_file_get_contents (path, &number, NULL, NULL));
  g_assert_cmpint (kill ((pid_t) g_ascii_strtoll (number, NULL, 10), SIGKILL), ==, 0);
}

/* A program that only the user's profile knows, which greets and is read once. */
static void
test_login_shell (void)
{
  const char *user = "exec: {command: hackystack-test-plugin, apiVersion: " GROUP "v1, "
                     "interactiveMode: Never}";
  g_autoptr(KubeClient) first = NULL;
  g_autoptr(KubeClient) second = NULL;

  write_plugin ("hackystack-test-plugin", ANSWER ("\"token\":\"login-token\""));
  first = begin (user, "");
  assert_answered (first, "Bearer login-token -");
  second = begin (user, "");
  assert_answered (second, "Bearer login-token -");
  g_assert_cmpuint (count_lines ("asked"), ==, 1);
}

/* Knows the server's folder in a shell with such options only, and ends in any other. */
static void
write_profile (const char *options)
{
  g_autofree char *profile = NULL;

  profile = g_strdup_printf ("echo asked >>'%s/asked'\necho Welcome\ncase $- in %s) ;; *) exit 1;; "
                             "esac\nPATH=\"$PATH:%s\"\nexport PATH\n",
                             server->directory, options, server->directory);
  secure_server_write (server, ".profile", 0600, profile);
}

/* Another reading of the same kubeconfig has the answer of the first, and one of another does not. */
static void
test_shared (void)
{
  g_autoptr(KubeClient) first = begin (EXEC (""), COUNT NUMBERED);
  g_autoptr(KubeClient) second = NULL;
  g_autoptr(KubeClient) third = NULL;
  g_autoptr(GError) error = NULL;

  assert_answered (first, "Bearer t0ken-1 -");
  second = secure_server_connect (server, "", EXEC (""), &error);
  g_assert_no_error (error);
  assert_answered (second, "Bearer t0ken-1 -");
  third = secure_server_connect (server, "tls-server-name: 127.0.0.1", EXEC (""), &error);
  g_assert_no_error (error);
  assert_answered (third, "Bearer t0ken-2 -");
  g_assert_cmpuint (count_lines ("calls"), ==, 2);
}

/* Started from the desktop's menu, a program that is there is given the PATH of the terminals, too:
 * it may call others. The shell's own answer is kept from before. */
static void
test_login_path (void)
{
  const struct
  {
    const char *own;
    const char *login;
    const char *expected;
  } cases_of_path[] = {
    { "/a:/b", "/b:/c:/a:/d", "/a:/b:/c:/d" },
    { "/a", "/a", "/a" },
    { NULL, "/a:/b", "/a:/b" },
    { "/a", "::/b:", "/a:/b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases_of_path); i++)
    {
      g_autofree char *path = kube_login_path_extend (cases_of_path[i].own, cases_of_path[i].login);

      g_assert_cmpstr (path, ==, cases_of_path[i].expected);
    }
}

/* A session of its own has no terminal, as a program from the menu has none. */
static void
test_from_menu (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr(KubeClient) client = NULL;

      setsid ();
      g_setenv ("DISPLAY", ":99", TRUE);
      /* One that does not bear to be interactive is asked once more. */
      write_profile ("''|[!i]*");
      write_plugin ("hackystack-test-called", "echo called-token\n");
      client = begin (EXEC (""), "token=$(hackystack-test-called) || exit\n"
                                 "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" GROUP
                                 "v1\",\"status\":{\"token\":\"'\"$token\"'\"}}'\n");
      assert_answered (client, "Bearer called-token -");
      g_assert_cmpuint (count_lines ("asked"), ==, 2);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
set_up_home (void)
{
  /* As installers write to .bashrc and .zshrc. */
  write_profile ("*i*");
  g_setenv ("HOME", server->directory, TRUE);
  g_setenv ("SHELL", "/bin/sh", TRUE);
  g_setenv ("ANCESTOR", "inherited", TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  int              result;

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  server = secure_server_new ();
  set_up_home ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/auth-exec/case/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/kube/auth-exec/login-shell", test_login_shell);
  g_test_add_func ("/kube/auth-exec/login-path", test_login_path);
  g_test_add_func ("/kube/auth-exec/from-menu", test_from_menu);
  g_test_add_func ("/kube/auth-exec/shared", test_shared);
  g_test_add_func ("/kube/auth-exec/not-run", test_not_run);
  g_test_add_func ("/kube/auth-exec/kept", test_kept);
  g_test_add_func ("/kube/auth-exec/expiry", test_expiry);
  g_test_add_func ("/kube/auth-exec/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/kube/auth-exec/refused-once", test_refused_once);
  g_test_add_func ("/kube/auth-exec/refused-always", test_refused_always);
  g_test_add_func ("/kube/auth-exec/refused-by-app", test_refused_by_app);
  g_test_add_func ("/kube/auth-exec/socket-refused-once", test_socket_refused_once);
  g_test_add_func ("/kube/auth-exec/socket-refused-always", test_socket_refused_always);
  g_test_add_func ("/kube/auth-exec/certificate", test_certificate);
  g_test_add_func ("/kube/auth-exec/cluster-info", test_cluster_info);
  g_test_add_func ("/kube/auth-exec/timeout", test_timeout);
  g_test_add_func ("/kube/auth-exec/cancelled", test_cancelled);
  g_test_add_func ("/kube/auth-exec/left-running", test_left_running);
  result = g_test_run ();
  secure_server_free (server);

  return result;
}
