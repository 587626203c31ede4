/* ui-pane.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UI_TYPE_PANE (ui_pane_get_type ())

G_DECLARE_FINAL_TYPE (UiPane, ui_pane, UI, PANE, GtkWidget)

int      ui_pane_get_natural_width (UiPane *self);
void     ui_pane_set_natural_width (UiPane *self,
                                    int     width);
gboolean ui_pane_is_narrow (UiPane *self);

G_END_DECLS
