/* kube-channels.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-socket.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CHANNELS (kube_channels_get_type ())
G_DECLARE_FINAL_TYPE (KubeChannels, kube_channels, KUBE, CHANNELS, GObject)

KubeChannels  *kube_channels_new (KubeSocket *socket,
                                  guint       prelude);
gboolean       kube_channels_can_close (KubeChannels *self);
GInputStream  *kube_channels_add_input (KubeChannels *self,
                                        guint8        channel);
GOutputStream *kube_channels_add_output (KubeChannels *self,
                                         guint8        channel);
void           kube_channels_set_text_channel (KubeChannels *self,
                                               guint8        channel);
void           kube_channels_start (KubeChannels *self);
void           kube_channels_send (KubeChannels *self,
                                   guint8        channel,
                                   const char   *text);
gsize          kube_channels_get_queued (KubeChannels *self);
guint64        kube_channels_get_received (KubeChannels *self);
const char    *kube_channels_get_text (KubeChannels *self);
void           kube_channels_close (KubeChannels *self,
                                    const GError *error);

G_END_DECLS
