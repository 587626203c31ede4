/* ui-field-caption.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "stack-field.h"
#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_FIELD_CAPTION (ui_field_caption_get_type ())

G_DECLARE_FINAL_TYPE (UiFieldCaption, ui_field_caption, UI, FIELD_CAPTION, GtkWidget)

UiFieldCaption *ui_field_caption_new_under (GtkListBoxRow *row);
void            ui_field_caption_attach (UiFieldCaption *self,
                                         StackSettings  *settings,
                                         StackFieldId    field);
void            ui_field_caption_insist (UiFieldCaption *self);
void            ui_field_caption_show_findings (UiFieldCaption *self,
                                                GPtrArray      *findings);

G_END_DECLS
