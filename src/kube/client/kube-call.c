/* kube-call.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-call.h"

/**
 * KubeCall:
 *
 * User data of an asynchronous call whose owner may be gone, or may have lost
 * interest, when the answer comes. It does not keep the owner alive.
 */
struct _KubeCall
{
  GWeakRef      owner;
  GCancellable *cancellable; /* (owned) */
};

/**
 * kube_call_new: (skip)
 * @owner: (type GObject): who makes the call
 * @cancellable: what the owner cancels when it loses interest
 *
 * Returns: (transfer full): user data for the callback
 */
KubeCall *
kube_call_new (gpointer      owner,
               GCancellable *cancellable)
{
  KubeCall *self;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (G_IS_CANCELLABLE (cancellable), NULL);

  self = g_new0 (KubeCall, 1);
  g_weak_ref_init (&self->owner, owner);
  self->cancellable = g_object_ref (cancellable);

  return self;
}

/**
 * kube_call_free:
 * @self: a call
 *
 * Frees @self.
 */
void
kube_call_free (KubeCall *self)
{
  g_return_if_fail (self != NULL);

  g_weak_ref_clear (&self->owner);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/**
 * kube_call_get_cancellable:
 * @self: a call
 *
 * Returns: (transfer none): what to make the call with
 */
GCancellable *
kube_call_get_cancellable (KubeCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cancellable;
}

/**
 * kube_call_dup_owner:
 * @self: a call
 *
 * Returns: (transfer full) (nullable): who made the call; %NULL when the answer
 *   is not wanted any longer
 */
gpointer
kube_call_dup_owner (KubeCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return kube_call_is_abandoned (self) ? NULL : g_weak_ref_get (&self->owner);
}

/**
 * kube_call_is_abandoned:
 * @self: a call
 *
 * To be asked again after signals were emitted: whoever listens may have stopped
 * the owner.
 *
 * Returns: %TRUE if the owner has lost interest
 */
gboolean
kube_call_is_abandoned (KubeCall *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return g_cancellable_is_cancelled (self->cancellable);
}
