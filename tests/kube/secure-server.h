/* secure-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "kube-client.h"

G_BEGIN_DECLS

/* An API server on a port of this machine that speaks TLS, in a folder of its own with ca.crt,
 * and with .crt and .key of "server", "one" and "two". Answers with whom it has seen. */
typedef struct
{
  SoupServer        *server;
  char              *directory;
  guint              port;
  guint              n_requests;
  const char        *refused;  /* (nullable) 401 for whom this stands in the identity of */
  gboolean           closes;   /* each connection shows its certificate once */
  gboolean           cuts;     /* the next request is cut off without an answer */
  char              *identity; /* (nullable) the last one: "AUTHORIZATION SUBJECT" */
  char              *host;     /* (nullable) the last Host header */
  SoupServerMessage *stream;   /* (nullable) an answer to /stream that goes on */
} SecureServer;

SecureServer *secure_server_new (void);
void          secure_server_free (SecureServer *self);
char         *secure_server_get_path (SecureServer *self,
                                      const char   *name);
void          secure_server_write (SecureServer *self,
                                   const char   *name,
                                   int           mode,
                                   const char   *contents);
void          secure_server_end_stream (SecureServer *self,
                                        const char   *text);
KubeClient   *secure_server_connect (SecureServer *self,
                                     const char   *cluster,
                                     const char   *user,
                                     GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecureServer, secure_server_free)

G_END_DECLS
