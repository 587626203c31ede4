/* kube-connection.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "kube-context-private.h"

/* A dead line shows after 30 + 3 × 10 seconds, however quiet a watch is. */
#define KEEPALIVE_IDLE_SECONDS 30
#define KEEPALIVE_INTERVAL_SECONDS 10
#define KEEPALIVE_PROBES 3

/**
 * kube_connection_keep_alive:
 * @connection: a connection to the API server, or to the proxy before it
 *
 * Lets the system look after a connection on which nothing is said, so that a dead one fails
 * within a minute.
 */
void
kube_connection_keep_alive (GSocketConnection *connection)
{
  GSocket *socket;

  g_return_if_fail (G_IS_SOCKET_CONNECTION (connection));

  /* Where an option is missing, a dead line shows later. */
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
                       1000 * (KEEPALIVE_IDLE_SECONDS +
                               KEEPALIVE_PROBES * KEEPALIVE_INTERVAL_SECONDS),
                       NULL);
}

/**
 * kube_connection_set_identity:
 * @connection: a connection before its handshake
 * @credentials: whom to call
 *
 * Says in the handshake who calls, where the kubeconfig has a client certificate, and names the
 * wanted server, where it has a `tls-server-name`: that is what the server's certificate is
 * compared with.
 */
void
kube_connection_set_identity (GTlsClientConnection *connection,
                              KubeCredentials      *credentials)
{
  GTlsCertificate *certificate;
  const char      *server_name;
  g_autoptr(GSocketConnectable) identity = NULL;

  g_return_if_fail (G_IS_TLS_CLIENT_CONNECTION (connection));
  g_return_if_fail (KUBE_IS_CREDENTIALS (credentials));

  certificate = kube_credentials_get_certificate (credentials);
  if (certificate != NULL)
    g_tls_connection_set_certificate (G_TLS_CONNECTION (connection), certificate);

  server_name = kube_credentials_get_server_name (credentials);
  if (server_name == NULL)
    return;

  identity = g_network_address_new (server_name, 0);
  g_tls_client_connection_set_server_identity (connection, identity);
}

static gboolean
is_on_this_machine (const char *server)
{
  g_autoptr(GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GInetAddress) address = NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL)
    return FALSE;

  address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (host, "localhost") == 0;
}

/**
 * kube_connection_dup_proxy:
 * @credentials: whom to call
 *
 * Finds the proxy that the kubeconfig names. Without one, that of the desktop or the environment
 * counts, unless `kube_connection_is_direct()`.
 *
 * Returns: (transfer full) (nullable): what resolves to that proxy, or %NULL if there is none
 */
GProxyResolver *
kube_connection_dup_proxy (KubeCredentials *credentials)
{
  const char *proxy;

  g_return_val_if_fail (KUBE_IS_CREDENTIALS (credentials), NULL);

  proxy = kube_credentials_get_context (credentials)->proxy_url;

  return proxy != NULL ? g_simple_proxy_resolver_new (proxy, NULL) : NULL;
}

/**
 * kube_connection_is_direct:
 * @credentials: whom to call
 *
 * Tells whether no proxy has to be looked for: the kubeconfig names none, and the server is on
 * this machine, for which no proxy counts in Go either (httpproxy.FromEnvironment). Asking the
 * desktop and the environment takes longer than asking such a server.
 *
 * Returns: %TRUE if the server is called without a proxy in any case
 */
gboolean
kube_connection_is_direct (KubeCredentials *credentials)
{
  KubeContext *context;

  g_return_val_if_fail (KUBE_IS_CREDENTIALS (credentials), FALSE);

  context = kube_credentials_get_context (credentials);

  return context->proxy_url == NULL && is_on_this_machine (kube_context_get_server (context));
}

/**
 * kube_connection_is_secure:
 * @credentials: whom to call
 *
 * Returns: %TRUE if the server is called by `https`
 */
gboolean
kube_connection_is_secure (KubeCredentials *credentials)
{
  KubeContext *context;

  g_return_val_if_fail (KUBE_IS_CREDENTIALS (credentials), FALSE);

  context = kube_credentials_get_context (credentials);

  return g_ascii_strncasecmp (kube_context_get_server (context), "https:", 6) == 0;
}

/**
 * kube_connection_is_local:
 * @credentials: whom to call
 *
 * Finds out whether what is sent to the server stays in this machine: its address is one of the
 * loopback network, as that of kind and of minikube's drivers for containers is, and no proxy of
 * the kubeconfig lies in between.
 *
 * Returns: %TRUE if it does
 */
gboolean
kube_connection_is_local (KubeCredentials *credentials)
{
  KubeContext *context;
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GInetAddress) address = NULL;
  const char *host;

  g_return_val_if_fail (KUBE_IS_CREDENTIALS (credentials), FALSE);

  context = kube_credentials_get_context (credentials);
  uri = g_uri_parse (kube_context_get_server (context), G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || context->proxy_url != NULL)
    return FALSE;

  address = g_inet_address_new_from_string (host);
  return g_ascii_strcasecmp (host, "localhost") == 0 ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

/**
 * kube_connection_add_headers:
 * @credentials: whom to call
 * @authorization: (nullable): the `Authorization` header
 * @headers: the headers of a request
 *
 * Adds who asks, and as whom.
 */
void
kube_connection_add_headers (KubeCredentials    *credentials,
                             const char         *authorization,
                             SoupMessageHeaders *headers)
{
  GStrv wanted;

  g_return_if_fail (KUBE_IS_CREDENTIALS (credentials));
  g_return_if_fail (headers != NULL);

  wanted = kube_credentials_get_context (credentials)->impersonation;
  for (guint i = 0; wanted != NULL && wanted[i] != NULL; i += 2)
    soup_message_headers_append (headers, wanted[i], wanted[i + 1]);
  /* Whoever listens on a plain connection must not get to see how to sign in. */
  if (authorization != NULL && kube_connection_is_secure (credentials))
    soup_message_headers_replace (headers, "Authorization", authorization);
}
