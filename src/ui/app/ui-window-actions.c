/* ui-window-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-window-private.h"

#include <glib/gi18n.h>

/* What can be done in the window from menus, keys and other widgets. */

static void
on_show_page_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  if (ui_window_show_page (self, g_variant_get_string (parameter, NULL)))
    gtk_widget_grab_focus (gtk_stack_get_visible_child (self->stack));
}

static void
on_show_log_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  ui_log_page_show_pod (self->log_page, g_variant_get_string (parameter, NULL));
  ui_window_show_page (self, "logs");
  gtk_widget_grab_focus (GTK_WIDGET (self->log_page));
}

static void
on_select_context_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ui_window_select_context (UI_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* From the page to the page before, and in a narrow window to the list of pages. */
static void
on_back_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  UiWindow        *self = UI_WINDOW (widget);
  g_autofree char *page = g_steal_pointer (&self->previous_page);

  if (page != NULL)
    ui_window_show_page (self, page);
  else
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
on_show_sidebar_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
}

static void
on_find_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  UiWindow   *self = UI_WINDOW (widget);
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (g_strcmp0 (page, "pods") == 0)
    ui_pods_page_find (self->pods_page);
  else if (g_strcmp0 (page, "logs") == 0)
    ui_log_page_find (self->log_page);
}

static void
on_deploy_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "deployment") == 0)
    ui_deployment_page_go_on (self->deployment_page);
}

/* What is known stays on the screen meanwhile. */
static void
look_again (UiWindow *self)
{
  kube_reflector_stop (self->pods);
  kube_reflector_start (self->pods);
}

static void
on_retry_cb (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  if (self->session == NULL || stack_session_get_config (self->session) == NULL)
    _ui_window_load (self, FALSE);
  else if (stack_session_get_connection (self->session) != STACK_CONNECTION_CONNECTED || self->pods == NULL)
    ui_window_select_context (self, NULL);
  else
    look_again (self);
}

static void
on_reload_kubeconfig_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  _ui_window_reload_config (UI_WINDOW (widget));
}

static void
on_unlock_keyring_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  _ui_window_load (UI_WINDOW (widget), TRUE);
}

static void
on_open_profile_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  _ui_window_open_profile (UI_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_toast_cb (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autofree char *title = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (UI_WINDOW (widget)->toasts, adw_toast_new (title));
}

static void
on_kubeconfig_chosen_cb (UiWindow *self,
                         int       response)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *profile = g_strdup (self->profile);
  g_autoptr (GFile) values = self->values != NULL ? g_object_ref (self->values) : NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file != NULL && g_file_peek_path (file) != NULL)
    ui_window_open (self, g_file_peek_path (file), NULL, profile, values);
}

static void
on_choose_kubeconfig_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose a kubeconfig file"), GTK_WINDOW (self),
                                                  GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_kubeconfig_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* Private: called from class_init. */
void
_ui_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                 *name;
    const char                 *parameter;
    GtkWidgetActionActivateFunc activate;
  } ACTIONS[] = {
    { "win.show-page", "s", on_show_page_cb },
    { "win.show-log", "s", on_show_log_cb },
    { "win.select-context", "s", on_select_context_cb },
    { "win.back", NULL, on_back_cb },
    { "win.show-sidebar", NULL, on_show_sidebar_cb },
    { "win.find", NULL, on_find_cb },
    { "win.deploy", NULL, on_deploy_cb },
    { "win.retry", NULL, on_retry_cb },
    { "win.reload-kubeconfig", NULL, on_reload_kubeconfig_cb },
    { "win.unlock-keyring", NULL, on_unlock_keyring_cb },
    { "win.open-profile", "s", on_open_profile_cb },
    { "win.toast", "s", on_toast_cb },
    { "win.choose-kubeconfig", NULL, on_choose_kubeconfig_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ACTIONS); i++)
    gtk_widget_class_install_action (widget_class, ACTIONS[i].name, ACTIONS[i].parameter,
                                     ACTIONS[i].activate);
}
