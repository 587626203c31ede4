/* test-fault-tls.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Servers that prove nothing, prove it in an odd way, or do not get that far: what is told says
 * what is wrong and what to do. The servers are openssl's, since GIO's do not make mistakes. */

#include <string.h>
#include <sys/socket.h>

#include "base-json.h"
#include "client-fixture.h"
#include "fault-fixture.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "kube-process.h"

#define SUCCESS -1
#define STRICT "-Verify", "2", "-verify_return_error", "-CAfile", "ca.crt"
#define USER(name) "client-certificate: " name ".crt, client-key: " name ".key"
#define TRUSTED "certificate-authority: ca.crt"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"gitVersion\":\"v1.36.3\"}"

static const char *script =
    "CA='basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n'\n"
    "ca other; ca stranger\n"
    "sign elsewhere ca 10 'extendedKeyUsage=serverAuth\\nsubjectAltName=DNS:other.example\\n'\n"
    "sign expired ca -1 \"$HERE\"\n"
    "sign foreign other 10 \"$HERE\"\n"
    "sign nameless ca 10 'extendedKeyUsage=serverAuth\\n'\n"
    "sign user ca 10 'extendedKeyUsage=clientAuth\\n'\n"
    "sign outsider other 10 'extendedKeyUsage=clientAuth\\n'\n"
    "sign middle ca 10 \"$CA\"; sign leaf middle 10 \"$HERE\"\n"
    "cat ca.crt middle.crt > swapped.crt; cat middle.crt ca.crt > ordered.crt\n"
    "cat stranger.crt other.crt middle.crt > crowd.crt\n"
    "sign dead ca -1 \"$CA\"; sign orphan dead 10 \"$HERE\"\n"
    "openssl genrsa -out weak.key 1024; "
    "sign weak ca 10 \"$HERE\"\n"
    "openssl genrsa -out rsa.key 2048; openssl req -new -key rsa.key -subj /CN=rsa -out rsa.csr; "
    "printf '%b' \"$HERE\" > rsa.ext\n"
    "openssl req -x509 -new -newkey rsa:2048 -nodes -keyout oldca.key -subj /CN=oldca -days 10 "
    "-out oldca.crt\n"
    "openssl x509 -req -sha1 -in rsa.csr -CA oldca.crt -CAkey oldca.key -CAcreateserial -days 10 "
    "-extfile rsa.ext -out rsa.crt\n"
    "ec own; openssl req -x509 -new -key own.key -subj /CN=own -days 10 -addext "
    "subjectAltName=DNS:api.example -out own.crt\n"
    "ec early; openssl req -new -key early.key -subj /CN=early -out early.csr; printf '%b' "
    "\"$HERE\" > early.ext; : > index; echo 01 > serial\n"
    "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\n"
    "default_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' > ca.cnf\n"
    "openssl ca -batch -config ca.cnf -cert ca.crt -keyfile ca.key -in early.csr -extfile "
    "early.ext -startdate 20990101000000Z -enddate 20991231000000Z -notext -out early.crt\n";

