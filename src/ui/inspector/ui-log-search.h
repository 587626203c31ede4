/* ui-log-search.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-buffer.h"

G_BEGIN_DECLS

#define UI_TYPE_LOG_SEARCH (ui_log_search_get_type ())

G_DECLARE_FINAL_TYPE (UiLogSearch, ui_log_search, UI, LOG_SEARCH, GObject)

UiLogSearch *ui_log_search_new (void);
void         ui_log_search_set_buffer (UiLogSearch   *self,
                                       KubeLogBuffer *buffer);
void         ui_log_search_set_needle (UiLogSearch *self,
                                       const char  *needle);
const char  *ui_log_search_get_needle (UiLogSearch *self);
guint        ui_log_search_get_count (UiLogSearch *self);
guint        ui_log_search_get_current (UiLogSearch *self);
guint        ui_log_search_step (UiLogSearch *self,
                                 int          direction);
const char  *ui_log_search_find (const char *text,
                                 gsize       length,
                                 const char *needle);

G_END_DECLS
