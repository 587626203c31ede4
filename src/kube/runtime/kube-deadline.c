/* kube-deadline.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-deadline.h"

/**
 * KubeDeadline:
 *
 * A cancellable that is cancelled with another one, or when a time has passed.
 */
struct _KubeDeadline
{
  GCancellable *cancellable;
  GCancellable *outer; /* (nullable) */
  gulong        handler_id;
  GSource      *source; /* (nullable) */
  guint         seconds;
  gboolean      expired;
};

static gboolean
on_source_cb (gpointer user_data)
{
  KubeDeadline *self = user_data;

  g_clear_pointer (&self->source, g_source_unref);
  self->expired = TRUE;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled_cb (GCancellable *outer,
                       gpointer      user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

/**
 * kube_deadline_new: (skip)
 * @outer: (nullable): a cancellable to follow
 * @seconds: after how much time to cancel
 *
 * Creates a deadline and starts its clock, on the thread-default main context.
 *
 * Returns: (transfer full): a deadline
 */
KubeDeadline *
kube_deadline_new (GCancellable *outer,
                   guint         seconds)
{
  KubeDeadline *self;

  g_return_val_if_fail (outer == NULL || G_IS_CANCELLABLE (outer), NULL);

  self = g_new0 (KubeDeadline, 1);
  self->cancellable = g_cancellable_new ();
  self->seconds = seconds;
  if (outer != NULL)
    {
      self->outer = g_object_ref (outer);
      self->handler_id = g_cancellable_connect (outer, G_CALLBACK (on_outer_cancelled_cb),
                                                g_object_ref (self->cancellable),
                                                g_object_unref);
    }
  kube_deadline_restart (self);

  return self;
}

/**
 * kube_deadline_free:
 * @self: (transfer full): a deadline
 *
 * Frees a deadline without cancelling.
 */
void
kube_deadline_free (KubeDeadline *self)
{
  g_return_if_fail (self != NULL);

  kube_deadline_stop (self);
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->handler_id);
  g_clear_object (&self->outer);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/**
 * kube_deadline_get_cancellable:
 * @self: a deadline
 *
 * Returns: (transfer none): the cancellable to give to the work that must end in time
 */
GCancellable *
kube_deadline_get_cancellable (KubeDeadline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cancellable;
}

/**
 * kube_deadline_has_expired:
 * @self: a deadline
 *
 * Tells a deadline that has passed from one whose outer cancellable was cancelled by someone.
 *
 * Returns: %TRUE if the time has passed, and nobody else has cancelled
 */
gboolean
kube_deadline_has_expired (KubeDeadline *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->expired && !g_cancellable_is_cancelled (self->outer);
}

/**
 * kube_deadline_restart:
 * @self: a deadline
 *
 * Starts the clock anew, because there was a sign of life.
 */
void
kube_deadline_restart (KubeDeadline *self)
{
  g_return_if_fail (self != NULL);

  kube_deadline_stop (self);
  self->source = g_timeout_source_new_seconds (self->seconds);
  g_source_set_callback (self->source, on_source_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * kube_deadline_stop:
 * @self: a deadline
 *
 * Stops the clock; from now on only the outer cancellable counts.
 */
void
kube_deadline_stop (KubeDeadline *self)
{
  g_return_if_fail (self != NULL);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}
