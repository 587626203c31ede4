/* stack-settings-storage.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-settings-private.h"

#include "base-json.h"
#include "stack-error.h"
#include "stack-profiles.h"
#include "stack-variable.h"

#include <errno.h>
#include <glib/gstdio.h>

/* What is kept: XDG_DATA_HOME/hackystack/profiles/PROFILE.json for everything that anybody may
 * read, and the vault, under the name of the app's variable, for the rest. */

#define FORMAT_VERSION 1

typedef struct
{
  /* Input */
  VaultStore *store; /* (owned) */
  char       *path;  /* (owned) */
  char       *text;  /* (owned) (nullable) save: what to write */

  /* The answers to keep, as they were when saving began */
  VaultSecret *values[N_STACK_FIELDS]; /* (owned) (nullable) */
  GHashTable  *extra;                  /* (element-type utf8 utf8) (owned) (nullable) */

  /* In progress */
  guint next; /* the field whose turn it is */
} Storage;

static void
storage_free (gpointer data)
{
  Storage *storage = data;

  g_clear_object (&storage->store);
  g_clear_pointer (&storage->path, g_free);
  g_clear_pointer (&storage->text, g_free);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_clear_pointer (&storage->values[i], vault_secret_unref);
  g_clear_pointer (&storage->extra, g_hash_table_unref);
  g_free (storage);
}

/*
 * stack_settings_dup_path:
 * @self: settings
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: (transfer full): where the profile is kept; %NULL when its name cannot be a file's
 */
char *
stack_settings_dup_path (StackSettings *self,
                         GError       **error)
{
  const char      *profile = stack_settings_get_profile (self);
  g_autofree char *name = NULL;

  if (!stack_profiles_check_name (profile, error))
    return NULL;

  name = g_strconcat (profile, ".json", NULL);

  return g_build_filename (g_get_user_data_dir (), "hackystack", "profiles", name, NULL);
}

static GTask *
start (StackSettings      *self,
       VaultStore         *store,
       gpointer            source_tag,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Storage *storage = g_new0 (Storage, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, storage, storage_free);
  storage->store = g_object_ref (store);
  storage->path = stack_settings_dup_path (self, &error);
  if (storage->path != NULL)
    return g_steal_pointer (&task);

  g_task_return_error (task, g_steal_pointer (&error));

  return NULL;
}

/* The next field that the vault keeps, from @storage's turn on; NULL after the last one. */
static const StackField *
next_field (Storage *storage)
{
  while (storage->next < N_STACK_FIELDS)
    {
      StackFieldId id = storage->next++;

      if (stack_settings_is_vaulted (id))
        return stack_field_get (id);
    }

  return NULL;
}

static void
take_answers (Storage       *storage,
              StackSettings *self)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    storage->values[i] = stack_settings_ref_own (self, i);
  storage->extra = g_hash_table_ref (stack_settings_get_extra (self));
}

static void
return_kept (GTask *task)
{
  Storage *storage = g_task_get_task_data (task);

  stack_settings_set_kept (g_task_get_source_object (task), storage->values, storage->extra);
  g_task_return_boolean (task, TRUE);
}

/* Load: file → one lookup in the vault after the other. */

static gboolean
check_document (JsonNode   *document,
                const char *path,
                GError    **error)
{
  gint64 version = base_json_get_int (document, 0, "version", NULL);

  if (version == FORMAT_VERSION)
    return TRUE;

  if (version > FORMAT_VERSION)
    g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                 "The profile %s was written by a newer version of this program. Reading it could "
                 "lose settings. Use the newer version, or another profile.",
                 path);
  else
    g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                 "The file %s is not a profile of this program. Move it away and enter the "
                 "settings again.",
                 path);

  return FALSE;
}

