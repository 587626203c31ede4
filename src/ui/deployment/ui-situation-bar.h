/* ui-situation-bar.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-client.h"
#include "stack-situation-watch.h"

G_BEGIN_DECLS

#define UI_TYPE_SITUATION_BAR (ui_situation_bar_get_type ())

G_DECLARE_FINAL_TYPE (UiSituationBar, ui_situation_bar, UI, SITUATION_BAR, GtkWidget)

gboolean ui_situation_bar_is_deployed (UiSituationBar *self);
gboolean ui_situation_bar_is_paused (UiSituationBar *self);
void     ui_situation_bar_set_cluster (UiSituationBar      *self,
                                       KubeClient          *client,
                                       const char          *ns,
                                       StackSituationWatch *watch);
void     ui_situation_bar_set_busy (UiSituationBar *self,
                                    gboolean        busy);
void     ui_situation_bar_set_narrow (UiSituationBar *self,
                                      gboolean        narrow);

G_END_DECLS
