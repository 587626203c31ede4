/* vault-secret.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define VAULT_TYPE_SECRET (vault_secret_get_type ())

typedef struct _VaultSecret VaultSecret;

GType        vault_secret_get_type (void) G_GNUC_CONST;
VaultSecret *vault_secret_new (const char *text);
VaultSecret *vault_secret_ref (VaultSecret *self);
void         vault_secret_unref (VaultSecret *self);
const char  *vault_secret_get_text (VaultSecret *self);
gboolean     vault_secret_equal (VaultSecret *a,
                                 VaultSecret *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaultSecret, vault_secret_unref)

G_END_DECLS
