/* ui-export-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

void ui_export_dialog_present (GtkWidget    *parent,
                               StackSession *session);

G_END_DECLS
