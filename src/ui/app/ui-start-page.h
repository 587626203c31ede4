/* ui-start-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_START_PAGE (ui_start_page_get_type ())

G_DECLARE_FINAL_TYPE (UiStartPage, ui_start_page, UI, START_PAGE, GtkWidget)

void ui_start_page_show_error (UiStartPage  *self,
                               const char   *title,
                               const GError *error);

G_END_DECLS
