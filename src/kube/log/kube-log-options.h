/* kube-log-options.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"

G_BEGIN_DECLS

/**
 * KubeLogOptions:
 * @follow: whether to go on with lines as they are written
 * @previous: whether to read the instance before the latest restart; such a log is
 *   not followed
 * @tail_lines: how many of the lines so far to begin with, -1 for all
 * @since_seconds: only lines of so many seconds back, 0 for all; the server counts
 * @since_time: (nullable): RFC 3339; only lines from then on; the server knows
 *   whole seconds
 * @limit_bytes: end after so many bytes, line ends included, 0 for no limit
 * @limit_stamps: whether @limit_bytes counts the stamps, too
 *
 * Which part of a container's log to read.
 */
typedef struct
{
  gboolean    follow;
  gboolean    previous;
  gint64      tail_lines;
  gint64      since_seconds;
  const char *since_time;
  gint64      limit_bytes;
  gboolean    limit_stamps;
} KubeLogOptions;

/* All that there is, without following. */
#define KUBE_LOG_OPTIONS_INIT \
  {                           \
    .tail_lines = -1          \
  }

gboolean     kube_log_options_is_part (const KubeLogOptions *self);
KubeRequest *kube_log_options_build_request (const KubeLogOptions *self,
                                             const char           *ns,
                                             const char           *pod,
                                             const char           *container,
                                             const char           *resumed_since);

G_END_DECLS
