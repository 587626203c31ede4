/* ui-history-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-client.h"

G_BEGIN_DECLS

#define UI_TYPE_HISTORY_VIEW (ui_history_view_get_type ())

G_DECLARE_FINAL_TYPE (UiHistoryView, ui_history_view, UI, HISTORY_VIEW, GtkWidget)

void ui_history_view_set_cluster (UiHistoryView *self,
                                  KubeClient    *client,
                                  const char    *ns);
void ui_history_view_reload (UiHistoryView *self);
void ui_history_view_refresh (UiHistoryView *self);

G_END_DECLS
