/* ui-export-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-export-dialog.h"

#include <glib/gi18n.h>

#include "stack-export.h"
#include "stack-provision.h"

#include "kube-error.h"

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
} Export;

static void provide (Export *export);
static void write_files (Export *export);

static void
export_free (Export *export)
{
  g_clear_object (&export->parent);
  g_clear_object (&export->session);
  g_free (export->directory);
  g_free (export);
}

static GtkWindow *
get_window (Export *export)
{
  GtkRoot *root = gtk_widget_get_root (export->parent);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
show_problem (Export *export,
              const char *words)
{
  GtkWindow *window = get_window (export);
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
                        Export *export)
{
  if (!g_str_equal (response, "replace"))
    {
      export_free (export);
      return;
    }

  export->flags |= STACK_EXPORT_OVERWRITE;
  write_files (export);
}

static void
ask_to_replace (Export *export,
                const char *words)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (export), _("Replace these files?"), words);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "replace", _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_replace_response_cb), export);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_done (Export *export,
           guint n)
{
  g_autofree char *name = g_filename_display_basename (export->directory);
  g_autofree char *words = NULL;

  if (export->flags & STACK_EXPORT_SECRETS)
    words = g_strdup_printf (ngettext ("%u file with secrets saved in “%s”, for you only",
                                       "%u files with secrets saved in “%s”, for you only", n),
                             n, name);
  else
    words = g_strdup_printf (ngettext ("%u file saved in “%s”, without secrets",
                                       "%u files saved in “%s”, without secrets", n),
                             n, name);
  gtk_widget_activate_action (export->parent, "win.toast", "s", words);
}

static void
on_written_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = stack_export_finish (result, &error);

  if (names == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) &&
      get_window (export) != NULL)
    {
      ask_to_replace (export, error->message);
      return;
    }

  if (names != NULL)
    show_done (export, g_strv_length (names));
  else
    show_problem (export, error->message);
  export_free (export);
}

static void
write_files (Export *export)
{
  stack_export_async (stack_session_get_manifests (export->session),
                      stack_session_get_settings (export->session), export->directory,
                      export->flags, NULL, on_written_cb, export);
}

/* A cluster that does not answer is done without. */
static void
on_provided_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;

  if (stack_provision_finish (result, NULL, &error))
    {
      write_files (export);
    }
  else if (error->domain == KUBE_ERROR && !export->offline)
    {
      export->offline = TRUE;
      provide (export);
    }
  else
    {
      show_problem (export, error->message);
      export_free (export);
    }
}

static void
provide (Export *export)
{
  KubeClient *client = stack_session_get_client (export->session);

  stack_provision_async (stack_session_get_manifests (export->session),
                         stack_session_get_settings (export->session),
                         export->offline ? NULL : client,
                         stack_session_get_vault (export->session), NULL, on_provided_cb, export);
}

static void
on_folder_chosen_cb (GtkFileChooserNative *chooser,
                     int                   response,
                     Export *export)
{
  g_autoptr (GFile) folder = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_object_unref (chooser);
  if (folder == NULL)
    {
      export_free (export);
      return;
    }

  export->directory = g_file_get_path (folder);
  if (export->directory != NULL)
    {
      provide (export);
      return;
    }
  show_problem (export, _("That folder is not on this machine. Choose another one."));
  export_free (export);
}

static void
choose_folder (Export *export)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Choose a folder for the manifests"), get_window (export),
                                            GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Save here"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_folder_chosen_cb), export);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_response_cb (AdwMessageDialog *dialog,
                const char       *response,
                Export *export)
{
  if (!g_str_equal (response, "choose"))
    {
      export_free (export);
      return;
    }

  export->flags = gtk_switch_get_active (export->secrets) ? STACK_EXPORT_SECRETS : STACK_EXPORT_NONE;
  export->secrets = NULL;
  choose_folder (export);
}

static GtkWidget *
create_secrets_row (Export *export)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_action_row_new ();

  export->secrets = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (export->secrets), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (export->secrets), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Write the secrets, too"), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Write the secrets, too"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("Passwords and keys then stand in the files, readable by you "
                                 "only. Keep them out of version control."));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (export->secrets));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (export->secrets));
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
  Export *export;
  GtkWidget *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (STACK_IS_SESSION (session));

  export = g_new0 (Export, 1);
  export->parent = g_object_ref (parent);
  export->session = g_object_ref (session);
  dialog = adw_message_dialog_new (
      get_window (export), _("Save the manifests?"),
                              _("They become files that kubectl takes, with a word about each field. The values of secrets "
        "are left out, and the files say how to fill them in."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_secrets_row (export));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "choose", _("Choose a _folder…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "choose",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "choose");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_response_cb), export);
  gtk_window_present (GTK_WINDOW (dialog));
}
