/* kube-transport.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-transport.h"

/**
 * KubeTransport:
 *
 * The edge of the world: takes a [struct@KubeRequest] to the API server and brings back a
 * [class@KubeResponse]. [class@KubeSoupTransport] does it over HTTP.
 */
G_DEFINE_INTERFACE (KubeTransport, kube_transport, G_TYPE_OBJECT)

static void
kube_transport_default_init (KubeTransportInterface *iface)
{
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
