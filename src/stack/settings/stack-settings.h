/* stack-settings.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-field.h"

#include "vault-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_SETTINGS (stack_settings_get_type ())

G_DECLARE_FINAL_TYPE (StackSettings, stack_settings, STACK, SETTINGS, GObject)

StackSettings *stack_settings_new (const char *profile);
StackSettings *stack_settings_copy (StackSettings *self,
                                    const char    *profile);
const char    *stack_settings_get_profile (StackSettings *self);
const char    *stack_settings_get_text (StackSettings *self,
                                        StackFieldId   id);
void           stack_settings_set_text (StackSettings *self,
                                        StackFieldId   id,
                                        const char    *text);
void           stack_settings_lend_text (StackSettings *self,
                                         StackFieldId   id,
                                         const char    *text);
gboolean       stack_settings_is_changed (StackSettings *self,
                                          StackFieldId   id);
guint          stack_settings_get_n_changes (StackSettings *self);
gboolean       stack_settings_get_enabled (StackSettings *self,
                                           StackFieldId   id);
char          *stack_settings_dup_address (StackSettings *self);
GHashTable    *stack_settings_get_extra (StackSettings *self);
gboolean       stack_settings_set_variable (StackSettings *self,
                                            const char    *name,
                                            const char    *text,
                                            GError       **error);
void           stack_settings_remove_variable (StackSettings *self,
                                               const char    *name);
const char    *stack_settings_get_context (StackSettings *self);
void           stack_settings_set_context (StackSettings *self,
                                           const char    *context);
char          *stack_settings_dup_callback_url (StackSettings *self);
gboolean       stack_settings_generate (StackSettings *self,
                                        GError       **error);
gboolean       stack_settings_read_values (StackSettings *self,
                                           const char    *yaml,
                                           gssize         length,
                                           GError       **error);
void           stack_settings_load_async (StackSettings      *self,
                                          VaultStore         *store,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean       stack_settings_load_finish (StackSettings *self,
                                           GAsyncResult  *result,
                                           GError       **error);
void           stack_settings_save_async (StackSettings      *self,
                                          VaultStore         *store,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean       stack_settings_save_finish (StackSettings *self,
                                           GAsyncResult  *result,
                                           GError       **error);

G_END_DECLS
