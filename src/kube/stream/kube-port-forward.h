/* kube-port-forward.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-resource.h"

G_BEGIN_DECLS

#define KUBE_TYPE_PORT_FORWARD (kube_port_forward_get_type ())
G_DECLARE_FINAL_TYPE (KubePortForward, kube_port_forward, KUBE, PORT_FORWARD, GObject)

KubePortForward *kube_port_forward_new (KubeClient         *client,
                                        const char         *namespace_,
                                        const KubeResource *resource,
                                        const char         *name,
                                        const char         *port);
gboolean         kube_port_forward_set_local (KubePortForward *self,
                                              const char      *address,
                                              guint16          port,
                                              GError         **error);
void             kube_port_forward_start_async (KubePortForward    *self,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
gboolean         kube_port_forward_start_finish (KubePortForward *self,
                                                 GAsyncResult    *result,
                                                 GError         **error);
void             kube_port_forward_stop (KubePortForward *self);
gboolean         kube_port_forward_is_running (KubePortForward *self);
const char      *kube_port_forward_get_address (KubePortForward *self);
guint16          kube_port_forward_get_local_port (KubePortForward *self);
guint16          kube_port_forward_get_pod_port (KubePortForward *self);
const char      *kube_port_forward_get_pod (KubePortForward *self);
guint            kube_port_forward_get_n_connections (KubePortForward *self);

G_END_DECLS
