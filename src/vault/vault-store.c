/* vault-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-store.h"

/**
 * VaultStore:
 *
 * Where secrets are kept, each under the name of a profile and its own name. One of the edges of
 * the world: [class@KeyringStore] keeps them in the desktop's keyring, [class@SessionStore] in
 * memory until the program ends.
 */
G_DEFINE_INTERFACE (VaultStore, vault_store, G_TYPE_OBJECT)

static void
vault_store_default_init (VaultStoreInterface *iface)
{
}

/**
 * vault_store_lookup_async:
 * @self: a store
 * @profile: whose secret
 * @name: which one, such as "DATABASE_URL"
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks for a secret. Never shows a prompt.
 */
void
vault_store_lookup_async (VaultStore         *self,
                          const char         *profile,
                          const char         *name,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (VAULT_IS_STORE (self));
  g_return_if_fail (profile != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  VAULT_STORE_GET_IFACE (self)->lookup_async (self, profile, name, cancellable, callback,
                                              user_data);
}

/**
 * vault_store_lookup_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %VAULT_ERROR_LOCKED, %VAULT_ERROR_UNAVAILABLE, %VAULT_ERROR_FAILED and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the secret; %NULL without an error when there is none
 */
VaultSecret *
vault_store_lookup_finish (VaultStore   *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (VAULT_IS_STORE (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);

  return VAULT_STORE_GET_IFACE (self)->lookup_finish (self, result, error);
}

/**
 * vault_store_save_async:
 * @self: a store
 * @profile: whose secret
 * @name: which one
 * @secret: the secret
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Keeps @secret, in place of what was kept under the same names. Never shows a prompt.
 */
void
vault_store_save_async (VaultStore         *self,
                        const char         *profile,
                        const char         *name,
                        VaultSecret        *secret,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_return_if_fail (VAULT_IS_STORE (self));
  g_return_if_fail (profile != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (secret != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  VAULT_STORE_GET_IFACE (self)->save_async (self, profile, name, secret, cancellable, callback,
                                            user_data);
}

/**
 * vault_store_save_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [method@Store.lookup_finish].
 *
 * Returns: whether the secret is kept
 */
gboolean
vault_store_save_finish (VaultStore   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (VAULT_IS_STORE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return VAULT_STORE_GET_IFACE (self)->save_finish (self, result, error);
}

/**
 * vault_store_clear_async:
 * @self: a store
 * @profile: whose secret
 * @name: which one
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Forgets a secret. Never shows a prompt.
 */
void
vault_store_clear_async (VaultStore         *self,
                         const char         *profile,
                         const char         *name,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_return_if_fail (VAULT_IS_STORE (self));
  g_return_if_fail (profile != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  VAULT_STORE_GET_IFACE (self)->clear_async (self, profile, name, cancellable, callback,
                                             user_data);
}

/**
 * vault_store_clear_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [method@Store.lookup_finish].
 *
 * Returns: whether the secret is no longer kept; also when it never was
 */
gboolean
vault_store_clear_finish (VaultStore   *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (VAULT_IS_STORE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return VAULT_STORE_GET_IFACE (self)->clear_finish (self, result, error);
}

/**
 * vault_store_is_persistent:
 * @self: a store
 *
 * Returns: whether secrets outlive the program
 */
gboolean
vault_store_is_persistent (VaultStore *self)
{
  g_return_val_if_fail (VAULT_IS_STORE (self), FALSE);

  return VAULT_STORE_GET_IFACE (self)->is_persistent (self);
}
