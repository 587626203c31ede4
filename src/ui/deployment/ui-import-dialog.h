/* ui-import-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_IMPORT_DIALOG (ui_import_dialog_get_type ())

G_DECLARE_FINAL_TYPE (UiImportDialog, ui_import_dialog, UI, IMPORT_DIALOG, AdwMessageDialog)

void ui_import_dialog_choose_file (GtkWidget     *parent,
                                   StackSettings *settings);
void ui_import_dialog_open_file (GtkWidget     *parent,
                                 StackSettings *settings,
                                 GFile         *file);

G_END_DECLS