/* @server and @options are of `openssl s_server`; @cluster and @user of the kubeconfig. */
static const struct
{
  const char *name;
  const char *server;
  const char *options[10];
  const char *cluster;
  const char *user;
  int         code;
  const char *text;
} cases[] = {
  { "good", "server", { NULL }, TRUSTED, "", SUCCESS, "v1.36.3" },
  { "expired", "expired", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "renew it (for Minikube: minikube start), or set this computer's clock" },
  { "not-yet-valid", "early", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "is not valid before 2099-01-01 00:00 UTC. Set this computer's clock" },
  { "wrong-name", "elsewhere", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "made out to other.example, not to 127.0.0.1. Correct the server address" },
  { "wrong-name/tls-server-name", "elsewhere", { NULL }, TRUSTED ", tls-server-name: other.example", "", SUCCESS, "v1.36.3" },
  { "nameless", "nameless", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "made out to nobody, not to 127.0.0.1" },
  { "unknown-authority", "foreign", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "not signed by the certificate authority in the kubeconfig" },
  { "unknown-authority/insecure", "foreign", { NULL }, "insecure-skip-tls-verify: true", "", SUCCESS, "v1.36.3" },
  { "self-signed", "own", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "not signed by the certificate authority in the kubeconfig" },
  { "self-signed/trusted", "own", { NULL }, "certificate-authority: own.crt, tls-server-name: api.example", "", SUCCESS, "v1.36.3" },
  { "self-signed/trusted, wrong name", "own", { NULL }, "certificate-authority: own.crt", "", KUBE_ERROR_TLS, "made out to api.example" },

  { "chain/in order", "leaf", { "-cert_chain", "ordered.crt" }, TRUSTED, "", SUCCESS, "v1.36.3" },
  { "chain/swapped", "leaf", { "-cert_chain", "swapped.crt" }, TRUSTED, "", SUCCESS, "v1.36.3" },
  { "chain/among others", "leaf", { "-cert_chain", "crowd.crt" }, TRUSTED, "", SUCCESS, "v1.36.3" },
  { "chain/missing", "leaf", { NULL }, TRUSTED, "", KUBE_ERROR_TLS, "not signed by the certificate authority in the kubeconfig" },
  { "chain/missing, but trusted itself", "leaf", { NULL }, "certificate-authority: middle.crt", "", SUCCESS, "v1.36.3" },
  { "chain/expired in the middle", "orphan", { "-cert_chain", "dead.crt" }, TRUSTED, "", KUBE_ERROR_TLS, "The authority behind the certificate of the server" },
  { "chain/expired authority", "orphan", { NULL }, "certificate-authority: dead.crt", "", KUBE_ERROR_TLS, "The authority behind the certificate of the server" },

  { "client/demanded, none", "server", { STRICT }, TRUSTED, "", KUBE_ERROR_TLS, "client certificate" },
  { "client/demanded, good", "server", { STRICT }, TRUSTED, USER ("user"), SUCCESS, "v1.36.3" },
  { "client/demanded, of another authority", "server", { STRICT }, TRUSTED, USER ("outsider"), KUBE_ERROR_TLS, "client certificate" },
  { "client/demanded, none, TLS 1.2", "server", { "-tls1_2", STRICT }, TRUSTED, "", KUBE_ERROR_TLS, "client certificate" },
  { "client/demanded, of another authority, TLS 1.2", "server", { "-tls1_2", STRICT }, TRUSTED, USER ("outsider"), KUBE_ERROR_TLS, "client certificate" },

  { "weak/key", "weak", { "-cipher", "DEFAULT@SECLEVEL=0" }, TRUSTED, "", SUCCESS, "v1.36.3" },
  { "weak/sum", "rsa", { "-cipher", "DEFAULT@SECLEVEL=0" }, "certificate-authority: oldca.crt", "", KUBE_ERROR_TLS, "weak" },
  { "weak/protocol", "server", { "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0" }, TRUSTED, "", KUBE_ERROR_TLS, "" },
};

static FaultCertificates *certificates;

typedef struct
{
  GSubprocess *process;
  guint        port;
} Server;

/* Serves the file "version" of the folder as the answer to GET /version. */
static Server
start_server (const char        *name,
              const char *const *options)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *directory = fault_certificates_get_path (certificates, "");
  g_autofree char *certificate = g_strconcat (name, ".crt", NULL);
  g_autofree char *key = g_strconcat (name, ".key", NULL);
  g_autofree char *line = NULL;
  const char      *fixed[] = { "openssl", "s_server", "-HTTP", "-accept", "127.0.0.1:0", "-cert",
                               certificate, "-key", key };
  Server           server;

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (argv, (gpointer) fixed[i]);
  for (guint i = 0; options[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) options[i]);
  g_ptr_array_add (argv, NULL);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_cwd (launcher, directory);
  server.process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata,
                                                 &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server.process));
  do
    {
      g_free (line);
      line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
    }
  while (!g_str_has_prefix (line, "ACCEPT"));
  server.port = (guint) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);

  return server;
}

static void
stop_server (Server *server)
{
  g_subprocess_force_exit (server->process);
  g_subprocess_wait (server->process, NULL, NULL);
  g_clear_object (&server->process);
}

