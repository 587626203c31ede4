/* ui-import-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-import-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "stack-env-import.h"

/* A .env file is some lines; more than this is another file. */
#define MAX_BYTES (1024 * 1024)

#define MAX_LIST_HEIGHT 360

/* Lines of a value and of what is said about it. */
#define MAX_LINES 8

/* Shows what a .env file would set, before anything is: values that are no secrets as they are,
 * secrets by their names alone. */
struct _UiImportDialog
{
  AdwMessageDialog parent_instance;

  StackEnvImport *import; /* (owned) */
  GtkWidget      *parent; /* (owned) */
};

G_DEFINE_FINAL_TYPE (UiImportDialog, ui_import_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* A file that was named, until it is read. */
typedef struct
{
  GtkWidget     *parent;   /* (owned) */
  StackSettings *settings; /* (owned) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->parent);
  g_clear_object (&reading->settings);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
update_response (UiImportDialog *self)
{
  guint            n = stack_env_import_count_chosen (self->import);
  g_autofree char *label = NULL;

  label = g_strdup_printf (ngettext ("Set %u answer", "Set %u answers", n), n);
  adw_message_dialog_set_response_label (ADW_MESSAGE_DIALOG (self), "import", label);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "import", n > 0);
}

static void
on_check_toggled_cb (GtkCheckButton *check,
                     UiImportDialog *self)
{
  StackEnvItem *item = g_object_get_data (G_OBJECT (check), "item");

  item->chosen = gtk_check_button_get_active (check);
  update_response (self);
}

static char *
describe (UiImportDialog     *self,
          const StackEnvItem *item)
{
  const char      *value = stack_env_import_get_shown_value (self->import, item);
  g_autofree char *words = NULL;

  if (item->refusal != NULL)
    return g_strdup_printf (_("Not taken. %s"), item->refusal);
  if (!item->differs)
    return g_strdup (_("Is the same already"));

  if (value == NULL)
    words = g_strdup (item->field != NULL ? _("Will be set; it is a secret and not shown")
                                          : _("A further variable. Will be set; its value is not shown"));
  else if (item->field == NULL)
    words = g_strdup_printf (_("A further variable: %s"), value);
  else if (g_strcmp0 (item->field->variable, item->name) != 0)
    words = g_strdup_printf ("%s: %s", item->field->title, value);
  else
    words = g_strdup (value);
  if (item->remark == NULL)
    return g_steal_pointer (&words);

  return g_strdup_printf ("%s\n%s", words, item->remark);
}

static GtkWidget *
create_row (UiImportDialog *self,
            StackEnvItem   *item)
{
  GtkWidget       *row = adw_action_row_new ();
  gboolean         takeable = item->refusal == NULL && item->differs;
  g_autofree char *words = describe (self, item);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), item->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), MAX_LINES);
  if (takeable)
    {
      GtkWidget *check = gtk_check_button_new ();

      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), item->chosen);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      item->name, -1);
      g_object_set_data (G_OBJECT (check), "item", item);
      g_signal_connect_object (check, "toggled", G_CALLBACK (on_check_toggled_cb), self,
                               G_CONNECT_DEFAULT);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
    }
  else
    {
      gtk_widget_add_css_class (row, "dim-label");
    }

  return row;
}

static GtkWidget *
create_list (UiImportDialog *self)
{
  GPtrArray *items = stack_env_import_get_items (self->import);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Variables of the file"), -1);
  for (guint i = 0; i < items->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), create_row (self, g_ptr_array_index (items, i)));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_LIST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);

  return scroller;
}

static char *
build_body (StackEnvImport *import,
            const char     *profile)
{
  GArray *lines = stack_env_import_get_passed_over (import);
  g_autoptr (GString) words = g_string_new (NULL);

  g_string_append_printf (words, _("Into profile “%s”. What is not in the file stays as it is."),
                                    profile);
  if (lines->len > 0)
    {
      g_string_append_c (words, ' ');
      g_string_append_printf (words,
                              ngettext ("%u line is no variable and is passed over.",
                                        "%u lines are no variables and are passed over.",
                                        lines->len),
                              lines->len);
    }

  return g_strdup (words->str);
}

static void
ui_import_dialog_response (AdwMessageDialog *dialog,
                           const char       *response)
{
  UiImportDialog  *self = UI_IMPORT_DIALOG (dialog);
  guint            n = stack_env_import_count_chosen (self->import);
  g_autofree char *words = NULL;

  if (!g_str_equal (response, "import"))
    return;

  stack_env_import_take (self->import);
  words = g_strdup_printf (ngettext ("%u answer was set", "%u answers were set", n), n);
  gtk_widget_activate_action (self->parent, "win.toast", "s", words);
}

static void
ui_import_dialog_finalize (GObject *object)
{
  UiImportDialog *self = UI_IMPORT_DIALOG (object);

  g_clear_pointer (&self->import, stack_env_import_free);
  g_clear_object (&self->parent);

  G_OBJECT_CLASS (ui_import_dialog_parent_class)->finalize (object);
}

static void
ui_import_dialog_class_init (UiImportDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ui_import_dialog_finalize;
  ADW_MESSAGE_DIALOG_CLASS (klass)->response = ui_import_dialog_response;
}

static void
ui_import_dialog_init (UiImportDialog *self)
{
}

/* Takes @import. */
static void
present (GtkWidget      *parent,
         StackSettings  *settings,
         StackEnvImport *import,
         const char     *name)
{
  UiImportDialog  *self = g_object_new (UI_TYPE_IMPORT_DIALOG, NULL);
  g_autofree char *heading = g_strdup_printf (_("Set answers from %s?"), name);
  g_autofree char *body = build_body (import, stack_settings_get_profile (settings));

  self->import = import;
  self->parent = g_object_ref (parent);
  gtk_window_set_transient_for (GTK_WINDOW (self), get_window (parent));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), heading);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self), body);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (self), create_list (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (self), "cancel", _("_Cancel"), "import", "", NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (self), "import",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (self), "import");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (self), "cancel");
  update_response (self);
  gtk_window_present (GTK_WINDOW (self));
}

