/* ui-secret-content.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long a copied secret stays in the clipboard. */
#define UI_SECRET_SECONDS 30

#define UI_TYPE_SECRET_CONTENT (ui_secret_content_get_type ())

G_DECLARE_FINAL_TYPE (UiSecretContent, ui_secret_content, UI, SECRET_CONTENT, GdkContentProvider)

GdkContentProvider *ui_secret_content_new (const char *text);
void                ui_secret_content_copy (GdkClipboard *clipboard,
                                            const char   *text,
                                            guint         seconds);

G_END_DECLS
