/* kube-deadline.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KubeDeadline KubeDeadline;

KubeDeadline *kube_deadline_new (GCancellable *outer,
                                 guint         seconds);
void          kube_deadline_free (KubeDeadline *self);
GCancellable *kube_deadline_get_cancellable (KubeDeadline *self);
gboolean      kube_deadline_has_expired (KubeDeadline *self);
void          kube_deadline_restart (KubeDeadline *self);
void          kube_deadline_stop (KubeDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeDeadline, kube_deadline_free)

G_END_DECLS
