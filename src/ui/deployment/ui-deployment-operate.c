/* ui-deployment-operate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-deployment-page-private.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"
#include "stack-error.h"
#include "ui-entrance-dialog.h"
#include "ui-reset-dialog.h"

/* The part of the page that changes what is deployed from the cluster alone, without the form:
 * number of pods, another image, restart, pause, removal. */

/*
 * _ui_deployment_page_get_namespace:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the namespace that stands in the form, if it can be one
 */
const char *
_ui_deployment_page_get_namespace (UiDeploymentPage *self)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  g_autoptr (StackFinding) finding = stack_doctor_check_field (settings, STACK_FIELD_NAMESPACE);
  const char *ns = stack_settings_get_text (settings, STACK_FIELD_NAMESPACE);

  if ((finding != NULL && finding->severity == STACK_SEVERITY_ERROR) || *ns == '\0')
    return NULL;

  return ns;
}

/*
 * _ui_deployment_page_get_client:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the cluster, once it is connected
 */
KubeClient *
_ui_deployment_page_get_client (UiDeploymentPage *self)
{
  return stack_session_get_client (self->session);
}

/*
 * _ui_deployment_page_get_cluster:
 * @self: a page
 *
 * Returns: (transfer none): what the user calls the cluster
 */
const char *
_ui_deployment_page_get_cluster (UiDeploymentPage *self)
{
  return kube_context_get_name (stack_session_get_context (self->session));
}

/*
 * _ui_deployment_page_is_connected:
 * @self: a page
 *
 * Returns: whether the cluster can be asked
 */
gboolean
_ui_deployment_page_is_connected (UiDeploymentPage *self)
{
  return self->session != NULL && _ui_deployment_page_get_client (self) != NULL &&
         stack_session_get_connection (self->session) == STACK_CONNECTION_CONNECTED;
}

/*
 * _ui_deployment_page_update_operate_actions:
 * @self: a page
 *
 * Offers what can be done now.
 */
void
_ui_deployment_page_update_operate_actions (UiDeploymentPage *self)
{
  static const char *const names[] = { "deployment.scale", "deployment.set-image",
                                       "deployment.restart", "deployment.wait",
                                       "deployment.show-entrance" };
  GtkWidget               *widget = GTK_WIDGET (self);
  gboolean                 free = _ui_deployment_page_is_connected (self) && self->cancellable == NULL;
  gboolean                 deployed = free && ui_situation_bar_is_deployed (self->situation);
  gboolean                 paused = ui_situation_bar_is_paused (self->situation);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (widget, names[i], deployed);
  gtk_widget_action_set_enabled (widget, "deployment.pause", deployed && !paused);
  gtk_widget_action_set_enabled (widget, "deployment.resume", deployed && paused);
  gtk_widget_action_set_enabled (widget, "deployment.restore", free);
  gtk_widget_action_set_enabled (widget, "deployment.reset", free);
  gtk_widget_action_set_enabled (widget, "deployment.again", free);
}

/*
 * _ui_deployment_page_look:
 * @self: a page with a session
 *
 * Looks what the cluster has, in the namespace that stands in the form.
 */
void
_ui_deployment_page_look (UiDeploymentPage *self)
{
  const char *ns = _ui_deployment_page_get_namespace (self);
  KubeClient *client = NULL;

  g_clear_object (&self->watch);
  if (_ui_deployment_page_is_connected (self) && ns != NULL)
    {
      g_autoptr (KubeReflector) pods = stack_session_ref_pods (self->session, ns);

      client = _ui_deployment_page_get_client (self);
      self->watch = stack_situation_watch_new (client, ns, pods);
      g_signal_connect_object (self->watch, "revisions-changed",
                               G_CALLBACK (ui_history_view_refresh), self->history,
                               G_CONNECT_SWAPPED);
    }
  ui_situation_bar_set_cluster (self->situation, client, ns, self->watch);
  ui_history_view_set_cluster (self->history, client, ns);
}

static void
on_ask_action_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  if (g_str_equal (action_name, "deployment.scale"))
    _ui_deployment_page_ask_scale (UI_DEPLOYMENT_PAGE (widget));
  else
    _ui_deployment_page_ask_image (UI_DEPLOYMENT_PAGE (widget));
}

/* Restart, pause, resume. */

static const struct
{
  const char *action;
  const char *headline;
  const char *done;
  const char *summary;
  const char *failed;
} controls[] = {
  [STACK_CONTROL_RESTART] = {
      .action = "deployment.restart",
      .headline = N_ ("Restarting the pods"),
                      .done = N_ ("The pods were restarted"),
                                  .summary = N_ ("New ones took the place of all that were there, a few at a time."),
                                                 .failed = N_ ("The pods were not restarted"),
                                                 },
                                  [STACK_CONTROL_PAUSE] = {
                                      .action = "deployment.pause",
                                      .headline = N_ ("Pausing the rollout"),
                                                      .done = N_ ("The rollout is paused"),
                                                                  .summary = N_ ("What is deployed does not reach the pods until it is resumed."),
                                                                                 .failed = N_ ("The rollout was not paused"),
                                                                                 },
                                                                  [STACK_CONTROL_RESUME] = {
                                                                      .action = "deployment.resume",
                                                                      .headline = N_ ("Resuming the rollout"),
                                                                                      .done = N_ ("The rollout goes on"),
                                                                                                  .summary = N_ ("The pods are what was deployed last."),
                                                                                                                 .failed = N_ ("The rollout was not resumed"),
                                                                                                                 },
                                                                                      };

