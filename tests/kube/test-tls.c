/* test-tls.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Not a GTest program: g_test_init() switches off GIO's cache of TLS sessions, and what must not
 * happen here happens through that cache. Prints TAP. */

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-error.h"
#include "kube-process.h"

#define SUCCESS -1

/* Files in the temporary folder, each with .crt and .key. */
static const char *const servers[] = {
  "good",
  "elsewhere",
  "expired",
  "user-as-server",
  "alone",
};

/* @cluster and @user are fields of the kubeconfig; @text is part of the answer or of the error.
 * The order matters: a wrong identity comes after the right one. */
static const struct
{
  const char *name;
  const char *server;
  const char *cluster;
  const char *user;
  int         code;
  const char *text;
} cases[] = {
  { "right CA", "good", "certificate-authority: ca.crt", "", SUCCESS, "\"peer\":\"\"" },
  { "right CA again", "good", "certificate-authority: ca.crt", "", SUCCESS, "\"peer\":\"\"" },
  { "wrong CA after the right one", "good", "certificate-authority: other-ca.crt", "",
    KUBE_ERROR_TLS, "is not signed by the certificate authority in the kubeconfig" },
  { "no CA after the right one", "good", "", "", KUBE_ERROR_TLS,
    "an authority that this computer knows" },
  { "bundle with the right CA second", "good", "certificate-authority: bundle.crt", "", SUCCESS,
    "\"peer\":\"\"" },
  { "insecure", "elsewhere", "insecure-skip-tls-verify: true", "", SUCCESS, "\"peer\":\"\"" },
  { "wrong host", "elsewhere", "certificate-authority: ca.crt", "", KUBE_ERROR_TLS,
    "made out to other.example, 10.9.8.7, not to 127.0.0.1." },
  { "tls-server-name", "elsewhere", "certificate-authority: ca.crt, tls-server-name: "
                                    "other.example",
    "", SUCCESS, "\"peer\":\"\"" },
  { "wrong tls-server-name", "good", "certificate-authority: ca.crt, tls-server-name: "
                                     "other.example",
    "", KUBE_ERROR_TLS, "not to other.example." },
  { "expired server", "expired", "certificate-authority: ca.crt", "", KUBE_ERROR_TLS,
    "expired on 20" },
  { "a user's certificate as the server's", "user-as-server", "certificate-authority: ca.crt", "",
    KUBE_ERROR_TLS, "not meant for servers" },
  { "a server that is its own authority", "alone", "certificate-authority: alone.crt", "", SUCCESS,
    "\"peer\":\"\"" },

  { "EC user", "good", "certificate-authority: ca.crt", "client-certificate: ec.crt, client-key: "
                                                        "ec.key",
    SUCCESS, "CN=ec-user" },
  { "RSA user after the EC user", "good", "certificate-authority: ca.crt", "client-certificate: "
                                                                           "rsa.crt, client-key: rsa.key",
    SUCCESS, "CN=rsa-user" },
  { "EC user again", "good", "certificate-authority: ca.crt", "client-certificate: ec.crt, "
                                                              "client-key: ec.key",
    SUCCESS, "CN=ec-user" },
  { "nobody after the users", "good", "certificate-authority: ca.crt", "", SUCCESS,
    "\"peer\":\"\"" },
  { "key of another", "good", "certificate-authority: ca.crt", "client-certificate: ec.crt, "
                                                               "client-key: rsa.key",
    KUBE_ERROR_CREDENTIALS, "does not fit its private key" },
  { "key of another of the same kind", "good", "certificate-authority: ca.crt",
    "client-certificate: ec.crt, client-key: good.key", KUBE_ERROR_CREDENTIALS,
    "does not fit its private key" },
  { "expired user", "good", "certificate-authority: ca.crt", "client-certificate: old.crt, "
                                                             "client-key: old.key",
    KUBE_ERROR_CREDENTIALS, "The client certificate of the user “u” expired "
                            "on 20" },
  { "key with a pass phrase", "good", "certificate-authority: ca.crt", "client-certificate: "
                                                                       "ec.crt, client-key: locked.key",
    KUBE_ERROR_CREDENTIALS, "protected by a pass phrase" },
  { "CA that is none", "good", "certificate-authority: ec.key", "", KUBE_ERROR_CREDENTIALS,
    "does not hold certificates in PEM form" },
  { "missing CA", "good", "certificate-authority: nowhere.crt", "", KUBE_ERROR_CREDENTIALS,
    "nowhere.crt with the certificate authority of the cluster is missing" },

  { "token", "good", "certificate-authority: ca.crt", "token: t0ken-value", SUCCESS,
    "Bearer t0ken-value" },
  { "token file before token", "good", "certificate-authority: ca.crt", "token: t0ken-value, "
                                                                        "tokenFile: token",
    SUCCESS, "Bearer from-the-file" },
  { "name and password", "good", "certificate-authority: ca.crt", "username: me, password: "
                                                                  "pa:ss",
    SUCCESS, "Basic bWU6cGE6c3M=" },
};

