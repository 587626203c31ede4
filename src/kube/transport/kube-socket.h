/* kube-socket.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-frame.h"

G_BEGIN_DECLS

#define KUBE_TYPE_SOCKET (kube_socket_get_type ())
G_DECLARE_FINAL_TYPE (KubeSocket, kube_socket, KUBE, SOCKET, GObject)

/**
 * KubeSocketFuncs:
 * @receive: a piece of a binary message has come. Its bytes are gone when the function returns
 * @writable: what was queued has been sent, after [method@Kube.Socket.can_send] said no
 * @closed: the server has ended the conversation, or it broke off: then with an error. Comes once,
 *   and nothing comes after it
 *
 * What happens on a socket. Each function may close the socket or drop it.
 */
typedef struct
{
  void (*receive) (KubeSocket      *socket,
                   const KubeFrame *frame,
                   gpointer         user_data);
  void (*writable) (KubeSocket *socket,
                    gpointer    user_data);
  void (*closed) (KubeSocket   *socket,
                  const GError *error,
                  gpointer      user_data);
} KubeSocketFuncs;

KubeSocket *kube_socket_new (GIOStream  *stream,
                             const char *protocol,
                             GBytes     *received);
const char *kube_socket_get_protocol (KubeSocket *self);
void        kube_socket_set_keepalive (KubeSocket *self,
                                       guint       interval_ms,
                                       guint       max_unanswered);
void        kube_socket_start (KubeSocket            *self,
                               const KubeSocketFuncs *funcs,
                               gpointer               user_data);
void        kube_socket_send (KubeSocket          *self,
                              const GOutputVector *parts,
                              guint                n_parts);
gboolean    kube_socket_can_send (KubeSocket *self);
gsize       kube_socket_get_queued (KubeSocket *self);
void        kube_socket_pause (KubeSocket *self);
void        kube_socket_resume (KubeSocket *self);
void        kube_socket_close (KubeSocket *self);

G_END_DECLS
