/* vault-keyring-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-keyring-store.h"

#include "vault-error.h"
#include "vault-guard-private.h"

#include <libsecret/secret.h>

/* A keyring answers within milliseconds; one that needs longer than this hangs. */
#define ANSWER_SECONDS 20

/**
 * VaultKeyringStore:
 *
 * A [iface@Store] in the desktop's keyring (the Secret Service), by libsecret. Items go into the
 * default collection. Their attributes, which the keyring keeps in clear, are the profile and
 * the name only.
 *
 * Nothing here ever shows a prompt: a locked keyring is %VAULT_ERROR_LOCKED at once. Each call
 * returns within 20 seconds, whatever the keyring does.
 */
struct _VaultKeyringStore
{
  GObject parent_instance;
};

static void vault_keyring_store_iface_init (VaultStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaultKeyringStore, vault_keyring_store, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (VAULT_TYPE_STORE, vault_keyring_store_iface_init))

static const SecretSchema schema = {
  "io.github.hackystack.Desktop",
  SECRET_SCHEMA_NONE,
  {
      { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

typedef struct
{
  /* Input */
  GHashTable  *attributes; /* (element-type utf8 utf8) (owned) */
  char        *label;      /* (owned) (nullable) */
  VaultSecret *secret;     /* (owned) (nullable) save: what to keep; NULL: clear */

  /* In progress */
  SecretService *service; /* (owned) (nullable) */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->attributes, g_hash_table_unref);
  g_clear_pointer (&call->label, g_free);
  g_clear_pointer (&call->secret, vault_secret_unref);
  g_clear_object (&call->service);
  g_free (call);
}

static Call *
call_new (const char *profile,
          const char *name)
{
  Call *call = g_new0 (Call, 1);

  call->attributes = secret_attributes_build (&schema, "profile", profile, "name", name, NULL);
  call->label = g_strdup_printf ("Hacky Stack: %s (%s)", name, profile);

  return call;
}

/* The keyring's own words, in our domain; cancelled stays cancelled. */
static void
return_error (GTask  *task,
              GError *error)
{
  VaultError  code = VAULT_ERROR_UNAVAILABLE;
  const char *next = "See whether the keyring runs, and try again.";

  g_assert (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      code = VAULT_ERROR_LOCKED;
      next = "Unlock it and try again.";
    }
  else if (error->domain == SECRET_ERROR)
    code = VAULT_ERROR_FAILED;

  g_dbus_error_strip_remote_error (error);
  g_task_return_new_error (task, VAULT_ERROR, code, "The keyring refused: %s. %s",
                           error->message, next);
  g_error_free (error);
}

static void
return_locked (GTask *task)
{
  g_task_return_new_error (task, VAULT_ERROR, VAULT_ERROR_LOCKED,
                           "The keyring is locked. It holds its secrets back until it has been "
                           "given its password. Unlock it and try again.");
}

static VaultSecret *
read_item (SecretItem *item)
{
  g_autoptr(SecretValue) value = secret_item_get_secret (item);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  return text != NULL ? vault_secret_new (text) : NULL;
}

/* Lookup: service → search. A search without the flag UNLOCK never prompts. */

static void
vault_keyring_store_lookup_search_cb (GObject      *source,
                                      GAsyncResult *result,
                                      gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) secret = NULL;
  gboolean locked = FALSE;
  GList   *items;

  items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);
  for (GList *l = items; l != NULL && secret == NULL; l = l->next)
    {
      if (secret_item_get_locked (l->data))
        locked = TRUE;
      else
        secret = read_item (l->data);
    }
  g_list_free_full (items, g_object_unref);

  if (task == NULL)
    return;
  else if (error != NULL)
    return_error (task, g_steal_pointer (&error));
  else if (secret == NULL && locked)
    return_locked (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&secret), (GDestroyNotify) vault_secret_unref);
}

static void
vault_keyring_store_lookup_service_cb (GObject      *source,
                                       GAsyncResult *result,
                                       gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_finish (result, &error);
  GTask        *task = vault_guard_peek_task (guard);
  GCancellable *cancellable = vault_guard_get_cancellable (guard);
  Call         *call;

  if (task == NULL)
    return;

  if (service == NULL)
    {
      g_autoptr(GTask) failed = vault_guard_steal_task (guard);

      return_error (failed, g_steal_pointer (&error));
      return;
    }

  call = g_task_get_task_data (task);
  secret_service_search (service, &schema, call->attributes,
                         SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS, cancellable,
                         vault_keyring_store_lookup_search_cb, g_steal_pointer (&guard));
}

static void
vault_keyring_store_lookup_async (VaultStore         *store,
                                  const char         *profile,
                                  const char         *name,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  VaultGuard *guard;

  g_task_set_source_tag (task, vault_keyring_store_lookup_async);
  g_task_set_task_data (task, call_new (profile, name), call_free);

  guard = vault_guard_new (task, ANSWER_SECONDS);
  secret_service_get (SECRET_SERVICE_OPEN_SESSION, vault_guard_get_cancellable (guard),
                      vault_keyring_store_lookup_service_cb, guard);
}

