/* ui-deployment-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-deployment-page-private.h"

#include <glib/gi18n.h>

#include "stack-provision.h"
#include "ui-export-dialog.h"

/* Typing a namespace is not five namespaces. */
#define NAMESPACE_PAUSE_MS 700

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiDeploymentPage, ui_deployment_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
update_actions (UiDeploymentPage *self)
{
  gboolean running = self->cancellable != NULL;
  gboolean ready = ui_settings_form_is_ready (self->form);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.review", ready && !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.carry-out",
                                 ui_plan_view_is_ready (self->plan) && !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.cancel", running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.save-manifests",
                                 self->session != NULL &&
                                     stack_session_get_manifests (self->session) != NULL);
  ui_settings_form_set_busy (self->form, running);
  _ui_deployment_page_update_operate_actions (self);
}

static void
update_blocker (UiDeploymentPage *self)
{
  const char *blocker = NULL;

  switch (stack_session_get_connection (self->session))
    {
    case STACK_CONNECTION_CONNECTED:
      if (self->cancellable != NULL)
        blocker = _("A deployment is running");
      break;

    case STACK_CONNECTION_CONNECTING:
      blocker = _("Waiting for the connection");
      break;

    case STACK_CONNECTION_NONE:
    case STACK_CONNECTION_FAILED:
    default:
      blocker = _("Not connected to a cluster");
    }
  ui_settings_form_set_blocker (self->form, blocker);
  update_actions (self);
}

static void
on_connection_cb (UiDeploymentPage *self)
{
  update_blocker (self);
  _ui_deployment_page_look (self);
}

static void
on_saved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (stack_settings_save_finish (STACK_SETTINGS (source), result, &error))
    {
      ui_banner_hide (self->banner);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  words = g_strdup_printf (_("These answers could not be kept for the next time: %s"),
                              error->message);
  ui_banner_show (self->banner, UI_TONE_WARNING, words);
}

/*
 * _ui_deployment_page_save:
 * @self: a page
 *
 * Remembers the answers for the next time.
 */
void
_ui_deployment_page_save (UiDeploymentPage *self)
{
  stack_settings_save_async (stack_session_get_settings (self->session),
                             stack_session_get_vault (self->session), NULL, on_saved_cb,
                             g_object_ref (self));
}

/*
 * _ui_deployment_page_begin:
 * @self: a page
 * @headline: what is being done
 * @steps: the steps of it
 * @pods: (nullable): the pods that are waited for
 *
 * Turns to the progress of a change that begins. It has a cancellable from now on.
 */
void
_ui_deployment_page_begin (UiDeploymentPage *self,
                           const char       *headline,
                           GListModel       *steps,
                           GListModel       *pods)
{
  self->cancellable = g_cancellable_new ();
  self->stale = TRUE;
  ui_banner_hide (self->banner);
  ui_progress_view_show_run (self->progress, headline, steps, pods);
  adw_view_stack_page_set_visible (self->progress_page, TRUE);
  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->progress));
  ui_situation_bar_set_busy (self->situation, TRUE);
  update_blocker (self);
  /* A closed window still waits for the change to have ended cleanly. */
  g_application_hold (g_application_get_default ());
}

/*
 * _ui_deployment_page_end:
 * @self: a page
 *
 * Lets other changes begin.
 */
void
_ui_deployment_page_end (UiDeploymentPage *self)
{
  g_clear_object (&self->cancellable);
  /* The window may have been closed meanwhile. */
  if (self->session != NULL)
    {
      ui_situation_bar_set_busy (self->situation, FALSE);
      update_blocker (self);
    }
  g_application_release (g_application_get_default ());
}

static char *
dup_address (UiDeploymentPage *self)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  const char    *url = stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL);

  return *url != '\0' ? g_strdup (url)
                      : g_strdup_printf ("https://%s",
                                         stack_settings_get_text (settings, STACK_FIELD_HOST));
}

static void
show_success (UiDeploymentPage *self,
              StackDeployer    *deployer)
{
  const char *health = stack_deployer_get_health (deployer);
  gboolean    changed = stack_deployer_get_changed (deployer);
  const char *headline = changed ? _("Hacky Stack works") : _("Nothing had to change");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (now, "%H:%M");
  g_autofree char *summary = NULL;
  g_autofree char *words = NULL;

  /* There are to be no pods, or it may not be asked. */
  if (health == NULL)
    {
      headline = _("It is as it was to be");
      summary = g_strdup_printf (_("At %s all pods were ready that there are to be. The app was not asked."), clock);
    }
  else
    {
      words = g_strdup_printf (_("Asked for its health, the app said: %s"), health);
      summary = g_strdup_printf (changed ? _("At %s all pods were ready and the app answered.")
                                         : _("At %s the cluster ran exactly this already, and the app answered."),
                                              clock);
    }
  ui_progress_view_show_success (self->progress, headline, summary, words, self->address);
}

