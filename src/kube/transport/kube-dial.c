/* kube-dial.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "kube-dial.h"

#include <string.h>

#include "kube-connection-error.h"
#include "kube-connection.h"
#include "kube-deadline.h"
#include "kube-error.h"
#include "kube-upgrade.h"

#define CONNECT_SECONDS 15
/* The API server itself gives up after 60 seconds. */
#define ANSWER_SECONDS 90
#define HTTPS_PORT 443
#define HTTP_PORT 80
#define BUFFER_SIZE (16 * 1024)
#define UNAUTHORIZED 401

typedef struct
{
  /* Input */
  KubeCredentials *credentials;
  KubeRequest     *request;
  GStrv            protocols;

  /* In progress */
  char               *authorization; /* (nullable) secret */
  KubeExecCredential *exec;          /* (nullable) the program's answer that it was made with */
  gboolean            repeated;
  KubeDeadline       *deadline; /* (nullable) */
  GIOStream          *stream;   /* (nullable) */
  KubeUpgrade        *upgrade;  /* (nullable) */
  char               *head;     /* (nullable) secret */
  guint8             *buffer;

  /* What the server showed */
  GTlsCertificateFlags flags;
  GTlsCertificate     *peer; /* (nullable) */

  /* Result */
  KubeResponse *refusal; /* (nullable) */
} Dial;

static void
dial_reset (Dial *dial)
{
  kube_credentials_free_text (g_steal_pointer (&dial->authorization));
  kube_credentials_free_text (g_steal_pointer (&dial->head));
  g_clear_pointer (&dial->exec, kube_exec_credential_unref);
  g_clear_pointer (&dial->deadline, kube_deadline_free);
  g_clear_pointer (&dial->upgrade, kube_upgrade_free);
  if (G_IS_TLS_CONNECTION (dial->stream))
    g_signal_handlers_disconnect_by_data (dial->stream, dial);
  if (dial->stream != NULL)
    g_io_stream_close_async (dial->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&dial->stream);
}

static void
dial_free (Dial *dial)
{
  dial_reset (dial);
  g_object_unref (dial->credentials);
  kube_request_unref (dial->request);
  g_strfreev (dial->protocols);
  g_free (dial->buffer);
  g_clear_object (&dial->peer);
  g_clear_object (&dial->refusal);
  g_free (dial);
}

/* Why a step failed, for people. Takes the task. */
static void
fail (GTask        *owned,
      const GError *cause)
{
  g_autoptr(GTask) task = owned;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GError) timeout = NULL;

  if (kube_deadline_has_expired (dial->deadline))
    {
      timeout = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
      cause = timeout;
    }
  g_task_return_error (task,
                       kube_connection_error_new (kube_credentials_get_context (dial->credentials),
                                                  cause, dial->flags, dial->peer));
}

static void
set_deadline (GTask *task,
              guint  seconds)
{
  Dial *dial = g_task_get_task_data (task);

  g_clear_pointer (&dial->deadline, kube_deadline_free);
  dial->deadline = kube_deadline_new (g_task_get_cancellable (task), seconds);
}

static GCancellable *
get_cancellable (Dial *dial)
{
  return kube_deadline_get_cancellable (dial->deadline);
}

static GUri *
parse_uri (Dial    *dial,
           GError **error)
{
  KubeContext     *context = kube_credentials_get_context (dial->credentials);
  g_autofree char *text = g_strconcat (kube_context_get_server (context),
                                       kube_request_get_path (dial->request), NULL);
  GUri            *uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      g_clear_pointer (&uri, g_uri_unref);
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The server address %s is not usable. Correct it in the kubeconfig.",
                   kube_context_get_server (context));
    }

  return uri;
}

static void authorize (GTask *task);

/* As with any request: the answer of the program that the user signs in by may have been
 * withdrawn before its time, so that another one is worth one more try. */
static gboolean
may_repeat (Dial *dial)
{
  if (kube_response_get_status (dial->refusal) != UNAUTHORIZED || dial->repeated)
    return FALSE;

  kube_credentials_expire (dial->credentials, dial->exec);

  return dial->exec != NULL;
}

static void
succeed (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GBytes) rest = kube_upgrade_dup_rest (dial->upgrade);
  KubeSocket *socket;

  socket = kube_socket_new (dial->stream, kube_upgrade_get_protocol (dial->upgrade), rest);
  if (G_IS_TLS_CONNECTION (dial->stream))
    g_signal_handlers_disconnect_by_data (dial->stream, dial);
  g_clear_object (&dial->stream);
  g_task_return_pointer (task, socket, g_object_unref);
}