/* Against a server that resumes sessions, as GIO's own does not. Without kube_process_prepare()
 * all but the first are resumed: the wrong authority is trusted and the wrong user served. */
static const struct
{
  const char *name;
  const char *cluster;
  const char *user;
  int         code;
  const char *text;
} session_cases[] = {
  { "new session", "certificate-authority: ca.crt", "client-certificate: ec.crt, client-key: "
                                                    "ec.key",
    SUCCESS, "CN=ec-user" },
  { "no resumed session", "certificate-authority: ca.crt", "client-certificate: ec.crt, "
                                                           "client-key: ec.key",
    SUCCESS, "\nNew, TLS" },
  { "no session of another user", "certificate-authority: ca.crt", "client-certificate: rsa.crt, "
                                                                   "client-key: rsa.key",
    SUCCESS, "CN=rsa-user" },
  { "no session under another authority", "certificate-authority: other-ca.crt", "",
    KUBE_ERROR_TLS, "is not signed" },
};

static guint    n_checks;
static gboolean failed;

static void
check (gboolean    passed,
       const char *name,
       const char *text)
{
  g_print ("%s %u %s\n", passed ? "ok" : "not ok", ++n_checks, name);
  if (text != NULL)
    g_print ("# %s\n", text);
  failed |= !passed;
}

/* The servers' process */

static gboolean
on_message_accept_certificate_cb (SoupServerMessage   *message,
                                  GTlsCertificate     *certificate,
                                  GTlsCertificateFlags flags,
                                  gpointer             user_data)
{
  return TRUE;
}

static void
on_server_request_started_cb (SoupServer        *server,
                              SoupServerMessage *message,
                              gpointer           user_data)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_message_accept_certificate_cb),
                    NULL);
}

