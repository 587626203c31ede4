/* stack-session-load.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-session-private.h"

/* Load: three things at the same time (vault and then settings, manifests, kubeconfig). */

typedef struct
{
  guint   n_pending;
  GError *error; /* (owned) (nullable) the first one */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_error (&load->error);
  g_free (load);
}

/* Takes @error. */
static void
finish_load (GTask  *task,
             GError *error)
{
  Load *load = g_task_get_task_data (task);

  if (load->error == NULL)
    load->error = error;
  else
    g_clear_error (&error);

  if (--load->n_pending > 0)
    return;

  if (load->error != NULL)
    g_task_return_error (task, g_steal_pointer (&load->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
stack_session_load_settings_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  stack_settings_load_finish (STACK_SETTINGS (source), result, &error);
  finish_load (task, error);
}

static void
stack_session_load_vault_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackSession     *self = g_task_get_source_object (task);
  GCancellable     *cancellable = g_task_get_cancellable (task);
  VaultKeyringState state = VAULT_KEYRING_ABSENT;
  g_autoptr(VaultStore) vault = NULL;
  GError *error = NULL;

  vault = vault_open_finish (result, &state, &error);
  if (vault == NULL)
    {
      finish_load (task, error);
      return;
    }

  g_set_object (&self->vault, vault);
  self->keyring_state = state;
  g_object_notify (G_OBJECT (self), "vault");
  g_object_notify (G_OBJECT (self), "keyring-state");
  stack_settings_load_async (self->settings, vault, cancellable,
                             stack_session_load_settings_cb, g_steal_pointer (&task));
}

static void
stack_session_load_manifests_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackSession *self = g_task_get_source_object (task);
  g_autoptr(StackManifestSet) manifests = NULL;
  GError *error = NULL;

  manifests = stack_manifest_set_load_finish (result, &error);
  if (manifests != NULL && g_set_object (&self->manifests, manifests))
    g_object_notify (G_OBJECT (self), "manifests");

  finish_load (task, error);
}

static void
stack_session_load_config_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackSession *self = g_task_get_source_object (task);
  g_autoptr(KubeConfig) config = kube_config_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      finish_load (task, g_steal_pointer (&error));
      return;
    }

  stack_session_set_config (self, config, g_steal_pointer (&error));
  finish_load (task, NULL);
}

/**
 * stack_session_load_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the keyring, and reads the settings, the manifests and the kubeconfig. A part that fails
 * does not keep the others from being read. Contacts no cluster. May be repeated, for instance
 * after the kubeconfig was changed.
 */
void
stack_session_load_async (StackSession       *self,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Load *load;

  g_return_if_fail (STACK_IS_SESSION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  load = g_new0 (Load, 1);
  load->n_pending = 3;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_session_load_async);
  g_task_set_task_data (task, load, load_free);

  if (self->shares_vault)
    stack_settings_load_async (self->settings, self->vault, cancellable,
                               stack_session_load_settings_cb, g_object_ref (task));
  else
    vault_open_async (self->may_prompt, cancellable, stack_session_load_vault_cb,
                      g_object_ref (task));
  stack_manifest_set_load_async (NULL, cancellable, stack_session_load_manifests_cb,
                                 g_object_ref (task));
  kube_config_load_async (self->kubeconfig, cancellable, stack_session_load_config_cb,
                          g_object_ref (task));
}

/**
 * stack_session_load_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * A kubeconfig that cannot be read is no error here: it stands in [property@Session:config-error].
 * Possible errors are those of [method@Settings.load_finish] and
 * [func@ManifestSet.load_finish], the first one that came up.
 *
 * Returns: whether settings and manifests were read
 */
gboolean
stack_session_load_finish (StackSession *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
