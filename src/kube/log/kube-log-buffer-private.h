/* kube-log-buffer-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-buffer.h"
#include "kube-log-chunk.h"

G_BEGIN_DECLS

gboolean _kube_log_buffer_take_chunk (KubeLogBuffer *self,
                                      KubeLogChunk  *chunk);

G_END_DECLS
