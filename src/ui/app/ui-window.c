/* ui-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui-window-private.h"

#include <glib/gi18n.h>

#include "ui-pane.h"
#include "ui-shortcuts.h"

G_DEFINE_FINAL_TYPE (UiWindow, ui_window, ADW_TYPE_APPLICATION_WINDOW)

static const struct
{
  const char *name;
  const char *title;
} PAGES[] = {
  { "deployment", N_("Deployment") },
    { "pods", N_("Pods") },
      { "logs", N_("Logs") },
    };

static const char *
get_page_name (UiWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->pages);

  return PAGES[row != NULL ? gtk_list_box_row_get_index (row) : 0].name;
}

static void
update_title (UiWindow *self)
{
  GtkListBoxRow   *row = gtk_list_box_get_selected_row (self->pages);
  KubeContext     *context = self->session != NULL ? stack_session_get_context (self->session)
                                                   : NULL;
  g_autofree char *subtitle = NULL;

  if (context != NULL && self->pods_namespace != NULL)
    subtitle = g_strdup_printf (C_("cluster and namespace", "%s · %s"),
                                    kube_context_get_name (context), self->pods_namespace);
  adw_window_title_set_title (self->title,
                              row != NULL ? _(PAGES[gtk_list_box_row_get_index (row)].title)
                                          : "");
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

static void
update_start_page (UiWindow *self)
{
  const GError *error = stack_session_get_config_error (self->session);

  if (error != NULL)
    ui_start_page_show_error (self->start_page, _("No cluster to work with yet"), error);
  if (error != NULL || stack_session_get_config (self->session) == NULL)
    gtk_stack_set_visible_child_name (self->stack, error != NULL ? "start" : "nothing");
  else
    gtk_stack_set_visible_child_name (self->stack, get_page_name (self));
}

/* What is shown stays until the user says so. */
static void
update_config_banner (UiWindow *self)
{
  const GError    *error = stack_session_get_changed_config_error (self->session);
  gboolean         changed = stack_session_get_changed_config (self->session) != NULL;
  g_autofree char *words = NULL;

  ui_banner_set_action (self->config_banner, changed ? _("Reload") : NULL,
                                                          "win.reload-kubeconfig");
  if (changed)
    ui_banner_show (self->config_banner, UI_TONE_WARNING, _("The kubeconfig has changed."));
  else if (error != NULL)
    {
      words = g_strdup_printf (_("The kubeconfig has changed and cannot be used now; what was read "
                                 "before stays in use. %s"),
                                  error->message);
      ui_banner_show (self->config_banner, UI_TONE_WARNING, words);
    }
  else
    ui_banner_hide (self->config_banner);
}

static void
update_banners (UiWindow *self)
{
  KubeContext      *context = stack_session_get_context (self->session);
  const GError     *error = stack_session_get_connection_error (self->session);
  VaultKeyringState keyring = stack_session_get_keyring_state (self->session);
  gboolean          loaded = stack_session_get_vault (self->session) != NULL;

  if (context != NULL && kube_context_get_insecure (context))
    ui_banner_show (self->insecure_banner, UI_TONE_WARNING,
                    _("The kubeconfig switches the check of the server’s certificate off: "
                      "anybody in between can read and change what is sent."));
  else
    ui_banner_hide (self->insecure_banner);

  update_config_banner (self);
  ui_banner_set_action (self->keyring_banner,
                        keyring == VAULT_KEYRING_LOCKED ? _("Unlock…") : NULL,
                                                             "win.unlock-keyring");
  if (!loaded || keyring == VAULT_KEYRING_READY)
    ui_banner_hide (self->keyring_banner);
  else if (keyring == VAULT_KEYRING_LOCKED)
    ui_banner_show (self->keyring_banner, UI_TONE_WARNING,
                    _("Secrets are kept for this session only: the keyring is locked."));
  else
    ui_banner_show (self->keyring_banner, UI_TONE_WARNING,
                    _("Secrets are kept for this session only: there is no keyring. "
                      "Start one, such as GNOME Keyring, to have them kept."));

  /* The page of the pods says it itself, together with how old its rows are. */
  if (stack_session_get_connection (self->session) == STACK_CONNECTION_FAILED && error != NULL && (self->pods == NULL || !g_str_equal (get_page_name (self), "pods")))
    ui_banner_show (self->connection_banner, UI_TONE_ERROR, error->message);
  else
    ui_banner_hide (self->connection_banner);
}

static void
update_pods_count (UiWindow *self)
{
  g_autofree char *text = NULL;

  if (self->pods != NULL && kube_reflector_get_synced (self->pods))
    text = g_strdup_printf ("%u", g_list_model_get_n_items (kube_reflector_get_model (self->pods)));
  gtk_label_set_label (self->pods_count, text != NULL ? text : "");
}

static void
on_page_selected_cb (UiWindow *self)
{
  _ui_window_update (self);
}

static void
on_page_activated_cb (UiWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->content);
}

