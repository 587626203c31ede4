/* ui-switch-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_SWITCH_ROW (ui_switch_row_get_type ())

G_DECLARE_FINAL_TYPE (UiSwitchRow, ui_switch_row, UI, SWITCH_ROW, AdwActionRow)

StackSettings *ui_switch_row_get_settings (UiSwitchRow *self);
void           ui_switch_row_set_settings (UiSwitchRow   *self,
                                           StackSettings *settings);

G_END_DECLS
