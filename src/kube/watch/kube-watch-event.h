/* kube-watch-event.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-object.h"

G_BEGIN_DECLS

/**
 * KubeWatchEventType:
 * @KUBE_WATCH_ADDED: an object is there that was not
 * @KUBE_WATCH_MODIFIED: an object has changed
 * @KUBE_WATCH_DELETED: an object is gone; the event has what it was last
 * @KUBE_WATCH_BOOKMARK: no object: everything up to a version has been told
 * @KUBE_WATCH_ERROR: no object: the watch ends with a Status
 *
 * What an event of a watch tells.
 */
typedef enum
{
  KUBE_WATCH_ADDED,
  KUBE_WATCH_MODIFIED,
  KUBE_WATCH_DELETED,
  KUBE_WATCH_BOOKMARK,
  KUBE_WATCH_ERROR
} KubeWatchEventType;

#define KUBE_TYPE_WATCH_EVENT_TYPE (kube_watch_event_type_get_type ())

GType kube_watch_event_type_get_type (void);

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

KubeWatchEvent *kube_watch_event_new (KubeWatchEventType type);
void            kube_watch_event_free (KubeWatchEvent *event);
const char     *kube_watch_event_type_get_name (KubeWatchEventType type);
int             kube_watch_event_type_from_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeWatchEvent, kube_watch_event_free)

G_END_DECLS
