/* vault-guard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-guard-private.h"

#include "vault-error.h"

/*
 * VaultGuard:
 *
 * Sees to it that a task over libsecret always returns: when the keyring answers, when the
 * caller cancels, or when the time is up, whichever comes first.
 *
 * It is needed because libsecret 0.20 never calls back once a call was cancelled while a prompt
 * is open, and because a keyring daemon may hang. Such a call keeps its guard for ever; that is
 * the price of the bug, a few hundred bytes a prompt.
 */
struct _VaultGuard
{
  GTask        *task;   /* (owned) (nullable) NULL once it has returned */
  GCancellable *outer;  /* (owned) (nullable) the caller's */
  GCancellable *inner;  /* (owned) given to libsecret */
  GSource      *timer;  /* (owned) (nullable) */
  GSource      *cancel; /* (owned) (nullable) */
};

static void
clear_sources (VaultGuard *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_pointer (&self->cancel, g_source_unref);
}

static void
give_up (VaultGuard *self,
         GError     *error)
{
  g_autoptr(GTask) task = vault_guard_steal_task (self);
  g_autoptr(GCancellable) inner = g_object_ref (self->inner);

  g_assert (task != NULL);

  g_task_return_error (task, error);
  /* This may call back at once and free the guard: nothing of it is touched afterwards. */
  g_cancellable_cancel (inner);
}

static gboolean
on_timer_cb (gpointer user_data)
{
  VaultGuard *self = user_data;

  give_up (self, g_error_new_literal (VAULT_ERROR, VAULT_ERROR_UNAVAILABLE,
                                      "The keyring does not answer. It may wait for its "
                                      "password in another window, or hang. Unlock it and try "
                                      "again."));

  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *outer,
                 gpointer      user_data)
{
  VaultGuard *self = user_data;

  give_up (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));

  return G_SOURCE_REMOVE;
}

/*
 * vault_guard_new:
 * @task: the task to watch over
 * @seconds: how long the keyring may take
 *
 * Returns: (transfer full): a guard, to be handed to libsecret as user data and taken back with
 *   autoptr in the callback
 */
VaultGuard *
vault_guard_new (GTask *task,
                 guint  seconds)
{
  VaultGuard *self;

  g_return_val_if_fail (G_IS_TASK (task), NULL);

  self = g_new0 (VaultGuard, 1);
  self->task = g_object_ref (task);
  self->inner = g_cancellable_new ();

  self->timer = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_task_get_context (task));

  g_set_object (&self->outer, g_task_get_cancellable (task));
  if (self->outer != NULL)
    {
      self->cancel = g_cancellable_source_new (self->outer);
      g_source_set_callback (self->cancel, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
      g_source_attach (self->cancel, g_task_get_context (task));
    }

  return self;
}

/*
 * vault_guard_free:
 * @self: (transfer full): a guard
 *
 * Ends the watch. The task, if it has not returned, stays with who holds another reference.
 */
void
vault_guard_free (VaultGuard *self)
{
  g_return_if_fail (self != NULL);

  clear_sources (self);
  g_clear_object (&self->task);
  g_clear_object (&self->outer);
  g_clear_object (&self->inner);
  g_free (self);
}

/*
 * vault_guard_get_cancellable:
 * @self: a guard
 *
 * Returns: (transfer none): the cancellable for the guarded calls
 */
GCancellable *
vault_guard_get_cancellable (VaultGuard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->inner;
}

/*
 * vault_guard_peek_task:
 * @self: a guard
 *
 * Returns: (transfer none) (nullable): the task, or %NULL when it has already returned
 */
GTask *
vault_guard_peek_task (VaultGuard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->task;
}

/*
 * vault_guard_steal_task:
 * @self: a guard
 *
 * Takes the task to return from it; the guard stops watching.
 *
 * Returns: (transfer full) (nullable): the task, or %NULL when it has already returned
 */
GTask *
vault_guard_steal_task (VaultGuard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  clear_sources (self);

  return g_steal_pointer (&self->task);
}
