/* kube-log-chunk.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-entry.h"

G_BEGIN_DECLS

typedef struct _KubeLogChunk KubeLogChunk;

KubeLogChunk *kube_log_chunk_new (gsize    min_length,
                                  gboolean large);
KubeLogChunk *kube_log_chunk_gather (KubeLogEntry *entries,
                                     guint         n_entries);
void          kube_log_chunk_free (KubeLogChunk *self);
gboolean      kube_log_chunk_append (KubeLogChunk       *self,
                                     const KubeLogEntry *entry,
                                     gboolean            keep_stamp);
guint         kube_log_chunk_get_n_lines (const KubeLogChunk *self);
void          kube_log_chunk_get (const KubeLogChunk *self,
                                  guint               index,
                                  KubeLogEntry       *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeLogChunk, kube_log_chunk_free)

G_END_DECLS
