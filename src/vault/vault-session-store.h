/* vault-session-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-store.h"

G_BEGIN_DECLS

#define VAULT_TYPE_SESSION_STORE (vault_session_store_get_type ())

G_DECLARE_FINAL_TYPE (VaultSessionStore, vault_session_store, VAULT, SESSION_STORE, GObject)

VaultStore *vault_session_store_new (void);

G_END_DECLS
