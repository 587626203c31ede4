/* ui-variables-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-variables-group.h"

#include <string.h>

#include <glib/gi18n.h>

#include "stack-variable.h"

/* Further variables of the app, that no question asks for: a row each, and one to add another. The
 * value of one that may be a secret is not shown. */
struct _UiVariablesGroup
{
  AdwPreferencesGroup parent_instance;

  StackSettings *settings; /* (owned) (nullable) */
  GPtrArray     *rows;     /* (element-type GtkWidget) (owned): the group owns the widgets */
  gboolean       typing;
};

G_DEFINE_FINAL_TYPE (UiVariablesGroup, ui_variables_group, ADW_TYPE_PREFERENCES_GROUP)

static void
on_text_changed_cb (GtkEditable      *row,
                    UiVariablesGroup *self)
{
  const char *name = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  self->typing = TRUE;
  stack_settings_set_variable (self->settings, name, gtk_editable_get_text (row), NULL);
  self->typing = FALSE;
}

static void
on_remove_clicked_cb (GtkButton        *button,
                      UiVariablesGroup *self)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "name"));

  stack_settings_remove_variable (self->settings, name);
}

static GtkWidget *
create_remove_button (UiVariablesGroup *self,
                      const char       *name)
{
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_("Remove %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_clicked_cb), self,
                           G_CONNECT_DEFAULT);

  return button;
}

static GtkWidget *
create_row (UiVariablesGroup *self,
            const char       *name,
            const char       *text)
{
  GtkWidget *button = create_remove_button (self, name);
  gboolean   shown = stack_variable_may_be_shown (name, text);
  GtkWidget *row = shown ? adw_entry_row_new () : adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  if (!shown)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("Set. It may be a secret, and is not shown."));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      return row;
    }

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_text_changed_cb), self,
                           G_CONNECT_DEFAULT);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);

  return row;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static void
show_variables (UiVariablesGroup *self)
{
  GHashTable *extra;
  g_autoptr (GList) names = NULL;

  if (self->typing)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  if (self->settings == NULL)
    return;

  extra = stack_settings_get_extra (self->settings);
  names = g_list_sort (g_hash_table_get_keys (extra), compare_names);
  for (GList *link = names; link != NULL; link = link->next)
    {
      GtkWidget *row = create_row (self, link->data, g_hash_table_lookup (extra, link->data));

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
}

/* What is wrong with the name of one to add, if anything. */
static char *
find_problem (UiVariablesGroup *self,
              const char       *name)
{
  g_autoptr (GError) error = NULL;

  if (!stack_variable_check_name (name, &error))
    return g_strdup (error->message);
  if (self->settings != NULL &&
      g_hash_table_contains (stack_settings_get_extra (self->settings), name))
    return g_strdup_printf (_("There is a variable %s already. Change it in the list, or choose "
                              "another name."),
                               name);

  return NULL;
}

static void
on_name_changed_cb (UiVariablesGroup *self,
                    GtkEditable      *entry)
{
  GtkWidget       *dialog = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (entry)));
  GtkLabel        *label = g_object_get_data (G_OBJECT (dialog), "problem");
  const char      *name = gtk_editable_get_text (entry);
  g_autofree char *problem = find_problem (self, name);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "add", problem == NULL);
  gtk_label_set_label (label, problem == NULL || *name == '\0' ? "" : problem);
}

static void
on_response_cb (AdwMessageDialog *dialog,
                const char       *response,
                UiVariablesGroup *self)
{
  GtkEditable *name = g_object_get_data (G_OBJECT (dialog), "name");
  GtkEditable *text = g_object_get_data (G_OBJECT (dialog), "text");

  if (g_str_equal (response, "add") && self->settings != NULL)
    stack_settings_set_variable (self->settings, gtk_editable_get_text (name),
                                 gtk_editable_get_text (text), NULL);
}

static GtkWidget *
add_entry (GtkWidget  *dialog,
           GtkWidget  *box,
           const char *label,
           const char *data)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (GTK_BOX (box), entry);
  g_object_set_data (G_OBJECT (dialog), data, entry);

  return entry;
}

static void
on_add_clicked_cb (UiVariablesGroup *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Add a variable"),
                                                               _("The app finds it in its environment. It is kept in the ConfigMap, which is no place for "
        "passwords."));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *name = add_entry (dialog, box, _("Name of the variable"), "name");
  GtkWidget *problem = gtk_label_new ("");

  add_entry (dialog, box, _("Value of the variable"), "text");
  gtk_label_set_wrap (GTK_LABEL (problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (problem), 0);
  gtk_widget_add_css_class (problem, "error");
  gtk_widget_add_css_class (problem, "caption");
  gtk_box_append (GTK_BOX (box), problem);
  g_object_set_data (G_OBJECT (dialog), "problem", problem);
  g_signal_connect_object (name, "changed", G_CALLBACK (on_name_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "add", _("_Add"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "add",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "add", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "add");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (name);
}

static void
ui_variables_group_dispose (GObject *object)
{
  UiVariablesGroup *self = UI_VARIABLES_GROUP (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (ui_variables_group_parent_class)->dispose (object);
}

static void
ui_variables_group_finalize (GObject *object)
{
  UiVariablesGroup *self = UI_VARIABLES_GROUP (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (ui_variables_group_parent_class)->finalize (object);
}

static void
ui_variables_group_class_init (UiVariablesGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_variables_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = ui_variables_group_finalize;
}

static void
ui_variables_group_init (UiVariablesGroup *self)
{
  GtkWidget *button = gtk_button_new_with_label (_("Add…"));

  self->rows = g_ptr_array_new ();
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Add a variable…"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_add_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("More variables"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _("What else the app reads from its environment."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), button);
}

/**
 * ui_variables_group_set_settings:
 * @self: a group
 * @settings: (nullable): the answers
 *
 * Shows the further variables; what is typed goes into them at once.
 */
void
ui_variables_group_set_settings (UiVariablesGroup *self,
                                 StackSettings    *settings)
{
  g_return_if_fail (UI_IS_VARIABLES_GROUP (self));

  if (self->settings == settings)
    return;
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_func (self->settings, show_variables, self);
  g_set_object (&self->settings, settings);
  if (settings != NULL)
    g_signal_connect_object (settings, "notify::extra", G_CALLBACK (show_variables), self,
                             G_CONNECT_SWAPPED);
  show_variables (self);
}
