/* ui-entrance-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-entrance.h"

G_BEGIN_DECLS

#define UI_TYPE_ENTRANCE_DIALOG (ui_entrance_dialog_get_type ())

G_DECLARE_FINAL_TYPE (UiEntranceDialog, ui_entrance_dialog, UI, ENTRANCE_DIALOG, AdwWindow)

UiEntranceDialog *ui_entrance_dialog_new (GtkWindow  *parent,
                                          KubeClient *client,
                                          const char *ns);

G_END_DECLS
