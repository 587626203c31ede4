/* ui-copy-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-copy-row.h"

#include <glib/gi18n.h>

/* A value made from other answers, to be copied elsewhere. */
struct _UiCopyRow
{
  AdwActionRow parent_instance;

  char *text; /* (owned) (nullable) */
  guint reset_source;

  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (UiCopyRow, ui_copy_row, ADW_TYPE_ACTION_ROW)

static gboolean
on_reset_cb (gpointer user_data)
{
  UiCopyRow *self = user_data;

  gtk_button_set_icon_name (self->button, "edit-copy-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Copy"));
  self->reset_source = 0;
  return G_SOURCE_REMOVE;
}

static void
on_copy_clicked_cb (UiCopyRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
  gtk_button_set_icon_name (self->button, "object-select-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Copied"));
  g_clear_handle_id (&self->reset_source, g_source_remove);
  self->reset_source = g_timeout_add_seconds (2, on_reset_cb, self);
}

static void
ui_copy_row_dispose (GObject *object)
{
  UiCopyRow *self = UI_COPY_ROW (object);

  g_clear_handle_id (&self->reset_source, g_source_remove);
  g_clear_pointer (&self->text, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_COPY_ROW);

  G_OBJECT_CLASS (ui_copy_row_parent_class)->dispose (object);
}

static void
ui_copy_row_class_init (UiCopyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_copy_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/widgets/ui-copy-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCopyRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked_cb);
}

static void
ui_copy_row_init (UiCopyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_copy_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what the button copies
 */
const char *
ui_copy_row_get_text (UiCopyRow *self)
{
  g_return_val_if_fail (UI_IS_COPY_ROW (self), NULL);

  return self->text;
}

/**
 * ui_copy_row_set_text:
 * @self: a row
 * @text: (nullable): what the button copies; %NULL while there is nothing
 * @placeholder: what to say while there is nothing
 *
 * Shows another value.
 */
void
ui_copy_row_set_text (UiCopyRow  *self,
                      const char *text,
                      const char *placeholder)
{
  g_return_if_fail (UI_IS_COPY_ROW (self));
  g_return_if_fail (placeholder != NULL);

  g_free (self->text);
  self->text = g_strdup (text);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : placeholder);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), text != NULL);
}
