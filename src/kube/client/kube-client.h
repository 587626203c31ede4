/* kube-client.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-context.h"
#include "kube-request.h"
#include "kube-transport.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CLIENT (kube_client_get_type ())
G_DECLARE_FINAL_TYPE (KubeClient, kube_client, KUBE, CLIENT, GObject)

/**
 * KubeClientSink:
 * @data: a piece of the body of an answer
 * @length: its length in bytes
 * @user_data: data of the caller
 * @error: return location for an error
 *
 * Takes a piece of a body.
 *
 * Returns: %FALSE with @error set to end the call with that error
 */
typedef gboolean (*KubeClientSink) (const char *data,
                                    gsize       length,
                                    gpointer    user_data,
                                    GError    **error);

KubeClient        *kube_client_new (KubeContext   *context,
                                    KubeTransport *transport);
void               kube_client_connect_async (KubeContext        *context,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
KubeClient        *kube_client_connect_finish (GAsyncResult *result,
                                               GError      **error);
KubeContext       *kube_client_get_context (KubeClient *self);
void               kube_client_call_async (KubeClient         *self,
                                           KubeRequest        *request,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
JsonNode          *kube_client_call_finish (KubeClient   *self,
                                            GAsyncResult *result,
                                            GError      **error);
const char *const *kube_client_call_get_warnings (KubeClient   *self,
                                                  GAsyncResult *result);
void               kube_client_read_async (KubeClient *self, KubeRequest *request, KubeClientSink sink, gpointer sink_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean           kube_client_read_finish (KubeClient *self, GAsyncResult *result, GError **error);
void               kube_client_stream_async (KubeClient         *self,
                                             KubeRequest        *request,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
GInputStream      *kube_client_stream_finish (KubeClient   *self,
                                              GAsyncResult *result,
                                              GError      **error);
void               kube_client_connect_socket_async (KubeClient         *self,
                                                     KubeRequest        *request,
                                                     const char *const  *protocols,
                                                     GCancellable       *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer            user_data);
KubeSocket        *kube_client_connect_socket_finish (KubeClient   *self,
                                                      GAsyncResult *result,
                                                      GError      **error);

G_END_DECLS
