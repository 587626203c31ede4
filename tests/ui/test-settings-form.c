/* test-settings-form.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <glib/gstdio.h>

#include "stack-finding.h"
#include "stack-settings.h"
#include "ui-choice-row.h"
#include "ui-copy-row.h"
#include "ui-import-dialog.h"
#include "ui-question.h"
#include "ui-settings-form.h"
#include "ui-spin-row.h"
#include "ui-switch-row.h"

#define SECRET "0123456789abcdef0123456789abcdef01234567"
#define TOKEN "zq8Xw3vR7tYn5LkP"

/* The form without a cluster: rows that are chosen from, what a cluster says of them, and files
 * that are dropped. */

static gboolean
is_dialog (GtkWidget *widget)
{
  return UI_IS_IMPORT_DIALOG (widget) || ADW_IS_MESSAGE_DIALOG (widget);
}

/* The question that is open, once it is. */
static GtkWidget *
await_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (;;)
    {
      for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
        {
          g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

          if (is_dialog (window))
            return window;
        }
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Every text below a widget, one on each line. */
static void
collect_texts (GtkWidget *widget,
               GString   *texts)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (texts, "%s\n", gtk_label_get_label (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_texts (child, texts);
}

static char *
dup_texts (GtkWidget *widget)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  collect_texts (widget, texts);

  return g_strdup (texts->str);
}

static void
close_dialog (GtkWidget  *dialog,
              const char *response)
{
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (GTK_WINDOW (dialog));
  while (dialog != NULL && g_main_context_iteration (NULL, FALSE))
    continue;
}

static GtkDropTarget *
find_drop_target (GtkWidget *form)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (form);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

static gboolean
drop (GtkWidget  *form,
      const char *text)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;
  GSList          *files = NULL;
  GValue           value = G_VALUE_INIT;
  gboolean         taken = FALSE;
  int              fd = g_file_open_tmp ("form-XXXXXX.env", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  file = g_file_new_for_path (path);
  files = g_slist_append (NULL, file);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_signal_emit_by_name (find_drop_target (form), "drop", &value, 10.0, 10.0, &taken);
  g_value_unset (&value);
  g_slist_free (files);

  return taken;
}

static GtkWidget *
present_form (StackSettings *settings,
              GtkWidget    **window)
{
  GtkWidget *form = g_object_new (UI_TYPE_SETTINGS_FORM, "settings", settings, NULL);

  *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (*window), form);
  gtk_window_present (GTK_WINDOW (*window));

  return form;
}

static void
test_import (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget       *window;
  GtkWidget       *form = present_form (settings, &window);
  GtkWidget       *dialog;
  g_autofree char *texts = NULL;

  g_assert_true (drop (form, "NEXTAUTH_URL=https://app.example\nAUTH_GITHUB_SECRET=" SECRET "\n"
                             "MAIL_URL=smtp://me:" TOKEN "@mail.example\nTHEME=dark\nPORT=80\n"
                             "not a variable\n"));
  dialog = await_dialog ();
  g_assert_true (UI_IS_IMPORT_DIALOG (dialog));
  texts = dup_texts (dialog);
  g_assert_nonnull (strstr (texts, "https://app.example"));
  g_assert_nonnull (strstr (texts, "AUTH_GITHUB_SECRET\nWill be set"));
  g_assert_nonnull (strstr (texts, "A further variable: dark"));
  g_assert_nonnull (strstr (texts, "PORT\nNot taken."));
  g_assert_nonnull (strstr (texts, "1 line is no variable"));
  g_assert_nonnull (strstr (texts, "Set 3 answers"));
  g_assert_null (strstr (texts, SECRET));
  g_assert_null (strstr (texts, TOKEN));

  /* Nothing before the word is given. */
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);
  close_dialog (dialog, "cancel");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);

  g_assert_true (drop (form, "NEXTAUTH_URL=https://app.example\nAUTH_GITHUB_SECRET=" SECRET "\n"));
  close_dialog (await_dialog (), "import");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_GITHUB_CLIENT_SECRET), ==, SECRET);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "https://app.example");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_import_refused (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "", "holds no variables" },
    { "just words\n", "holds no variables" },
    { "\xff\xfe\x00", "" },
  };
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget *window;
  GtkWidget *form = present_form (settings, &window);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget       *dialog;
      g_autofree char *texts = NULL;

      g_assert_true (drop (form, cases[i].text));
      dialog = await_dialog ();
      g_assert_false (UI_IS_IMPORT_DIALOG (dialog));
      texts = dup_texts (dialog);
      g_assert_nonnull (strstr (texts, "Nothing was set"));
      g_assert_nonnull (strstr (texts, cases[i].words));
      close_dialog (dialog, "close");
      g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_import_large (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  g_autofree char *text = g_strnfill (2 * 1024 * 1024, '#');
  GtkWidget       *window;
  GtkWidget       *form = present_form (settings, &window);
  GtkWidget       *dialog;
  g_autofree char *texts = NULL;

  g_assert_true (drop (form, text));
  dialog = await_dialog ();
  texts = dup_texts (dialog);
  g_assert_nonnull (strstr (texts, "larger than 1 MiB"));
  close_dialog (dialog, "close");
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The address for GitHub's form stands ready, and is copied as it is then. */
static void
test_callback (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  g_autofree char *texts = NULL;
  GtkWidget       *window;
  GtkWidget       *form = present_form (settings, &window);
  GtkWidget       *row = find_widget (form, UI_TYPE_COPY_ROW);
  GdkClipboard    *clipboard = gtk_widget_get_clipboard (form);
  GValue           value = G_VALUE_INIT;

  stack_settings_set_text (settings, STACK_FIELD_HOST, "app.example.org");
  texts = dup_texts (row);
  g_assert_nonnull (strstr (texts, "https://app.example.org/api/auth/callback/github"));
  g_signal_emit_by_name (find_widget (row, GTK_TYPE_BUTTON), "clicked");
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==,
                   "https://app.example.org/api/auth/callback/github");
  g_value_unset (&value);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
count_scrolled (GtkWidget *widget,
                guint     *n_scrolled)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller) &&
          gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_NONE)
        (*n_scrolled)++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    count_scrolled (child, n_scrolled);
}

