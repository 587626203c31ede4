/* kube-log-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-status.h"

/**
 * kube_log_status_set:
 * @self: a status
 * @owner: whose status it is
 * @properties: the properties of @owner for the state, the error and, if there ever is
 *   one, the detail
 * @state: what is being done now
 * @error: (nullable): why it failed, or what is being waited out
 * @detail: (nullable): what is waited for or why it ended, in words
 *
 * Changes a status and then notifies of what has changed, the state last. Each error
 * is another one.
 */
void
kube_log_status_set (KubeLogStatus     *self,
                     GObject           *owner,
                     GParamSpec *const *properties,
                     KubeLogState       state,
                     const GError      *error,
                     const char        *detail)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_OBJECT (owner));
  g_return_if_fail (properties != NULL);

  g_object_freeze_notify (owner);

  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (owner, properties[1]);
    }
  if (g_strcmp0 (self->detail, detail) != 0)
    {
      g_free (self->detail);
      self->detail = g_strdup (detail);
      g_object_notify_by_pspec (owner, properties[2]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (owner, properties[0]);
    }

  g_object_thaw_notify (owner);
}

/**
 * kube_log_status_clear:
 * @self: a status
 *
 * Frees what @self has.
 */
void
kube_log_status_clear (KubeLogStatus *self)
{
  g_return_if_fail (self != NULL);

  g_clear_error (&self->error);
  g_clear_pointer (&self->detail, g_free);
}
