/* ui-database-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_DATABASE_ROW (ui_database_row_get_type ())

G_DECLARE_FINAL_TYPE (UiDatabaseRow, ui_database_row, UI, DATABASE_ROW, AdwPreferencesRow)

void ui_database_row_set_session (UiDatabaseRow *self,
                                  StackSession  *session);

G_END_DECLS
