/* ui-reset-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-inventory.h"

G_BEGIN_DECLS

#define UI_TYPE_RESET_DIALOG (ui_reset_dialog_get_type ())

G_DECLARE_FINAL_TYPE (UiResetDialog, ui_reset_dialog, UI, RESET_DIALOG, AdwWindow)

UiResetDialog  *ui_reset_dialog_new (GtkWindow  *parent,
                                     KubeClient *client,
                                     const char *cluster,
                                     const char *ns);
StackInventory *ui_reset_dialog_get_inventory (UiResetDialog *self);

G_END_DECLS
