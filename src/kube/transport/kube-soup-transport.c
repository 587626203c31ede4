/* kube-soup-transport.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "kube-soup-transport.h"

#include <libsoup/soup.h>
#include <string.h>

#include "kube-connection-error.h"
#include "kube-connection.h"
#include "kube-context-private.h"
#include "kube-deadline.h"
#include "kube-dial.h"
#include "kube-error.h"
#include "kube-gzip-decoder.h"
#include "kube-proxy-url.h"
#include "kube-system-database.h"

#define CONNECT_SECONDS 15
#define MAX_CONNECTIONS 200
/* Each watch holds a connection of HTTP/1.1; libsoup's default of two would make the third wait
 * for ever. */
#define MAX_CONNECTIONS_PER_HOST 100
#define IDLE_SECONDS 60

/**
 * KubeSoupTransport:
 *
 * Takes requests to the API server over HTTP with libsoup. One transport is one session with one
 * identity: connections are never shared between contexts. A WebSocket has a connection of its
 * own, outside of the session.
 */
struct _KubeSoupTransport
{
  GObject parent_instance;

  KubeCredentials *credentials;
  SoupSession     *session;
  GTlsCertificate *certificate; /* (nullable) the client's, with which the session was begun */
  GTlsDatabase    *database;    /* (nullable) the same */
};

static void kube_soup_transport_iface_init (KubeTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeSoupTransport, kube_soup_transport, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (KUBE_TYPE_TRANSPORT, kube_soup_transport_iface_init))

typedef struct
{
  /* Input */
  KubeRequest     *request;
  KubeCredentials *credentials;

  /* In progress */
  SoupMessage        *message;  /* (nullable) */
  KubeDeadline       *deadline; /* (nullable) */
  KubeExecCredential *exec;     /* (nullable) the program's answer that it was made with */
  gboolean            repeated;
  gboolean            connected; /* the request was being sent at least */

  /* What the server showed */
  GTlsCertificateFlags flags;
  GTlsCertificate     *peer; /* (nullable) */
} Sending;

static void
sending_reset (Sending *sending)
{
  if (sending->message != NULL)
    g_signal_handlers_disconnect_by_data (sending->message, sending);
  g_clear_object (&sending->message);
  g_clear_pointer (&sending->deadline, kube_deadline_free);
  g_clear_pointer (&sending->exec, kube_exec_credential_unref);
  sending->connected = FALSE;
}

static void
sending_free (Sending *sending)
{
  sending_reset (sending);
  kube_request_unref (sending->request);
  g_clear_object (&sending->credentials);
  g_clear_object (&sending->peer);
  g_free (sending);
}

static gboolean
on_message_accept_certificate_cb (SoupMessage         *message,
                                  GTlsCertificate     *certificate,
                                  GTlsCertificateFlags flags,
                                  gpointer             user_data)
{
  Sending *sending = user_data;

  if (kube_context_get_insecure (kube_credentials_get_context (sending->credentials)))
    return TRUE;

  sending->flags = flags;
  g_set_object (&sending->peer, certificate);

  return FALSE;
}

static void
on_message_network_event_cb (SoupMessage       *message,
                             GSocketClientEvent event,
                             GIOStream         *connection,
                             gpointer           user_data)
{
  Sending *sending = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    kube_connection_keep_alive (G_SOCKET_CONNECTION (connection));
  /* A certificate of the message would only count for its first connection (libsoup 3.2), and a
   * message that comes upon one which the server has just closed gets another. */
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    kube_connection_set_identity (G_TLS_CLIENT_CONNECTION (connection), sending->credentials);
}

/* The connection stands: from here on a quiet server is not a missing one. */
static void
on_message_starting_cb (SoupMessage *message,
                        gpointer     user_data)
{
  Sending *sending = user_data;

  sending->connected = TRUE;
  kube_deadline_stop (sending->deadline);
}

