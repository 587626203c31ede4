/* test-proxy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-error.h"
#include "kube-process.h"
#include "kube-proxy-url.h"
#include "secure-server.h"
#include "socket-fixture.h"

/* A proxy that notes where it is to connect to, and does. Knows CONNECT, and SOCKS 5 with and
 * without a password. A thread for each client. */
typedef struct
{
  GThreadedSocketService *service;
  SecureServer           *server;
  guint                   port;
  gboolean                refuses;
  const char             *password;    /* (nullable) it asks for, as the header has it */
  GTlsCertificate        *certificate; /* (nullable) of a proxy that speaks TLS itself */
  GMutex                  mutex;
  GString                *seen; /* of several threads: hold the mutex */
} Proxy;

static void
note (Proxy      *proxy,
      const char *text)
{
  g_mutex_lock (&proxy->mutex);
  g_string_append (proxy->seen, text);
  g_mutex_unlock (&proxy->mutex);
}

static void
read_bytes (GInputStream *input,
            guint8       *bytes,
            gsize         count)
{
  g_input_stream_read_all (input, bytes, count, NULL, NULL, NULL);
}

static void
write_bytes (GOutputStream *output,
             const void    *bytes,
             gsize          count)
{
  g_output_stream_write_all (output, bytes, count, NULL, NULL, NULL);
}

static void
read_text (GInputStream *input,
           char         *text)
{
  guint8 length;

  read_bytes (input, &length, 1);
  read_bytes (input, (guint8 *) text, length);
  text[length] = '\0';
}

/* RFC 1928 and RFC 1929, as far as a client of this test can go. */
static void
greet_socks (Proxy         *proxy,
             GInputStream  *input,
             GOutputStream *output)
{
  guint8           bytes[256];
  char             name[256];
  char             password[256];
  g_autofree char *line = NULL;
  guint8           n_methods;
  gboolean         asks;

  read_bytes (input, &n_methods, 1);
  read_bytes (input, bytes, n_methods);
  asks = memchr (bytes, 2, n_methods) != NULL;
  write_bytes (output, asks ? "\5\2" : "\5\0", 2);
  if (asks)
    {
      read_bytes (input, bytes, 1);
      read_text (input, name);
      read_text (input, password);
      write_bytes (output, "\1\0", 2);
      line = g_strdup_printf ("%s:%s ", name, password);
      note (proxy, line);
    }
  read_bytes (input, bytes, 4);
  read_bytes (input, bytes, 6);
  write_bytes (output, "\5\0\0\1\0\0\0\0\0\0", 10);
  note (proxy, "SOCKS5\n");
}

/* Returns FALSE if it does not let the client through. */
static gboolean
greet_http (Proxy         *proxy,
            GInputStream  *input,
            GOutputStream *output)
{
  g_autoptr(GString) head = g_string_new ("C");
  const char *answer = proxy->refuses ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                      : "HTTP/1.1 200 OK\r\n\r\n";
  g_auto(GStrv) lines = NULL;
  char byte;

  while (!g_str_has_suffix (head->str, "\r\n\r\n") &&
         g_input_stream_read (input, &byte, 1, NULL, NULL) == 1)
    g_string_append_c (head, byte);
  lines = g_strsplit (head->str, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (i == 0 || g_str_has_prefix (lines[i], "Proxy-Authorization:"))
      {
        note (proxy, lines[i]);
        note (proxy, "\n");
      }
  if (proxy->password != NULL && strstr (head->str, proxy->password) == NULL)
    {
      note (proxy, "407\n");
      answer = "HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\n"
               "Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n";
      write_bytes (output, answer, strlen (answer));
      return FALSE;
    }
  write_bytes (output, answer, strlen (answer));

  return !proxy->refuses;
}

typedef struct
{
  GSocket       *socket; /* of the output */
  GInputStream  *input;
  GOutputStream *output;
} Way;

static gpointer
carry (gpointer data)
{
  Way *way = data;

  g_output_stream_splice (way->output, way->input, G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
  g_socket_shutdown (way->socket, FALSE, TRUE, NULL);

  return NULL;
}

static void
carry_both_ways (Proxy             *proxy,
                 GSocketConnection *connection,
                 GIOStream         *stream)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) server = NULL;
  Way      there;
  Way      back;
  GThread *thread;

  g_socket_client_set_enable_proxy (client, FALSE);
  server = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) proxy->server->port,
                                            NULL, NULL);
  there.socket = g_socket_connection_get_socket (server);
  there.input = g_io_stream_get_input_stream (stream);
  there.output = g_io_stream_get_output_stream (G_IO_STREAM (server));
  back.socket = g_socket_connection_get_socket (connection);
  back.input = g_io_stream_get_input_stream (G_IO_STREAM (server));
  back.output = g_io_stream_get_output_stream (stream);
  thread = g_thread_new ("back", carry, &back);
  carry (&there);
  g_thread_join (thread);
}