static void
refuse (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Dial *dial = g_task_get_task_data (task);

  dial->refusal = kube_upgrade_dup_refusal (dial->upgrade);
  if (!may_repeat (dial))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  g_clear_object (&dial->refusal);
  dial_reset (dial);
  dial->repeated = TRUE;
  authorize (g_steal_pointer (&task));
}

static void read_answer (GTask *task);

static void
kube_dial_read_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gssize n_bytes;

  n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source_object), result, &error);
  if (n_bytes < 0)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }

  kube_deadline_restart (dial->deadline);
  switch (kube_upgrade_feed (dial->upgrade, dial->buffer, (gsize) n_bytes, &error))
    {
    case KUBE_UPGRADE_WAITING:
      read_answer (g_steal_pointer (&task));
      break;

    case KUBE_UPGRADE_DONE:
      succeed (g_steal_pointer (&task));
      break;

    case KUBE_UPGRADE_REFUSED:
      refuse (g_steal_pointer (&task));
      break;

    case KUBE_UPGRADE_FAILED:
    default:
      fail (g_steal_pointer (&task), error);
      break;
    }
}

/* Takes the task. */
static void
read_answer (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (dial->stream), dial->buffer,
                             BUFFER_SIZE, G_PRIORITY_DEFAULT, get_cancellable (dial),
                             kube_dial_read_cb, task);
}

static void
kube_dial_write_cb (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source_object), result, NULL, &error))
    {
      fail (g_steal_pointer (&task), error);
      return;
    }

  kube_credentials_free_text (g_steal_pointer (&dial->head));
  read_answer (g_steal_pointer (&task));
}

/* Takes the task. */
static void
ask (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(SoupMessageHeaders) headers = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GError) error = NULL;

  uri = parse_uri (dial, &error);
  if (uri == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }

  headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_append (headers, "User-Agent", "hackystack-desktop/" PACKAGE_VERSION);
  kube_connection_add_headers (dial->credentials, dial->authorization, headers);
  dial->upgrade = kube_upgrade_new ((const char *const *) dial->protocols);
  dial->head = kube_upgrade_dup_request (dial->upgrade, uri, headers);
  set_deadline (task, ANSWER_SECONDS);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (dial->stream), dial->head,
                                   strlen (dial->head), G_PRIORITY_DEFAULT,
                                   get_cancellable (dial), kube_dial_write_cb,
                                   g_steal_pointer (&task));
}

static void
kube_dial_handshake_cb (GObject      *source_object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source_object), result, &error))
    fail (g_steal_pointer (&task), error);
  else
    ask (g_steal_pointer (&task));
}

static gboolean
on_connection_accept_certificate_cb (GTlsConnection      *connection,
                                     GTlsCertificate     *certificate,
                                     GTlsCertificateFlags flags,
                                     gpointer             user_data)
{
  Dial *dial = user_data;

  if (kube_context_get_insecure (kube_credentials_get_context (dial->credentials)))
    return TRUE;

  dial->flags = flags;
  g_set_object (&dial->peer, certificate);

  return FALSE;
}

/* Takes the task. */
static void
secure (GTask              *owned,
        GSocketConnectable *server)
{
  g_autoptr(GTask) task = owned;
  Dial         *dial = g_task_get_task_data (task);
  GTlsDatabase *database = kube_credentials_get_database (dial->credentials);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  stream = g_tls_client_connection_new (dial->stream, server, &error);
  if (stream == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }

  if (database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (stream), database);
  kube_connection_set_identity (G_TLS_CLIENT_CONNECTION (stream), dial->credentials);
  /* Go's server ends a connection without a word of TLS; the frames tell how it ended. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (stream), FALSE);
  g_signal_connect (stream, "accept-certificate",
                    G_CALLBACK (on_connection_accept_certificate_cb), dial);
  g_set_object (&dial->stream, stream);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT,
                                    get_cancellable (dial), kube_dial_handshake_cb,
                                    g_steal_pointer (&task));
}

static GSocketConnectable *
parse_server (Dial    *dial,
              GError **error)
{
  KubeContext *context = kube_credentials_get_context (dial->credentials);
  gboolean     is_secure = kube_connection_is_secure (dial->credentials);

  /* Its scheme is what a proxy is looked up by. */
  return g_network_address_parse_uri (kube_context_get_server (context),
                                      is_secure ? HTTPS_PORT : HTTP_PORT, error);
}

