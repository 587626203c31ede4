/* kube-transport.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"
#include "kube-response.h"
#include "kube-socket.h"

G_BEGIN_DECLS

#define KUBE_TYPE_TRANSPORT (kube_transport_get_type ())
G_DECLARE_INTERFACE (KubeTransport, kube_transport, KUBE, TRANSPORT, GObject)

struct _KubeTransportInterface
{
  GTypeInterface parent_iface;

  void (*send_async) (KubeTransport      *self,
                      KubeRequest        *request,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data);
  KubeResponse *(*send_finish) (KubeTransport *self,
                                GAsyncResult  *result,
                                GError       **error);
  void (*connect_socket_async) (KubeTransport      *self,
                                KubeRequest        *request,
                                const char *const  *protocols,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
  KubeSocket *(*connect_socket_finish) (KubeTransport *self,
                                        GAsyncResult  *result,
                                        KubeResponse **refusal,
                                        GError       **error);
};

void          kube_transport_send_async (KubeTransport      *self,
                                         KubeRequest        *request,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
KubeResponse *kube_transport_send_finish (KubeTransport *self,
                                          GAsyncResult  *result,
                                          GError       **error);
void          kube_transport_connect_socket_async (KubeTransport      *self,
                                                   KubeRequest        *request,
                                                   const char *const  *protocols,
                                                   GCancellable       *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer            user_data);
KubeSocket   *kube_transport_connect_socket_finish (KubeTransport *self,
                                                    GAsyncResult  *result,
                                                    KubeResponse **refusal,
                                                    GError       **error);

G_END_DECLS
