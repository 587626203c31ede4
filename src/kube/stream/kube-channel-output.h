/* kube-channel-output.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-socket.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CHANNEL_OUTPUT (kube_channel_output_get_type ())
G_DECLARE_FINAL_TYPE (KubeChannelOutput, kube_channel_output, KUBE, CHANNEL_OUTPUT, GOutputStream)

KubeChannelOutput *kube_channel_output_new (KubeSocket *socket,
                                            guint8      channel,
                                            gboolean    can_close);
void               kube_channel_output_wake (KubeChannelOutput *self);
void               kube_channel_output_end (KubeChannelOutput *self,
                                            const GError      *error);

G_END_DECLS
