/* ui-application.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui-application.h"

#include <glib/gi18n.h>

#include "stack-profiles.h"
#include "ui-window.h"

/* The program: one process, whatever is started from where. */
struct _UiApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (UiApplication, ui_application, ADW_TYPE_APPLICATION)

static const GOptionEntry OPTIONS[] = {
  { "kubeconfig", 0, 0, G_OPTION_ARG_FILENAME, NULL,
    N_("The kubeconfig file to use instead of the usual ones"), N_("FILE") },
    { "context", 0, 0, G_OPTION_ARG_STRING, NULL, N_("The context to begin with"), N_("NAME") },
      { "profile", 0, 0, G_OPTION_ARG_STRING, NULL, N_("The name of the settings to use"), N_("NAME") },
        { "values", 0, 0, G_OPTION_ARG_FILENAME, NULL,
          N_("Fill the form from a YAML file; nothing is kept before it is deployed"), N_("FILE") },
          { "page", 0, 0, G_OPTION_ARG_STRING, NULL,
            N_("The page to show: deployment, pods or logs"), N_("PAGE") },
            { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and leave"), NULL },
              { NULL },
           };

static const struct
{
  const char *action;
  const char *keys[3];
} ACCELERATORS[] = {
  { "win.show-page::deployment", { "<Control>1" } },
  { "win.show-page::pods", { "<Control>2" } },
  { "win.show-page::logs", { "<Control>3" } },
  { "win.back", { "<Alt>Left" } },
  { "win.retry", { "F5" } },
  { "win.deploy", { "<Control>Return", "<Control>KP_Enter" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "window.close", { "<Control>w" } },
  { "app.about", { "F1" } },
  { "app.quit", { "<Control>q" } },
};

static void
on_about_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  static const char *const DEVELOPERS[] = { "The Hacky Stack Desktop developers", NULL };
  GtkWindow               *window = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  adw_show_about_window (window,
                         "application-name", _("Hacky Stack"), "application-icon", APPLICATION_ID, "version", PACKAGE_VERSION, "developer-name", _("The Hacky Stack Desktop developers"), "developers", DEVELOPERS, "license-type", GTK_LICENSE_GPL_3_0, "comments", _("Deploys Hacky Stack on a Kubernetes cluster and shows "
                                       "how it is doing."),
                                                                                                                                                                                                                                                                          "translator-credits", _("translator-credits"), NULL);
}

static void
on_quit_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (user_data));

  /* Windows are closed, not dropped: each keeps its size and ends what it is doing. */
  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_close (window);
    }
}

static char *
dup_path_argument (GApplicationCommandLine *command_line,
                   const char              *name)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_autoptr (GFile) file = NULL;
  const char *argument = NULL;

  if (!g_variant_dict_lookup (options, name, "^&ay", &argument))
    return NULL;
  file = g_application_command_line_create_file_for_arg (command_line, argument);
  return g_file_get_path (file);
}

static void
open_session (UiWindow                *window,
              GApplicationCommandLine *command_line)
{
  GVariantDict    *options = g_application_command_line_get_options_dict (command_line);
  g_autofree char *kubeconfig = dup_path_argument (command_line, "kubeconfig");
  g_autofree char *values_path = dup_path_argument (command_line, "values");
  g_autoptr (GFile) values = NULL;
  const char      *context = NULL;
  g_autofree char *current = stack_profiles_dup_current ();
  const char      *profile = current;

  g_variant_dict_lookup (options, "context", "&s", &context);
  g_variant_dict_lookup (options, "profile", "&s", &profile);
  if (values_path != NULL)
    values = g_file_new_for_path (values_path);
  ui_window_open (window, kubeconfig, context, profile, values);
}

/* From the desktop's launcher, by D-Bus. */
static void
ui_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      g_autofree char *profile = stack_profiles_dup_current ();

      window = GTK_WINDOW (ui_window_new (GTK_APPLICATION (application)));
      ui_window_open (UI_WINDOW (window), NULL, NULL, profile, NULL);
    }
  gtk_window_present (window);
}

/* A second start brings the window up; it opens another one only when it names another session. */
static int
ui_application_command_line (GApplication            *application,
                             GApplicationCommandLine *command_line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  GtkWindow    *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  const char   *context = NULL;
  const char   *page = NULL;

  if (window == NULL || g_variant_dict_contains (options, "kubeconfig") || g_variant_dict_contains (options, "profile") || g_variant_dict_contains (options, "values"))
    {
      window = GTK_WINDOW (ui_window_new (GTK_APPLICATION (application)));
      open_session (UI_WINDOW (window), command_line);
    }
  else if (g_variant_dict_lookup (options, "context", "&s", &context))
    {
      ui_window_select_context (UI_WINDOW (window), context);
    }
  if (g_variant_dict_lookup (options, "page", "&s", &page) && !ui_window_show_page (UI_WINDOW (window), page))
    g_application_command_line_printerr (
        command_line, _("There is no page “%s”. There are deployment, pods and logs.\n"), page);
  gtk_window_present (window);
  return 0;
}

static int
ui_application_handle_local_options (GApplication *application,
                                     GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return G_APPLICATION_CLASS (ui_application_parent_class)
        ->handle_local_options (application, options);
  g_print ("hackystack-desktop %s\n", PACKAGE_VERSION);
  return 0;
}

static void
ui_application_startup (GApplication *application)
{
  static const GActionEntry ACTIONS[] = {
    { .name = "about", .activate = on_about_cb },
    { .name = "quit", .activate = on_quit_cb },
  };

  G_APPLICATION_CLASS (ui_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), ACTIONS, G_N_ELEMENTS (ACTIONS),
                                   application);
  for (guint i = 0; i < G_N_ELEMENTS (ACCELERATORS); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), ACCELERATORS[i].action,
                                           ACCELERATORS[i].keys);
  gtk_window_set_default_icon_name (APPLICATION_ID);
}

static void
ui_application_class_init (UiApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = ui_application_activate;
  application_class->command_line = ui_application_command_line;
  application_class->handle_local_options = ui_application_handle_local_options;
  application_class->startup = ui_application_startup;
}

static void
ui_application_init (UiApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), OPTIONS);
}

/**
 * ui_application_new:
 *
 * Makes the program.
 *
 * Returns: (transfer full): an application
 */
UiApplication *
ui_application_new (void)
{
  return g_object_new (UI_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/io/github/hackystack/Desktop",
                       NULL);
}
