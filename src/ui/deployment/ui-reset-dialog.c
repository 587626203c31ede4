/* ui-reset-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-reset-dialog.h"

#include <glib/gi18n.h>

/* Asks before the app is taken off a cluster: every object first, what holds data ticked one by
 * one, and the namespace's name typed. */
struct _UiResetDialog
{
  AdwWindow parent_instance;

  char           *ns;          /* (owned) */
  StackInventory *inventory;   /* (owned) (nullable): once it was read */
  GCancellable   *cancellable; /* (owned): of the reading */

  GtkStack    *stack;
  GtkLabel    *problem;
  GtkLabel    *intro;
  GtkListBox  *objects;
  GtkWidget   *confirmation;
  GtkLabel    *question;
  GtkEditable *name;
  GtkButton   *delete_button;
};

enum
{
  CONFIRMED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (UiResetDialog, ui_reset_dialog, ADW_TYPE_WINDOW)

static guint signals[N_SIGNALS];

static void
update (UiResetDialog *self)
{
  guint            n = stack_inventory_count_deleted (self->inventory);
  gboolean         typed = g_str_equal (gtk_editable_get_text (self->name), self->ns);
  g_autofree char *label = NULL;

  label = g_strdup_printf (ngettext ("Delete %u object", "Delete %u objects", n), n);
  gtk_button_set_label (self->delete_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->delete_button), typed && n > 0);
}

static StackInventoryItem *
get_item (UiResetDialog *self,
          guint          index)
{
  return g_ptr_array_index (stack_inventory_get_items (self->inventory), index);
}

static void
update_row (UiResetDialog *self,
            guint          index)
{
  const StackInventoryItem *item = get_item (self, index);
  GtkListBoxRow            *row = gtk_list_box_get_row_at_index (self->objects, (int) index);
  g_autofree char          *words = NULL;

  if (item->kept == NULL)
    words = g_strdup (item->database ? _("Will be deleted, with its data") : _("Will be deleted"));
  else
    words = g_strdup_printf (_("Stays: %s"), item->kept);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
}

static void
on_ticked_cb (GtkCheckButton *check,
              UiResetDialog  *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (check), "index"));

  stack_inventory_set_deleted (self->inventory, index, gtk_check_button_get_active (check));
  for (guint i = 0; i < stack_inventory_get_items (self->inventory)->len; i++)
    update_row (self, i);
  update (self);
}

static void
add_row (UiResetDialog *self,
         guint          index)
{
  const StackInventoryItem *item = get_item (self, index);
  GtkWidget                *row = adw_action_row_new ();
  g_autofree char          *title = g_strdup_printf ("%s %s", item->resource->kind, item->name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (item->database)
    {
      GtkWidget       *check = gtk_check_button_new ();
      g_autofree char *label = g_strdup_printf (_("Delete %s with its data"), title);

      g_object_set_data (G_OBJECT (check), "index", GUINT_TO_POINTER (index));
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      /* The row has named it after itself, which does not say what a tick means. */
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (check),
                                     GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
      g_signal_connect_object (check, "toggled", G_CALLBACK (on_ticked_cb), self,
                               G_CONNECT_DEFAULT);
    }
  gtk_list_box_append (self->objects, row);
  update_row (self, index);
}

static void
show_problem (UiResetDialog *self,
              const char    *words)
{
  gtk_label_set_label (self->problem, words);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
show_inventory (UiResetDialog *self)
{
  GPtrArray       *items = stack_inventory_get_items (self->inventory);
  g_autofree char *words = NULL;

  if (items->len == 0)
    {
      words = g_strdup_printf (_("There is nothing of Hacky Stack in the namespace %s."), self->ns);
      show_problem (self, words);
      return;
    }

  for (guint i = 0; i < items->len; i++)
    add_row (self, i);
  gtk_stack_set_visible_child_name (self->stack, "objects");
  gtk_widget_set_visible (self->confirmation, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  update (self);
}

static void
on_read_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (UiResetDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackInventory) inventory = stack_inventory_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (inventory == NULL)
    {
      show_problem (self, error->message);
      return;
    }

  self->inventory = g_steal_pointer (&inventory);
  show_inventory (self);
}

static void
on_name_changed_cb (UiResetDialog *self)
{
  if (self->inventory != NULL)
    update (self);
}

static void
on_delete_clicked_cb (UiResetDialog *self)
{
  g_object_ref (self);
  g_signal_emit (self, signals[CONFIRMED], 0);
  gtk_window_close (GTK_WINDOW (self));
  g_object_unref (self);
}

static void
ui_reset_dialog_dispose (GObject *object)
{
  UiResetDialog *self = UI_RESET_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->inventory);
  g_clear_pointer (&self->ns, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_RESET_DIALOG);

  G_OBJECT_CLASS (ui_reset_dialog_parent_class)->dispose (object);
}

static void
ui_reset_dialog_class_init (UiResetDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_reset_dialog_dispose;

  /**
   * UiResetDialog::confirmed:
   * @self: a dialog
   *
   * What [method@ResetDialog.get_inventory] says shall be deleted.
   */
  signals[CONFIRMED] = g_signal_new ("confirmed", UI_TYPE_RESET_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-reset-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, intro);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, objects);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, confirmation);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, question);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, name);
  gtk_widget_class_bind_template_child (widget_class, UiResetDialog, delete_button);
  gtk_widget_class_bind_template_callback (widget_class, on_delete_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ui_reset_dialog_init (UiResetDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_reset_dialog_new:
 * @parent: the window it belongs to
 * @client: the cluster
 * @cluster: what the user calls the cluster
 * @ns: the app's namespace
 *
 * Makes a dialog and reads what there is of the app.
 *
 * Returns: (transfer none): a dialog, kept by GTK until it is closed
 */
UiResetDialog *
ui_reset_dialog_new (GtkWindow  *parent,
                     KubeClient *client,
                     const char *cluster,
                     const char *ns)
{
  UiResetDialog   *self;
  g_autofree char *intro = NULL;
  g_autofree char *question = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (cluster != NULL && ns != NULL, NULL);

  self = g_object_new (UI_TYPE_RESET_DIALOG, "transient-for", parent, NULL);
  self->ns = g_strdup (ns);
  intro = g_strdup_printf (_("This is all there is of Hacky Stack in the namespace %s of %s. What is "
                             "deleted does not come back, its history neither."),
                              ns, cluster);
  question = g_strdup_printf (_("Type the namespace’s name, %s, to go on:"), ns);
  gtk_label_set_label (self->intro, intro);
  gtk_label_set_label (self->question, question);
  stack_inventory_read_async (client, ns, FALSE, self->cancellable, on_read_cb,
                              g_object_ref (self));

  return self;
}

/**
 * ui_reset_dialog_get_inventory:
 * @self: a dialog
 *
 * Returns: (transfer none) (nullable): what there is and what of it shall go; %NULL until it was
 *   read
 */
StackInventory *
ui_reset_dialog_get_inventory (UiResetDialog *self)
{
  g_return_val_if_fail (UI_IS_RESET_DIALOG (self), NULL);

  return self->inventory;
}
