/* stack-profiles.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-profiles.h"

#include "stack-error.h"
#include "stack-field.h"
#include "stack-settings-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* The profiles that are kept, and which one is used when none is named: a file each in
 * XDG_DATA_HOME/hackystack/profiles, and XDG_DATA_HOME/hackystack/profile with a name. These are
 * small files of one folder, read and written at once. */

#define SUFFIX ".json"

typedef struct
{
  VaultStore *store; /* (owned) */
  char       *name;  /* (owned) */
  guint       next;  /* the field whose turn it is */
} Deletion;

static void
deletion_free (gpointer data)
{
  Deletion *deletion = data;

  g_clear_object (&deletion->store);
  g_free (deletion->name);
  g_free (deletion);
}

static char *
build_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "hackystack", "profiles", NULL);
}

static char *
build_path (const char *name)
{
  g_autofree char *folder = build_folder ();
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (folder, file, NULL);
}

static char *
build_current_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "hackystack", "profile", NULL);
}

/**
 * stack_profiles_check_name:
 * @name: a name
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: whether a profile can have that name
 */
gboolean
stack_profiles_check_name (const char *name,
                           GError    **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  if (g_regex_match_simple ("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\z", name, G_REGEX_DEFAULT,
                            G_REGEX_MATCH_DEFAULT))
    return TRUE;

  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "“%s” cannot be the name of a profile. It becomes the name of a file. Use up to 63 "
               "letters, digits, dots, underscores and dashes, and begin with a letter or digit.",
               name);

  return FALSE;
}

/**
 * stack_profiles_check_new:
 * @name: a name
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: whether a new profile can have that name: it can be one, and no profile has it
 */
gboolean
stack_profiles_check_new (const char *name,
                          GError    **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  if (!stack_profiles_check_name (name, error))
    return FALSE;
  if (!stack_profiles_exists (name))
    return TRUE;

  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "There is a profile “%s” already. Its answers would be lost. Choose another name, "
               "or delete it first.",
               name);

  return FALSE;
}

/**
 * stack_profiles_dup_current:
 *
 * Returns: (transfer full): the name of the profile that is used when none is named, "default"
 *   unless [func@profiles_use] chose another
 */
char *
stack_profiles_dup_current (void)
{
  g_autofree char *path = build_current_path ();
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL) &&
      stack_profiles_check_name (g_strstrip (text), NULL))
    return g_steal_pointer (&text);

  return g_strdup (STACK_DEFAULT_PROFILE);
}

/**
 * stack_profiles_use:
 * @name: the name of a profile
 * @error: return location for an error
 *
 * Makes a profile the one that is used when none is named. Possible errors are
 * %STACK_ERROR_VALUES and those of [error@GLib.FileError].
 *
 * Returns: whether it is
 */
gboolean
stack_profiles_use (const char *name,
                    GError    **error)
{
  g_autofree char *path = build_current_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  if (!stack_profiles_check_name (name, error))
    return FALSE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
                   "The choice cannot be kept in %s: %s. See that the folder belongs to you and "
                   "that the disk is not full, and try again.",
                   folder, g_strerror (saved_errno));
      return FALSE;
    }

  text = g_strconcat (name, "\n", NULL);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/**
 * stack_profiles_exists:
 * @name: a name
 *
 * Returns: whether a profile of that name was saved
 */
gboolean
stack_profiles_exists (const char *name)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  if (!stack_profiles_check_name (name, NULL))
    return FALSE;
  path = build_path (name);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * stack_profiles_list:
 * @error: return location for an error of [error@GLib.FileError]
 *
 * Lists the profiles that were saved, and "default", which is always there.
 *
 * Returns: (transfer full) (nullable): their names, sorted
 */
GStrv
stack_profiles_list (GError **error)
{
  g_autofree char *path = build_folder ();
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &local_error);
  const char *file;

  if (folder == NULL && !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  g_ptr_array_add (names, g_strdup (STACK_DEFAULT_PROFILE));
  while (folder != NULL && (file = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *name = g_str_has_suffix (file, SUFFIX)
                                  ? g_strndup (file, strlen (file) - strlen (SUFFIX))
                                  : NULL;

      if (name != NULL && !g_str_equal (name, STACK_DEFAULT_PROFILE) &&
          stack_profiles_check_name (name, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (GStrv) g_ptr_array_steal (names, NULL);
}

static void stack_profiles_delete_clear_cb (GObject      *source,
                                            GAsyncResult *result,
                                            gpointer      user_data);

/* The secrets go first: without the file nobody would look for them again. */
static void
delete_next (GTask *task)
{
  Deletion        *deletion = g_task_get_task_data (task);
  g_autofree char *path = build_path (deletion->name);

  while (deletion->next < N_STACK_FIELDS && !stack_settings_is_vaulted (deletion->next))
    deletion->next++;
  if (deletion->next < N_STACK_FIELDS)
    {
      const StackField *field = stack_field_get (deletion->next++);

      vault_store_clear_async (deletion->store, deletion->name, field->variable,
                               g_task_get_cancellable (task), stack_profiles_delete_clear_cb,
                               g_object_ref (task));
    }
  else if (g_unlink (path) == 0 || errno == ENOENT)
    {
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      int saved_errno = errno;

      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                               "The profile's file %s cannot be removed: %s. Its secrets are gone "
                               "already. Remove the file by hand.",
                               path, g_strerror (saved_errno));
    }
}

static void
stack_profiles_delete_clear_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (vault_store_clear_finish (VAULT_STORE (source), result, &error))
    delete_next (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stack_profiles_delete_async:
 * @name: the name of a profile
 * @store: where its secrets are kept
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Removes the secrets of a profile, and then its file. What was deployed with it stays.
 */
void
stack_profiles_delete_async (const char         *name,
                             VaultStore         *store,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  GError   *error = NULL;
  Deletion *deletion;

  g_return_if_fail (name != NULL);
  g_return_if_fail (VAULT_IS_STORE (store));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  deletion = g_new0 (Deletion, 1);
  deletion->store = g_object_ref (store);
  deletion->name = g_strdup (name);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_profiles_delete_async);
  g_task_set_task_data (task, deletion, deletion_free);

  if (stack_profiles_check_name (name, &error))
    delete_next (task);
  else
    g_task_return_error (task, error);
}

/**
 * stack_profiles_delete_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES, those of [error@Vault.Error] and
 * [error@Gio.IOErrorEnum].
 *
 * Returns: whether it is gone
 */
gboolean
stack_profiles_delete_finish (GAsyncResult *result,
                              GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_profiles_delete_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
