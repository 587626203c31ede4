/* ui-output-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-output-view.h"

#include <glib/gi18n.h>

/* What a program says, line by line while it runs. It stays at the end unless somebody scrolls up;
 * all that is kept can be copied. */
struct _UiOutputView
{
  GtkWidget parent_instance;

  StackImageOutput *output; /* (owned) (nullable) */
  gboolean          is_following;

  GtkWidget         *frame;
  GtkScrolledWindow *scroller;
  GtkListView       *list;
};

G_DEFINE_FINAL_TYPE (UiOutputView, ui_output_view, GTK_TYPE_WIDGET)

static void
on_setup_cb (UiOutputView *self,
             GtkListItem  *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, label);
}

static void
on_bind_cb (UiOutputView *self,
            GtkListItem  *item)
{
  StackImageLine *line = gtk_list_item_get_item (item);
  GtkWidget      *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), stack_image_line_get_text (line));
  if (stack_image_line_is_command (line))
    gtk_widget_add_css_class (label, "command");
  else
    gtk_widget_remove_css_class (label, "command");
}

/* The reader's own scrolling says whether the end is wanted; lines that are added do not. */
static void
on_scrolled_cb (UiOutputView  *self,
                GtkAdjustment *adjustment)
{
  self->is_following = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
                       gtk_adjustment_get_upper (adjustment) - 1;
}

static void
on_grown_cb (UiOutputView  *self,
             GtkAdjustment *adjustment)
{
  if (self->is_following)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment));
}

static void
on_copy_clicked_cb (UiOutputView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GListModel *model = G_LIST_MODEL (self->output);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (StackImageLine) line = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s\n", stack_image_line_get_text (line));
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _("Output copied"));
}

static void
ui_output_view_dispose (GObject *object)
{
  UiOutputView *self = UI_OUTPUT_VIEW (object);

  g_clear_object (&self->output);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_OUTPUT_VIEW);

  G_OBJECT_CLASS (ui_output_view_parent_class)->dispose (object);
}

static void
ui_output_view_class_init (UiOutputViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_output_view_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-output-view.ui");
  gtk_widget_class_bind_template_child (widget_class, UiOutputView, frame);
  gtk_widget_class_bind_template_child (widget_class, UiOutputView, scroller);
  gtk_widget_class_bind_template_child (widget_class, UiOutputView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_output_view_init (UiOutputView *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_following = TRUE;
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_grown_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * ui_output_view_set_output:
 * @self: a view
 * @output: what is to be shown
 *
 * Shows an output from then on, at its end.
 */
void
ui_output_view_set_output (UiOutputView     *self,
                           StackImageOutput *output)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (UI_IS_OUTPUT_VIEW (self));
  g_return_if_fail (STACK_IS_IMAGE_OUTPUT (output));

  if (!g_set_object (&self->output, output))
    return;

  self->is_following = TRUE;
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (output)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}