static gboolean
on_service_run_cb (GThreadedSocketService *service,
                   GSocketConnection      *connection,
                   GObject                *source_object,
                   gpointer                user_data)
{
  Proxy *proxy = user_data;
  g_autoptr(GIOStream) stream = g_object_ref (G_IO_STREAM (connection));
  guint8 first = 0;

  if (proxy->certificate != NULL)
    {
      g_object_unref (stream);
      stream = g_tls_server_connection_new (G_IO_STREAM (connection), proxy->certificate, NULL);
    }
  read_bytes (g_io_stream_get_input_stream (stream), &first, 1);
  if (first == 5)
    greet_socks (proxy, g_io_stream_get_input_stream (stream),
                 g_io_stream_get_output_stream (stream));
  else if (first != 'C' || !greet_http (proxy, g_io_stream_get_input_stream (stream),
                                        g_io_stream_get_output_stream (stream)))
    return TRUE;
  carry_both_ways (proxy, connection, stream);

  return TRUE;
}

static void
proxy_set_up (Proxy        *proxy,
              gconstpointer data)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) actual = NULL;
  g_autoptr(GError) error = NULL;

  g_mutex_init (&proxy->mutex);
  proxy->seen = g_string_new (NULL);
  proxy->server = secure_server_new ();
  proxy->service = G_THREADED_SOCKET_SERVICE (g_threaded_socket_service_new (8));
  g_socket_listener_add_address (G_SOCKET_LISTENER (proxy->service), address,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &actual,
                                 &error);
  g_assert_no_error (error);
  proxy->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));
  g_signal_connect (proxy->service, "run", G_CALLBACK (on_service_run_cb), proxy);
  g_socket_service_start (G_SOCKET_SERVICE (proxy->service));
}

static void
proxy_tear_down (Proxy        *proxy,
                 gconstpointer data)
{
  g_socket_service_stop (G_SOCKET_SERVICE (proxy->service));
  g_socket_listener_close (G_SOCKET_LISTENER (proxy->service));
  g_object_unref (proxy->service);
  g_clear_object (&proxy->certificate);
  secure_server_free (proxy->server);
  g_string_free (proxy->seen, TRUE);
  g_mutex_clear (&proxy->mutex);
}

static KubeClient *
connect_through (Proxy      *proxy,
                 const char *scheme,
                 guint       port)
{
  g_autofree char *field = g_strdup_printf ("proxy-url: '%s127.0.0.1:%u'", scheme, port);
  g_autoptr(GError) error = NULL;
  KubeClient *client = secure_server_connect (proxy->server, field,
                                              "client-certificate: one.crt, client-key: one.key, "
                                              "token: t0ken-value",
                                              &error);

  g_assert_no_error (error);
  return client;
}

static JsonNode *
call_through (Proxy      *proxy,
              const char *scheme,
              guint       port,
              GError    **error)
{
  g_autoptr(KubeClient) client = connect_through (proxy, scheme, port);

  return call_path (client, "/version", error);
}