static void
present_problem (GtkWidget  *parent,
                 const char *words)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (parent), _("Nothing was set"), words);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
read_more (const char *contents,
           goffset     size,
           gpointer    data)
{
  return size <= MAX_BYTES;
}

static void
on_read_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *words = NULL;
  StackEnvImport  *import = NULL;
  char            *text = NULL;
  gsize            length = 0;

  if (!g_file_load_partial_contents_finish (G_FILE (source), result, &text, &length, NULL, &error))
    words = g_strdup_printf (_("%s cannot be read: %s. See that it is a file that you may read."),
                                shown, error->message);
  else if (length > MAX_BYTES)
    words = g_strdup_printf (_("%s is larger than 1 MiB, and so no .env file. Choose another one."),
                                shown);
  else
    import = stack_env_import_new (reading->settings, text, (gssize) length, &error);

  if (text != NULL)
    explicit_bzero (text, length);
  g_free (text);
  /* The window may have been closed meanwhile. */
  if (get_window (reading->parent) == NULL)
    g_clear_pointer (&import, stack_env_import_free);
  else if (import != NULL)
    present (reading->parent, reading->settings, import, shown);
  else
    present_problem (reading->parent, words != NULL ? words : error->message);
}

static void
on_chosen_cb (GtkFileChooserNative *chooser,
              int                   response,
              Reading              *reading)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    ui_import_dialog_open_file (reading->parent, reading->settings, file);
  g_object_unref (chooser);
}

/**
 * ui_import_dialog_choose_file:
 * @parent: a widget in a window
 * @settings: the answers
 *
 * Lets somebody choose a .env file, and goes on as [func@import_dialog_open_file].
 */
void
ui_import_dialog_choose_file (GtkWidget     *parent,
                              StackSettings *settings)
{
  GtkFileChooserNative *chooser;
  Reading              *reading;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (STACK_IS_SETTINGS (settings));

  chooser = gtk_file_chooser_native_new (_("Choose a .env file"), get_window (parent),
                                            GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  reading = g_new0 (Reading, 1);
  reading->parent = g_object_ref (parent);
  reading->settings = g_object_ref (settings);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_data (chooser, "response", G_CALLBACK (on_chosen_cb), reading,
                         (GClosureNotify) (void (*) (void)) reading_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * ui_import_dialog_open_file:
 * @parent: a widget in a window
 * @settings: the answers
 * @file: a .env file
 *
 * Reads a file and asks whether to take its values; then sets them, and saves nothing. A file that
 * cannot be used changes nothing, and a dialog says why.
 */
void
ui_import_dialog_open_file (GtkWidget     *parent,
                            StackSettings *settings,
                            GFile         *file)
{
  Reading *reading;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (G_IS_FILE (file));

  reading = g_new0 (Reading, 1);
  reading->parent = g_object_ref (parent);
  reading->settings = g_object_ref (settings);
  g_file_load_partial_contents_async (file, NULL, read_more, on_read_cb, reading);
}
