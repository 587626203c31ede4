/* stack-knock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-knock-private.h"

#include <string.h>

/* Asks a web server at an address for a name that this computer need not be able to look up:
 * connect → TLS with the name, if asked for → one request → the first line of the answer. */

#define TIMEOUT_SECONDS 10

/* No status line is longer. */
#define MAX_LINE 4096

typedef struct
{
  char             *host;    /* (owned) */
  char             *request; /* (owned) */
  gboolean          tls;
  GIOStream        *connection; /* (owned) (nullable) */
  GDataInputStream *answer;     /* (owned) (nullable) */
} Knock;

static void
knock_free (gpointer data)
{
  Knock *knock = data;

  g_clear_object (&knock->answer);
  g_clear_object (&knock->connection);
  g_free (knock->host);
  g_free (knock->request);
  g_free (knock);
}

/* "HTTP/1.1 200 OK" → 200; 0 if it is none */
static guint
read_status (const char *line)
{
  const char *space = strchr (line, ' ');

  if (!g_str_has_prefix (line, "HTTP/") || space == NULL)
    return 0;

  return (guint) g_ascii_strtoull (space + 1, NULL, 10);
}

static void
stack_knock_line_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *line = NULL;
  GError          *error = NULL;
  guint            status;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  status = line != NULL ? read_status (line) : 0;
  if (status == 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "What answers there does not speak HTTP.");
  else
    g_task_return_int (task, status);
}

static void
stack_knock_write_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Knock        *knock = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError       *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  knock->answer = g_data_input_stream_new (g_io_stream_get_input_stream (knock->connection));
  g_buffered_input_stream_set_buffer_size (G_BUFFERED_INPUT_STREAM (knock->answer), MAX_LINE);
  g_data_input_stream_set_newline_type (knock->answer, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  g_data_input_stream_read_line_async (knock->answer, G_PRIORITY_DEFAULT, cancellable,
                                       stack_knock_line_cb, g_object_ref (task));
}

static void
send_request (GTask *task)
{
  Knock         *knock = g_task_get_task_data (task);
  GOutputStream *output = g_io_stream_get_output_stream (knock->connection);

  g_output_stream_write_all_async (output, knock->request, strlen (knock->request),
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   stack_knock_write_cb, g_object_ref (task));
}

static void
stack_knock_handshake_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    send_request (task);
  else
    g_task_return_error (task, error);
}

/* Nothing secret is sent, and which certificate it is, is what we want to know. */
static gboolean
on_accept_certificate_cb (GTlsConnection      *connection,
                          GTlsCertificate     *certificate,
                          GTlsCertificateFlags errors,
                          gpointer             user_data)
{
  return TRUE;
}

static void
shake_hands (GTask             *task,
             GSocketConnection *connection)
{
  Knock        *knock = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GSocketConnectable) name = g_network_address_new (knock->host, 443);
  GError *error = NULL;

  knock->connection = g_tls_client_connection_new (G_IO_STREAM (connection), name, &error);
  if (knock->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_signal_connect (knock->connection, "accept-certificate", G_CALLBACK (on_accept_certificate_cb),
                    NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (knock->connection), G_PRIORITY_DEFAULT,
                                    cancellable, stack_knock_handshake_cb, g_object_ref (task));
}

static void
stack_knock_connect_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Knock *knock = g_task_get_task_data (task);
  g_autoptr(GSocketConnection) connection = NULL;
  GError *error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (connection == NULL)
    {
      g_task_return_error (task, error);
    }
  else if (knock->tls)
    {
      shake_hands (task, connection);
    }
  else
    {
      knock->connection = G_IO_STREAM (g_steal_pointer (&connection));
      send_request (task);
    }
}

/*
 * stack_knock_async:
 * @address: where the server is: an IP address, or a name to look up
 * @port: its port
 * @host: the name to ask for
 * @path: what to ask for
 * @tls: whether to ask over TLS
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Sends one GET, past every proxy. Any certificate is accepted: it is a result.
 */
void
stack_knock_async (const char         *address,
                   guint16             port,
                   const char         *host,
                   const char         *path,
                   gboolean            tls,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GSocketClient) client = NULL;
  g_autoptr(GSocketConnectable) where = NULL;
  Knock *knock;

  g_return_if_fail (address != NULL && host != NULL && path != NULL);

  knock = g_new0 (Knock, 1);
  knock->host = g_strdup (host);
  knock->tls = tls;
  knock->request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n"
                                    "User-Agent: hackystack-desktop\r\nConnection: close\r\n\r\n",
                                    path, host);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_knock_async);
  g_task_set_task_data (task, knock, knock_free);

  client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TIMEOUT_SECONDS);
  where = g_network_address_new (address, port);
  g_socket_client_connect_async (client, where, cancellable, stack_knock_connect_cb,
                                 g_steal_pointer (&task));
}

/*
 * stack_knock_finish:
 * @result: what the callback was given
 * @certificate: (out) (transfer full) (nullable): what the server showed; %NULL without TLS
 * @error: return location for an error
 *
 * Possible errors are those of [error@Gio.IOErrorEnum], [error@Gio.ResolverError] and
 * [error@Gio.TlsError].
 *
 * Returns: the HTTP status of the answer; 0 with an error
 */
guint
stack_knock_finish (GAsyncResult     *result,
                    GTlsCertificate **certificate,
                    GError          **error)
{
  Knock *knock;
  gssize status;

  g_return_val_if_fail (g_async_result_is_tagged (result, stack_knock_async), 0);
  g_return_val_if_fail (certificate != NULL, 0);

  *certificate = NULL;
  knock = g_task_get_task_data (G_TASK (result));
  status = g_task_propagate_int (G_TASK (result), error);
  if (status < 0)
    return 0;

  if (knock->tls)
    *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (knock->connection));
  if (*certificate != NULL)
    g_object_ref (*certificate);

  return (guint) status;
}
