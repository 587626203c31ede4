/* vault-keyring.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-store.h"

G_BEGIN_DECLS

typedef enum
{
  VAULT_KEYRING_READY,
  VAULT_KEYRING_LOCKED,
  VAULT_KEYRING_ABSENT,
} VaultKeyringState;

#define VAULT_TYPE_KEYRING_STATE (vault_keyring_state_get_type ())

GType       vault_keyring_state_get_type (void) G_GNUC_CONST;
void        vault_open_async (gboolean            may_prompt,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
VaultStore *vault_open_finish (GAsyncResult      *result,
                               VaultKeyringState *state,
                               GError           **error);

G_END_DECLS
