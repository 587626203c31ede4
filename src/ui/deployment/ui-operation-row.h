/* ui-operation-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-operation.h"

G_BEGIN_DECLS

#define UI_TYPE_OPERATION_ROW (ui_operation_row_get_type ())

G_DECLARE_FINAL_TYPE (UiOperationRow, ui_operation_row, UI, OPERATION_ROW, AdwPreferencesRow)

GtkWidget      *ui_operation_row_new (StackOperation *operation);
StackOperation *ui_operation_row_get_operation (UiOperationRow *self);

G_END_DECLS
