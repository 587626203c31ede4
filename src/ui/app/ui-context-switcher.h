/* ui-context-switcher.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_CONTEXT_SWITCHER (ui_context_switcher_get_type ())

G_DECLARE_FINAL_TYPE (UiContextSwitcher, ui_context_switcher, UI, CONTEXT_SWITCHER, GtkWidget)

void ui_context_switcher_set_session (UiContextSwitcher *self,
                                      StackSession      *session);

G_END_DECLS
