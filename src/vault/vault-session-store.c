/* vault-session-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-session-store.h"

/**
 * VaultSessionStore:
 *
 * A [iface@Store] in memory, for desktops without a usable keyring. Nothing is ever written to a
 * file; everything is wiped when the object goes.
 */
struct _VaultSessionStore
{
  GObject parent_instance;

  GHashTable *secrets; /* (element-type utf8 VaultSecret) (owned) "profile\nname" → secret */
};

static void vault_session_store_iface_init (VaultStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaultSessionStore, vault_session_store, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (VAULT_TYPE_STORE, vault_session_store_iface_init))

static char *
build_key (const char *profile,
           const char *name)
{
  return g_strconcat (profile, "\n", name, NULL);
}

static void
vault_session_store_lookup_async (VaultStore         *store,
                                  const char         *profile,
                                  const char         *name,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  VaultSessionStore *self = VAULT_SESSION_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *key = build_key (profile, name);
  VaultSecret     *secret = g_hash_table_lookup (self->secrets, key);

  g_task_set_source_tag (task, vault_session_store_lookup_async);
  g_task_return_pointer (task, secret != NULL ? vault_secret_ref (secret) : NULL,
                         (GDestroyNotify) vault_secret_unref);
}

static VaultSecret *
vault_session_store_lookup_finish (VaultStore   *store,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
vault_session_store_save_async (VaultStore         *store,
                                const char         *profile,
                                const char         *name,
                                VaultSecret        *secret,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  VaultSessionStore *self = VAULT_SESSION_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, vault_session_store_save_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  g_hash_table_replace (self->secrets, build_key (profile, name), vault_secret_ref (secret));
  g_task_return_boolean (task, TRUE);
}

static void
vault_session_store_clear_async (VaultStore         *store,
                                 const char         *profile,
                                 const char         *name,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  VaultSessionStore *self = VAULT_SESSION_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *key = build_key (profile, name);

  g_task_set_source_tag (task, vault_session_store_clear_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  g_hash_table_remove (self->secrets, key);
  g_task_return_boolean (task, TRUE);
}

static gboolean
vault_session_store_boolean_finish (VaultStore   *store,
                                    GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
vault_session_store_is_persistent (VaultStore *store)
{
  return FALSE;
}

static void
vault_session_store_iface_init (VaultStoreInterface *iface)
{
  iface->lookup_async = vault_session_store_lookup_async;
  iface->lookup_finish = vault_session_store_lookup_finish;
  iface->save_async = vault_session_store_save_async;
  iface->save_finish = vault_session_store_boolean_finish;
  iface->clear_async = vault_session_store_clear_async;
  iface->clear_finish = vault_session_store_boolean_finish;
  iface->is_persistent = vault_session_store_is_persistent;
}

static void
vault_session_store_finalize (GObject *object)
{
  VaultSessionStore *self = VAULT_SESSION_STORE (object);

  g_clear_pointer (&self->secrets, g_hash_table_unref);

  G_OBJECT_CLASS (vault_session_store_parent_class)->finalize (object);
}

static void
vault_session_store_class_init (VaultSessionStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vault_session_store_finalize;
}

static void
vault_session_store_init (VaultSessionStore *self)
{
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) vault_secret_unref);
}

/**
 * vault_session_store_new:
 *
 * Returns: (transfer full): an empty store that lives as long as the program
 */
VaultStore *
vault_session_store_new (void)
{
  return g_object_new (VAULT_TYPE_SESSION_STORE, NULL);
}
