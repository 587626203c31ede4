/* ui-log-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-log-buffer.h"

G_BEGIN_DECLS

#define UI_TYPE_LOG_VIEW (ui_log_view_get_type ())

G_DECLARE_FINAL_TYPE (UiLogView, ui_log_view, UI, LOG_VIEW, GtkWidget)

void     ui_log_view_set_buffer (UiLogView     *self,
                                 KubeLogBuffer *buffer);
void     ui_log_view_set_needle (UiLogView  *self,
                                 const char *needle);
gboolean ui_log_view_get_follow (UiLogView *self);
void     ui_log_view_set_follow (UiLogView *self,
                                 gboolean   follow);
gboolean ui_log_view_get_wrap (UiLogView *self);
void     ui_log_view_set_wrap (UiLogView *self,
                               gboolean   wrap);
void     ui_log_view_show_line (UiLogView *self,
                                guint      index);

G_END_DECLS
