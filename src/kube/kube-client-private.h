/* kube-client-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

void _kube_client_set_silence (KubeClient *self,
                               guint       seconds);

G_END_DECLS
