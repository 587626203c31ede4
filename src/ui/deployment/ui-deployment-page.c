/* ui-deployment-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-deployment-page.h"

#include <glib/gi18n.h>

#include "stack-provision.h"
#include "ui-banner.h"
#include "ui-export-dialog.h"
#include "ui-plan-view.h"
#include "ui-progress-view.h"
#include "ui-settings-form.h"

/* What runs, and what would change: the form, and the way of a deployment. */
struct _UiDeploymentPage
{
  GtkWidget parent_instance;

  StackSession *session;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): exists while a deployment runs */
  GCancellable *review;      /* (owned) (nullable): exists while a plan is made */
  gboolean      stale;       /* something has changed since the plan was made */

  AdwViewStack   *stack;
  UiBanner       *banner;
  UiSettingsForm *form;
  UiPlanView     *plan;
  UiProgressView *progress;

  AdwViewStackPage *progress_page; /* not there before the first deployment */
};

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

static void
on_deployed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;

  stack_deployer_run_finish (STACK_DEPLOYER (source), result, &error);
  g_clear_object (&self->cancellable);
  /* The window may have been closed meanwhile. */
  if (self->session != NULL)
    {
      ui_progress_view_show_result (self->progress, error);
      update_blocker (self);
    }
  g_application_release (g_application_get_default ());
}

static void
run (UiDeploymentPage *self,
     StackDeployer    *deployer)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  KubeContext   *context = stack_session_get_context (self->session);

  stack_settings_save_async (settings, stack_session_get_vault (self->session), NULL, on_saved_cb,
                             g_object_ref (self));
  self->cancellable = g_cancellable_new ();
  ui_progress_view_show_run (self->progress, deployer, settings, kube_context_get_name (context));
  self->stale = TRUE;
  adw_view_stack_page_set_visible (self->progress_page, TRUE);
  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->progress));
  update_blocker (self);
  /* A closed window still waits for the deployment to have ended cleanly. */
  g_application_hold (g_application_get_default ());
  stack_deployer_run_async (deployer, self->cancellable, on_deployed_cb, g_object_ref (self));
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

static void
stop_review (UiDeploymentPage *self)
{
  g_cancellable_cancel (self->review);
  g_clear_object (&self->review);
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

  stop_review (self);
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
  if (self->session != NULL && self->stale &&
      adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->plan))
    make_plan (self);
}

static void
on_settings_changed_cb (UiDeploymentPage *self)
{
  self->stale = TRUE;
}

static void
on_review_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  UiDeploymentPage *self = UI_DEPLOYMENT_PAGE (widget);

  self->stale = TRUE;
  if (adw_view_stack_get_visible_child (self->stack) == GTK_WIDGET (self->plan))
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
  run (self, deployer);
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
  stop_review (self);
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
  g_type_ensure (UI_TYPE_PLAN_VIEW);
  g_type_ensure (UI_TYPE_PROGRESS_VIEW);
  g_type_ensure (UI_TYPE_SETTINGS_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-deployment-page.ui");
  /* Bound for gtk_widget_dispose_template(), which lets go of what is bound. */
  gtk_widget_class_bind_template_child_full (widget_class, "box", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, stack);
  gtk_widget_class_bind_template_child_full (widget_class, "switcher", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, banner);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, form);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, plan);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, progress);
  gtk_widget_class_bind_template_child (widget_class, UiDeploymentPage, progress_page);
  gtk_widget_class_bind_template_callback (widget_class, on_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  install_actions (widget_class);
}

static void
ui_deployment_page_init (UiDeploymentPage *self)
{
  self->stale = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
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
  stop_review (self);
  g_set_object (&self->session, session);
  self->stale = TRUE;
  ui_plan_view_forget (self->plan);
  if (session != NULL)
    {
      ui_settings_form_set_session (self->form, session);
      g_signal_connect_object (stack_session_get_settings (session), "changed",
                               G_CALLBACK (on_settings_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::connection", G_CALLBACK (update_blocker), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::manifests", G_CALLBACK (update_actions), self,
                               G_CONNECT_SWAPPED);
      update_blocker (self);
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
