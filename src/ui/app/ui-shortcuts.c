/* ui-shortcuts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-shortcuts.h"

/**
 * ui_shortcuts_new:
 *
 * Makes the window that lists the keyboard shortcuts.
 *
 * Returns: (transfer none): a window, kept by GTK until it is destroyed
 */
GtkShortcutsWindow *
ui_shortcuts_new (void)
{
  g_autoptr (GtkBuilder) builder = NULL;

  builder = gtk_builder_new_from_resource ("/io/github/hackystack/Desktop/app/ui-shortcuts.ui");
  return GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
}
