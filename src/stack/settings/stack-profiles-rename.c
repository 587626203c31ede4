/* stack-profiles-rename.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-profiles.h"

#include "stack-error.h"
#include "stack-settings.h"

/* A profile gets another name: read → keep it under the new name → remove the old one. Whatever
 * fails in between, the answers are there under one name at least. */

typedef struct
{
  VaultStore    *store;    /* (owned) */
  char          *name;     /* (owned) */
  char          *new_name; /* (owned) */
  StackSettings *settings; /* (owned) (nullable) as they are being kept */
} Rename;

static void
rename_free (gpointer data)
{
  Rename *rename = data;

  g_clear_object (&rename->store);
  g_clear_object (&rename->settings);
  g_free (rename->name);
  g_free (rename->new_name);
  g_free (rename);
}

static void
stack_profiles_rename_delete_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Rename          *rename = g_task_get_task_data (task);
  g_autofree char *current = stack_profiles_dup_current ();

  if (!stack_profiles_delete_finish (result, &error) ||
      (g_str_equal (current, rename->name) && !stack_profiles_use (rename->new_name, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
stack_profiles_rename_save_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Rename       *rename = g_task_get_task_data (task);

  if (!stack_settings_save_finish (STACK_SETTINGS (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    stack_profiles_delete_async (rename->name, rename->store, cancellable,
                                 stack_profiles_rename_delete_cb, g_steal_pointer (&task));
}

static void
stack_profiles_rename_load_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Rename       *rename = g_task_get_task_data (task);

  if (!stack_settings_load_finish (STACK_SETTINGS (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  rename->settings = stack_settings_copy (STACK_SETTINGS (source), rename->new_name);
  stack_settings_save_async (rename->settings, rename->store, cancellable,
                             stack_profiles_rename_save_cb, g_steal_pointer (&task));
}

/**
 * stack_profiles_rename_async:
 * @name: the name of a profile
 * @new_name: another name, which no profile has
 * @store: where its secrets are kept
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Keeps a profile's answers and secrets under another name, and removes the old one. If it was the
 * one that is used when none is named, it still is. What was deployed with it stays.
 */
void
stack_profiles_rename_async (const char         *name,
                             const char         *new_name,
                             VaultStore         *store,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(StackSettings) settings = NULL;
  GError *error = NULL;
  Rename *rename;

  g_return_if_fail (name != NULL && new_name != NULL);
  g_return_if_fail (VAULT_IS_STORE (store));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  rename = g_new0 (Rename, 1);
  rename->store = g_object_ref (store);
  rename->name = g_strdup (name);
  rename->new_name = g_strdup (new_name);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_profiles_rename_async);
  g_task_set_task_data (task, rename, rename_free);

  if (!stack_profiles_check_new (new_name, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  settings = stack_settings_new (name);
  stack_settings_load_async (settings, store, cancellable, stack_profiles_rename_load_cb,
                             g_steal_pointer (&task));
}

/**
 * stack_profiles_rename_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES (the new name cannot be used, or a profile has it
 * already), those of [method@Settings.load_finish], [method@Settings.save_finish] and
 * [func@profiles_delete_finish].
 *
 * Returns: whether it has the new name
 */
gboolean
stack_profiles_rename_finish (GAsyncResult *result,
                              GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_profiles_rename_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