/* Kubernetes compresses answers of more than 128 KiB, lists to a twentieth. Over a network that
 * pays. In one machine it does not, since both ends compute on the same processors: 10,000 pods as
 * a table (45 MB with TLS) took curl 0.61 s plain and 0.64 s compressed at best, 0.83 s and 0.81 s
 * in the middle of seven runs each, by turns on two cores. A stream must not wait for a block of a
 * compressor to fill. Without a word about it any compression would be welcome (RFC 9110, 12.5.3). */
static const char *
choose_encoding (Sending *sending)
{
  if (kube_request_get_streaming (sending->request) ||
      kube_credentials_get_context (sending->credentials)->disable_compression ||
      kube_connection_is_local (sending->credentials))
    return "identity";

  return "gzip";
}

static SoupMessage *
build_message (Sending    *sending,
               const char *authorization)
{
  KubeContext        *context = kube_credentials_get_context (sending->credentials);
  g_autofree char    *uri = NULL;
  SoupMessageHeaders *headers;
  SoupMessage        *message;
  GBytes             *body;

  uri = g_strconcat (kube_context_get_server (context),
                     kube_request_get_path (sending->request), NULL);
  message = soup_message_new (kube_request_get_method (sending->request), uri);
  if (message == NULL)
    return NULL;

  /* The API does not redirect; following one could carry credentials elsewhere. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Accept-Encoding", choose_encoding (sending));
  soup_message_headers_replace (headers, "Accept", kube_request_get_accept (sending->request));
  kube_connection_add_headers (sending->credentials, authorization, headers);
  body = kube_request_get_body (sending->request);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (
        message, kube_request_get_content_type (sending->request), body);

  return message;
}

static GError *
describe_failure (Sending      *sending,
                  const GError *cause)
{
  KubeContext *context = kube_credentials_get_context (sending->credentials);
  g_autoptr(GError) timeout = NULL;

  if (kube_deadline_has_expired (sending->deadline))
    {
      timeout = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
      cause = timeout;
    }

  if (sending->connected)
    return kube_connection_error_new_cut (context, cause);

  return kube_connection_error_new (context, cause, sending->flags, sending->peer);
}

static void authorize (GTask *task);

/* The server did not accept the answer of the program that the user signs in by: it may have
 * been withdrawn before its time, so that another one is worth one more try. Nothing has been
 * done yet, whatever the request; and what an app behind the server says is its own affair. */
static gboolean
may_repeat (Sending *sending)
{
  if (soup_message_get_status (sending->message) != SOUP_STATUS_UNAUTHORIZED || sending->repeated)
    return FALSE;

  if (kube_request_get_relayed (sending->request))
    {
      kube_credentials_expire (sending->credentials, NULL);
      return FALSE;
    }
  kube_credentials_expire (sending->credentials, sending->exec);

  return sending->exec != NULL;
}

/* Also what something in between compressed without being asked to. */
static GInputStream *
decode (Sending      *sending,
        GInputStream *body,
        GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (sending->message);
  const char         *encoding = soup_message_headers_get_list (headers, "Content-Encoding");
  g_autoptr(GConverter) decoder = NULL;

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0)
    return g_object_ref (body);

  if (g_ascii_strcasecmp (encoding, "gzip") != 0 && g_ascii_strcasecmp (encoding, "x-gzip") != 0)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The answer is compressed in a way that nobody asked for: “%s”. Check what lies "
                   "between this computer and the cluster.",
                   encoding);
      return NULL;
    }

  decoder = kube_gzip_decoder_new ();
  return g_converter_input_stream_new (body, decoder);
}

