/* ui-status-label.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui-tone.h"

G_BEGIN_DECLS

#define UI_TYPE_STATUS_LABEL (ui_status_label_get_type ())

G_DECLARE_FINAL_TYPE (UiStatusLabel, ui_status_label, UI, STATUS_LABEL, GtkWidget)

GtkWidget  *ui_status_label_new (void);
void        ui_status_label_set (UiStatusLabel *self,
                                 UiTone         tone,
                                 const char    *label);
UiTone      ui_status_label_get_tone (UiStatusLabel *self);
const char *ui_status_label_get_text (UiStatusLabel *self);
void        ui_status_label_set_wrap (UiStatusLabel *self,
                                      gboolean       wrap);

G_END_DECLS
