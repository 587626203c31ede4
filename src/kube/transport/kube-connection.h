/* kube-connection.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "kube-credentials.h"

G_BEGIN_DECLS

void            kube_connection_keep_alive (GSocketConnection *connection);
void            kube_connection_set_identity (GTlsClientConnection *connection,
                                              KubeCredentials      *credentials);
GProxyResolver *kube_connection_dup_proxy (KubeCredentials *credentials);
gboolean        kube_connection_is_direct (KubeCredentials *credentials);
void            kube_connection_add_headers (KubeCredentials    *credentials,
                                             const char         *authorization,
                                             SoupMessageHeaders *headers);
gboolean        kube_connection_is_secure (KubeCredentials *credentials);
gboolean        kube_connection_is_local (KubeCredentials *credentials);

G_END_DECLS