static void
kube_soup_transport_send_cb (GObject      *source_object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr(GInputStream) body = NULL;
  g_autoptr(GInputStream) decoded = NULL;
  g_autoptr(GError) error = NULL;

  body = soup_session_send_finish (SOUP_SESSION (source_object), result, &error);
  if (body == NULL)
    {
      /* The authorities may have been renewed with the server's certificate. */
      if (sending->flags != 0)
        kube_credentials_expire (sending->credentials, NULL);
      g_task_return_error (task, describe_failure (sending, error));
      return;
    }

  if (may_repeat (sending))
    {
      sending_reset (sending);
      sending->repeated = TRUE;
      authorize (g_steal_pointer (&task));
      return;
    }
  decoded = decode (sending, body, &error);
  if (decoded == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_return_pointer (task,
                         kube_response_new_from_headers (
                             soup_message_get_status (sending->message),
                             soup_message_get_response_headers (sending->message), decoded),
                         g_object_unref);
}

/* As Go does it, without being asked: a tunnel is opened by a message of libsoup's own. */
static void
on_session_request_queued_cb (SoupSession *session,
                              SoupMessage *message,
                              gpointer     user_data)
{
  const char *authorization = user_data;
  GUri       *uri = soup_message_get_uri (message);

  if (strcmp (soup_message_get_method (message), SOUP_METHOD_CONNECT) == 0 ||
      strcmp (g_uri_get_scheme (uri), "http") == 0)
    soup_message_headers_replace (soup_message_get_request_headers (message),
                                  "Proxy-Authorization", authorization);
}

static void
free_authorization (gpointer  data,
                    GClosure *closure)
{
  kube_credentials_free_text (data);
}

static SoupSession *
build_session (KubeCredentials *credentials)
{
  GTlsDatabase *database = kube_credentials_get_database (credentials);
  g_autoptr(GProxyResolver) resolver = kube_connection_dup_proxy (credentials);
  char        *authorization;
  SoupSession *session;

  kube_system_database_install ();
  session = soup_session_new_with_options (
      "max-conns", MAX_CONNECTIONS,
      "max-conns-per-host", MAX_CONNECTIONS_PER_HOST,
      "timeout", 0,
      "idle-timeout", IDLE_SECONDS,
      "user-agent", "hackystack-desktop/" PACKAGE_VERSION,
      NULL);
  /* The Authorization header is set here, and nobody is asked for a password half-way. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  /* It takes a compressed answer that ends too early for a whole one. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  if (database != NULL)
    soup_session_set_tls_database (session, database);
  if (resolver != NULL || kube_connection_is_direct (credentials))
    soup_session_set_proxy_resolver (session, resolver);
  authorization = kube_proxy_url_dup_authorization (
      kube_credentials_get_context (credentials)->proxy_url);
  if (authorization != NULL)
    g_signal_connect_data (session, "request-queued", G_CALLBACK (on_session_request_queued_cb),
                           authorization, free_authorization, 0);

  return session;
}

/* Connections belong to the client certificate that they were opened with, and to the authorities
 * that the server was compared with, so that others begin another session. What is on its way in the old one goes on. */
static void
renew_session (KubeSoupTransport *self)
{
  GTlsCertificate *certificate = kube_credentials_get_certificate (self->credentials);
  GTlsDatabase    *database = kube_credentials_get_database (self->credentials);

  if (database == self->database &&
      (certificate == self->certificate ||
       (certificate != NULL && self->certificate != NULL &&
        g_tls_certificate_is_same (certificate, self->certificate))))
    return;

  g_set_object (&self->certificate, certificate);
  g_set_object (&self->database, database);
  g_object_unref (self->session);
  self->session = build_session (self->credentials);
}

static void
kube_soup_transport_authorize_cb (GObject      *source_object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubeSoupTransport *self = g_task_get_source_object (task);
  Sending           *sending = g_task_get_task_data (task);
  char              *authorization = NULL;
  GError            *error = NULL;

  if (!kube_credentials_authorize_finish (sending->credentials, result, &authorization, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  sending->exec = kube_credentials_dup_exec (sending->credentials);
  sending->message = build_message (sending, authorization);
  kube_credentials_free_text (authorization);
  if (sending->message == NULL)
    {
      g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_CONFIG,
                               "The server address %s is not usable. Correct it in the "
                               "kubeconfig.",
                               kube_context_get_server (
                                   kube_credentials_get_context (sending->credentials)));
      return;
    }

  g_signal_connect (sending->message, "accept-certificate",
                    G_CALLBACK (on_message_accept_certificate_cb), sending);
  g_signal_connect (sending->message, "network-event",
                    G_CALLBACK (on_message_network_event_cb), sending);
  g_signal_connect (sending->message, "starting", G_CALLBACK (on_message_starting_cb), sending);
  sending->deadline = kube_deadline_new (g_task_get_cancellable (task), CONNECT_SECONDS);
  renew_session (self);
  soup_session_send_async (self->session, sending->message, G_PRIORITY_DEFAULT,
                           kube_deadline_get_cancellable (sending->deadline),
                           kube_soup_transport_send_cb, g_steal_pointer (&task));
}

/* Takes the task. */
static void
authorize (GTask *task)
{
  KubeSoupTransport *self = g_task_get_source_object (task);

  kube_credentials_authorize_async (self->credentials, g_task_get_cancellable (task),
                                    kube_soup_transport_authorize_cb, task);
}

static void
kube_soup_transport_send_async (KubeTransport      *transport,
                                KubeRequest        *request,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  KubeSoupTransport *self = KUBE_SOUP_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Sending *sending = g_new0 (Sending, 1);

  sending->request = kube_request_ref (request);
  sending->credentials = g_object_ref (self->credentials);
  g_task_set_source_tag (task, kube_soup_transport_send_async);
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);
  authorize (g_steal_pointer (&task));
}

static KubeResponse *
kube_soup_transport_send_finish (KubeTransport *transport,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
kube_soup_transport_connect_socket_async (KubeTransport      *transport,
                                          KubeRequest        *request,
                                          const char *const  *protocols,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data)
{
  KubeSoupTransport *self = KUBE_SOUP_TRANSPORT (transport);

  kube_dial_async (self->credentials, request, protocols, cancellable, callback, user_data);
}

static KubeSocket *
kube_soup_transport_connect_socket_finish (KubeTransport *transport,
                                           GAsyncResult  *result,
                                           KubeResponse **refusal,
                                           GError       **error)
{
  return kube_dial_finish (result, refusal, error);
}

static void
kube_soup_transport_iface_init (KubeTransportInterface *iface)
{
  iface->send_async = kube_soup_transport_send_async;
  iface->send_finish = kube_soup_transport_send_finish;
  iface->connect_socket_async = kube_soup_transport_connect_socket_async;
  iface->connect_socket_finish = kube_soup_transport_connect_socket_finish;
}

static void
kube_soup_transport_dispose (GObject *object)
{
  KubeSoupTransport *self = KUBE_SOUP_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->certificate);
  g_clear_object (&self->database);
  g_clear_object (&self->credentials);

  G_OBJECT_CLASS (kube_soup_transport_parent_class)->dispose (object);
}

static void
kube_soup_transport_class_init (KubeSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_soup_transport_dispose;
}

static void
kube_soup_transport_init (KubeSoupTransport *self)
{
}

/**
 * kube_soup_transport_new:
 * @credentials: whom to call, whom to trust, and how to sign in
 *
 * Creates a transport. Nobody is called yet. Without an authority in @credentials the system's
 * count.
 *
 * Returns: (transfer full): a new transport
 */
KubeSoupTransport *
kube_soup_transport_new (KubeCredentials *credentials)
{
  KubeSoupTransport *self;

  g_return_val_if_fail (KUBE_IS_CREDENTIALS (credentials), NULL);

  self = g_object_new (KUBE_TYPE_SOUP_TRANSPORT, NULL);
  self->credentials = g_object_ref (credentials);
  g_set_object (&self->certificate, kube_credentials_get_certificate (credentials));
  g_set_object (&self->database, kube_credentials_get_database (credentials));
  self->session = build_session (credentials);

  return self;
}