static void
take_extra (StackSettings *self,
            JsonNode      *document)
{
  JsonObject *object = base_json_get_object (document, "extra", NULL);
  g_autoptr(GHashTable) extra = NULL;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *node;

  extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (object != NULL)
    {
      json_object_iter_init (&iter, object);
      while (json_object_iter_next (&iter, &name, &node))
        {
          const char *text = base_json_get_string (node, NULL);

          if (text != NULL && stack_variable_check_name (name, NULL))
            g_hash_table_insert (extra, g_strdup (name), g_strdup (text));
        }
    }

  stack_settings_set_extra (self, extra);
}

static void
take_document (StackSettings *self,
               JsonNode      *document)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      const char *text = base_json_get_string (document, "values", stack_field_get (i)->key, NULL);

      if (text != NULL && !stack_settings_is_vaulted (i))
        stack_settings_set_text (self, i, text);
    }
  stack_settings_set_context (self, base_json_get_string (document, "context", NULL));
  take_extra (self, document);
}

static void stack_settings_load_lookup_cb (GObject      *source,
                                           GAsyncResult *result,
                                           gpointer      user_data);

static void
load_next (GTask *task)
{
  StackSettings    *self = g_task_get_source_object (task);
  Storage          *storage = g_task_get_task_data (task);
  const StackField *field = next_field (storage);

  if (field != NULL)
    vault_store_lookup_async (storage->store, stack_settings_get_profile (self), field->variable,
                              g_task_get_cancellable (task), stack_settings_load_lookup_cb,
                              g_object_ref (task));
  else
    {
      take_answers (storage, self);
      return_kept (task);
    }
}

static void
stack_settings_load_lookup_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) secret = NULL;
  StackSettings *self = g_task_get_source_object (task);
  Storage       *storage = g_task_get_task_data (task);

  secret = vault_store_lookup_finish (VAULT_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_settings_set_text (self, storage->next - 1,
                           secret != NULL ? vault_secret_get_text (secret) : "");
  load_next (task);
}

static void
stack_settings_load_file_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) document = NULL;
  g_autofree char *text = NULL;
  Storage         *storage = g_task_get_task_data (task);
  gsize            length = 0;

  if (!g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        load_next (task);
      else
        g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  document = base_json_parse (text, length, &error);
  if (document == NULL)
    {
      g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_VALUES,
                               "The profile %s cannot be read: %s Move it away and enter the "
                               "settings again.",
                               storage->path, error->message);
      return;
    }
  if (!check_document (document, storage->path, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take_document (g_task_get_source_object (task), document);
  load_next (task);
}

/**
 * stack_settings_load_async:
 * @self: settings
 * @store: where secrets are kept
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Reads the profile: its file, XDG_DATA_HOME/hackystack/profiles/PROFILE.json, and then the
 * secrets and the GitHub client ID from @store. A profile that was never saved leaves the
 * fallbacks.
 */
void
stack_settings_load_async (StackSettings      *self,
                           VaultStore         *store,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GFile) file = NULL;
  Storage *storage;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail (VAULT_IS_STORE (store));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = start (self, store, stack_settings_load_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  storage = g_task_get_task_data (task);
  file = g_file_new_for_path (storage->path);
  g_file_load_contents_async (file, cancellable, stack_settings_load_file_cb,
                              g_steal_pointer (&task));
}

/**
 * stack_settings_load_finish:
 * @self: settings
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES (the profile cannot be read), those of
 * [error@Vault.Error] (the profile's file was taken, its secrets were not) and
 * [error@Gio.IOErrorEnum].
 *
 * Returns: whether everything was read
 */
gboolean
stack_settings_load_finish (StackSettings *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Save: file, in a thread → one change in the vault after the other. */

static char *
build_text (StackSettings *self,
            Storage       *storage)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject    *values = json_object_new ();
  JsonObject    *extra = json_object_new ();
  GHashTableIter iter;
  gpointer       name;
  gpointer       value;

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (!stack_settings_is_vaulted (i))
        json_object_set_string_member (values, stack_field_get (i)->key,
                                       vault_secret_get_text (storage->values[i]));
    }
  g_hash_table_iter_init (&iter, storage->extra);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (extra, name, value);

  json_object_set_int_member (object, "version", FORMAT_VERSION);
  if (stack_settings_get_context (self) != NULL)
    json_object_set_string_member (object, "context", stack_settings_get_context (self));
  json_object_set_object_member (object, "values", values);
  json_object_set_object_member (object, "extra", extra);
  json_node_set_object (node, object);

  return base_json_print (node, TRUE);
}