static gboolean
on_watchdog_cb (gpointer user_data)
{
  g_error ("%s hangs", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

static void
check_call (guint       port,
            const char *scheme,
            const char *cluster,
            const char *user,
            int         code,
            const char *text)
{
  guint watchdog_id = g_timeout_add_seconds (100, on_watchdog_cb, NULL);
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  client = fault_fixture_connect (certificates, port, scheme, cluster, user, &error);
  if (client != NULL && code == KUBE_ERROR_TIMEOUT)
    _kube_client_set_silence (client, 1);
  if (client != NULL)
    node = call_path (client, "/version", &error);
  g_source_remove (watchdog_id);

  if (code == SUCCESS)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (base_json_get_string (node, "gitVersion", NULL), ==, text);
      return;
    }
  g_assert_null (node);
  fault_assert_for_people (error->message);
  g_assert_error (error, KUBE_ERROR, code);
  if (strstr (error->message, text) == NULL)
    g_error ("no “%s” in: %s", text, error->message);
}

static void
test_case (gconstpointer data)
{
  guint  index = GPOINTER_TO_UINT (data);
  Server server = start_server (cases[index].server, cases[index].options);

  check_call (server.port, "https", cases[index].cluster, cases[index].user, cases[index].code,
              cases[index].text);
  stop_server (&server);
}

/* What Go's servers say to whom they did not understand. */
static void
test_plain_client (void)
{
  static const Fault fault = { "*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0,
                               "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an "
                               "HTTPS server.\n",
                               0 };
  g_autoptr(FaultCluster) cluster = fault_cluster_new ();
  g_autoptr(FaultProxy) proxy = fault_proxy_new (fault_cluster_answer, cluster, NULL);

  fault_proxy_add (proxy, &fault);
  check_call (fault_proxy_get_port (proxy), "http", TRUSTED, "", KUBE_ERROR_BAD_REQUEST,
              "“Client sent an HTTP request to an HTTPS server.”");
}

/* What a connection gets before any TLS. */
static const struct
{
  const char *name;
  const char *greeting; /* (nullable): NULL for silence */
  gboolean    reset;
  int         code;
  const char *text;
} greetings[] = {
  { "silence", NULL, FALSE, KUBE_ERROR_TIMEOUT, "did not answer" },
  { "end", "", FALSE, KUBE_ERROR_UNREACHABLE, "It may be starting" },
  { "reset", "", TRUE, KUBE_ERROR_UNREACHABLE, "127.0.0.1" },
  { "alert", "\x15\x03\x03\x20\x02\x02\x28", FALSE, KUBE_ERROR_UNREACHABLE, "It may be starting" },
  { "text", "220 mail.example ESMTP\r\n", FALSE, KUBE_ERROR_TLS, "may not use TLS" },
  { "http", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request", FALSE, KUBE_ERROR_TLS,
    "may not use TLS" },
};

static gboolean
on_service_incoming_cb (GSocketService    *service,
                        GSocketConnection *connection,
                        GObject           *source_object,
                        gpointer           user_data)
{
  guint          index = GPOINTER_TO_UINT (user_data);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GSocket       *socket = g_socket_connection_get_socket (connection);
  const char    *greeting = greetings[index].greeting;
  struct linger  now = { 1, 0 };

  if (greeting == NULL)
    {
      g_object_set_data_full (G_OBJECT (service), "kept", g_object_ref (connection),
                              g_object_unref);
      return TRUE;
    }
  if (greetings[index].reset)
    g_assert_cmpint (setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &now, sizeof now),
                     ==, 0);
  g_output_stream_write_all (output, greeting, strlen (greeting), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}

static void
test_greeting (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (on_service_incoming_cb),
                    GUINT_TO_POINTER (index));
  check_call (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)), "https", TRUSTED,
              "", greetings[index].code, greetings[index].text);
  g_socket_service_stop (service);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  int              status;

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  certificates = fault_certificates_new (script);
  fault_certificates_write (certificates, "version", ANSWER);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/tls/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (greetings); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/tls/greeting/", greetings[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_greeting);
    }
  g_test_add_func ("/fault/tls/plain-client", test_plain_client);
  status = g_test_run ();
  g_clear_pointer (&certificates, fault_certificates_free);

  return status;
}
