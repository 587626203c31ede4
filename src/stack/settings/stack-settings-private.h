/* stack-settings-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-settings.h"

G_BEGIN_DECLS

gboolean     stack_settings_is_vaulted (StackFieldId id);
VaultSecret *stack_settings_ref_own (StackSettings *self,
                                     StackFieldId   id);
void         stack_settings_set_kept (StackSettings      *self,
                                      VaultSecret *const *values,
                                      GHashTable         *extra);
void         stack_settings_set_extra (StackSettings *self,
                                       GHashTable    *extra);
char        *stack_settings_dup_path (StackSettings *self,
                                      GError       **error);

G_END_DECLS
