/* kube-watch-cursor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-watch-decoder.h"

G_BEGIN_DECLS

/**
 * KubeWatchStep:
 * @KUBE_WATCH_RESUME_LATER: watch again from where the watch ended, after a wait
 * @KUBE_WATCH_RELIST: list everything again, at once
 * @KUBE_WATCH_RELIST_LATER: the same after a wait
 *
 * What to do after the failure of a list or a watch.
 */
typedef enum
{
  KUBE_WATCH_RESUME_LATER,
  KUBE_WATCH_RELIST,
  KUBE_WATCH_RELIST_LATER,
} KubeWatchStep;

/**
 * KubeWatchCursor:
 * @resource_version: (nullable): where to watch from; %NULL: list first
 * @eventful: the watch has said something
 * @bookmarked: the watch has bookmarks
 * @broken: the watch has missed something
 * @resumable: a watch has said something since the list
 * @n_failures: how many watches in a row the server refused for reasons of its own
 *
 * Where a watch stands. All zero is the beginning.
 */
typedef struct
{
  char    *resource_version;
  gboolean eventful;
  gboolean bookmarked;
  gboolean broken;
  gboolean resumable;
  guint    n_failures;
} KubeWatchCursor;

void          kube_watch_cursor_clear (KubeWatchCursor *self);
void          kube_watch_cursor_set_list (KubeWatchCursor *self,
                                          const char      *resource_version);
void          kube_watch_cursor_begin (KubeWatchCursor *self);
void          kube_watch_cursor_take_event (KubeWatchCursor      *self,
                                            const KubeWatchEvent *event);
void          kube_watch_cursor_lose (KubeWatchCursor *self);
gboolean      kube_watch_cursor_end (KubeWatchCursor *self,
                                     gint64           lasted);
KubeWatchStep kube_watch_cursor_fail (KubeWatchCursor *self,
                                      const GError    *error);

G_END_DECLS
