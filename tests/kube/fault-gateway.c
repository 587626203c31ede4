/* fault-gateway.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-gateway.h"

#include <string.h>

#include "base-yaml.h"
#include "base-json.h"

#define PIECE_SIZE 4096

struct _FaultGateway
{
  char            *host; /* (owned) */
  guint16          port;
  GTlsCertificate *authority;   /* (owned) */
  GTlsCertificate *certificate; /* (owned): with its key */
};

static JsonNode *
get_first (JsonNode   *config,
           const char *list,
           const char *member)
{
  JsonArray *array = base_json_get_array (config, list, NULL);

  g_assert_nonnull (array);
  return base_json_get (json_array_get_element (array, 0), member, NULL);
}

static char *
decode (JsonNode   *node,
        const char *member)
{
  const char      *base64 = base_json_get_string (node, member, NULL);
  gsize            length;
  g_autofree char *data = NULL;

  g_assert_nonnull (base64);
  data = (char *) g_base64_decode (base64, &length);

  return g_strndup (data, length);
}

/* @kubeconfig: one as tests/cluster writes them, with a certificate and a key in it */
FaultGateway *
fault_gateway_new (const char *kubeconfig)
{
  FaultGateway    *self = g_new0 (FaultGateway, 1);
  g_autofree char *text = NULL;
  g_autofree char *authority = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;
  g_autofree char *both = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) config = NULL;
  g_autoptr(GUri) uri = NULL;
  JsonNode *cluster;
  JsonNode *user;

  g_file_get_contents (kubeconfig, &text, NULL, &error);
  g_assert_no_error (error);
  config = base_yaml_parse (text, -1, &error);
  g_assert_no_error (error);
  cluster = get_first (config, "clusters", "cluster");
  user = get_first (config, "users", "user");
  uri = g_uri_parse (base_json_get_string (cluster, "server", NULL), G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = (guint16) g_uri_get_port (uri);

  authority = decode (cluster, "certificate-authority-data");
  certificate = decode (user, "client-certificate-data");
  key = decode (user, "client-key-data");
  both = g_strconcat (certificate, key, NULL);
  self->authority = g_tls_certificate_new_from_pem (authority, -1, &error);
  g_assert_no_error (error);
  self->certificate = g_tls_certificate_new_from_pem (both, -1, &error);
  g_assert_no_error (error);

  return self;
}

void
fault_gateway_free (FaultGateway *self)
{
  g_object_unref (self->authority);
  g_object_unref (self->certificate);
  g_free (self->host);
  g_free (self);
}

const char *
fault_gateway_get_host (FaultGateway *self,
                        guint16      *port)
{
  *port = self->port;

  return self->host;
}

static gboolean
on_accept_certificate_cb (GTlsConnection      *connection,
                          GTlsCertificate     *peer,
                          GTlsCertificateFlags flags,
                          gpointer             user_data)
{
  FaultGateway *self = user_data;

  return g_tls_certificate_verify (peer, NULL, self->authority) == 0;
}

static GIOStream *
connect_to_server (FaultGateway *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GIOStream) secure = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_to_host (client, self->host, self->port, NULL, &error);
  g_assert_no_error (error);
  secure = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  g_assert_no_error (error);
  g_tls_connection_set_certificate (G_TLS_CONNECTION (secure), self->certificate);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (secure), FALSE);
  g_signal_connect (secure, "accept-certificate", G_CALLBACK (on_accept_certificate_cb), self);
  g_tls_connection_handshake (G_TLS_CONNECTION (secure), NULL, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&secure);
}

/* The client's, but for what is between it and us, in one connection each. */
static char *
build_head (FaultGateway *self,
            const char   *head)
{
  static const char *const own[] = { "Host:", "Authorization:", "Connection:" };
  g_auto(GStrv) lines = g_strsplit (head, "\r\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      gboolean kept = TRUE;

      for (guint j = 0; j < G_N_ELEMENTS (own); j++)
        kept = kept && g_ascii_strncasecmp (lines[i], own[j], strlen (own[j])) != 0;
      if (kept)
        g_string_append_printf (text, "%s\r\n", lines[i]);
    }
  g_string_append_printf (text, "Host: %s:%u\r\nConnection: close\r\n\r\n", self->host, self->port);

  return g_string_free (text, FALSE);
}

/* Waits in short steps, so that a client that leaves is noticed. */
static gssize
read_piece (FaultExchange *exchange,
            GIOStream     *stream,
            char          *piece)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));

  while (fault_exchange_is_open (exchange))
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_pollable_input_stream_read_nonblocking (input, piece, PIECE_SIZE, NULL, &error);

      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return n;
      g_usleep (2000);
    }

  return 0;
}

/* A FaultAnswerFunc with the gateway as its data. */
void
fault_gateway_answer (FaultExchange *exchange,
                      gpointer       user_data)
{
  FaultGateway *self = user_data;
  g_autoptr(GIOStream) stream = connect_to_server (self);
  g_autofree char *head = build_head (self, fault_exchange_get_head (exchange));
  GBytes          *body = fault_exchange_get_body (exchange);
  GOutputStream   *output = g_io_stream_get_output_stream (stream);
  char             piece[PIECE_SIZE];
  gssize           n;

  if (g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL) &&
      (body == NULL || g_bytes_get_size (body) == 0 ||
       g_output_stream_write_all (output, g_bytes_get_data (body, NULL), g_bytes_get_size (body),
                                  NULL, NULL, NULL)))
    while ((n = read_piece (exchange, stream, piece)) > 0 &&
           fault_exchange_write (exchange, piece, n))
      continue;
  g_io_stream_close (stream, NULL, NULL);
}
