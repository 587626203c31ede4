/* kube-client-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

void _kube_client_set_silence (KubeClient *self,
                               guint       seconds);

KubeTransport *_kube_client_get_transport (KubeClient *self);
GError        *_kube_client_build_error (KubeClient   *self,
                                         KubeRequest  *request,
                                         KubeResponse *response,
                                         GByteArray   *body);

G_END_DECLS