static void
kube_dial_connect_cb (GObject      *source_object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GSocketConnectable) server = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source_object), result, &error);
  if (connection != NULL)
    server = parse_server (dial, &error);
  if (server == NULL)
    {
      fail (g_steal_pointer (&task), error);
      return;
    }

  kube_connection_keep_alive (connection);
  dial->stream = G_IO_STREAM (g_steal_pointer (&connection));
  if (kube_connection_is_secure (dial->credentials))
    secure (g_steal_pointer (&task), server);
  else
    ask (g_steal_pointer (&task));
}

static void
kube_dial_authorize_cb (GObject      *source_object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr(GSocketClient) client = NULL;
  g_autoptr(GProxyResolver) resolver = NULL;
  g_autoptr(GSocketConnectable) server = NULL;
  GError *error = NULL;

  if (!kube_credentials_authorize_finish (dial->credentials, result, &dial->authorization,
                                          &error))
    {
      g_task_return_error (task, error);
      return;
    }

  dial->exec = kube_credentials_dup_exec (dial->credentials);
  set_deadline (task, CONNECT_SECONDS);
  server = parse_server (dial, &error);
  if (server == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  client = g_socket_client_new ();
  resolver = kube_connection_dup_proxy (dial->credentials);
  if (resolver != NULL)
    g_socket_client_set_proxy_resolver (client, resolver);
  g_socket_client_set_enable_proxy (client, !kube_connection_is_direct (dial->credentials));
  g_socket_client_connect_async (client, server, get_cancellable (dial), kube_dial_connect_cb,
                                 g_steal_pointer (&task));
}

/* Takes the task. */
static void
authorize (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  kube_credentials_authorize_async (dial->credentials, g_task_get_cancellable (task),
                                    kube_dial_authorize_cb, task);
}

/**
 * kube_dial_async:
 * @credentials: whom to call, whom to trust, and how to sign in
 * @request: a GET request for something that can be upgraded
 * @protocols: (array zero-terminated=1): the subprotocols to offer, the best first
 * @cancellable: (nullable): a cancellable
 * @callback: called when the server has answered
 * @user_data: data for @callback
 *
 * Opens a WebSocket: connects, through the proxy that the kubeconfig, the desktop or the
 * environment names, secures the connection as [class@Kube.SoupTransport] does, and asks for the
 * upgrade. An answer 401 runs the program that the user signs in by once again.
 */
void
kube_dial_async (KubeCredentials    *credentials,
                 KubeRequest        *request,
                 const char *const  *protocols,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Dial *dial;

  g_return_if_fail (KUBE_IS_CREDENTIALS (credentials));
  g_return_if_fail (request != NULL);
  g_return_if_fail (protocols != NULL && protocols[0] != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  dial = g_new0 (Dial, 1);
  dial->credentials = g_object_ref (credentials);
  dial->request = kube_request_ref (request);
  dial->protocols = g_strdupv ((GStrv) protocols);
  dial->buffer = g_malloc (BUFFER_SIZE);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_dial_async);
  g_task_set_task_data (task, dial, (GDestroyNotify) dial_free);
  authorize (g_steal_pointer (&task));
}

/**
 * kube_dial_finish:
 * @result: the result that the callback was given
 * @refusal: (out) (transfer full) (nullable): the answer, if the server does not upgrade
 * @error: return location for an error
 *
 * Finishes opening a WebSocket.
 *
 * Possible errors: %KUBE_ERROR_UNREACHABLE, %KUBE_ERROR_TLS, %KUBE_ERROR_CREDENTIALS,
 * %KUBE_ERROR_PROTOCOL, %KUBE_ERROR_CONFIG, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the socket, or %NULL with @refusal or @error set
 */
KubeSocket *
kube_dial_finish (GAsyncResult  *result,
                  KubeResponse **refusal,
                  GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  KubeSocket *socket;
  Dial       *dial;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_dial_async), NULL);
  g_return_val_if_fail (refusal != NULL, NULL);

  socket = g_task_propagate_pointer (G_TASK (result), &local_error);
  dial = g_task_get_task_data (G_TASK (result));
  *refusal = local_error == NULL ? g_steal_pointer (&dial->refusal) : NULL;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return socket;
}
