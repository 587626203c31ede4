/* kube-watch-decoder.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-columns.h"
#include "kube-object.h"
#include "kube-request.h"
#include "kube-resource.h"

G_BEGIN_DECLS

typedef enum
{
  KUBE_WATCH_ADDED,
  KUBE_WATCH_MODIFIED,
  KUBE_WATCH_DELETED,
  KUBE_WATCH_BOOKMARK,
  KUBE_WATCH_ERROR
} KubeWatchEventType;

/**
 * KubeWatchEvent:
 * @type: what happened
 * @objects: (element-type KubeObject): to what; empty for bookmarks and errors
 * @resource_version: (nullable): where a later watch may resume
 * @error: (nullable): of an ERROR event: the Status it carried
 *
 * One event of a watch.
 */
typedef struct
{
  KubeWatchEventType type;
  GPtrArray         *objects;
  char              *resource_version;
  GError            *error;
} KubeWatchEvent;

typedef struct _KubeWatchDecoder KubeWatchDecoder;

KubeWatchDecoder *kube_watch_decoder_new (const KubeResource *resource,
                                          KubeForm            form);
void              kube_watch_decoder_free (KubeWatchDecoder *self);
KubeColumns      *kube_watch_decoder_get_columns (KubeWatchDecoder *self);
GPtrArray        *kube_watch_decoder_decode_list (KubeWatchDecoder *self,
                                                  JsonNode         *list);
KubeWatchEvent   *kube_watch_decoder_decode_line (KubeWatchDecoder *self,
                                                  GBytes           *line,
                                                  GError          **error);
void              kube_watch_event_free (KubeWatchEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeWatchDecoder, kube_watch_decoder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeWatchEvent, kube_watch_event_free)

G_END_DECLS
