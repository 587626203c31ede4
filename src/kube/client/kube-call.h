/* kube-call.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KubeCall KubeCall;

KubeCall     *kube_call_new (gpointer      owner,
                             GCancellable *cancellable);
void          kube_call_free (KubeCall *self);
GCancellable *kube_call_get_cancellable (KubeCall *self);
gpointer      kube_call_dup_owner (KubeCall *self);
gboolean      kube_call_is_abandoned (KubeCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeCall, kube_call_free)

G_END_DECLS
