/* ui-deployment-undo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-deployment-page-private.h"

#include <glib/gi18n.h>

#include "stack-error.h"
#include "stack-undo.h"

/* The part of the page that leads back to a revision, and on with a deployment that others began:
 * a plan of what is deployed instead of the form. */

/* What is deployed, changed: first a plan of it, as of the form. */

/*
 * _ui_deployment_page_forget_running:
 * @self: a page
 *
 * The next plan is about the form.
 */
void
_ui_deployment_page_forget_running (UiDeploymentPage *self)
{
  g_clear_object (&self->running);
  g_clear_pointer (&self->run_headline, g_free);
  g_clear_pointer (&self->run_image, g_free);
  ui_plan_view_set_purpose (self->plan, NULL, NULL);
}

/*
 * _ui_deployment_page_plan_running:
 * @self: a page that changes what is deployed
 *
 * Asks the cluster what would change.
 */
void
_ui_deployment_page_plan_running (UiDeploymentPage *self)
{
  g_autoptr (GPtrArray) objects = stack_running_build_objects (self->running);

  /* Whoever asks for it has seen what the fields of others are now. */
  _ui_deployment_page_plan (self, objects, TRUE);
}

/*
 * _ui_deployment_page_plan_change:
 * @self: a page that shows that it asks
 * @running: what is deployed, with a change
 * @headline: what is being done while it is carried out
 * @purpose: what the plan is for
 * @label: what its button says
 *
 * Makes a plan of it in place of the form's.
 */
void
_ui_deployment_page_plan_change (UiDeploymentPage *self,
                                 StackRunning     *running,
                                 const char       *headline,
                                 const char       *purpose,
                                 const char       *label)
{
  _ui_deployment_page_forget_running (self);
  if (stack_running_get_paused (running))
    {
      _ui_deployment_page_stop_review (self);
      self->stale = TRUE;
      ui_plan_view_show_error (self->plan, _("The rollout is paused"),
                                              _("The change would not reach the pods, and nobody would see whether "
                                 "it works. Resume the rollout first."));
      return;
    }

  self->running = g_object_ref (running);
  self->run_headline = g_strdup (headline);
  ui_plan_view_set_purpose (self->plan, purpose, label);
  _ui_deployment_page_plan_running (self);
}

/*
 * _ui_deployment_page_show_asking:
 * @self: a page
 *
 * Turns to the plan, which is not about the form this time. A review goes on from now.
 */
void
_ui_deployment_page_show_asking (UiDeploymentPage *self)
{
  _ui_deployment_page_stop_review (self);
  self->review = g_cancellable_new ();
  self->stale = FALSE;
  ui_plan_view_show_asking (self->plan);
  adw_view_stack_set_visible_child (self->stack, GTK_WIDGET (self->plan));
}

/* Back to a revision. */

static void
on_undo_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackUndo) undo = stack_undo_prepare_finish (result, &error);
  g_autoptr (StackRevisionChange) change = NULL;
  g_autofree char *change_words = NULL;
  g_autofree char *headline = NULL;
  g_autofree char *purpose = NULL;
  g_autofree char *label = NULL;
  guint            number;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (undo == NULL)
    {
      self->stale = TRUE;
      ui_plan_view_show_error (self->plan, _("There is no way back"), error->message);
      return;
    }

  number = stack_revision_get_number (stack_undo_get_revision (undo));
  change = stack_running_build_change (stack_undo_get_running (undo));
  change_words = stack_revision_change_describe (change);
  purpose = g_strdup_printf (_("Back to revision %u: %s. The number of pods stays, and so does what "
                               "stands in the form."),
                                number, change_words);
  label = g_strdup_printf (_("Restore revision %u"), number);
  headline = g_strdup_printf (_("Bringing revision %u back on %s"), number,
                                 _ui_deployment_page_get_cluster (self));
  _ui_deployment_page_plan_change (self, stack_undo_get_running (undo), headline, purpose, label);
}

/*
 * _ui_deployment_page_restore:
 * @self: a page
 * @number: of a revision, 0 for the last one that was proven to work
 *
 * Shows what would change if it were brought back.
 */
void
_ui_deployment_page_restore (UiDeploymentPage *self,
                             guint             number)
{
  const char *ns = _ui_deployment_page_get_namespace (self);

  if (ns == NULL)
    return;

  _ui_deployment_page_show_asking (self);
  stack_undo_prepare_async (_ui_deployment_page_get_client (self), ns, number, self->review,
                            on_undo_cb, g_object_ref (self));
}

static void
on_way_back_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackUndo) undo = stack_undo_prepare_finish (result, &error);

  /* Something else may have begun meanwhile. */
  if (self->session == NULL || self->cancellable != NULL)
    return;
  if (undo != NULL)
    ui_progress_view_show_way_back (self->progress, stack_undo_get_revision (undo), NULL);
  else if (g_error_matches (error, STACK_ERROR, STACK_ERROR_NO_REVISION))
    ui_progress_view_show_way_back (self->progress, NULL, error->message);
}

/*
 * _ui_deployment_page_find_way_back:
 * @self: a page that shows a failure
 *
 * Finds out whether it can be undone, and offers that.
 */
void
_ui_deployment_page_find_way_back (UiDeploymentPage *self)
{
  const char *ns = _ui_deployment_page_get_namespace (self);

  if (_ui_deployment_page_is_connected (self) && ns != NULL)
    stack_undo_prepare_async (_ui_deployment_page_get_client (self), ns, 0, NULL, on_way_back_cb, g_object_ref (self));
}

/*
 * _ui_deployment_page_run_change:
 * @self: a page
 * @running: what is deployed, with a change
 * @deployer: what carries that out
 * @headline: that in words
 * @failed_headline: (transfer none): what is true if it fails; a constant
 *
 * Does it and shows how. The app is where its own settings say, which the form may not.
 */
void
_ui_deployment_page_run_change (UiDeploymentPage *self,
                                StackRunning     *running,
                                StackDeployer    *deployer,
                                const char       *headline,
                                const char       *failed_headline)
{
  g_autofree char *address = NULL;

  if (!stack_running_is_secret (running, "NEXTAUTH_URL"))
    address = stack_running_dup_variable (running, "NEXTAUTH_URL");
  _ui_deployment_page_run (self, deployer, headline, failed_headline, address);
}

/* A deployment that goes on already: nothing is changed, it is waited for and proven. */

static void
on_wait_running_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackRunning) running = stack_running_read_finish (result, &error);
  g_autoptr (StackDeployer) deployer = NULL;
  g_autofree char *headline = NULL;

  if (self->session == NULL || self->cancellable != NULL)
    return;
  if (running == NULL)
    {
      ui_banner_show (self->banner, UI_TONE_ERROR, error->message);
      return;
    }

  deployer = stack_running_new_deployer (running);
  stack_deployer_set_force (deployer, FALSE);
  headline = g_strdup_printf (_("Waiting for what is being deployed to %s"), _ui_deployment_page_get_cluster (self));
  _ui_deployment_page_run_change (self, running, deployer, headline,
                                  _("Hacky Stack was not deployed"));
}

/*
 * _ui_deployment_page_wait:
 * @self: a page
 *
 * Follows what is being deployed to its end, and proves it.
 */
void
_ui_deployment_page_wait (UiDeploymentPage *self)
{
  const char *ns = _ui_deployment_page_get_namespace (self);

  if (ns != NULL)
    stack_running_read_async (_ui_deployment_page_get_client (self), ns, NULL, on_wait_running_cb,
                              g_object_ref (self));
}
