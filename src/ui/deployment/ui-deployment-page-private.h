/* ui-deployment-page-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui-deployment-page.h"

#include "stack-control.h"
#include "stack-running.h"
#include "stack-situation-watch.h"
#include "ui-banner.h"
#include "ui-history-view.h"
#include "ui-pane.h"
#include "ui-plan-view.h"
#include "ui-progress-view.h"
#include "ui-settings-form.h"
#include "ui-situation-bar.h"

G_BEGIN_DECLS

/* What runs, and what would change: the form, the way of a deployment, and the way back. */
struct _UiDeploymentPage
{
  GtkWidget parent_instance;

  StackSession *session;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): exists while the app is being changed */
  GCancellable *review;      /* (owned) (nullable): exists while a plan is made */
  gboolean      stale;       /* something has changed since the plan was made */
  guint         look_source; /* a namespace that is being typed */

  /* A plan that is not of the form's answers */
  StackRunning *running;         /* (owned) (nullable): what it is of */
  char         *run_headline;    /* (owned) (nullable): of its run */
  char         *run_image;       /* (owned) (nullable): becomes the form's, too */
  const char   *failed_headline; /* of the run that goes on */
  char         *address;         /* (owned) (nullable): where it can be visited then */

  StackSituationWatch *watch; /* (owned) (nullable): of the namespace in the form */

  /* What "Try again" does */
  StackDeployer     *deployer; /* (owned) (nullable): runs again, or else */
  const char        *again;    /* the action that does */
  StackControlAction control;  /* the last one */

  UiPane          *pane;
  AdwViewStack    *stack;
  AdwViewSwitcher *view_switcher;
  GtkMenuButton   *actions_button;
  UiBanner        *banner;
  UiSituationBar  *situation;
  UiSettingsForm  *form;
  UiPlanView      *plan;
  UiProgressView  *progress;
  UiHistoryView   *history;

  AdwViewStackPage *progress_page; /* not there before the first deployment */
};

/* ui-deployment-page.c */
void _ui_deployment_page_begin (UiDeploymentPage *self,
                                const char       *headline,
                                GListModel       *steps,
                                GListModel       *pods);
void _ui_deployment_page_end (UiDeploymentPage *self);
void _ui_deployment_page_run (UiDeploymentPage *self,
                              StackDeployer    *deployer,
                              const char       *headline,
                              const char       *failed_headline,
                              const char       *address);
void _ui_deployment_page_save (UiDeploymentPage *self);
void _ui_deployment_page_plan (UiDeploymentPage *self,
                               GPtrArray        *objects,
                               gboolean          force);
void _ui_deployment_page_stop_review (UiDeploymentPage *self);

/* ui-deployment-undo.c */
void _ui_deployment_page_forget_running (UiDeploymentPage *self);
void _ui_deployment_page_plan_running (UiDeploymentPage *self);
void _ui_deployment_page_show_asking (UiDeploymentPage *self);
void _ui_deployment_page_plan_change (UiDeploymentPage *self,
                                      StackRunning     *running,
                                      const char       *headline,
                                      const char       *purpose,
                                      const char       *label);
void _ui_deployment_page_restore (UiDeploymentPage *self,
                                  guint             number);
void _ui_deployment_page_find_way_back (UiDeploymentPage *self);
void _ui_deployment_page_run_change (UiDeploymentPage *self,
                                     StackRunning     *running,
                                     StackDeployer    *deployer,
                                     const char       *headline,
                                     const char       *failed_headline);
void _ui_deployment_page_wait (UiDeploymentPage *self);

/* ui-deployment-questions.c */
void _ui_deployment_page_ask_scale (UiDeploymentPage *self);
void _ui_deployment_page_ask_image (UiDeploymentPage *self);

/* ui-deployment-operate.c */
void        _ui_deployment_page_install_operate_actions (GtkWidgetClass *widget_class);
void        _ui_deployment_page_update_operate_actions (UiDeploymentPage *self);
const char *_ui_deployment_page_get_namespace (UiDeploymentPage *self);
KubeClient *_ui_deployment_page_get_client (UiDeploymentPage *self);
const char *_ui_deployment_page_get_cluster (UiDeploymentPage *self);
gboolean    _ui_deployment_page_is_connected (UiDeploymentPage *self);
void        _ui_deployment_page_look (UiDeploymentPage *self);

G_END_DECLS
