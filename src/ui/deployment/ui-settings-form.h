/* ui-settings-form.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_SETTINGS_FORM (ui_settings_form_get_type ())

G_DECLARE_FINAL_TYPE (UiSettingsForm, ui_settings_form, UI, SETTINGS_FORM, GtkWidget)

StackSettings *ui_settings_form_get_settings (UiSettingsForm *self);
void           ui_settings_form_set_settings (UiSettingsForm *self,
                                              StackSettings  *settings);
void           ui_settings_form_set_session (UiSettingsForm *self,
                                             StackSession   *session);
gboolean       ui_settings_form_is_ready (UiSettingsForm *self);
void           ui_settings_form_set_blocker (UiSettingsForm *self,
                                             const char     *blocker);
void           ui_settings_form_set_busy (UiSettingsForm *self,
                                          gboolean        busy);

G_END_DECLS
