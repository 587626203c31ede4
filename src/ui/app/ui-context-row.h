/* ui-context-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "kube-context.h"

G_BEGIN_DECLS

#define UI_TYPE_CONTEXT_ROW (ui_context_row_get_type ())

G_DECLARE_FINAL_TYPE (UiContextRow, ui_context_row, UI, CONTEXT_ROW, GtkListBoxRow)

GtkWidget   *ui_context_row_new (KubeContext *context);
KubeContext *ui_context_row_get_context (UiContextRow *self);
void         ui_context_row_set_current (UiContextRow *self,
                                         gboolean      current);

G_END_DECLS