static void
on_request_cb (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char         *authorization = soup_message_headers_get_one (headers, "Authorization");
  GTlsCertificate    *peer = soup_server_message_get_tls_peer_certificate (message);
  g_autofree char    *subject = NULL;
  g_autofree char    *text = NULL;

  if (peer != NULL)
    g_object_get (peer, "subject-name", &subject, NULL);
  text = g_strdup_printf ("{\"peer\":\"%s\",\"authorization\":\"%s\"}",
                          subject != NULL ? subject : "",
                          authorization != NULL ? authorization : "");
  soup_server_message_set_status (message, strcmp (path, "/refused") == 0 ? 401 : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static SoupServer *
listen_with (const char *directory,
             const char *name)
{
  g_autofree char *certificate_path = g_strdup_printf ("%s/%s.crt", directory, name);
  g_autofree char *key_path = g_strdup_printf ("%s/%s.key", directory, name);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  SoupServer *server;
  GSList     *uris;

  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);
  server = soup_server_new ("tls-certificate", certificate,
                            "tls-auth-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
  g_signal_connect (server, "request-started", G_CALLBACK (on_server_request_started_cb), NULL);
  soup_server_add_handler (server, NULL, on_request_cb, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (server);
  g_print ("%d\n", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return server;
}

static void
on_stdin_closed_cb (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_main_loop_quit (user_data);
}

/* Runs until the test closes our standard input. */
static int
serve (const char *directory)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GInputStream) input = g_unix_input_stream_new (0, FALSE);
  g_autoptr(GPtrArray) running = g_ptr_array_new_with_free_func (g_object_unref);
  char byte;

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    g_ptr_array_add (running, listen_with (directory, servers[i]));
  g_input_stream_read_async (input, &byte, 1, G_PRIORITY_DEFAULT, NULL, on_stdin_closed_cb, loop);
  g_main_loop_run (loop);

  return 0;
}

/* The test's process */

/* Made by openssl, so that GnuTLS does not judge its own work. */
static const char *script =
    "set -e\n"
    "exec >/dev/null 2>&1\n"
    "ec () { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "ca () { ec $1; openssl req -x509 -new -key $1.key -subj /CN=$1 -days 10 -out $1.crt; }\n"
    "sign () { openssl req -new -key $1.key -subj \"/CN=$2\" -out $1.csr; printf '%b' \"$4\" > "
    "$1.ext; openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days $3 "
    "-extfile $1.ext -out $1.crt; }\n"
    "SERVER='extendedKeyUsage=serverAuth\\n'\n"
    "USER='extendedKeyUsage=clientAuth\\n'\n"
    "ca ca; ca other-ca; cat other-ca.crt ca.crt > bundle.crt\n"
    "ec good; sign good good 10 \"${SERVER}subjectAltName=IP:127.0.0.1,DNS:localhost\\n\"\n"
    "ec elsewhere; sign elsewhere elsewhere 10 "
    "\"${SERVER}subjectAltName=DNS:other.example,IP:10.9.8.7\\n\"\n"
    "ec expired; sign expired expired -1 \"${SERVER}subjectAltName=IP:127.0.0.1\\n\"\n"
    "ec user-as-server; sign user-as-server 127.0.0.1 10 "
    "\"${USER}subjectAltName=IP:127.0.0.1\\n\"\n"
    "ec alone; openssl req -x509 -new -key alone.key -subj /CN=alone -days 10 -addext "
    "subjectAltName=IP:127.0.0.1 -out alone.crt\n"
    "ec ec; sign ec ec-user 10 \"$USER\"\n"
    "openssl genrsa -traditional -out rsa.key 2048; sign rsa rsa-user 10 \"$USER\"\n"
    "ec old; sign old old-user -1 \"$USER\"\n"
    "openssl pkcs8 -topk8 -in ec.key -passout pass:word -out locked.key\n"
    "printf 'from-the-file\\n' > token\n";

static void
generate (const char *directory)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, directory);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", script, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static GSubprocess *
start_servers (const char *program,
               const char *directory,
               guint      *ports)
{
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                              &error, program, "serve", directory, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *line = NULL;

      line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
      ports[i] = (guint) g_ascii_strtoull (line, NULL, 10);
    }

  return process;
}

static KubeClient *
connect_with (const char *directory,
              guint       port,
              const char *cluster,
              const char *user,
              GError    **error)
{
  g_autofree char *path = g_build_filename (directory, "config", NULL);
  g_autofree char *text = NULL;

  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%u'%s%s}}]\n"
                          "users: [{name: u, user: {%s}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                          "current-context: x\n",
                          port, *cluster != '\0' ? ", " : "", cluster,
                          user);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return connect_client (path, NULL, error);
}

static void
check_result (const char *name,
              JsonNode   *node,
              GError     *error,
              int         code,
              const char *text)
{
  g_autofree char *answer = NULL;
  gboolean         expected;

  if (node == NULL)
    answer = g_strdup (error->message);
  else if (JSON_NODE_HOLDS_VALUE (node))
    answer = g_strdup (json_node_get_string (node));
  else
    answer = base_json_print (node, FALSE);

  expected = code == SUCCESS ? node != NULL : g_error_matches (error, KUBE_ERROR, code);
  check (expected && strstr (answer, text) != NULL, name,
         node != NULL && JSON_NODE_HOLDS_VALUE (node) ? NULL : answer);
}

static void
run_case (const char *directory,
          guint       index,
          guint       port)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  client = connect_with (directory, port, cases[index].cluster, cases[index].user, &error);
  if (client != NULL)
    node = call_path (client, "/version", &error);
  check_result (cases[index].name, node, error, cases[index].code, cases[index].text);
}

static void
check_token (KubeClient *client,
             const char *path,
             const char *name,
             int         code,
             const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (client, path, &error);

  check_result (name, node, error, code, text);
}

