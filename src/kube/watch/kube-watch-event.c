/* kube-watch-event.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-watch-event.h"

static const char *const type_names[] = {
  [KUBE_WATCH_ADDED] = "ADDED",
  [KUBE_WATCH_MODIFIED] = "MODIFIED",
  [KUBE_WATCH_DELETED] = "DELETED",
  [KUBE_WATCH_BOOKMARK] = "BOOKMARK",
  [KUBE_WATCH_ERROR] = "ERROR",
};

G_DEFINE_ENUM_TYPE (KubeWatchEventType, kube_watch_event_type, G_DEFINE_ENUM_VALUE (KUBE_WATCH_ADDED, "added"), G_DEFINE_ENUM_VALUE (KUBE_WATCH_MODIFIED, "modified"), G_DEFINE_ENUM_VALUE (KUBE_WATCH_DELETED, "deleted"), G_DEFINE_ENUM_VALUE (KUBE_WATCH_BOOKMARK, "bookmark"), G_DEFINE_ENUM_VALUE (KUBE_WATCH_ERROR, "error"))

/**
 * kube_watch_event_new: (skip)
 * @type: what happened
 *
 * Returns: (transfer full): an event without objects
 */
KubeWatchEvent *
kube_watch_event_new (KubeWatchEventType type)
{
  KubeWatchEvent *event = g_new0 (KubeWatchEvent, 1);

  event->type = type;
  event->objects = g_ptr_array_new_with_free_func (g_object_unref);

  return event;
}

/**
 * kube_watch_event_free:
 * @event: (nullable): an event
 *
 * Frees @event.
 */
void
kube_watch_event_free (KubeWatchEvent *event)
{
  if (event == NULL)
    return;

  g_clear_pointer (&event->objects, g_ptr_array_unref);
  g_clear_pointer (&event->resource_version, g_free);
  g_clear_error (&event->error);
  g_free (event);
}

/**
 * kube_watch_event_type_get_name:
 * @type: a type
 *
 * Returns: (transfer none): what the API calls it, such as "ADDED"
 */
const char *
kube_watch_event_type_get_name (KubeWatchEventType type)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (type_names), NULL);

  return type_names[type];
}

/**
 * kube_watch_event_type_from_name:
 * @name: (nullable): what the API calls a type
 *
 * Returns: a #KubeWatchEventType, -1 for anything else
 */
int
kube_watch_event_type_from_name (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (type_names); i++)
    {
      if (g_str_equal (name, type_names[i]))
        return (int) i;
    }

  return -1;
}
