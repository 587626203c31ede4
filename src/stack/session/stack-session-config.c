/* stack-session-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-session-private.h"

/* The kubeconfig in use, and the one that the files hold meanwhile. */

/*
 * stack_session_set_config:
 * @self: a session
 * @config: (nullable): a kubeconfig
 * @error: (transfer full) (nullable): why there is none
 *
 * Takes a kubeconfig into use. The connection stays as it is.
 */
void
stack_session_set_config (StackSession *self,
                          KubeConfig   *config,
                          GError       *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_clear_error (&self->config_error);
  self->config_error = error;
  g_set_object (&self->config, config);
  g_object_notify (G_OBJECT (self), "config");
  g_object_notify (G_OBJECT (self), "config-error");
  if (self->config_monitor != NULL)
    kube_config_monitor_follow (self->config_monitor, config);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_monitor_changed_cb (StackSession *self)
{
  g_object_notify (G_OBJECT (self), "changed-config");
}

/**
 * stack_session_watch_config:
 * @self: a loaded session
 *
 * Watches the files of the kubeconfig. A changed one is told by
 * [property@Session:changed-config], and taken into use by
 * [method@Session.adopt_changed_config] only.
 */
void
stack_session_watch_config (StackSession *self)
{
  g_return_if_fail (STACK_IS_SESSION (self));

  if (self->config_monitor != NULL)
    return;

  self->config_monitor = kube_config_monitor_new (self->kubeconfig);
  g_signal_connect_object (self->config_monitor, "changed", G_CALLBACK (on_monitor_changed_cb),
                           self, G_CONNECT_SWAPPED);
  kube_config_monitor_follow (self->config_monitor, self->config);
}

/**
 * stack_session_get_changed_config:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what the files of the kubeconfig say now, if that is
 *   another thing than what is in use
 */
KubeConfig *
stack_session_get_changed_config (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->config_monitor != NULL ? kube_config_monitor_get_changed (self->config_monitor)
                                      : NULL;
}

/**
 * stack_session_get_changed_config_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why the files of the kubeconfig cannot be used as they
 *   have been changed
 */
const GError *
stack_session_get_changed_config_error (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->config_monitor != NULL ? kube_config_monitor_get_error (self->config_monitor)
                                      : NULL;
}

/**
 * stack_session_adopt_changed_config:
 * @self: a session
 *
 * Takes the changed kubeconfig into use, if there is one. The connection stays that of the old
 * one until a context is selected.
 */
void
stack_session_adopt_changed_config (StackSession *self)
{
  g_autoptr(KubeConfig) config = NULL;

  g_return_if_fail (STACK_IS_SESSION (self));

  g_set_object (&config, stack_session_get_changed_config (self));
  if (config != NULL)
    stack_session_set_config (self, config, NULL);
}
