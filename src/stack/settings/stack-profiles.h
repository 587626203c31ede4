/* stack-profiles.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_DEFAULT_PROFILE "default"

gboolean stack_profiles_check_name (const char *name,
                                    GError    **error);
gboolean stack_profiles_check_new (const char *name,
                                   GError    **error);
char    *stack_profiles_dup_current (void);
gboolean stack_profiles_use (const char *name,
                             GError    **error);
gboolean stack_profiles_exists (const char *name);
GStrv    stack_profiles_list (GError **error);
void     stack_profiles_delete_async (const char         *name,
                                      VaultStore         *store,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean stack_profiles_delete_finish (GAsyncResult *result,
                                       GError      **error);
void     stack_profiles_rename_async (const char         *name,
                                      const char         *new_name,
                                      VaultStore         *store,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean stack_profiles_rename_finish (GAsyncResult *result,
                                       GError      **error);

G_END_DECLS