/* The client certificate and the token reach the server alone, through the tunnel. */
static void
assert_through (Proxy      *proxy,
                const char *scheme,
                const char *seen)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_through (proxy, scheme, proxy->port, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (node, "identity", NULL), ==,
                   "Bearer t0ken-value CN=one");
  g_mutex_lock (&proxy->mutex);
  g_assert_cmpstr (proxy->seen->str, ==, seen);
  g_mutex_unlock (&proxy->mutex);
}

/* So it is with a WebSocket. GIO says CONNECT in HTTP/1.0 where libsoup does in 1.1. */
static void
assert_socket_through (Proxy      *proxy,
                       const char *scheme,
                       const char *seen)
{
  g_autoptr(KubeClient) client = connect_through (proxy, scheme, proxy->port);
  g_autoptr(KubeSocket) socket = NULL;
  g_autoptr(GError) error = NULL;
  SeenSocket socket_seen = { 0 };

  g_mutex_lock (&proxy->mutex);
  g_string_truncate (proxy->seen, 0);
  g_mutex_unlock (&proxy->mutex);
  socket = connect_socket (client, "/socket", &error);
  g_assert_no_error (error);
  seen_socket_start (&socket_seen, socket);
  send_text (socket, "hello");
  while (strchr (socket_seen.text->str, '\n') == strrchr (socket_seen.text->str, '\n'))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (socket_seen.text->str, ==, "Bearer t0ken-value CN=one\nhello\n");
  g_mutex_lock (&proxy->mutex);
  g_assert_cmpstr (proxy->seen->str, ==, seen);
  g_mutex_unlock (&proxy->mutex);
  kube_socket_close (socket);
  seen_socket_clear (&socket_seen);
}

static void
test_http (Proxy        *proxy,
           gconstpointer data)
{
  g_autofree char *seen = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.1\n",
                                           proxy->server->port);
  g_autofree char *socket_seen = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.0\n",
                                                  proxy->server->port);

  assert_through (proxy, "http://", seen);
  assert_socket_through (proxy, "http://", socket_seen);
}

static void
test_http_password (Proxy        *proxy,
                    gconstpointer data)
{
  g_autofree char *seen = NULL;
  g_autofree char *socket_seen = NULL;

  proxy->password = "Proxy-Authorization: Basic bWU6cGFzcw==\r\n";
  seen = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.1\n"
                          "Proxy-Authorization: Basic bWU6cGFzcw==\n",
                          proxy->server->port);
  socket_seen = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.0\n"
                                 "Proxy-Authorization: Basic bWU6cGFzcw==\n",
                                 proxy->server->port);
  assert_through (proxy, "http://me:pass@", seen);
  assert_socket_through (proxy, "http://me:pass@", socket_seen);
}

/* It is not tried for ever. */
static void
test_http_wrong_password (Proxy        *proxy,
                          gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  proxy->password = "Proxy-Authorization: Basic bWU6cGFzcw==\r\n";
  g_assert_null (call_through (proxy, "http://me:s3cr3t@", proxy->port, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "407"));
  g_assert_null (strstr (error->message, "s3cr3t"));
  g_assert_cmpuint (proxy->server->n_requests, ==, 0);
}

static void
speak_tls (Proxy *proxy)
{
  g_autofree char *certificate = secure_server_get_path (proxy->server, "server.crt");
  g_autofree char *key = secure_server_get_path (proxy->server, "server.key");
  g_autoptr(GError) error = NULL;

  proxy->certificate = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
}

