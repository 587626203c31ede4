/* kube-log-tail.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-entry.h"

G_BEGIN_DECLS

typedef struct _KubeLogTail KubeLogTail;

KubeLogTail *kube_log_tail_new (gboolean is_part);
void         kube_log_tail_free (KubeLogTail *self);
gboolean     kube_log_tail_take (KubeLogTail        *self,
                                 const KubeLogEntry *entry);
char        *kube_log_tail_dup_since (KubeLogTail *self);
void         kube_log_tail_resume (KubeLogTail *self,
                                   gboolean     same_log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeLogTail, kube_log_tail_free)

G_END_DECLS
