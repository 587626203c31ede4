/* ui-build-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_BUILD_ROW (ui_build_row_get_type ())

G_DECLARE_FINAL_TYPE (UiBuildRow, ui_build_row, UI, BUILD_ROW, AdwExpanderRow)

void ui_build_row_set_session (UiBuildRow   *self,
                               StackSession *session);

G_END_DECLS
