/* kube-log-entry.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KubeLogFlags:
 * @KUBE_LOG_OPEN: no line end follows the bytes
 * @KUBE_LOG_CONTINUED: the bytes go on with the open line before them
 *
 * How the bytes of a [struct@LogEntry] belong to a line.
 */
typedef enum
{
  KUBE_LOG_OPEN = 1 << 0,
  KUBE_LOG_CONTINUED = 1 << 1
} KubeLogFlags;

/**
 * KubeLogEntry:
 * @time_ns: nanoseconds since the epoch, 0 when unknown
 * @text: (array length=length): the bytes of the line, without its line end
 * @length: number of bytes
 * @source: whose line it is, where there are several sources
 * @stamp_length: how many bytes right before @text are its time as the server
 *   wrote it, with the space behind it; 0 when they are not there
 * @flags: how the bytes belong to a line
 *
 * One line of a log, borrowed from where it lies. A line that is very long is
 * several entries.
 */
typedef struct
{
  gint64       time_ns;
  const char  *text;
  gsize        length;
  guint16      source;
  guint8       stamp_length;
  KubeLogFlags flags;
} KubeLogEntry;

/**
 * KubeLogSink:
 * @entries: (array length=n_entries): lines; valid during the call
 * @n_entries: how many, at least one
 * @user_data: data of who wants the lines
 *
 * Takes lines as they arrive.
 */
typedef void (*KubeLogSink) (const KubeLogEntry *entries,
                             guint               n_entries,
                             gpointer            user_data);

G_END_DECLS