static void
on_deployed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  StackDeployer *deployer = STACK_DEPLOYER (source);
  gboolean       done = stack_deployer_run_finish (deployer, result, &error);

  if (self->session != NULL && done)
    {
      show_success (self, deployer);
    }
  else if (self->session != NULL)
    {
      ui_progress_view_show_failure (self->progress, self->failed_headline, error,
                                     stack_deployer_get_evidence (deployer));
      if (stack_deployer_get_evidence (deployer) != NULL || stack_deployer_get_changed (deployer))
        _ui_deployment_page_find_way_back (self);
    }
  _ui_deployment_page_end (self);
}

/*
 * _ui_deployment_page_run:
 * @self: a page
 * @deployer: what is to be done
 * @headline: that in words
 * @failed_headline: (transfer none): what is true if it fails; a constant
 * @address: (nullable): where the app can be visited then
 *
 * Does it and shows how.
 */
void
_ui_deployment_page_run (UiDeploymentPage *self,
                         StackDeployer    *deployer,
                         const char       *headline,
                         const char       *failed_headline,
                         const char       *address)
{
  g_free (self->address);
  self->address = g_strdup (address);
  g_set_object (&self->deployer, deployer);
  self->failed_headline = failed_headline;
  _ui_deployment_page_begin (self, headline, stack_deployer_get_operations (deployer),
                             stack_deployer_get_pods (deployer));
  stack_deployer_run_async (deployer, self->cancellable, on_deployed_cb, g_object_ref (self));
}

static void
run (UiDeploymentPage *self,
     StackDeployer    *deployer)
{
  KubeContext     *context = stack_session_get_context (self->session);
  g_autofree char *address = dup_address (self);
  g_autofree char *headline = NULL;

  headline = g_strdup_printf (_("Deploying to %s"), kube_context_get_name (context));
  _ui_deployment_page_save (self);
  _ui_deployment_page_run (self, deployer, headline, _("Hacky Stack was not deployed"), address);
  /* Once more is what stands in the form then, and a plan of it first. */
  g_clear_object (&self->deployer);
  self->again = "deployment.review";
}

static void
on_planned_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackPlan) plan = stack_plan_make_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->review);
  if (plan != NULL)
    ui_plan_view_show_plan (self->plan, plan);
  else
    ui_plan_view_show_error (self->plan, _("The plan could not be made"), error->message);
}

/*
 * _ui_deployment_page_stop_review:
 * @self: a page
 *
 * Lets go of a plan that is being made.
 */
void
_ui_deployment_page_stop_review (UiDeploymentPage *self)
{
  g_cancellable_cancel (self->review);
  g_clear_object (&self->review);
}

/*
 * _ui_deployment_page_plan:
 * @self: a page
 * @objects: (element-type JsonNode): what it is to be
 * @force: whether fields of others are taken over
 *
 * Asks the cluster what would change, and shows it.
 */
void
_ui_deployment_page_plan (UiDeploymentPage *self,
                          GPtrArray        *objects,
                          gboolean          force)
{
  _ui_deployment_page_stop_review (self);
  ui_plan_view_show_asking (self->plan);
  self->review = g_cancellable_new ();
  stack_plan_make_async (stack_session_get_client (self->session), objects, force, self->review,
                         on_planned_cb, g_object_ref (self));
}

static void
show_no_plan (UiDeploymentPage *self,
              const GError     *error)
{
  self->stale = TRUE;
  ui_plan_view_show_error (self->plan, _("There is no plan yet"), error->message);
}

/* Certificate and Ingress class are found: now the manifests can be filled. */
static void
on_provided_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gboolean provided = stack_provision_finish (result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (provided)
    objects = stack_session_fill_objects (self->session, &error);
  if (objects != NULL)
    {
      stack_plan_make_async (stack_session_get_client (self->session), objects, FALSE,
                             self->review, on_planned_cb, g_object_ref (self));
      return;
    }
  g_clear_object (&self->review);
  show_no_plan (self, error);
}

