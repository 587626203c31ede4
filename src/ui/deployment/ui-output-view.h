/* ui-output-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "stack-image-output.h"

G_BEGIN_DECLS

#define UI_TYPE_OUTPUT_VIEW (ui_output_view_get_type ())

G_DECLARE_FINAL_TYPE (UiOutputView, ui_output_view, UI, OUTPUT_VIEW, GtkWidget)

void ui_output_view_set_output (UiOutputView     *self,
                                StackImageOutput *output);

G_END_DECLS
