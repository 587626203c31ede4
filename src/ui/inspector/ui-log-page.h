/* ui-log-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-reflector.h"

G_BEGIN_DECLS

#define UI_TYPE_LOG_PAGE (ui_log_page_get_type ())

G_DECLARE_FINAL_TYPE (UiLogPage, ui_log_page, UI, LOG_PAGE, GtkWidget)

void ui_log_page_set_pods (UiLogPage     *self,
                           KubeClient    *client,
                           KubeReflector *pods);
void ui_log_page_show_pod (UiLogPage  *self,
                           const char *name);
void ui_log_page_find (UiLogPage *self);

G_END_DECLS
