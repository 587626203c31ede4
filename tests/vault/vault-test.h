/* vault-test.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GAsyncResult *result;
} VaultAnswer;

void          vault_answer_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data);
GAsyncResult *vault_answer_wait (VaultAnswer *answer);
VaultSecret  *vault_test_lookup (VaultStore *store,
                                 const char *profile,
                                 const char *name,
                                 GError    **error);
gboolean      vault_test_save (VaultStore *store,
                               const char *profile,
                               const char *name,
                               const char *text,
                               GError    **error);
gboolean      vault_test_clear (VaultStore *store,
                                const char *profile,
                                const char *name,
                                GError    **error);
void          vault_test_life (VaultStore *store);

G_END_DECLS
