/* socket-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

typedef struct _SocketServer SocketServer;
typedef struct _SocketPeer   SocketPeer;

/* What a server does with a client that it has upgraded, in a thread of its own. The connection
 * is cut when it returns. */
typedef void (*SocketServerFunc) (SocketPeer *peer,
                                  gpointer    user_data);

/* How what a server says ends too early. */
typedef enum
{
  SOCKET_CUT_END,   /* FIN */
  SOCKET_CUT_RESET, /* RST: what the client has not read yet is lost, too */
  SOCKET_CUT_STALL, /* nothing more until the client leaves */
} SocketCut;

/* A server on a port of this machine that speaks WebSocket byte by byte, without TLS. */
SocketServer *socket_server_new (SocketServerFunc func,
                                 gpointer         user_data);
void          socket_server_free (SocketServer *self);
KubeClient   *socket_server_connect (SocketServer *self);
void          socket_server_set_protocol (SocketServer *self,
                                          const char   *protocol);
void          socket_server_set_answer (SocketServer *self,
                                        const char   *answer);
void          socket_server_set_object (SocketServer *self,
                                        const char   *json);
void          socket_server_cut (SocketServer *self,
                                 gsize         n_bytes,
                                 SocketCut     cut);
gboolean      socket_server_has_cut (SocketServer *self);
gsize         socket_server_measure_answer (SocketServer *self);
char         *socket_server_dup_request (SocketServer *self);

void     socket_peer_write (SocketPeer *peer,
                            const void *data,
                            gsize       length);
void     socket_peer_send (SocketPeer *peer,
                           guint8      first,
                           const void *data,
                           gsize       length);
GBytes  *socket_peer_receive (SocketPeer *peer,
                              guint8     *first);
gboolean socket_peer_wait (SocketPeer *peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SocketServer, socket_server_free)

G_END_DECLS
