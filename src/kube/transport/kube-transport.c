/* kube-transport.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-transport.h"

#include "kube-error.h"

/**
 * KubeTransport:
 *
 * The edge of the world: takes a [struct@KubeRequest] to the API server and brings back a
 * [class@KubeResponse]. The one of [func@Client.connect_async] does it over HTTP.
 */
G_DEFINE_INTERFACE (KubeTransport, kube_transport, G_TYPE_OBJECT)

/* For transports that have no sockets, such as those of tests. */
static void
kube_transport_real_connect_socket_async (KubeTransport      *self,
                                          KubeRequest        *request,
                                          const char *const  *protocols,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data)
{
  g_task_report_new_error (self, callback, user_data, kube_transport_connect_socket_async,
                           KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "This connection to the cluster has no streams in both directions. "
                           "It was made for requests only. Use another one.");
}

static KubeSocket *
kube_transport_real_connect_socket_finish (KubeTransport *self,
                                           GAsyncResult  *result,
                                           KubeResponse **refusal,
                                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
kube_transport_default_init (KubeTransportInterface *iface)
{
  iface->connect_socket_async = kube_transport_real_connect_socket_async;
  iface->connect_socket_finish = kube_transport_real_connect_socket_finish;
}

/**
 * kube_transport_send_async:
 * @self: a transport
 * @request: what to send
 * @cancellable: (nullable): also ends the body of the answer when it is cancelled later
 * @callback: called when the head of the answer is there
 * @user_data: data for @callback
 *
 * Sends a request.
 */
void
kube_transport_send_async (KubeTransport      *self,
                           KubeRequest        *request,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_return_if_fail (KUBE_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  KUBE_TRANSPORT_GET_IFACE (self)->send_async (self, request, cancellable, callback, user_data);
}

/**
 * kube_transport_send_finish:
 * @self: a transport
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes sending. An answer that reports a failure is an answer, not an error here.
 *
 * Possible errors: %KUBE_ERROR_UNREACHABLE, %KUBE_ERROR_TLS, %KUBE_ERROR_CREDENTIALS,
 * %KUBE_ERROR_PROTOCOL, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with @error set
 */
KubeResponse *
kube_transport_send_finish (KubeTransport *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (KUBE_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return KUBE_TRANSPORT_GET_IFACE (self)->send_finish (self, result, error);
}

/**
 * kube_transport_connect_socket_async:
 * @self: a transport
 * @request: a GET request for something that can be upgraded
 * @protocols: (array zero-terminated=1): the subprotocols to offer, the best first
 * @cancellable: (nullable): a cancellable
 * @callback: called when the server has answered
 * @user_data: data for @callback
 *
 * Opens a WebSocket.
 */
void
kube_transport_connect_socket_async (KubeTransport      *self,
                                     KubeRequest        *request,
                                     const char *const  *protocols,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  g_return_if_fail (KUBE_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (protocols != NULL && protocols[0] != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  KUBE_TRANSPORT_GET_IFACE (self)->connect_socket_async (self, request, protocols, cancellable,
                                                         callback, user_data);
}

/**
 * kube_transport_connect_socket_finish:
 * @self: a transport
 * @result: the result that the callback was given
 * @refusal: (out) (transfer full) (nullable): the answer, if the server does not upgrade
 * @error: return location for an error
 *
 * Finishes opening a WebSocket.
 *
 * Possible errors: %KUBE_ERROR_UNREACHABLE, %KUBE_ERROR_TLS, %KUBE_ERROR_CREDENTIALS,
 * %KUBE_ERROR_PROTOCOL, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the socket, or %NULL with @refusal or @error set
 */
KubeSocket *
kube_transport_connect_socket_finish (KubeTransport *self,
                                      GAsyncResult  *result,
                                      KubeResponse **refusal,
                                      GError       **error)
{
  g_return_val_if_fail (KUBE_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (refusal != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  *refusal = NULL;

  return KUBE_TRANSPORT_GET_IFACE (self)->connect_socket_finish (self, result, refusal, error);
}
