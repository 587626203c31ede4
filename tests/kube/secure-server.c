/* secure-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "secure-server.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client-fixture.h"

/* Made by openssl, so that GnuTLS does not judge its own work. */
static const char *script =
    "set -e\n"
    "exec >/dev/null 2>&1\n"
    "ec () { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "sign () { ec $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr; printf '%b' \"$2\" > "
    "$1.ext; openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 10 "
    "-extfile $1.ext -out $1.crt; }\n"
    "ec ca; openssl req -x509 -new -key ca.key -subj /CN=ca -days 10 -out ca.crt\n"
    "sign server 'extendedKeyUsage=serverAuth\\nsubjectAltName=IP:127.0.0.1\\n'\n"
    "sign one 'extendedKeyUsage=clientAuth\\n'\n"
    "sign two 'extendedKeyUsage=clientAuth\\n'\n";

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
start_stream (SecureServer      *self,
              SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_server_message_set_status (message, 200, NULL);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "first ", 6);
  g_set_object (&self->stream, message);
}

/* Notes who asks; returns whether it is to be refused. */
static gboolean
note_identity (SecureServer      *self,
               SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char         *authorization = soup_message_headers_get_one (headers, "Authorization");
  GTlsCertificate    *peer = soup_server_message_get_tls_peer_certificate (message);
  g_autofree char    *subject = NULL;

  if (peer != NULL)
    g_object_get (peer, "subject-name", &subject, NULL);
  if (self->closes)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                  "close");
  self->n_requests++;
  g_free (self->host);
  self->host = g_strdup (soup_message_headers_get_one (headers, "Host"));
  g_free (self->identity);
  self->identity = g_strdup_printf ("%s %s", authorization != NULL ? authorization : "-",
                                    subject != NULL ? subject : "-");

  return self->refused != NULL && strstr (self->identity, self->refused) != NULL;
}

static void
on_socket_message_cb (SoupWebsocketConnection *socket,
                      int                      type,
                      GBytes                  *message,
                      gpointer                 user_data)
{
  gsize       size;
  const void *data = g_bytes_get_data (message, &size);

  soup_websocket_connection_send_binary (socket, data, size);
}

static void
on_socket_closed_cb (SoupWebsocketConnection *socket,
                     gpointer                 user_data)
{
  g_object_unref (socket);
}

/* Says whom it has seen, and then what it is told. */
static void
on_socket_cb (SoupServer              *server,
              SoupServerMessage       *message,
              const char              *path,
              SoupWebsocketConnection *socket,
              gpointer                 user_data)
{
  SecureServer *self = user_data;

  g_signal_connect (g_object_ref (socket), "message", G_CALLBACK (on_socket_message_cb), NULL);
  g_signal_connect (socket, "closed", G_CALLBACK (on_socket_closed_cb), NULL);
  soup_websocket_connection_send_binary (socket, self->identity, strlen (self->identity));
}

static void
on_early_socket_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  const char *text = "{\"kind\":\"Status\",\"message\":\"Unauthorized\",\"code\":401}";

  if (!note_identity (user_data, message))
    return;

  soup_server_message_set_status (message, 401, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, text,
                                    strlen (text));
}

static void
on_request_cb (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  SecureServer    *self = user_data;
  gboolean         refused = note_identity (self, message);
  g_autofree char *text = NULL;

  if (self->cuts)
    {
      self->cuts = FALSE;
      g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
    }
  if (!refused && strcmp (path, "/stream") == 0)
    {
      start_stream (self, message);
      return;
    }

  text = g_strdup_printf ("{\"identity\":\"%s\"}", self->identity);
  soup_server_message_set_status (message, refused ? 401 : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static void
generate (SecureServer *self)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, self->directory);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", script, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
listen_securely (SecureServer *self)
{
  const char      *protocols[] = { "v4.channel.k8s.io", NULL };
  g_autofree char *certificate_path = secure_server_get_path (self, "server.crt");
  g_autofree char *key_path = secure_server_get_path (self, "server.key");
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  GSList *uris;

  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);
  self->server = soup_server_new ("tls-certificate", certificate,
                                  "tls-auth-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
  g_signal_connect (self->server, "request-started", G_CALLBACK (on_server_request_started_cb),
                    NULL);
  soup_server_add_handler (self->server, NULL, on_request_cb, self, NULL);
  soup_server_add_early_handler (self->server, "/socket", on_early_socket_cb, self, NULL);
  soup_server_add_websocket_handler (self->server, "/socket", NULL, (char **) protocols,
                                     on_socket_cb, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

SecureServer *
secure_server_new (void)
{
  SecureServer *self = g_new0 (SecureServer, 1);

  self->directory = g_dir_make_tmp ("kube-secure-XXXXXX", NULL);
  generate (self);
  listen_securely (self);

  return self;
}

static void
remove_directory (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_directory (path);
      else
        g_remove (path);
    }
  g_rmdir (directory);
}

void
secure_server_free (SecureServer *self)
{
  remove_directory (self->directory);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_clear_object (&self->stream);
  g_free (self->identity);
  g_free (self->host);
  g_free (self->directory);
  g_free (self);
}

char *
secure_server_get_path (SecureServer *self,
                        const char   *name)
{
  return g_build_filename (self->directory, name, NULL);
}

void
secure_server_write (SecureServer *self,
                     const char   *name,
                     int           mode,
                     const char   *contents)
{
  g_autofree char *path = secure_server_get_path (self, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, contents, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

/* Says the last words of /stream. */
void
secure_server_end_stream (SecureServer *self,
                          const char   *text)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->stream);

  soup_message_body_append (body, SOUP_MEMORY_COPY, text, strlen (text));
  soup_message_body_complete (body);
  soup_server_message_unpause (self->stream);
}

/* @cluster and @user are more fields of the kubeconfig, which stands in the server's folder. */
KubeClient *
secure_server_connect (SecureServer *self,
                       const char   *cluster,
                       const char   *user,
                       GError      **error)
{
  g_autofree char *path = secure_server_get_path (self, "config");
  g_autofree char *text = NULL;

  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%u', "
                          "certificate-authority: ca.crt%s%s}}]\n"
                          "users: [{name: u, user: {%s}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                          "current-context: x\n",
                          self->port, *cluster != '\0' ? ", " : "",
                          cluster, user);
  secure_server_write (self, "config", 0600, text);

  return connect_client (path, NULL, error);
}
