/* ui-window.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_WINDOW (ui_window_get_type ())

G_DECLARE_FINAL_TYPE (UiWindow, ui_window, UI, WINDOW, AdwApplicationWindow)

UiWindow *ui_window_new (GtkApplication *application);
void      ui_window_open (UiWindow   *self,
                          const char *kubeconfig,
                          const char *context,
                          const char *profile,
                          GFile      *values);
void      ui_window_select_context (UiWindow   *self,
                                    const char *name);
gboolean  ui_window_show_page (UiWindow   *self,
                               const char *name);

G_END_DECLS
