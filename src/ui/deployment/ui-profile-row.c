/* ui-profile-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-profile-row.h"

#include <glib/gi18n.h>

#include "stack-profiles.h"

/* Which set of answers the form is about. Another one is turned to only when the answers of this
 * one are kept, or the user has said that they may go. */
struct _UiProfileRow
{
  AdwComboRow parent_instance;

  StackSession  *session; /* (owned) (nullable) */
  GtkStringList *names;   /* (owned) */
  gboolean       showing;
};

/* What follows when nothing can be lost any more. */
typedef void (*Step) (UiProfileRow *self,
                      const char   *name);

typedef struct
{
  UiProfileRow *row;  /* (owned) */
  char         *name; /* (owned) (nullable) */
  Step          step;
  GtkEditable  *entry; /* (borrowed) (nullable): while a name is asked for */
} Question;

G_DEFINE_FINAL_TYPE (UiProfileRow, ui_profile_row, ADW_TYPE_COMBO_ROW)

static void
question_free (Question *question)
{
  g_clear_object (&question->row);
  g_free (question->name);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static Question *
question_new (UiProfileRow *row,
              const char   *name,
              Step          step)
{
  Question *question = g_new0 (Question, 1);

  question->row = g_object_ref (row);
  question->name = g_strdup (name);
  question->step = step;

  return question;
}

static void
connect_response (GtkWidget *dialog,
                  GCallback  callback,
                  Question  *question)
{
  g_signal_connect_data (dialog, "response", callback, question,
                         (GClosureNotify) (void (*) (void)) question_free, 0);
}

static GtkWindow *
get_window (UiProfileRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static StackSettings *
get_settings (UiProfileRow *self)
{
  return stack_session_get_settings (self->session);
}

static const char *
get_current (UiProfileRow *self)
{
  return stack_settings_get_profile (get_settings (self));
}

static void
show_problem (UiProfileRow *self,
              const char   *heading,
              const GError *error)
{
  GtkWidget *dialog;

  if (get_window (self) == NULL)
    return;
  dialog = adw_message_dialog_new (get_window (self), heading, error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Without the vault nothing can be kept. */
static void
update_actions (UiProfileRow *self)
{
  gboolean open = stack_session_get_vault (self->session) != NULL;
  gboolean kept = open && stack_profiles_exists (get_current (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "profile.new", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "profile.rename", kept);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "profile.delete", kept);
}

/* A profile that was never saved is one of them, too, as long as it is used. */
static void
show_names (UiProfileRow *self)
{
  g_auto (GStrv) names = stack_profiles_list (NULL);
  const char *current = get_current (self);
  guint       index = GTK_INVALID_LIST_POSITION;

  self->showing = TRUE;
  gtk_string_list_splice (self->names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->names)),
                          (const char *const *) names);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], current))
        index = i;
    }
  if (index == GTK_INVALID_LIST_POSITION)
    {
      gtk_string_list_append (self->names, current);
      index = g_list_model_get_n_items (G_LIST_MODEL (self->names)) - 1;
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), index);
  self->showing = FALSE;
  update_actions (self);
}

static void
open_profile (UiProfileRow *self,
              const char   *name)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-profile", "s", name);
}

/* Unsaved answers: nothing is lost without a word. */

static void
on_saved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  UiProfileRow *self = question->row;

  if (self->session == NULL)
    return;
  if (stack_settings_save_finish (STACK_SETTINGS (source), result, &error))
    question->step (self, question->name);
  else
    {
      show_problem (self, _("The answers could not be saved"), error);
      show_names (self);
    }
}

static void
save (Question *question)
{
  UiProfileRow *self = question->row;

  stack_settings_save_async (get_settings (self), stack_session_get_vault (self->session), NULL,
                             on_saved_cb,
                             question_new (self, question->name, question->step));
}

static void
on_unsaved_response_cb (AdwMessageDialog *dialog,
                        const char       *response,
                        Question         *question)
{
  UiProfileRow *self = question->row;

  if (self->session == NULL)
    return;
  if (g_str_equal (response, "save"))
    save (question);
  else if (g_str_equal (response, "discard"))
    question->step (self, question->name);
  else
    show_names (self);
}

static char *
list_changes (StackSettings *settings)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint n_others = stack_settings_get_n_changes (settings);

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (!stack_settings_is_changed (settings, i))
        continue;
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", stack_field_get (i)->title);
      n_others--;
    }
  if (n_others > 0)
    g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", _("further variables"));

  return g_strdup (list->str);
}