static void
save_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Storage         *storage = task_data;
  g_autofree char *folder = g_path_get_dirname (storage->path);
  g_autofree char *parent = g_path_get_dirname (folder);
  GError          *error = NULL;

  /* Both folders are ours; they may have been made by hand with wider rights. */
  if (g_mkdir_with_parents (folder, 0700) != 0 || g_chmod (parent, 0700) != 0 || g_chmod (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                               "The profile cannot be saved in %s: %s. See that the folder belongs "
                               "to you and that the disk is not full, and try again.",
                               folder,
                               g_strerror (saved_errno));
      return;
    }

  if (g_file_set_contents_full (storage->path, storage->text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void stack_settings_save_secret_cb (GObject      *source,
                                           GAsyncResult *result,
                                           gpointer      user_data);
static void stack_settings_save_clear_cb (GObject      *source,
                                          GAsyncResult *result,
                                          gpointer      user_data);

static void
save_next (GTask *task)
{
  StackSettings    *self = g_task_get_source_object (task);
  Storage          *storage = g_task_get_task_data (task);
  GCancellable     *cancellable = g_task_get_cancellable (task);
  const char       *profile = stack_settings_get_profile (self);
  const StackField *field = next_field (storage);
  VaultSecret      *secret;

  if (field == NULL)
    {
      return_kept (task);
      return;
    }

  secret = storage->values[field->id];
  if (*vault_secret_get_text (secret) != '\0')
    vault_store_save_async (storage->store, profile, field->variable, secret, cancellable,
                            stack_settings_save_secret_cb, g_object_ref (task));
  else
    vault_store_clear_async (storage->store, profile, field->variable, cancellable,
                             stack_settings_save_clear_cb, g_object_ref (task));
}

static void
stack_settings_save_secret_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (vault_store_save_finish (VAULT_STORE (source), result, &error))
    save_next (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
stack_settings_save_clear_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (vault_store_clear_finish (VAULT_STORE (source), result, &error))
    save_next (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
stack_settings_save_file_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    save_next (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stack_settings_save_async:
 * @self: settings
 * @store: where secrets are kept
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Keeps the profile: a file that only the user may read (0600, in a folder of 0700), replaced as
 * a whole, and the secrets and the GitHub client ID in @store. Answers that are empty are removed
 * from @store; those that were lent ([method@Settings.lend_text]) are not kept.
 */
void
stack_settings_save_async (StackSettings      *self,
                           VaultStore         *store,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) thread = NULL;
  Storage *storage;
  Storage *copy;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail (VAULT_IS_STORE (store));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = start (self, store, stack_settings_save_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  /* A thread, because writing a file safely waits for the disk. It gets texts of its own. */
  copy = g_new0 (Storage, 1);
  storage = g_task_get_task_data (task);
  take_answers (storage, self);
  copy->path = g_strdup (storage->path);
  copy->text = build_text (self, storage);
  thread = g_task_new (NULL, cancellable, stack_settings_save_file_cb, g_steal_pointer (&task));
  g_task_set_source_tag (thread, save_thread);
  g_task_set_task_data (thread, copy, storage_free);
  g_task_run_in_thread (thread, save_thread);
}

/**
 * stack_settings_save_finish:
 * @self: settings
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES (the profile's name), those of [error@Vault.Error], and
 * of [error@GLib.FileError] and [error@Gio.IOErrorEnum].
 *
 * Returns: whether everything is kept
 */
gboolean
stack_settings_save_finish (StackSettings *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
