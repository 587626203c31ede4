/* vault-guard-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaultGuard VaultGuard;

VaultGuard   *vault_guard_new (GTask *task,
                               guint  seconds);
void          vault_guard_free (VaultGuard *self);
GCancellable *vault_guard_get_cancellable (VaultGuard *self);
GTask        *vault_guard_peek_task (VaultGuard *self);
GTask        *vault_guard_steal_task (VaultGuard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaultGuard, vault_guard_free)

G_END_DECLS