static void
on_folded_cb (UiWindow *self)
{
  gtk_list_box_set_selection_mode (self->pages, GTK_SELECTION_BROWSE);
  if (!adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, self->content);
}

static void
save_state (UiWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "width", width);
  g_settings_set_int (self->settings, "height", height);
  g_settings_set_boolean (self->settings, "maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_string (self->settings, "last-page", get_page_name (self));
}

static gboolean
ui_window_close_request (GtkWindow *window)
{
  UiWindow *self = UI_WINDOW (window);

  save_state (self);
  ui_deployment_page_cancel (self->deployment_page);

  return GTK_WINDOW_CLASS (ui_window_parent_class)->close_request (window);
}

static void
ui_window_dispose (GObject *object)
{
  UiWindow *self = UI_WINDOW (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  if (self->log_page != NULL)
    _ui_window_drop_session (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->values);
  g_clear_pointer (&self->kubeconfig, g_free);
  g_clear_pointer (&self->wanted_context, g_free);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->previous_page, g_free);

  G_OBJECT_CLASS (ui_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/app/ui-window.ui");
  gtk_widget_class_bind_template_child (widget_class, UiWindow, config_banner);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, connection);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, connection_banner);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, content);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, deployment_page);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, insecure_banner);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, keyring_banner);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, log_page);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, notice_banner);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, pods_count);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, pods_page);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, title);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, on_folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_page_selected_cb);
}

static void
ui_window_class_init (UiWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ui_window_close_request;

  g_type_ensure (UI_TYPE_BANNER);
  g_type_ensure (UI_TYPE_CONNECTION_LABEL);
  g_type_ensure (UI_TYPE_CONTEXT_SWITCHER);
  g_type_ensure (UI_TYPE_DEPLOYMENT_PAGE);
  g_type_ensure (UI_TYPE_LOG_PAGE);
  g_type_ensure (UI_TYPE_PANE);
  g_type_ensure (UI_TYPE_PODS_PAGE);
  g_type_ensure (UI_TYPE_START_PAGE);
  bind_template (widget_class);
  _ui_window_install_actions (widget_class);
}

static void
ui_window_init (UiWindow *self)
{
  g_autofree char *page = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = g_settings_new (APPLICATION_ID);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->settings, "width"),
                               g_settings_get_int (self->settings, "height"));
  if (g_settings_get_boolean (self->settings, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  page = g_settings_get_string (self->settings, "last-page");
  if (!ui_window_show_page (self, page))
    ui_window_show_page (self, PAGES[0].name);
  gtk_widget_grab_focus (GTK_WIDGET (self->pages));
  gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self), ui_shortcuts_new ());
}

/* Private: brings everything that stands in the frame up to date with the session. */
void
_ui_window_update (UiWindow *self)
{
  if (self->session == NULL)
    return;
  update_title (self);
  update_start_page (self);
  update_banners (self);
  update_pods_count (self);
}

/**
 * ui_window_new:
 * @application: the program
 *
 * Makes a window without a session.
 *
 * Returns: (transfer floating): a window
 */
UiWindow *
ui_window_new (GtkApplication *application)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  return g_object_new (UI_TYPE_WINDOW, "application", application, NULL);
}

/**
 * ui_window_open:
 * @self: a window
 * @kubeconfig: (nullable): a file; %NULL looks where kubectl does
 * @context: (nullable): a context to begin with; %NULL for the one used last
 * @profile: the name of the settings
 * @values: (nullable): a file of answers to fill the form with
 *
 * Begins a session in the window, in place of the one before.
 */
void
ui_window_open (UiWindow   *self,
                const char *kubeconfig,
                const char *context,
                const char *profile,
                GFile      *values)
{
  g_return_if_fail (UI_IS_WINDOW (self));
  g_return_if_fail (profile != NULL);
  g_return_if_fail (values == NULL || G_IS_FILE (values));

  g_free (self->kubeconfig);
  self->kubeconfig = g_strdup (kubeconfig);
  g_free (self->wanted_context);
  self->wanted_context = g_strdup (context);
  g_free (self->profile);
  self->profile = g_strdup (profile);
  self->profile_chosen = FALSE;
  g_set_object (&self->values, values);
  _ui_window_load (self, FALSE);
}

/**
 * ui_window_show_page:
 * @self: a window
 * @name: "deployment", "pods" or "logs"
 *
 * Turns to a page.
 *
 * Returns: whether there is such a page
 */
gboolean
ui_window_show_page (UiWindow   *self,
                     const char *name)
{
  g_return_val_if_fail (UI_IS_WINDOW (self), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (PAGES); i++)
    {
      if (g_strcmp0 (PAGES[i].name, name) != 0)
        continue;
      if (!g_str_equal (get_page_name (self), name))
        {
          g_free (self->previous_page);
          self->previous_page = g_strdup (get_page_name (self));
        }
      gtk_list_box_select_row (self->pages, gtk_list_box_get_row_at_index (self->pages, i));
      adw_leaflet_set_visible_child (self->leaflet, self->content);
      return TRUE;
    }
  return FALSE;
}
