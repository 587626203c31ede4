/* ui-start-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-start-page.h"

/* What stands in place of every page while there is no cluster to talk to. */
struct _UiStartPage
{
  GtkWidget parent_instance;

  AdwStatusPage *status;
};

G_DEFINE_FINAL_TYPE (UiStartPage, ui_start_page, GTK_TYPE_WIDGET)

static void
ui_start_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_START_PAGE);

  G_OBJECT_CLASS (ui_start_page_parent_class)->dispose (object);
}

static void
ui_start_page_class_init (UiStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_start_page_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/app/ui-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UiStartPage, status);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_start_page_init (UiStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_start_page_show_error:
 * @self: a start page
 * @title: what is the matter, in a few words
 * @error: what happened, why, and what to do
 *
 * Says why there is no cluster.
 */
void
ui_start_page_show_error (UiStartPage  *self,
                          const char   *title,
                          const GError *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (UI_IS_START_PAGE (self));
  g_return_if_fail (title != NULL);
  g_return_if_fail (error != NULL);

  /* The description is markup; file names need not be. */
  text = g_markup_escape_text (error->message, -1);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status, text);
}
