/* vault-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAULT_TYPE_STORE (vault_store_get_type ())

G_DECLARE_INTERFACE (VaultStore, vault_store, VAULT, STORE, GObject)

struct _VaultStoreInterface
{
  GTypeInterface parent_iface;

  void (*lookup_async) (VaultStore         *self,
                        const char         *profile,
                        const char         *name,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data);
  VaultSecret *(*lookup_finish) (VaultStore   *self,
                                 GAsyncResult *result,
                                 GError      **error);
  void (*save_async) (VaultStore         *self,
                      const char         *profile,
                      const char         *name,
                      VaultSecret        *secret,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data);
  gboolean (*save_finish) (VaultStore   *self,
                           GAsyncResult *result,
                           GError      **error);
  void (*clear_async) (VaultStore         *self,
                       const char         *profile,
                       const char         *name,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data);
  gboolean (*clear_finish) (VaultStore   *self,
                            GAsyncResult *result,
                            GError      **error);
  gboolean (*is_persistent) (VaultStore *self);
};

void         vault_store_lookup_async (VaultStore         *self,
                                       const char         *profile,
                                       const char         *name,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
VaultSecret *vault_store_lookup_finish (VaultStore   *self,
                                        GAsyncResult *result,
                                        GError      **error);
void         vault_store_save_async (VaultStore         *self,
                                     const char         *profile,
                                     const char         *name,
                                     VaultSecret        *secret,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean     vault_store_save_finish (VaultStore   *self,
                                      GAsyncResult *result,
                                      GError      **error);
void         vault_store_clear_async (VaultStore         *self,
                                      const char         *profile,
                                      const char         *name,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean     vault_store_clear_finish (VaultStore   *self,
                                       GAsyncResult *result,
                                       GError      **error);
gboolean     vault_store_is_persistent (VaultStore *self);

G_END_DECLS
