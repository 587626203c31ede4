/* ui-progress-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-evidence.h"
#include "stack-revision.h"

G_BEGIN_DECLS

#define UI_TYPE_PROGRESS_VIEW (ui_progress_view_get_type ())

G_DECLARE_FINAL_TYPE (UiProgressView, ui_progress_view, UI, PROGRESS_VIEW, GtkWidget)

void ui_progress_view_show_run (UiProgressView *self,
                                const char     *headline,
                                GListModel     *steps,
                                GListModel     *pods);
void ui_progress_view_show_success (UiProgressView *self,
                                    const char     *headline,
                                    const char     *summary,
                                    const char     *words,
                                    const char     *address);
void ui_progress_view_show_failure (UiProgressView *self,
                                    const char     *headline,
                                    const GError   *error,
                                    StackEvidence  *evidence);
void ui_progress_view_show_way_back (UiProgressView *self,
                                     StackRevision  *revision,
                                     const char     *words);

G_END_DECLS
