/* ui-choice-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_CHOICE_ROW (ui_choice_row_get_type ())

G_DECLARE_FINAL_TYPE (UiChoiceRow, ui_choice_row, UI, CHOICE_ROW, AdwComboRow)

StackSettings *ui_choice_row_get_settings (UiChoiceRow *self);
void           ui_choice_row_set_settings (UiChoiceRow   *self,
                                           StackSettings *settings);
void           ui_choice_row_set_choices (UiChoiceRow       *self,
                                          const char *const *values,
                                          const char *const *labels);

G_END_DECLS
