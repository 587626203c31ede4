/* ui-field-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_FIELD_ROW (ui_field_row_get_type ())

G_DECLARE_FINAL_TYPE (UiFieldRow, ui_field_row, UI, FIELD_ROW, AdwEntryRow)

const char    *ui_field_row_get_key (UiFieldRow *self);
StackSettings *ui_field_row_get_settings (UiFieldRow *self);
void           ui_field_row_set_settings (UiFieldRow    *self,
                                          StackSettings *settings);

G_END_DECLS