static void
on_controlled_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = stack_control_run_finish (STACK_CONTROL (source), result, &error);

  if (self->session != NULL && done)
    ui_progress_view_show_success (self->progress, _(controls[self->control].done),
                                                      _(controls[self->control].summary), NULL, NULL);
  else if (self->session != NULL)
    ui_progress_view_show_failure (self->progress, _(controls[self->control].failed), error, NULL);
  _ui_deployment_page_end (self);
}

static void
run_control (UiDeploymentPage  *self,
             StackControlAction action)
{
  const char *ns = _ui_deployment_page_get_namespace (self);
  g_autoptr (StackControl) control = NULL;

  if (ns == NULL)
    return;

  self->control = action;
  self->again = controls[action].action;
  g_clear_object (&self->deployer);
  control = stack_control_new (_ui_deployment_page_get_client (self), ns, action);
  _ui_deployment_page_begin (self, _(controls[action].headline),
                                      stack_control_get_operations (control),
                                      action == STACK_CONTROL_PAUSE ? NULL : stack_control_get_pods (control));
  stack_control_run_async (control, self->cancellable, on_controlled_cb, g_object_ref (self));
}

static void
on_control_action_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      if (g_str_equal (controls[i].action, action_name))
        run_control (UI_DEPLOYMENT_PAGE (widget), i);
    }
}

static void
on_restore_action_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  _ui_deployment_page_restore (UI_DEPLOYMENT_PAGE (widget), g_variant_get_uint32 (parameter));
}

static void
on_wait_action_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  _ui_deployment_page_wait (UI_DEPLOYMENT_PAGE (widget));
}

static void
on_again_action_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);
  g_autoptr (StackDeployer) deployer = NULL;
  g_autofree char *headline = NULL;
  g_autofree char *address = NULL;

  if (self->deployer == NULL)
    {
      gtk_widget_activate_action (widget, self->again, NULL);
      return;
    }

  deployer = g_object_ref (self->deployer);
  headline = g_strdup_printf (_("Once more to %s"), _ui_deployment_page_get_cluster (self));
  address = g_strdup (self->address);
  _ui_deployment_page_run (self, deployer, headline, self->failed_headline, address);
}

/* Removal. */

static char *
describe_left (StackInventory *left)
{
  GPtrArray *items = stack_inventory_get_items (left);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const StackInventoryItem *item = g_ptr_array_index (items, i);

      g_string_append_printf (list, "%s%s %s", i > 0 ? ", " : "", item->resource->kind, item->name);
    }

  return list->len > 0 ? g_strdup_printf (_("Still there: %s."), list->str)
                       : g_strdup (_("Nothing is left of it."));
}

static void
on_left_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackInventory) left = stack_inventory_read_finish (result, &error);
  g_autofree char *words = NULL;

  if (left != NULL)
    words = describe_left (left);
  else
    words = g_strdup_printf (_("All that was chosen is deleted. What stays could not be looked at. %s"),
                                error->message);
  if (self->session != NULL)
    ui_progress_view_show_success (self->progress, _("Hacky Stack was taken off the cluster"),
                                                      words, NULL, NULL);
  _ui_deployment_page_end (self);
}

static void
on_deleted_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  StackInventory *inventory = STACK_INVENTORY (source);

  if (stack_inventory_delete_finish (inventory, result, &error))
    {
      stack_inventory_read_async (stack_inventory_get_client (inventory),
                                  stack_inventory_get_namespace (inventory), FALSE,
                                  self->cancellable, on_left_cb, g_object_ref (self));
      return;
    }

  if (self->session != NULL)
    ui_progress_view_show_failure (self->progress, _("Not all of it was deleted"), error, NULL);
  _ui_deployment_page_end (self);
}

static void
on_show_entrance_action_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);
  const char       *ns = _ui_deployment_page_get_namespace (self);
  UiEntranceDialog *dialog;

  if (ns == NULL)
    return;
  dialog = ui_entrance_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _ui_deployment_page_get_client (self), ns);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_reset_confirmed_cb (UiDeploymentPage *self,
                       UiResetDialog    *dialog)
{
  StackInventory  *inventory = ui_reset_dialog_get_inventory (dialog);
  g_autofree char *headline = NULL;

  if (self->cancellable != NULL)
    return;

  self->again = "deployment.reset";
  g_clear_object (&self->deployer);
  headline = g_strdup_printf (_("Taking Hacky Stack off %s"), _ui_deployment_page_get_cluster (self));
  _ui_deployment_page_begin (self, headline, stack_inventory_get_operations (inventory), NULL);
  stack_inventory_delete_async (inventory, self->cancellable, on_deleted_cb, g_object_ref (self));
}

static void
on_reset_action_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);
  const char       *ns = _ui_deployment_page_get_namespace (self);
  UiResetDialog    *dialog;

  if (ns == NULL)
    return;

  dialog = ui_reset_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _ui_deployment_page_get_client (self),
                                _ui_deployment_page_get_cluster (self), ns);
  g_signal_connect_object (dialog, "confirmed", G_CALLBACK (on_reset_confirmed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/*
 * _ui_deployment_page_install_operate_actions:
 * @widget_class: the page's
 *
 * Called from class_init.
 */
void
_ui_deployment_page_install_operate_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                 *name;
    const char                 *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "deployment.restore", "u", on_restore_action_cb },
    { "deployment.wait", NULL, on_wait_action_cb },
    { "deployment.scale", NULL, on_ask_action_cb },
    { "deployment.set-image", NULL, on_ask_action_cb },
    { "deployment.restart", NULL, on_control_action_cb },
    { "deployment.pause", NULL, on_control_action_cb },
    { "deployment.resume", NULL, on_control_action_cb },
    { "deployment.again", NULL, on_again_action_cb },
    { "deployment.reset", NULL, on_reset_action_cb },
    { "deployment.show-entrance", NULL, on_show_entrance_action_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
