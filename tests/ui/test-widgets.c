/* test-widgets.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>

#include "kube-log-buffer.h"
#include "stack-settings.h"
#include "ui-age-label.h"
#include "ui-banner.h"
#include "ui-connection-label.h"
#include "ui-context-switcher.h"
#include "ui-copy-row.h"
#include "ui-database-row.h"
#include "ui-deployment-page.h"
#include "ui-failure-card.h"
#include "ui-field-row.h"
#include "ui-history-view.h"
#include "ui-log-page.h"
#include "ui-log-view.h"
#include "ui-pod-cell.h"
#include "ui-pods-page.h"
#include "ui-progress-view.h"
#include "ui-secret-content.h"
#include "ui-settings-form.h"
#include "ui-shortcuts.h"
#include "ui-situation-bar.h"
#include "ui-spin-row.h"
#include "ui-start-page.h"
#include "ui-status-label.h"

/* Every widget is made from its template, shown, and leaves nothing behind. */
static void
test_life (gconstpointer data)
{
  GType      type = *(const GType *) data;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *widget = g_object_new (type, NULL);

  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  if (GTK_IS_LIST_BOX_ROW (widget))
    {
      GtkWidget *list = gtk_list_box_new ();

      gtk_list_box_append (GTK_LIST_BOX (list), widget);
      gtk_window_set_child (GTK_WINDOW (window), list);
    }
  else
    {
      gtk_window_set_child (GTK_WINDOW (window), widget);
    }
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (widget != NULL && g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_null (widget);
}

static void
test_field_row (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget  *window = gtk_window_new ();
  UiFieldRow *row = g_object_new (UI_TYPE_FIELD_ROW, "key", "host",
                                  "settings", settings, NULL);

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (row));
  gtk_editable_set_text (GTK_EDITABLE (row), "app.example");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_HOST), ==, "app.example");
  stack_settings_set_text (settings, STACK_FIELD_HOST, "other.example");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "other.example");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (row), "error"));
  stack_settings_set_text (settings, STACK_FIELD_HOST, "not a host");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "error"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_secret_row (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget  *window = gtk_window_new ();
  UiFieldRow *row = g_object_new (UI_TYPE_FIELD_ROW, "key", "databaseUrl",
                                  "settings", settings, NULL);
  GtkText    *text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row)));

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (row));
  g_assert_false (gtk_text_get_visibility (text));
  g_assert_true (GTK_IS_PASSWORD_ENTRY_BUFFER (gtk_text_get_buffer (text)));
  gtk_editable_set_text (GTK_EDITABLE (row), "postgresql://u:p@db.example:5432/app");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL), ==,
                   "postgresql://u:p@db.example:5432/app");
  /* What assistive technology is told. */
  g_assert_cmpint (g_utf8_strlen (gtk_editable_get_text (GTK_EDITABLE (row)), -1), ==, 36);
  g_assert_null (strstr (gtk_editable_get_text (GTK_EDITABLE (row)), "postgresql"));
  gtk_text_set_visibility (text, TRUE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==,
                   "postgresql://u:p@db.example:5432/app");
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkToggleButton *
find_toggle (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkToggleButton *toggle = GTK_IS_TOGGLE_BUTTON (child) ? GTK_TOGGLE_BUTTON (child)
                                                             : find_toggle (child);

      if (toggle != NULL)
        return toggle;
    }

  return NULL;
}

/* Who let one profile's secret be shown did not ask for another one's. */
static void
test_secret_of_another (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("one");
  g_autoptr (StackSettings) other = stack_settings_new ("other");
  UiFieldRow *row = g_object_new (UI_TYPE_FIELD_ROW, "key", "nextauthSecret", "settings", settings,
                                  NULL);
  GtkText    *text;

  g_object_ref_sink (row);
  text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row)));
  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_SECRET, "d0-n0t-f1nd-m3");
  stack_settings_set_text (other, STACK_FIELD_NEXTAUTH_SECRET, "n0r-m3-31th3r");
  gtk_toggle_button_set_active (find_toggle (GTK_WIDGET (row)), TRUE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "d0-n0t-f1nd-m3");
  ui_field_row_set_settings (row, other);
  g_assert_false (gtk_text_get_visibility (text));
  g_assert_cmpint (g_utf8_strlen (gtk_editable_get_text (GTK_EDITABLE (row)), -1), ==, 13);
  g_assert_null (strstr (gtk_editable_get_text (GTK_EDITABLE (row)), "n0r"));
  g_object_unref (row);
}

