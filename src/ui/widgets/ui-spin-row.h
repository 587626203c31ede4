/* ui-spin-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_SPIN_ROW (ui_spin_row_get_type ())

G_DECLARE_FINAL_TYPE (UiSpinRow, ui_spin_row, UI, SPIN_ROW, AdwPreferencesRow)

StackSettings *ui_spin_row_get_settings (UiSpinRow *self);
void           ui_spin_row_set_settings (UiSpinRow     *self,
                                         StackSettings *settings);

G_END_DECLS
