/* vault-generator.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-secret.h"

G_BEGIN_DECLS

VaultSecret *vault_generate_secret (guint    n_bytes,
                                    GError **error);

G_END_DECLS
