/* ui-export-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-export-dialog.h"

#include <glib/gi18n.h>

#include "kube-error.h"
#include "stack-export.h"
#include "stack-provision.h"

/* Writes the manifests into a folder: question → folder → what the cluster has → files. Files that
 * are there already are replaced with the user's word only. */

typedef struct
{
  GtkWidget       *parent;    /* (owned) */
  StackSession    *session;   /* (owned) */
  GtkSwitch       *secrets;   /* (borrowed): while the question is open */
  char            *directory; /* (owned) (nullable) */
  StackExportFlags flags;
  gboolean         offline; /* the cluster is not asked any more */
} Saving;

static void provide (Saving *saving);
static void write_files (Saving *saving);

static void
saving_free (Saving *saving)
{
  g_clear_object (&saving->parent);
  g_clear_object (&saving->session);
  g_free (saving->directory);
  g_free (saving);
}

static GtkWindow *
get_window (Saving *saving)
{
  GtkRoot *root = gtk_widget_get_root (saving->parent);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
show_problem (Saving     *saving,
              const char *words)
{
  GtkWindow *window = get_window (saving);
  GtkWidget *dialog;

  if (window == NULL)
    return;
  dialog = adw_message_dialog_new (window, _("The manifests were not saved"), words);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_replace_response_cb (AdwMessageDialog *dialog,
                        const char       *response,
                        Saving           *saving)
{
  if (!g_str_equal (response, "replace"))
    {
      saving_free (saving);
      return;
    }

  saving->flags |= STACK_EXPORT_OVERWRITE;
  write_files (saving);
}

static void
ask_to_replace (Saving     *saving,
                const char *words)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (saving), _("Replace these files?"), words);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "replace", _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_replace_response_cb), saving);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_done (Saving *saving,
           guint   n)
{
  g_autofree char *name = g_filename_display_basename (saving->directory);
  g_autofree char *words = NULL;

  if (saving->flags & STACK_EXPORT_SECRETS)
    words = g_strdup_printf (ngettext ("%u file with secrets saved in “%s”, for you only",
                                       "%u files with secrets saved in “%s”, for you only", n),
                             n, name);
  else
    words = g_strdup_printf (ngettext ("%u file saved in “%s”, without secrets",
                                       "%u files saved in “%s”, without secrets", n),
                             n, name);
  gtk_widget_activate_action (saving->parent, "win.toast", "s", words);
}

static void
on_written_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = stack_export_finish (result, &error);

  if (names == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) &&
      get_window (saving) != NULL)
    {
      ask_to_replace (saving, error->message);
      return;
    }

  if (names != NULL)
    show_done (saving, g_strv_length (names));
  else
    show_problem (saving, error->message);
  saving_free (saving);
}

static void
write_files (Saving *saving)
{
  stack_export_async (stack_session_get_manifests (saving->session),
                      stack_session_get_settings (saving->session), saving->directory,
                      saving->flags, NULL, on_written_cb, saving);
}

/* A cluster that does not answer is done without. */
static void
on_provided_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;

  if (stack_provision_finish (result, NULL, &error))
    {
      write_files (saving);
    }
  else if (error->domain == KUBE_ERROR && !saving->offline)
    {
      saving->offline = TRUE;
      provide (saving);
    }
  else
    {
      show_problem (saving, error->message);
      saving_free (saving);
    }
}

static void
provide (Saving *saving)
{
  KubeClient *client = stack_session_get_client (saving->session);

  stack_provision_async (stack_session_get_manifests (saving->session),
                         stack_session_get_settings (saving->session),
                         saving->offline ? NULL : client,
                         stack_session_get_vault (saving->session), NULL, on_provided_cb, saving);
}

static void
on_folder_chosen_cb (GtkFileChooserNative *chooser,
                     int                   response,
                     Saving               *saving)
{
  g_autoptr (GFile) folder = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_object_unref (chooser);
  if (folder == NULL)
    {
      saving_free (saving);
      return;
    }

  saving->directory = g_file_get_path (folder);
  if (saving->directory != NULL)
    {
      provide (saving);
      return;
    }
  show_problem (saving, _("That folder is not on this machine. Choose another one."));
  saving_free (saving);
}

static void
choose_folder (Saving *saving)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Choose a folder for the manifests"), get_window (saving),
                                            GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Save here"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_folder_chosen_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_response_cb (AdwMessageDialog *dialog,
                const char       *response,
                Saving           *saving)
{
  if (!g_str_equal (response, "choose"))
    {
      saving_free (saving);
      return;
    }

  saving->flags = gtk_switch_get_active (saving->secrets) ? STACK_EXPORT_SECRETS : STACK_EXPORT_NONE;
  saving->secrets = NULL;
  choose_folder (saving);
}

static GtkWidget *
create_secrets_row (Saving *saving)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_action_row_new ();

  saving->secrets = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (saving->secrets), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (saving->secrets), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Write the secrets, too"), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Write the secrets, too"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("Passwords and keys then stand in the files, readable by you "
                                 "only. Keep them out of version control."));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (saving->secrets));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (saving->secrets));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return list;
}

/**
 * ui_export_dialog_present:
 * @parent: a widget in a window
 * @session: a session with manifests
 *
 * Lets somebody save the filled manifests as files for kubectl. The values of Secrets are left out
 * unless they are asked for.
 */
void
ui_export_dialog_present (GtkWidget    *parent,
                          StackSession *session)
{
  Saving    *saving;
  GtkWidget *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (STACK_IS_SESSION (session));

  saving = g_new0 (Saving, 1);
  saving->parent = g_object_ref (parent);
  saving->session = g_object_ref (session);
  dialog = adw_message_dialog_new (
      get_window (saving), _("Save the manifests?"),
                              _("They become files that kubectl takes, with a word about each field. The values of secrets "
        "are left out, and the files say how to fill them in."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_secrets_row (saving));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "choose", _("Choose a _folder…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "choose",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "choose");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_response_cb), saving);
  gtk_window_present (GTK_WINDOW (dialog));
}
