/* fake-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-server.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "await.h"
#include "kube-config.h"

#define PATIENCE (20 * G_TIME_SPAN_SECOND)

struct _FakeServer
{
  SoupServer *server;    /* (owned) */
  GPtrArray  *exchanges; /* (element-type FakeExchange) (owned): all, in order */
  guint       port;
  char       *authority; /* (owned) (nullable): the file of whom to trust, where TLS is spoken */
};

struct _FakeExchange
{
  SoupServerMessage *message; /* (owned) */
  char              *target;  /* (owned): path and query */
  GHashTable        *query;   /* (owned) (nullable) */
  gboolean           taken;
  gboolean           closed;
};

static void
fake_exchange_free (FakeExchange *exchange)
{
  g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_clear_object (&exchange->message);
  g_clear_pointer (&exchange->query, g_hash_table_unref);
  g_free (exchange->target);
  g_free (exchange);
}

static void
on_message_finished_cb (SoupServerMessage *message,
                        FakeExchange      *exchange)
{
  exchange->closed = TRUE;
}

static void
handle_request (SoupServer        *server,
                SoupServerMessage *message,
                const char        *path,
                GHashTable        *query,
                gpointer           user_data)
{
  FakeServer   *self = user_data;
  FakeExchange *exchange = g_new0 (FakeExchange, 1);
  GUri         *uri = soup_server_message_get_uri (message);

  exchange->message = g_object_ref (message);
  exchange->target = g_strconcat (path, "?", g_uri_get_query (uri), NULL);
  exchange->query = query != NULL ? g_hash_table_ref (query) : NULL;
  g_signal_connect (message, "finished", G_CALLBACK (on_message_finished_cb), exchange);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_message_finished_cb), exchange);
  g_ptr_array_add (self->exchanges, exchange);
  soup_server_message_pause (message);
}

/* Speaks TLS where there is a certificate. */
static FakeServer *
listen_on (GTlsCertificate *certificate)
{
  FakeServer *self = g_new0 (FakeServer, 1);
  g_autoptr(GError) error = NULL;
  GSList *uris;

  self->exchanges = g_ptr_array_new_with_free_func ((GDestroyNotify) fake_exchange_free);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, handle_request, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  self->port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return self;
}

FakeServer *
fake_server_new (void)
{
  return listen_on (NULL);
}

/* Has the server.crt and server.key of @directory, which ca.crt there answers for. */
FakeServer *
fake_server_new_secure (const char *directory)
{
  g_autofree char *certificate_path = g_build_filename (directory, "server.crt", NULL);
  g_autofree char *key_path = g_build_filename (directory, "server.key", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = NULL;
  FakeServer *self;

  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, &error);
  g_assert_no_error (error);
  self = listen_on (certificate);
  self->authority = g_build_filename (directory, "ca.crt", NULL);

  return self;
}

void
fake_server_free (FakeServer *self)
{
  soup_server_disconnect (self->server);
  g_ptr_array_unref (self->exchanges);
  g_object_unref (self->server);
  g_free (self->authority);
  g_free (self);
}

KubeClient *
fake_server_connect (FakeServer *self)
{
  return fake_server_connect_at (self, "127.0.0.1", "");
}

/* Loads a kubeconfig that names this server by a host and connects by it; @settings are more of
 * the cluster's, each after a comma. */
