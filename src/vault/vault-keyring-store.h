/* vault-keyring-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-store.h"

G_BEGIN_DECLS

#define VAULT_TYPE_KEYRING_STORE (vault_keyring_store_get_type ())

G_DECLARE_FINAL_TYPE (VaultKeyringStore, vault_keyring_store, VAULT, KEYRING_STORE, GObject)

VaultStore *vault_keyring_store_new (void);

G_END_DECLS
