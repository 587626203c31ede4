/* kube-connection-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-context.h"

G_BEGIN_DECLS

GError *kube_connection_error_new (KubeContext         *context,
                                   const GError        *cause,
                                   GTlsCertificateFlags flags,
                                   GTlsCertificate     *peer);
GError *kube_connection_error_new_cut (KubeContext  *context,
                                       const GError *cause);

G_END_DECLS