static void
on_announced_cb (guint *n_announced)
{
  (*n_announced)++;
}

/* GTK tells assistive technology what is inserted and deleted by the signals of the text: while the
 * secret is hidden, nobody who connects later than the row gets them. */
static void
test_secret_announced (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  UiFieldRow *row = g_object_new (UI_TYPE_FIELD_ROW, "key", "nextauthSecret", "settings", settings,
                                  NULL);
  GtkText    *text;
  guint       n_announced = 0;
  int         position = 2;

  g_object_ref_sink (row);
  text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row)));
  g_signal_connect_data (text, "insert-text", G_CALLBACK (on_announced_cb), &n_announced, NULL,
                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  g_signal_connect_swapped (text, "delete-text", G_CALLBACK (on_announced_cb), &n_announced);

  gtk_editable_set_text (GTK_EDITABLE (row), "d0-f1nd");
  gtk_editable_insert_text (GTK_EDITABLE (text), "-né", -1, &position);
  g_assert_cmpint (position, ==, 5);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==,
                   "d0-né-f1nd");
  gtk_editable_delete_text (GTK_EDITABLE (text), 2, 4);
  gtk_editable_delete_text (GTK_EDITABLE (text), 4, -1);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==, "d0é-");
  g_assert_cmpuint (n_announced, ==, 0);

  gtk_text_set_visibility (text, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), "seen");
  g_assert_cmpuint (n_announced, ==, 2);
  g_object_unref (row);
}

static gboolean
on_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* A secret is copied only while it is shown, cannot be taken back step by step, and leaves the
 * clipboard by itself, but for what others copied. */
static void
test_secret_clipboard (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  g_autoptr (GdkClipboard) alone = NULL;
  GtkWidget    *window = gtk_window_new ();
  UiFieldRow   *row = g_object_new (UI_TYPE_FIELD_ROW, "key", "nextauthSecret",
                                    "settings", settings, NULL);
  GtkText      *text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row)));
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (row));
  GValue        value = G_VALUE_INIT;
  gboolean      over = FALSE;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (row));
  gtk_editable_set_text (GTK_EDITABLE (row), "d0-n0t-f1nd-m3");
  g_assert_false (gtk_editable_get_enable_undo (GTK_EDITABLE (text)));
  gdk_clipboard_set_text (clipboard, "before");
  gtk_editable_select_region (GTK_EDITABLE (text), 0, -1);
  g_signal_emit_by_name (text, "copy-clipboard");
  g_assert_false (UI_IS_SECRET_CONTENT (gdk_clipboard_get_content (clipboard)));

  gtk_text_set_visibility (text, TRUE);
  gtk_editable_select_region (GTK_EDITABLE (text), 0, 8);
  g_signal_emit_by_name (text, "copy-clipboard");
  g_assert_true (UI_IS_SECRET_CONTENT (gdk_clipboard_get_content (clipboard)));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "d0-n0t-f");
  g_value_unset (&value);
  g_signal_emit_by_name (text, "cut-clipboard");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==, "1nd-m3");

  /* One of no window system: nobody else takes it over. */
  alone = g_object_new (GDK_TYPE_CLIPBOARD, "display", gdk_display_get_default (), NULL);
  ui_secret_content_copy (alone, "short", 1);
  g_assert_true (UI_IS_SECRET_CONTENT (gdk_clipboard_get_content (alone)));
  while (gdk_clipboard_get_content (alone) != NULL)
    g_main_context_iteration (NULL, TRUE);
  ui_secret_content_copy (alone, "short", 1);
  gdk_clipboard_set_text (alone, "other");
  g_timeout_add_seconds (3, on_over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (gdk_clipboard_get_content (alone));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_form (void)
{
  g_autoptr (StackSettings) settings = stack_settings_new ("test");
  GtkWidget      *window = gtk_window_new ();
  UiSettingsForm *form = g_object_new (UI_TYPE_SETTINGS_FORM, "settings", settings,
                                       NULL);

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (form));
  g_assert_false (ui_settings_form_is_ready (form));
  stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, "hackystack");
  stack_settings_set_text (settings, STACK_FIELD_HOST, "hackystack.local");
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:latest");
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "2");
  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, "https://hackystack.local");
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_ID, "Ov23liHFe1zOnNY67QGK");
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_SECRET,
                           "0123456789abcdef0123456789abcdef01234567");
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL,
                           "postgresql://user:password@db.example:5432/app");
  g_assert_true (stack_settings_generate (settings, NULL));
  g_assert_true (ui_settings_form_is_ready (form));
  ui_settings_form_set_blocker (form, "not connected");
  g_assert_false (ui_settings_form_is_ready (form));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Following keeps the end in sight; what comes while somebody reads above is only counted. */