/* Who scrolls the page over a number does not change it. */
static void
test_scroll (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget *row = g_object_new (UI_TYPE_SPIN_ROW, "key", "replicas", "settings", settings, NULL);
  GtkWidget *spin = find_widget (row, GTK_TYPE_SPIN_BUTTON);
  guint      n_scrolled = 0;

  g_object_ref_sink (row);
  g_assert_nonnull (spin);
  count_scrolled (spin, &n_scrolled);
  g_assert_cmpuint (n_scrolled, ==, 0);
  g_object_unref (row);
}

/* A switch slides before it says so. */
static void
await_answer (StackSettings *settings,
              StackFieldId   field,
              const char    *text)
{
  while (!g_str_equal (stack_settings_get_text (settings, field), text))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_switch (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget   *window = gtk_window_new ();
  GtkWidget   *list = gtk_list_box_new ();
  UiSwitchRow *row = g_object_new (UI_TYPE_SWITCH_ROW, "key", "tls", "settings", settings, NULL);

  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (row));
  gtk_window_set_child (GTK_WINDOW (window), list);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  adw_action_row_activate (ADW_ACTION_ROW (row));
  await_answer (settings, STACK_FIELD_TLS, "no");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "http://hackystack.local");
  stack_settings_set_text (settings, STACK_FIELD_TLS, "yes");
  adw_action_row_activate (ADW_ACTION_ROW (row));
  await_answer (settings, STACK_FIELD_TLS, "no");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_choice (void)
{
  static const char *const values[] = { "", "nginx", "traefik", NULL };
  static const char *const labels[] = { "Default", "nginx", "traefik", NULL };
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget   *window = gtk_window_new ();
  UiChoiceRow *row = g_object_new (UI_TYPE_CHOICE_ROW, "key", "ingressClass", "settings", settings,
                                   NULL);

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (row));
  stack_settings_set_text (settings, STACK_FIELD_INGRESS_CLASS, "gone");
  ui_choice_row_set_choices (row, values, labels);
  /* What is none of the choices is not lost. */
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_INGRESS_CLASS), ==, "gone");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 3);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 2);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_INGRESS_CLASS), ==, "traefik");
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==, 3);
  stack_settings_set_text (settings, STACK_FIELD_INGRESS_CLASS, "");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_findings (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  g_autoptr (GPtrArray) findings = NULL;
  GtkWidget       *window = gtk_window_new ();
  GtkWidget       *row = g_object_new (UI_TYPE_SPIN_ROW, "key", "replicas", "settings", settings, NULL);
  g_autofree char *texts = NULL;
  g_autofree char *after = NULL;

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_finding_free);
  g_ptr_array_add (findings, stack_finding_new (STACK_FIELD_REPLICAS, STACK_SEVERITY_WARNING,
                                                "Room for one.", "1"));
  g_ptr_array_add (findings, stack_finding_new (STACK_FIELD_REPLICAS, STACK_SEVERITY_HINT,
                                                "Nodes are busy.", NULL));
  g_ptr_array_add (findings, stack_finding_new (STACK_FIELD_IMAGE, STACK_SEVERITY_ERROR,
                                                "No such image.", NULL));
  gtk_window_set_child (GTK_WINDOW (window), row);
  ui_question_show_findings (UI_QUESTION (row), findings);
  texts = dup_texts (row);
  g_assert_nonnull (strstr (texts, "Room for one."));
  g_assert_nonnull (strstr (texts, "Nodes are busy."));
  g_assert_null (strstr (texts, "No such image."));
  /* Another question changes nothing here, and the answer itself everything. */
  stack_settings_set_text (settings, STACK_FIELD_HOST, "other.example");
  g_clear_pointer (&texts, g_free);
  texts = dup_texts (row);
  g_assert_nonnull (strstr (texts, "Room for one."));
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "1");
  after = dup_texts (row);
  g_assert_null (strstr (after, "Room for one."));
  g_assert_null (strstr (after, "Nodes are busy."));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  adw_init ();
  g_test_add_func ("/form/import", test_import);
  g_test_add_func ("/form/import-refused", test_import_refused);
  g_test_add_func ("/form/import-large", test_import_large);
  g_test_add_func ("/form/callback", test_callback);
  g_test_add_func ("/form/scroll", test_scroll);
  g_test_add_func ("/form/switch", test_switch);
  g_test_add_func ("/form/choice", test_choice);
  g_test_add_func ("/form/findings", test_findings);

  return g_test_run ();
}
