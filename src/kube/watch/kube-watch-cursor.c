/* kube-watch-cursor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-watch-cursor.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-retry.h"

#include <string.h>

/* A watch that is shorter and says nothing is no watch: a proxy or server in trouble. */
#define SHORT_WATCH (1 * G_TIME_SPAN_SECOND)

/* What the server cannot continue from may be this version itself. */
#define MAX_FAILURES 3

/**
 * kube_watch_cursor_clear:
 * @self: a cursor
 *
 * Puts @self back to the beginning.
 */
void
kube_watch_cursor_clear (KubeWatchCursor *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->resource_version, g_free);
  *self = (KubeWatchCursor){ 0 };
}

/**
 * kube_watch_cursor_set_list:
 * @self: a cursor
 * @resource_version: (nullable): the version of a list that is complete
 *
 * The next watch begins at that list. Without a version the server sends
 * everything once more as the watch begins.
 */
void
kube_watch_cursor_set_list (KubeWatchCursor *self,
                            const char      *resource_version)
{
  g_return_if_fail (self != NULL);

  kube_watch_cursor_clear (self);
  self->resource_version = g_strdup (resource_version != NULL ? resource_version : "");
}

/**
 * kube_watch_cursor_begin:
 * @self: a cursor
 *
 * A watch begins.
 */
void
kube_watch_cursor_begin (KubeWatchCursor *self)
{
  g_return_if_fail (self != NULL);

  self->eventful = FALSE;
  self->bookmarked = FALSE;
  self->broken = FALSE;
}

/**
 * kube_watch_cursor_take_event:
 * @self: a cursor
 * @event: an event that was applied, or one of type %KUBE_WATCH_ERROR
 *
 * Moves @self behind @event. After an ERROR event the watch cannot be relied on to
 * have told everything, but for one that only says that there was too much to do.
 */
void
kube_watch_cursor_take_event (KubeWatchCursor      *self,
                              const KubeWatchEvent *event)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  if (event->type == KUBE_WATCH_ERROR)
    {
      self->broken = !g_error_matches (event->error, KUBE_ERROR, KUBE_ERROR_TOO_MANY_REQUESTS);
      return;
    }

  self->eventful = TRUE;
  self->resumable = TRUE;
  self->n_failures = 0;
  self->bookmarked = self->bookmarked || event->type == KUBE_WATCH_BOOKMARK;
  if (event->resource_version != NULL && g_strcmp0 (self->resource_version, event->resource_version) != 0)
    {
      g_free (self->resource_version);
      self->resource_version = g_strdup (event->resource_version);
    }
}

/**
 * kube_watch_cursor_lose:
 * @self: a cursor
 *
 * An event could not be read: something has been missed.
 */
void
kube_watch_cursor_lose (KubeWatchCursor *self)
{
  g_return_if_fail (self != NULL);

  self->broken = TRUE;
}

/**
 * kube_watch_cursor_end:
 * @self: a cursor
 * @lasted: how long the watch lasted, in microseconds
 *
 * The server ended the watch as it should. That is normal after its time is over,
 * but not at once without a word.
 *
 * Returns: %TRUE to watch again at once, %FALSE if that was no watch: a failure
 */
gboolean
kube_watch_cursor_end (KubeWatchCursor *self,
                       gint64           lasted)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->eventful && lasted < SHORT_WATCH)
    return FALSE;

  self->n_failures = 0;
  return TRUE;
}

/* A version newer than what the server knows, after it was set back. Servers before 1.18.6 say so
 * in words only. */
static gboolean
is_too_new (const GError *error)
{
  JsonNode   *status = kube_error_get_status (error);
  JsonArray  *causes = base_json_get_array (status, "details", "causes", NULL);
  const char *words = base_json_get_string (status, "message", NULL);

  for (guint i = 0; causes != NULL && i < json_array_get_length (causes); i++)
    {
      JsonNode *cause = json_array_get_element (causes, i);

      if (g_strcmp0 (base_json_get_string (cause, "reason", NULL), "ResourceVersionTooLarge") == 0 ||
          g_strcmp0 (base_json_get_string (cause, "message", NULL), "Too large resource version") == 0)
        return TRUE;
    }

  return words != NULL && strstr (words, "Too large resource version") != NULL;
}

/* The server has forgotten the version, or does not know it yet: 410, or too new. */
static gboolean
is_outdated (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXPIRED) ||
         (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TIMEOUT) && is_too_new (error));
}

/* Whether the server may go on from the same version as soon as it can do anything at all. */
static gboolean
is_passing (const GError *error)
{
  return kube_retry_is_away (error) || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TLS) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TOO_MANY_REQUESTS) ||
         (kube_retry_is_refusal (error) && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND));
}

/**
 * kube_watch_cursor_fail:
 * @self: a cursor
 * @error: why a list, or a watch, failed; a %KUBE_ERROR
 *
 * Decides as client-go does (tools/cache/reflector.go), with one difference: a
 * watch that the server fails to open is tried three times before everything is
 * listed again, as lists are what a server in trouble can do without.
 *
 * Returns: what to do next; to list again for as long as there was no complete list
 */
KubeWatchStep
kube_watch_cursor_fail (KubeWatchCursor *self,
                        const GError    *error)
{
  gboolean outdated;
  gboolean at_once;

  g_return_val_if_fail (self != NULL, KUBE_WATCH_RELIST);
  g_return_val_if_fail (error != NULL, KUBE_WATCH_RELIST);

  outdated = is_outdated (error);
  at_once = outdated && self->resumable;
  if (!outdated && !self->broken && !is_passing (error))
    self->n_failures++;

  if (outdated || self->broken || self->n_failures >= MAX_FAILURES ||
      g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    kube_watch_cursor_clear (self);
  if (self->resource_version != NULL)
    return KUBE_WATCH_RESUME_LATER;

  return at_once ? KUBE_WATCH_RELIST : KUBE_WATCH_RELIST_LATER;
}
