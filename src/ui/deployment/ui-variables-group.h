/* ui-variables-group.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_VARIABLES_GROUP (ui_variables_group_get_type ())

G_DECLARE_FINAL_TYPE (UiVariablesGroup, ui_variables_group, UI, VARIABLES_GROUP, AdwPreferencesGroup)

void ui_variables_group_set_settings (UiVariablesGroup *self,
                                      StackSettings    *settings);

G_END_DECLS