static void
ask_about_unsaved (UiProfileRow *self,
                   Question     *question)
{
  g_autofree char *changes = list_changes (get_settings (self));
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  GtkWidget       *dialog;

  heading = g_strdup_printf (_("Save the answers of “%s”?"), get_current (self));
  body = g_strdup_printf (_("These were changed and are not kept yet: %s. Without saving, the "
                            "changes are lost."),
                             changes);
  dialog = adw_message_dialog_new (get_window (self), heading, body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard", _("_Discard"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  connect_response (dialog, G_CALLBACK (on_unsaved_response_cb), question);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
on_idle_cb (gpointer user_data)
{
  Question *question = user_data;

  if (question->row->session != NULL)
    question->step (question->row, question->name);

  return G_SOURCE_REMOVE;
}

/* The cluster that was chosen is kept without a question: choosing it was the word. The list is
 * not made anew while it tells what was chosen. */
static void
when_kept (UiProfileRow *self,
           const char   *name,
           Step          step)
{
  g_autoptr (Question) question = question_new (self, name, step);

  if (stack_settings_get_n_changes (get_settings (self)) > 0)
    ask_about_unsaved (self, g_steal_pointer (&question));
  else if (stack_profiles_exists (get_current (self)))
    save (question);
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_cb, g_steal_pointer (&question),
                     (GDestroyNotify) question_free);
}

static void
on_selected_cb (UiProfileRow *self)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self));

  if (self->session == NULL || self->showing || chosen == NULL)
    return;
  if (stack_session_get_vault (self->session) == NULL)
    show_names (self);
  else if (!g_str_equal (gtk_string_object_get_string (chosen), get_current (self)))
    when_kept (self, gtk_string_object_get_string (chosen), open_profile);
}

/* New, and another name. */

static void
on_name_changed_cb (GtkEditable *entry,
                    GtkWidget   *dialog)
{
  const char *name = gtk_editable_get_text (entry);
  GtkLabel   *problem = g_object_get_data (G_OBJECT (dialog), "problem");
  g_autoptr (GError) error = NULL;
  gboolean good = stack_profiles_check_new (name, &error);

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "accept", good);
  gtk_label_set_label (problem, good || *name == '\0' ? "" : error->message);
}

static GtkEditable *
add_entry (GtkWidget *dialog)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *problem = gtk_label_new ("");

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Such as staging"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Name of the profile"), -1);
  gtk_label_set_wrap (GTK_LABEL (problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (problem), 0);
  gtk_widget_add_css_class (problem, "error");
  gtk_widget_add_css_class (problem, "caption");
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), problem);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  g_object_set_data (G_OBJECT (dialog), "problem", problem);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_name_changed_cb), dialog, 0);

  return GTK_EDITABLE (entry);
}

/* @step is given the name that was typed. */
static void
ask_for_name (UiProfileRow *self,
              const char   *heading,
              const char   *body,
              const char   *accept,
              GCallback     callback)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (self), heading, body);
  Question  *question = question_new (self, NULL, NULL);

  question->entry = add_entry (dialog);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "accept", accept, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "accept", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  connect_response (dialog, callback, question);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (GTK_WIDGET (question->entry));
}

static void
on_created_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiProfileRow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  if (!stack_settings_save_finish (STACK_SETTINGS (source), result, &error))
    {
      show_problem (self, _("The profile could not be made"), error);
      return;
    }
  show_names (self);
  when_kept (self, stack_settings_get_profile (STACK_SETTINGS (source)), open_profile);
}

/* The usual answers and no secrets, on the cluster of now. */
static void
on_new_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    Question         *question)
{
  UiProfileRow *self = question->row;
  g_autoptr (StackSettings) settings = NULL;

  if (!g_str_equal (response, "accept") || self->session == NULL)
    return;
  settings = stack_settings_new (gtk_editable_get_text (question->entry));
  stack_settings_set_context (settings, stack_settings_get_context (get_settings (self)));
  stack_settings_save_async (settings, stack_session_get_vault (self->session), NULL, on_created_cb,
                             g_object_ref (self));
}

