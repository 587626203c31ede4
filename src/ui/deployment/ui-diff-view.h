/* ui-diff-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "stack-diff.h"

G_BEGIN_DECLS

#define UI_TYPE_DIFF_VIEW (ui_diff_view_get_type ())

G_DECLARE_FINAL_TYPE (UiDiffView, ui_diff_view, UI, DIFF_VIEW, GtkWidget)

void ui_diff_view_set_diff (UiDiffView *self,
                            StackDiff  *diff);

G_END_DECLS