/* A token in a file is replaced while the program runs. */
static void
check_token_file (const char *directory,
                  guint       port)
{
  g_autofree char *path = g_build_filename (directory, "token", NULL);
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  client = connect_with (directory, port, "certificate-authority: ca.crt", "tokenFile: token",
                         &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "renewed", -1, NULL));
  check_token (client, "/version", "the token is kept for a while", SUCCESS, "from-the-file");
  check_token (client, "/refused", "the token is refused", KUBE_ERROR_UNAUTHORIZED, "“u”");
  check_token (client, "/version", "the token is read anew", SUCCESS, "Bearer renewed");
  g_assert_cmpint (g_unlink (path), ==, 0);
  check_token (client, "/refused", "the token is refused again", KUBE_ERROR_UNAUTHORIZED, "“u”");
  check_token (client, "/version", "the old token stays without the file", SUCCESS,
               "Bearer renewed");
}

/* Its answers are text about the connection, which pass as those of an app. */
static GSubprocess *
start_resuming_server (const char *directory,
                       guint      *port)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  GSubprocess     *process;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_cwd (launcher, directory);
  process = g_subprocess_launcher_spawn (launcher, &error, "openssl", "s_server", "-www",
                                         "-accept", "127.0.0.1:0", "-cert", "good.crt", "-key",
                                         "good.key", "-verify", "1", "-CAfile", "ca.crt", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  do
    {
      g_free (line);
      line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
    }
  while (!g_str_has_prefix (line, "ACCEPT"));
  *port = (guint) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);

  return process;
}

static void
run_session_cases (const char *directory)
{
  g_autoptr(GSubprocess) process = NULL;
  guint port;

  process = start_resuming_server (directory, &port);
  for (guint i = 0; i < G_N_ELEMENTS (session_cases); i++)
    {
      g_autoptr(KubeClient) client = NULL;
      g_autoptr(JsonNode) node = NULL;
      g_autoptr(GError) error = NULL;

      client = connect_with (directory, port, session_cases[i].cluster, session_cases[i].user,
                             &error);
      g_assert_no_error (error);
      node = call (client, kube_request_new_service_proxy ("n", "s", NULL, "/"), &error);
      check_result (session_cases[i].name, node, error, session_cases[i].code,
                    session_cases[i].text);
    }
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

typedef struct
{
  GIOStream *connection; /* (nullable) */
  GBytes    *hello;      /* (nullable) */
} Greeting;

static void
on_hello_read_cb (GObject      *source_object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Greeting *greeting = user_data;

  greeting->hello = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source_object), result,
                                                      NULL);
  g_clear_object (&greeting->connection);
}

static gboolean
on_service_incoming_cb (GSocketService    *service,
                        GSocketConnection *connection,
                        GObject           *source_object,
                        gpointer           user_data)
{
  Greeting     *greeting = user_data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));

  g_set_object (&greeting->connection, G_IO_STREAM (connection));
  g_input_stream_read_bytes_async (input, 4096, G_PRIORITY_DEFAULT, NULL, on_hello_read_cb,
                                   user_data);

  return TRUE;
}

/* What the client says before anything is encrypted. */
static void
check_server_name (const char *directory)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;
  Greeting    greeting = { NULL, NULL };
  const char *name = "other.example";
  const char *data;
  gsize       size;
  guint       port;

  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (on_service_incoming_cb), &greeting);
  client = connect_with (directory, port, "tls-server-name: other.example", "", &error);
  g_assert_no_error (error);
  g_assert_null (call_path (client, "/version", &error));
  data = g_bytes_get_data (greeting.hello, &size);
  check (memmem (data, size, name, strlen (name)) != NULL, "the handshake names tls-server-name",
         error->message);
  g_bytes_unref (greeting.hello);
  g_socket_service_stop (service);
}

static void
remove_directory (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
}

static guint
find_server (const char *name)
{
  guint i = 0;

  while (strcmp (servers[i], name) != 0)
    i++;

  return i;
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *directory = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  guint ports[G_N_ELEMENTS (servers)];

  if (argc == 3 && strcmp (argv[1], "serve") == 0)
    return serve (argv[2]);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  directory = g_dir_make_tmp ("kube-tls-XXXXXX", NULL);
  generate (directory);
  process = start_servers (argv[0], directory, ports);
  kube_process_prepare ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    run_case (directory, i, ports[find_server (cases[i].server)]);
  check_token_file (directory, ports[find_server ("good")]);
  run_session_cases (directory);
  check_server_name (directory);

  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_wait_check (process, NULL, &error);
  if (error != NULL)
    check (FALSE, "the servers end in order", error->message);
  remove_directory (directory);
  g_print ("1..%u\n", n_checks);

  return failed ? 1 : 0;
}