/* What can be told wrong is told before the cluster is asked. */
static void
make_plan (UiDeploymentPage *self)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  _ui_deployment_page_stop_review (self);
  _ui_deployment_page_forget_running (self);
  self->stale = FALSE;
  objects = stack_session_fill_objects (self->session, &error);
  if (objects == NULL)
    {
      show_no_plan (self, error);
      return;
    }

  ui_plan_view_show_asking (self->plan);
  self->review = g_cancellable_new ();
  stack_provision_async (stack_session_get_manifests (self->session),
                         stack_session_get_settings (self->session),
                         stack_session_get_client (self->session),
                         stack_session_get_vault (self->session), self->review, on_provided_cb,
                         g_object_ref (self));
}

/* A plan is made when somebody looks at it, and made anew when it has become old. */
static void
on_child_cb (UiDeploymentPage *self)
{
  if (self->session == NULL)
    return;
  if (adw_view_stack_get_visible_child (self->stack) != GTK_WIDGET (self->plan))
    {
      /* The next time it is about the form again. */
      self->stale |= self->running != NULL;
      return;
    }
  if (self->stale)
    make_plan (self);
}

static gboolean
on_look_cb (gpointer user_data)
{
  UiDeploymentPage *self = user_data;

  self->look_source = 0;
  _ui_deployment_page_look (self);

  return G_SOURCE_REMOVE;
}

static void
on_settings_changed_cb (UiDeploymentPage *self,
                        StackFieldId      field)
{
  self->stale = TRUE;
  if (field != STACK_FIELD_NAMESPACE)
    return;
  g_clear_handle_id (&self->look_source, g_source_remove);
  self->look_source = g_timeout_add (NAMESPACE_PAUSE_MS, on_look_cb, self);
}

static void
on_narrow_cb (UiDeploymentPage *self)
{
  gboolean narrow = ui_pane_is_narrow (self->pane);

  adw_view_switcher_set_policy (self->view_switcher, narrow ? ADW_VIEW_SWITCHER_POLICY_NARROW
                                                            : ADW_VIEW_SWITCHER_POLICY_WIDE);
  ui_situation_bar_set_narrow (self->situation, narrow);
  if (narrow)
    gtk_menu_button_set_icon_name (self->actions_button, "view-more-symbolic");
  else
    gtk_menu_button_set_label (self->actions_button, _("Actions"));
}

static void
on_review_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);
  gboolean          looking = adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->plan);

  if (looking && self->running != NULL && !self->stale)
    {
      _ui_deployment_page_plan_running (self);
      return;
    }
  self->stale = TRUE;
  if (looking)
    make_plan (self);
  else
    adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->plan));
}

static void
on_carry_out_action_cb (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);
  g_autoptr (StackDeployer) deployer = NULL;

  deployer = stack_deployer_new_for_plan (ui_plan_view_get_plan (self->plan));
  if (self->running == NULL)
    {
      run (self, deployer);
      return;
    }
  if (self->run_image != NULL)
    {
      /* The next plan of the form would change it back. */
      stack_settings_set_text (stack_session_get_settings (self->session), STACK_FIELD_IMAGE,
                               self->run_image);
      _ui_deployment_page_save (self);
    }
  _ui_deployment_page_run_change (self, self->running, deployer, self->run_headline,
                                  _("It did not become what it was to be"));
}

static void
on_save_manifests_action_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ui_export_dialog_present (widget, UI_DEPLOYMENT_PAGE (widget)->session);
}

static void
on_cancel_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ui_deployment_page_cancel (UI_DEPLOYMENT_PAGE (widget));
}

static void
on_configure_action_cb (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);

  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->form));
  gtk_widget_child_focus (GTK_WIDGET (self->form), GTK_DIR_TAB_FORWARD);
}

static gboolean
ui_deployment_page_grab_focus (GtkWidget *widget)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);

  return gtk_widget_child_focus (adw_view_stack_get_visible_child (self->stack),
                                 GTK_DIR_TAB_FORWARD);
}

static void
ui_deployment_page_dispose (GObject *object)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (object);

  ui_deployment_page_cancel (self);
  _ui_deployment_page_stop_review (self);
  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_object (&self->running);
  g_clear_pointer (&self->run_headline, g_free);
  g_clear_pointer (&self->run_image, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_object (&self->watch);
  g_clear_object (&self->deployer);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_DEPLOYMENT_PAGE);

  G_OBJECT_CLASS (ui_deployment_page_parent_class)->dispose (object);
}