KubeClient *
fake_server_connect_at (FakeServer *self,
                        const char *host,
                        const char *settings)
{
  g_autofree char *directory = g_dir_make_tmp ("hackystack-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "config", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  KubeClient *client;

  text = g_strdup_printf ("apiVersion: v1\nkind: Config\ncurrent-context: fake\n"
                          "clusters:\n- name: fake\n  cluster: {server: '%s://%s:%u', certificate-authority: '%s'%s}\n"
                          "contexts:\n- name: fake\n  context: {cluster: fake, user: nobody}\n"
                          "users:\n- name: nobody\n  user: {}\n",
                          self->authority != NULL ? "https" : "http", host, self->port,
                          self->authority != NULL ? self->authority : "", settings);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  kube_config_load_async (path, NULL, await_cb, &loaded);
  config = kube_config_load_finish (await (&loaded), &error);
  g_assert_no_error (error);
  kube_client_connect_async (kube_config_get_context (config, NULL, NULL), NULL, await_cb,
                             &connected);
  client = kube_client_connect_finish (await (&connected), &error);
  g_assert_no_error (error);

  g_unlink (path);
  g_rmdir (directory);

  return client;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
fake_iterate (const char *what,
              gint64      since)
{
  GSource *alarm = g_timeout_source_new (100);

  if (g_get_monotonic_time () - since > PATIENCE)
    g_error ("waited in vain for: %s", what);

  g_source_set_callback (alarm, wake_cb, NULL, NULL);
  g_source_attach (alarm, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (alarm);
  g_source_unref (alarm);
}

static FakeExchange *
find_waiting (FakeServer *self,
              const char *pattern)
{
  guint i;

  for (i = 0; i < self->exchanges->len; i++)
    {
      FakeExchange *exchange = g_ptr_array_index (self->exchanges, i);

      if (!exchange->taken && !fake_exchange_is_closed (exchange) && g_pattern_match_simple (pattern, exchange->target))
        return exchange;
    }

  return NULL;
}

/* Waits for a request that nobody has taken yet, its path and query as @pattern. */
FakeExchange *
fake_server_expect (FakeServer *self,
                    const char *pattern)
{
  gint64        since = g_get_monotonic_time ();
  FakeExchange *exchange;

  while ((exchange = find_waiting (self, pattern)) == NULL)
    fake_iterate (pattern, since);
  exchange->taken = TRUE;

  return exchange;
}

/* How many requests there were so far, taken or not. */
guint
fake_server_count (FakeServer *self)
{
  return self->exchanges->len;
}

/* Stops listening and cuts every connection. */
void
fake_server_go_away (FakeServer *self)
{
  guint i;

  for (i = 0; i < self->exchanges->len; i++)
    {
      FakeExchange *exchange = g_ptr_array_index (self->exchanges, i);

      if (!exchange->closed)
        fake_exchange_cut (exchange);
      exchange->taken = TRUE;
    }
  soup_server_disconnect (self->server);
}

/* Listens on the same port again. */
void
fake_server_come_back (FakeServer *self)
{
  g_autoptr(GError) error = NULL;

  soup_server_listen_local (self->server, self->port,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | (self->authority != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
}

const char *
fake_exchange_get_query (FakeExchange *exchange,
                         const char   *name)
{
  return exchange->query != NULL ? g_hash_table_lookup (exchange->query, name) : NULL;
}

/* To be called before the reply. */
void
fake_exchange_add_header (FakeExchange *exchange,
                          const char   *name,
                          const char   *value)
{
  soup_message_headers_append (soup_server_message_get_response_headers (exchange->message), name,
                               value);
}

const char *
fake_exchange_get_header (FakeExchange *exchange,
                          const char   *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (exchange->message),
                                        name);
}

const char *
fake_exchange_get_method (FakeExchange *exchange)
{
  return soup_server_message_get_method (exchange->message);
}

/* How much the request brought along. */
gsize
fake_exchange_get_body_size (FakeExchange *exchange)
{
  return (gsize) soup_server_message_get_request_body (exchange->message)->length;
}

void
fake_exchange_reply_bytes (FakeExchange *exchange,
                           guint         status,
                           const char   *content_type,
                           GBytes       *body)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (body, &size);

  soup_server_message_set_status (exchange->message, status, NULL);
  soup_server_message_set_response (exchange->message, content_type, SOUP_MEMORY_COPY, data, size);
  soup_server_message_unpause (exchange->message);
}

void
fake_exchange_reply (FakeExchange *exchange,
                     guint         status,
                     const char   *content_type,
                     const char   *body)
{
  soup_server_message_set_status (exchange->message, status, NULL);
  soup_server_message_set_response (exchange->message, content_type, SOUP_MEMORY_COPY, body,
                                    strlen (body));
  soup_server_message_unpause (exchange->message);
}

/* Begins an answer whose parts come by and by. */
void
fake_exchange_begin (FakeExchange *exchange)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);

  soup_server_message_set_status (exchange->message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  soup_server_message_unpause (exchange->message);
}

void
fake_exchange_send (FakeExchange *exchange,
                    const char   *text)
{
  SoupMessageBody *body = soup_server_message_get_response_body (exchange->message);

  soup_message_body_append (body, SOUP_MEMORY_COPY, text, strlen (text));
  soup_server_message_unpause (exchange->message);
}

void
fake_exchange_end (FakeExchange *exchange)
{
  soup_message_body_complete (soup_server_message_get_response_body (exchange->message));
  soup_server_message_unpause (exchange->message);
}

/* Closes the connection in the middle of whatever it was saying. */
void
fake_exchange_cut (FakeExchange *exchange)
{
  GSocket *socket = soup_server_message_get_socket (exchange->message);

  exchange->closed = TRUE;
  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* The answer is out, or will never be. */
gboolean
fake_exchange_is_finished (FakeExchange *exchange)
{
  return exchange->closed;
}

/* A server with nothing to write does not notice that the client has left: asks the
 * socket, which has something to read only then. */
gboolean
fake_exchange_is_closed (FakeExchange *exchange)
{
  GSocket *socket = soup_server_message_get_socket (exchange->message);

  return exchange->closed || socket == NULL || g_socket_is_closed (socket) || g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR) != 0;
}