static void
on_new_action_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ask_for_name (UI_PROFILE_ROW (widget), _("New profile"),
                                            _("It begins with the usual answers and no secrets, on the cluster of now, and "
                  "keeps its own."),
                                               _("C_reate"), G_CALLBACK (on_new_response_cb));
}

static void
on_renamed_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  UiProfileRow *self = question->row;

  if (self->session == NULL)
    return;
  if (stack_profiles_rename_finish (result, &error))
    open_profile (self, question->name);
  else
    show_problem (self, _("The profile was not renamed"), error);
}

static void
rename_profile (UiProfileRow *self,
                const char   *name)
{
  stack_profiles_rename_async (get_current (self), name, stack_session_get_vault (self->session),
                               NULL, on_renamed_cb, question_new (self, name, NULL));
}

static void
on_rename_response_cb (AdwMessageDialog *dialog,
                       const char       *response,
                       Question         *question)
{
  UiProfileRow *self = question->row;

  if (g_str_equal (response, "accept") && self->session != NULL)
    when_kept (self, gtk_editable_get_text (question->entry), rename_profile);
}

static void
on_rename_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  UiProfileRow    *self = UI_PROFILE_ROW (widget);
  g_autofree char *heading = g_strdup_printf (_("Rename profile “%s”"), get_current (self));

  ask_for_name (self, heading, _("Its answers and secrets are kept under the new name."), _("_Rename"), G_CALLBACK (on_rename_response_cb));
}

/* Delete. */

static void
on_deleted_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiProfileRow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  if (stack_profiles_delete_finish (result, &error))
    open_profile (self, STACK_DEFAULT_PROFILE);
  else
    show_problem (self, _("The profile was not deleted"), error);
}

static void
on_delete_response_cb (AdwMessageDialog *dialog,
                       const char       *response,
                       Question         *question)
{
  UiProfileRow *self = question->row;

  if (!g_str_equal (response, "delete") || self->session == NULL)
    return;
  stack_profiles_delete_async (question->name, stack_session_get_vault (self->session), NULL,
                               on_deleted_cb, g_object_ref (self));
}

static void
on_delete_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  UiProfileRow    *self = UI_PROFILE_ROW (widget);
  g_autofree char *heading = g_strdup_printf (_("Delete profile “%s”?"), get_current (self));
  GtkWidget       *dialog;

  dialog = adw_message_dialog_new (get_window (self), heading,
                                   _("Its answers are deleted, and its secrets are taken out of the "
                                     "keyring. What was deployed with it stays on the cluster."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  connect_response (dialog, G_CALLBACK (on_delete_response_cb),
                    question_new (self, get_current (self), NULL));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_menu (UiProfileRow *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();

  g_menu_append (menu, _("_New…"), "profile.new");
  g_menu_append (menu, _("_Rename…"), "profile.rename");
  g_menu_append (menu, _("_Delete…"), "profile.delete");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Profiles"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Profiles"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
}

static void
ui_profile_row_dispose (GObject *object)
{
  UiProfileRow *self = UI_PROFILE_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->names);

  G_OBJECT_CLASS (ui_profile_row_parent_class)->dispose (object);
}

static void
ui_profile_row_class_init (UiProfileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_profile_row_dispose;

  gtk_widget_class_install_action (widget_class, "profile.new", NULL, on_new_action_cb);
  gtk_widget_class_install_action (widget_class, "profile.rename", NULL, on_rename_action_cb);
  gtk_widget_class_install_action (widget_class, "profile.delete", NULL, on_delete_action_cb);
}

static void
ui_profile_row_init (UiProfileRow *self)
{
  self->names = gtk_string_list_new (NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Profile"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               _("A set of answers with a cluster and secrets of its own"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (self->names));
  add_menu (self);
  g_signal_connect_object (self, "notify::selected", G_CALLBACK (on_selected_cb), self,
                           G_CONNECT_DEFAULT);
}

/**
 * ui_profile_row_set_session:
 * @self: a row
 * @session: (nullable): the session
 *
 * Shows which profile the session is about, and the others.
 */
void
ui_profile_row_set_session (UiProfileRow *self,
                            StackSession *session)
{
  g_return_if_fail (UI_IS_PROFILE_ROW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (get_settings (self), self);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "notify::vault", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  /* Loaded or saved: there may be a profile more. */
  g_signal_connect_object (get_settings (self), "notify::n-changes", G_CALLBACK (show_names), self,
                           G_CONNECT_SWAPPED);
  show_names (self);
}