static void
ui_deployment_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, ui_deployment_page_get_session (UI_DEPLOYMENT_PAGE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_deployment_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      ui_deployment_page_set_session (UI_DEPLOYMENT_PAGE (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "deployment.review", NULL, on_review_action_cb);
  gtk_widget_class_install_action (widget_class, "deployment.carry-out", NULL,
                                   on_carry_out_action_cb);
  gtk_widget_class_install_action (widget_class, "deployment.cancel", NULL, on_cancel_action_cb);
  gtk_widget_class_install_action (widget_class, "deployment.configure", NULL,
                                   on_configure_action_cb);
  gtk_widget_class_install_action (widget_class, "deployment.save-manifests", NULL,
                                   on_save_manifests_action_cb);
  _ui_deployment_page_install_operate_actions (widget_class);
}

static void
ui_deployment_page_class_init (UiDeploymentPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_deployment_page_dispose;
  object_class->get_property = ui_deployment_page_get_property;
  object_class->set_property = ui_deployment_page_set_property;
  widget_class->grab_focus = ui_deployment_page_grab_focus;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, STACK_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (UI_TYPE_BANNER);
  g_type_ensure (UI_TYPE_HISTORY_VIEW);
  g_type_ensure (UI_TYPE_PANE);
  g_type_ensure (UI_TYPE_PLAN_VIEW);
  g_type_ensure (UI_TYPE_PROGRESS_VIEW);
  g_type_ensure (UI_TYPE_SETTINGS_FORM);
  g_type_ensure (UI_TYPE_SITUATION_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-deployment-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, pane);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, stack);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, view_switcher);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, actions_button);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, situation);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, history);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, banner);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, form);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, plan);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, progress);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, progress_page);
  gtk_widget_class_bind_template_callback (widget_class, on_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  install_actions (widget_class);
}

static void
ui_deployment_page_init (UiDeploymentPage *self)
{
  self->stale = TRUE;
  self->again = "deployment.review";
  gtk_widget_init_template (GTK_WIDGET (self));
  on_narrow_cb (self);
  update_actions (self);
}

/**
 * ui_deployment_page_get_session:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the session
 */
StackSession *
ui_deployment_page_get_session (UiDeploymentPage *self)
{
  g_return_val_if_fail (UI_IS_DEPLOYMENT_PAGE (self), NULL);

  return self->session;
}

/**
 * ui_deployment_page_set_session:
 * @self: a page
 * @session: (nullable): a session
 *
 * Shows the settings of a session and deploys with it.
 */
void
ui_deployment_page_set_session (UiDeploymentPage *self,
                                StackSession     *session)
{
  g_return_if_fail (UI_IS_DEPLOYMENT_PAGE (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  _ui_deployment_page_stop_review (self);
  g_set_object (&self->session, session);
  self->stale = TRUE;
  ui_plan_view_forget (self->plan);
  /* What was planned and done belongs to the other one. */
  _ui_deployment_page_forget_running (self);
  g_clear_object (&self->deployer);
  self->again = "deployment.review";
  if (session != NULL)
    {
      ui_settings_form_set_session (self->form, session);
      g_signal_connect_object (stack_session_get_settings (session), "changed",
                               G_CALLBACK (on_settings_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::connection", G_CALLBACK (on_connection_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::manifests", G_CALLBACK (update_actions), self,
                               G_CONNECT_SWAPPED);
      on_connection_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * ui_deployment_page_go_on:
 * @self: a page
 *
 * Does the next thing on the way to a deployment: makes the plan, or carries out the one that is
 * shown.
 */
void
ui_deployment_page_go_on (UiDeploymentPage *self)
{
  gboolean planned;

  g_return_if_fail (UI_IS_DEPLOYMENT_PAGE (self));

  planned = adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->plan) &&
            ui_plan_view_get_plan (self->plan) != NULL;
  gtk_widget_activate_action (GTK_WIDGET (self),
                              planned ? "deployment.carry-out" : "deployment.review", NULL);
}

/**
 * ui_deployment_page_cancel:
 * @self: a page
 *
 * Stops a running deployment. What was applied stays.
 */
void
ui_deployment_page_cancel (UiDeploymentPage *self)
{
  g_return_if_fail (UI_IS_DEPLOYMENT_PAGE (self));

  g_cancellable_cancel (self->cancellable);
}
