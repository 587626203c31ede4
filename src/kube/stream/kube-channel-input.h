/* kube-channel-input.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KUBE_TYPE_CHANNEL_INPUT (kube_channel_input_get_type ())
G_DECLARE_FINAL_TYPE (KubeChannelInput, kube_channel_input, KUBE, CHANNEL_INPUT, GInputStream)

typedef void (*KubeChannelInputFunc) (gpointer user_data);

KubeChannelInput *kube_channel_input_new (void);
void              kube_channel_input_set_func (KubeChannelInput    *self,
                                               KubeChannelInputFunc func,
                                               gpointer             user_data);
void              kube_channel_input_push (KubeChannelInput *self,
                                           const void       *data,
                                           gsize             length);
void              kube_channel_input_end (KubeChannelInput *self,
                                          const GError     *error);
gsize             kube_channel_input_get_queued (KubeChannelInput *self);

G_END_DECLS
