/* ui-connection-label.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_CONNECTION_LABEL (ui_connection_label_get_type ())

G_DECLARE_FINAL_TYPE (UiConnectionLabel, ui_connection_label, UI, CONNECTION_LABEL, GtkWidget)

void ui_connection_label_set_session (UiConnectionLabel *self,
                                      StackSession      *session);
void ui_connection_label_set_pods (UiConnectionLabel *self,
                                   KubeReflector     *pods);

G_END_DECLS