static VaultSecret *
vault_keyring_store_lookup_finish (VaultStore   *store,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Save and clear: service → is the default collection locked → change it. */

static void
vault_keyring_store_change_store_cb (GObject      *source,
                                     GAsyncResult *result,
                                     gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;
  gboolean stored = secret_service_store_finish (SECRET_SERVICE (source), result, &error);

  if (task == NULL)
    return;
  else if (error != NULL)
    return_error (task, g_steal_pointer (&error));
  else if (!stored)
    return_locked (task);
  else
    g_task_return_boolean (task, TRUE);
}

static void
vault_keyring_store_change_clear_cb (GObject      *source,
                                     GAsyncResult *result,
                                     gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;

  secret_service_clear_finish (SECRET_SERVICE (source), result, &error);

  if (task == NULL)
    return;
  else if (error != NULL)
    return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
change (VaultGuard *guard,
        Call       *call)
{
  GCancellable *cancellable = vault_guard_get_cancellable (guard);
  const char   *text;
  SecretValue  *value;

  if (call->secret == NULL)
    {
      secret_service_clear (call->service, &schema, call->attributes, cancellable,
                            vault_keyring_store_change_clear_cb, guard);
      return;
    }

  text = vault_secret_get_text (call->secret);
  value = secret_value_new (text, -1, "text/plain");
  secret_service_store (call->service, &schema, call->attributes, SECRET_COLLECTION_DEFAULT,
                        call->label, value, cancellable, vault_keyring_store_change_store_cb,
                        guard);
  secret_value_unref (value);
}

static void
vault_keyring_store_change_collection_cb (GObject      *source,
                                          GAsyncResult *result,
                                          gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_for_alias_finish (result, &error);
  g_autoptr(GTask) task = NULL;

  if (vault_guard_peek_task (guard) == NULL)
    return;

  if (collection != NULL && !secret_collection_get_locked (collection))
    {
      Call *call = g_task_get_task_data (vault_guard_peek_task (guard));

      change (g_steal_pointer (&guard), call);
      return;
    }

  task = vault_guard_steal_task (guard);
  if (error != NULL)
    return_error (task, g_steal_pointer (&error));
  else
    return_locked (task);
}

static void
vault_keyring_store_change_service_cb (GObject      *source,
                                       GAsyncResult *result,
                                       gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_finish (result, &error);
  GTask        *task = vault_guard_peek_task (guard);
  GCancellable *cancellable = vault_guard_get_cancellable (guard);
  Call         *call;

  if (task == NULL)
    return;

  if (service == NULL)
    {
      g_autoptr(GTask) failed = vault_guard_steal_task (guard);

      return_error (failed, g_steal_pointer (&error));
      return;
    }

  call = g_task_get_task_data (task);
  g_set_object (&call->service, service);
  secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               cancellable, vault_keyring_store_change_collection_cb,
                               g_steal_pointer (&guard));
}

static void
start_change (GTask *task)
{
  VaultGuard *guard = vault_guard_new (task, ANSWER_SECONDS);

  secret_service_get (SECRET_SERVICE_OPEN_SESSION, vault_guard_get_cancellable (guard),
                      vault_keyring_store_change_service_cb, guard);
}

static void
vault_keyring_store_save_async (VaultStore         *store,
                                const char         *profile,
                                const char         *name,
                                VaultSecret        *secret,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  Call *call = call_new (profile, name);

  call->secret = vault_secret_ref (secret);
  g_task_set_source_tag (task, vault_keyring_store_save_async);
  g_task_set_task_data (task, call, call_free);

  start_change (task);
}

static void
vault_keyring_store_clear_async (VaultStore         *store,
                                 const char         *profile,
                                 const char         *name,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, vault_keyring_store_clear_async);
  g_task_set_task_data (task, call_new (profile, name), call_free);

  start_change (task);
}

static gboolean
vault_keyring_store_boolean_finish (VaultStore   *store,
                                    GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
vault_keyring_store_is_persistent (VaultStore *store)
{
  return TRUE;
}

static void
vault_keyring_store_iface_init (VaultStoreInterface *iface)
{
  iface->lookup_async = vault_keyring_store_lookup_async;
  iface->lookup_finish = vault_keyring_store_lookup_finish;
  iface->save_async = vault_keyring_store_save_async;
  iface->save_finish = vault_keyring_store_boolean_finish;
  iface->clear_async = vault_keyring_store_clear_async;
  iface->clear_finish = vault_keyring_store_boolean_finish;
  iface->is_persistent = vault_keyring_store_is_persistent;
}

static void
vault_keyring_store_class_init (VaultKeyringStoreClass *klass)
{
}

static void
vault_keyring_store_init (VaultKeyringStore *self)
{
}

/**
 * vault_keyring_store_new:
 *
 * Contacts nobody yet. Ask [func@open_async] first whether there is a keyring at all.
 *
 * Returns: (transfer full): a store over the desktop's keyring
 */
VaultStore *
vault_keyring_store_new (void)
{
  return g_object_new (VAULT_TYPE_KEYRING_STORE, NULL);
}
