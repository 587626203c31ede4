/* kube-soup-transport.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-credentials.h"
#include "kube-transport.h"

G_BEGIN_DECLS

#define KUBE_TYPE_SOUP_TRANSPORT (kube_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (KubeSoupTransport, kube_soup_transport, KUBE, SOUP_TRANSPORT, GObject)

KubeSoupTransport *kube_soup_transport_new (KubeCredentials *credentials);

G_END_DECLS
