/* ui-age-label.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UI_TYPE_AGE_LABEL (ui_age_label_get_type ())

G_DECLARE_FINAL_TYPE (UiAgeLabel, ui_age_label, UI, AGE_LABEL, GtkWidget)

GtkWidget *ui_age_label_new (void);
void       ui_age_label_set_span (UiAgeLabel *self,
                                  gint64      since,
                                  gint64      until);

G_END_DECLS
