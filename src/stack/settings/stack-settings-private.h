/* stack-settings-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-settings.h"

G_BEGIN_DECLS

gboolean stack_settings_is_vaulted (StackFieldId id);
void     stack_settings_set_extra (StackSettings *self,
                                   GHashTable    *extra);
gboolean stack_settings_check_extra (const char *name,
                                     GError    **error);
char    *stack_settings_dup_path (StackSettings *self,
                                  GError       **error);

G_END_DECLS
