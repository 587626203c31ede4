/* ui-log-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "kube-log-line.h"

G_BEGIN_DECLS

#define UI_TYPE_LOG_ROW (ui_log_row_get_type ())

G_DECLARE_FINAL_TYPE (UiLogRow, ui_log_row, UI, LOG_ROW, GtkWidget)

GtkWidget *ui_log_row_new (void);
void       ui_log_row_set_line (UiLogRow    *self,
                                KubeLogLine *line);
void       ui_log_row_set_needle (UiLogRow   *self,
                                  const char *needle);
void       ui_log_row_set_wrap (UiLogRow *self,
                                gboolean  wrap);

G_END_DECLS
