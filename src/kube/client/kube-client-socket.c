/* kube-client-socket.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-client.h"

#include "kube-client-private.h"

#define CHUNK_SIZE (64 * 1024)

static GByteArray *
read_refusal (KubeResponse *refusal)
{
  /* The body is in memory: reading it waits for nobody. */
  GInputStream *stream = kube_response_get_body (refusal);
  GByteArray   *body = g_byte_array_new ();
  gssize        n_bytes;

  do
    {
      guint size = body->len;

      g_byte_array_set_size (body, size + CHUNK_SIZE);
      n_bytes = g_input_stream_read (stream, body->data + size, CHUNK_SIZE, NULL, NULL);
      g_byte_array_set_size (body, size + (guint) MAX (n_bytes, 0));
    }
  while (n_bytes > 0);

  return body;
}

static void
kube_client_connect_socket_cb (GObject      *source_object,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubeClient *self = g_task_get_source_object (task);
  g_autoptr(KubeResponse) refusal = NULL;
  g_autoptr(GByteArray) body = NULL;
  GError     *error = NULL;
  KubeSocket *socket;

  socket = kube_transport_connect_socket_finish (_kube_client_get_transport (self), result,
                                                 &refusal, &error);
  if (socket != NULL)
    {
      g_task_return_pointer (task, socket, g_object_unref);
      return;
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  body = read_refusal (refusal);
  g_task_return_error (task, _kube_client_build_error (self, g_task_get_task_data (task), refusal,
                                                       body));
}

/**
 * kube_client_connect_socket_async:
 * @self: a client
 * @request: (transfer none): a GET request for something that can be upgraded
 * @protocols: (array zero-terminated=1): the subprotocols to offer, the best first
 * @cancellable: (nullable): a cancellable
 * @callback: called when the server has answered
 * @user_data: data for @callback
 *
 * Opens a WebSocket. Nothing is repeated.
 */
void
kube_client_connect_socket_async (KubeClient         *self,
                                  KubeRequest        *request,
                                  const char *const  *protocols,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (protocols != NULL && protocols[0] != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_client_connect_socket_async);
  g_task_set_task_data (task, kube_request_ref (request), (GDestroyNotify) kube_request_unref);
  kube_transport_connect_socket_async (_kube_client_get_transport (self), request, protocols,
                                       cancellable, kube_client_connect_socket_cb,
                                       g_steal_pointer (&task));
}

/**
 * kube_client_connect_socket_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes opening a WebSocket.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the socket, or %NULL with @error set
 */
KubeSocket *
kube_client_connect_socket_finish (KubeClient   *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_client_connect_socket_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