static void
test_log_view (void)
{
  g_autoptr (KubeLogBuffer) buffer = kube_log_buffer_new ();
  GtkWidget *window = gtk_window_new ();
  UiLogView *view = g_object_new (UI_TYPE_LOG_VIEW, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 600, 300);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  for (guint i = 0; i < 500; i++)
    kube_log_buffer_append (buffer, i * G_USEC_PER_SEC, "a line", 6);
  ui_log_view_set_buffer (view, buffer);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  g_assert_true (ui_log_view_get_follow (view));
  ui_log_view_show_line (view, 3);
  g_assert_false (ui_log_view_get_follow (view));
  kube_log_buffer_append (buffer, 0, "another", 7);
  gtk_test_widget_wait_for_draw (window);
  g_assert_false (ui_log_view_get_follow (view));
  ui_log_view_set_needle (view, "line");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_shortcuts (void)
{
  GtkShortcutsWindow *shortcuts = ui_shortcuts_new ();

  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (shortcuts));
  gtk_window_destroy (GTK_WINDOW (shortcuts));
}

int
main (int   argc,
      char *argv[])
{
  static GType types[17];
  guint        n = 0;

  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  adw_init ();
  types[n++] = UI_TYPE_AGE_LABEL;
  types[n++] = UI_TYPE_BANNER;
  types[n++] = UI_TYPE_CONNECTION_LABEL;
  types[n++] = UI_TYPE_CONTEXT_SWITCHER;
  types[n++] = UI_TYPE_COPY_ROW;
  types[n++] = UI_TYPE_DATABASE_ROW;
  types[n++] = UI_TYPE_DEPLOYMENT_PAGE;
  types[n++] = UI_TYPE_FAILURE_CARD;
  types[n++] = UI_TYPE_FIELD_ROW;
  types[n++] = UI_TYPE_HISTORY_VIEW;
  types[n++] = UI_TYPE_LOG_PAGE;
  types[n++] = UI_TYPE_PODS_PAGE;
  types[n++] = UI_TYPE_PROGRESS_VIEW;
  types[n++] = UI_TYPE_SETTINGS_FORM;
  types[n++] = UI_TYPE_SITUATION_BAR;
  types[n++] = UI_TYPE_SPIN_ROW;
  types[n++] = UI_TYPE_START_PAGE;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat ("/widgets/life/", g_type_name (types[i]), NULL);

      g_test_add_data_func (path, &types[i], test_life);
    }
  g_test_add_func ("/widgets/field-row", test_field_row);
  g_test_add_func ("/widgets/secret-row", test_secret_row);
  g_test_add_func ("/widgets/secret-of-another", test_secret_of_another);
  g_test_add_func ("/widgets/secret-announced", test_secret_announced);
  g_test_add_func ("/widgets/secret-clipboard", test_secret_clipboard);
  g_test_add_func ("/widgets/form", test_form);
  g_test_add_func ("/widgets/log-view", test_log_view);
  g_test_add_func ("/widgets/shortcuts", test_shortcuts);
  return g_test_run ();
}