/* The proxy is trusted as the computer trusts, not as the kubeconfig does. */
static void
test_https (Proxy        *proxy,
            gconstpointer data)
{
  g_autofree char *seen = g_strdup_printf ("CONNECT 127.0.0.1:%u HTTP/1.0\n"
                                           "Proxy-Authorization: Basic bWU6cGFzcw==\n",
                                           proxy->server->port);
  g_autofree char *authority = secure_server_get_path (proxy->server, "ca.crt");
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  database = g_tls_file_database_new (authority, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
  speak_tls (proxy);
  assert_through (proxy, "https://me:pass@", seen);
  assert_socket_through (proxy, "https://me:pass@", seen);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
}

static void
test_socks5 (Proxy        *proxy,
             gconstpointer data)
{
  assert_through (proxy, "socks5://", "SOCKS5\n");
  assert_socket_through (proxy, "socks5://", "SOCKS5\n");
}

static void
test_socks5_password (Proxy        *proxy,
                      gconstpointer data)
{
  assert_through (proxy, "socks5://me:pass%3Aword@", "me:pass:word SOCKS5\n");
  assert_socket_through (proxy, "socks5://me:pass%3Aword@", "me:pass:word SOCKS5\n");
}

static void
test_none (Proxy        *proxy,
           gconstpointer data)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  client = secure_server_connect (proxy->server, "", "token: t", &error);
  g_assert_no_error (error);
  node = call_path (client, "/version", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (proxy->seen->str, ==, "");
}

static void
assert_unreachable (Proxy      *proxy,
                    const char *scheme,
                    guint       port)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = g_strdup_printf ("%s127.0.0.1:%u", scheme, port);
  g_autofree char *place = kube_proxy_url_dup_place (url);
  g_autofree char *text = g_strconcat ("through the proxy ", place, ": ", NULL);
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) socket_error = NULL;

  g_assert_null (call_through (proxy, scheme, port, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (strstr (error->message, "s3cr3t"));

  client = connect_through (proxy, scheme, port);
  g_assert_null (connect_socket (client, "/socket", &socket_error));
  g_assert_error (socket_error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_test_message ("%s", socket_error->message);
  g_assert_nonnull (strstr (socket_error->message, text));
  g_assert_null (strstr (socket_error->message, "s3cr3t"));
  g_assert_cmpuint (proxy->server->n_requests, ==, 0);
}

static void
test_https_untrusted (Proxy        *proxy,
                      gconstpointer data)
{
  speak_tls (proxy);
  assert_unreachable (proxy, "https://me:s3cr3t-password@", proxy->port);
}

/* Nothing goes around a proxy that is not there. */
static void
test_away (Proxy        *proxy,
           gconstpointer data)
{
  g_socket_service_stop (G_SOCKET_SERVICE (proxy->service));
  g_socket_listener_close (G_SOCKET_LISTENER (proxy->service));
  assert_unreachable (proxy, "http://", proxy->port);
  assert_unreachable (proxy, "socks5://me:s3cr3t-password@", proxy->port);
}

static void
test_refused (Proxy        *proxy,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  proxy->refuses = TRUE;
  g_assert_null (call_through (proxy, "http://", proxy->port, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->domain, ==, KUBE_ERROR);
  g_assert_cmpuint (proxy->server->n_requests, ==, 0);
}

static void
test_place (void)
{
  g_autofree char *plain = kube_proxy_url_dup_place ("http://proxy:3128");
  g_autofree char *secret = kube_proxy_url_dup_place ("socks5://me:s3cr3t@proxy:1080");

  g_assert_cmpstr (plain, ==, "http://proxy:3128");
  g_assert_cmpstr (secret, ==, "socks5://proxy:1080");
}

static void
add (const char *name,
     void (*function) (Proxy *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/proxy/", name, NULL);

  g_test_add (path, Proxy, NULL, proxy_set_up, function, proxy_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  add ("http", test_http);
  add ("http-password", test_http_password);
  add ("http-wrong-password", test_http_wrong_password);
  add ("https", test_https);
  add ("https-untrusted", test_https_untrusted);
  add ("socks5", test_socks5);
  add ("socks5-password", test_socks5_password);
  add ("none", test_none);
  add ("away", test_away);
  add ("refused", test_refused);
  g_test_add_func ("/kube/proxy/place", test_place);

  return g_test_run ();
}
