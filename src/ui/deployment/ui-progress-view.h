/* ui-progress-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-deployer.h"
#include "stack-settings.h"

G_BEGIN_DECLS

#define UI_TYPE_PROGRESS_VIEW (ui_progress_view_get_type ())

G_DECLARE_FINAL_TYPE (UiProgressView, ui_progress_view, UI, PROGRESS_VIEW, GtkWidget)

void ui_progress_view_show_run (UiProgressView *self,
                                StackDeployer  *deployer,
                                StackSettings  *settings,
                                const char     *cluster);
void ui_progress_view_show_result (UiProgressView *self,
                                   const GError   *error);

G_END_DECLS
