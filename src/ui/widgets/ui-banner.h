/* ui-banner.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui-tone.h"

G_BEGIN_DECLS

#define UI_TYPE_BANNER (ui_banner_get_type ())

G_DECLARE_FINAL_TYPE (UiBanner, ui_banner, UI, BANNER, GtkWidget)

void ui_banner_show (UiBanner   *self,
                     UiTone      tone,
                     const char *text);
void ui_banner_hide (UiBanner *self);
void ui_banner_set_action (UiBanner   *self,
                           const char *label,
                           const char *action_name);

G_END_DECLS
