/* ui-copy-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_COPY_ROW (ui_copy_row_get_type ())

G_DECLARE_FINAL_TYPE (UiCopyRow, ui_copy_row, UI, COPY_ROW, AdwActionRow)

const char *ui_copy_row_get_text (UiCopyRow *self);
void        ui_copy_row_set_text (UiCopyRow  *self,
                                  const char *text,
                                  const char *placeholder);

G_END_DECLS
