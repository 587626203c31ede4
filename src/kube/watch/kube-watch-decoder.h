/* kube-watch-decoder.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-columns.h"
#include "kube-request.h"
#include "kube-resource.h"
#include "kube-watch-event.h"

G_BEGIN_DECLS

typedef struct _KubeWatchDecoder KubeWatchDecoder;

KubeWatchDecoder *kube_watch_decoder_new (const KubeResource *resource,
                                          KubeForm            form);
void              kube_watch_decoder_free (KubeWatchDecoder *self);
KubeColumns      *kube_watch_decoder_get_columns (KubeWatchDecoder *self);
void              kube_watch_decoder_set_columns (KubeWatchDecoder *self, JsonArray *definitions);
GPtrArray        *kube_watch_decoder_decode_list (KubeWatchDecoder *self,
                                                  JsonNode         *list);
KubeWatchEvent   *kube_watch_decoder_decode_line (KubeWatchDecoder *self,
                                                  GBytes           *line,
                                                  GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeWatchDecoder, kube_watch_decoder_free)

G_END_DECLS
