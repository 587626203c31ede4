/* ui-profile-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_PROFILE_ROW (ui_profile_row_get_type ())

G_DECLARE_FINAL_TYPE (UiProfileRow, ui_profile_row, UI, PROFILE_ROW, AdwComboRow)

void ui_profile_row_set_session (UiProfileRow *self,
                                 StackSession *session);

G_END_DECLS
