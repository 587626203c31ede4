/* ui-progress-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-progress-view.h"

#include <glib/gi18n.h>

#include "stack-error.h"
#include "stack-operation.h"
#include "ui-failure-card.h"
#include "ui-operation-row.h"
#include "ui-pane.h"
#include "ui-pod-row.h"
#include "ui-tone.h"

/* What is being done to the app: the answer in the first line, the steps, the pods, and at the end
 * what came of it and where to go from there. */
struct _UiProgressView
{
  GtkWidget parent_instance;

  GListModel *steps;   /* (owned) (nullable) StackOperation */
  char       *address; /* (owned) (nullable) */

  UiPane              *pane;
  GtkWidget           *scroller;
  GtkImage            *headline_icon;
  GtkSpinner          *headline_spinner;
  GtkLabel            *headline;
  GtkLabel            *summary;
  GtkWidget           *cancel_button;
  GtkOrientable       *columns;
  GtkListBox          *operations;
  GtkListBox          *pods;
  AdwPreferencesGroup *pods_group;
  UiFailureCard       *failure;
  GtkWidget           *success;
  GtkOrientable       *success_buttons;
  GtkLabel            *health;
  GtkButton           *open_button;
};

G_DEFINE_FINAL_TYPE (UiProgressView, ui_progress_view, GTK_TYPE_WIDGET)

static GtkWidget *
create_operation_row (gpointer item,
                      gpointer user_data)
{
  return ui_operation_row_new (item);
}

static GtkWidget *
create_pod_row (gpointer item,
                gpointer user_data)
{
  return ui_pod_row_new (item);
}

static void
on_narrow_cb (UiProgressView *self)
{
  GtkOrientation orientation = ui_pane_is_narrow (self->pane) ? GTK_ORIENTATION_VERTICAL
                                                              : GTK_ORIENTATION_HORIZONTAL;

  gtk_orientable_set_orientation (self->columns, orientation);
  ui_failure_card_set_narrow (self->failure, ui_pane_is_narrow (self->pane));
  gtk_orientable_set_orientation (self->success_buttons, orientation);
}

static void
on_pod_activated_cb (UiProgressView *self,
                     UiPodRow       *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-log", "s",
                              kube_object_get_name (ui_pod_row_get_pod (row)));
}

static void
on_opened_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (UiProgressView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (gtk_show_uri_full_finish (NULL, result, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = g_strdup_printf (_("The address could not be opened: %s"), error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
on_open_clicked_cb (UiProgressView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_show_uri_full (GTK_WINDOW (root), self->address, GDK_CURRENT_TIME, NULL, on_opened_cb,
                     g_object_ref (self));
}

static void
show_headline (UiProgressView *self,
               UiTone          tone,
               const char     *headline,
               const char     *summary)
{
  const char *classes[] = { ui_tone_get_css_class (tone), NULL };
  gboolean    running = tone == UI_TONE_PROGRESS;

  gtk_image_set_from_icon_name (self->headline_icon, ui_tone_get_icon_name (tone));
  gtk_widget_set_css_classes (GTK_WIDGET (self->headline_icon), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_icon), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_spinner), running);
  gtk_spinner_set_spinning (self->headline_spinner, running);
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *summary != '\0');
}

/* Nobody follows the pods any more: what is shown of them gets old from now on. */
static void
show_pods_of_then (UiProgressView *self,
                   const char     *clock)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf (_("As they were at %s, when this ended. Choose one to read its log."), clock);
  adw_preferences_group_set_description (self->pods_group, words);
}

static char *
list_steps (UiProgressView *self,
            gboolean        done)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (self->steps); i++)
    {
      g_autoptr (StackOperation) operation = g_list_model_get_item (self->steps, i);

      if ((stack_operation_get_state (operation) == STACK_OPERATION_DONE) != done)
        continue;
      if (list->len > 0)
        g_string_append (list, ", ");
      g_string_append (list, stack_operation_get_title (operation));
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
show_cancelled (UiProgressView *self)
{
  g_autofree char *done = list_steps (self, TRUE);
  g_autofree char *open = list_steps (self, FALSE);
  g_autofree char *words = NULL;

  show_headline (self, UI_TONE_WARNING, _("It was cancelled"), "");
  if (*done == '\0')
    words = g_strdup (_("Nothing was sent to the cluster."));
  else
    words = g_strdup_printf (_("Done and left in place: %s. Not done: %s. "
                               "Try again to finish what was begun."),
                                done, open);
  ui_failure_card_show (self->failure, "", words);
}

/* "It failed at: Wait for the pods", "" if no step did. */
static char *
find_failed_step (UiProgressView *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->steps); i++)
    {
      g_autoptr (StackOperation) operation = g_list_model_get_item (self->steps, i);

      if (stack_operation_get_state (operation) == STACK_OPERATION_FAILED)
        return g_strdup_printf (_("It failed at: %s"), stack_operation_get_title (operation));
    }

  return g_strdup ("");
}

/* Ends what was shown while it went on. */
static void
stop (UiProgressView *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (now, "%H:%M");

  show_pods_of_then (self, clock);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  /* The answer stands in the first line: let it be seen. */
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
}

static void
ui_progress_view_dispose (GObject *object)
{
  UiProgressView *self = UI_PROGRESS_VIEW (object);

  g_clear_object (&self->steps);
  g_clear_pointer (&self->address, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_PROGRESS_VIEW);

  G_OBJECT_CLASS (ui_progress_view_parent_class)->dispose (object);
}

static void
ui_progress_view_class_init (UiProgressViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_progress_view_dispose;

  g_type_ensure (UI_TYPE_FAILURE_CARD);
  g_type_ensure (UI_TYPE_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-progress-view.ui");
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, pane);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, scroller);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, headline_icon);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, headline_spinner);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, headline);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, summary);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, columns);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, operations);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, pods);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, pods_group);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, failure);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, success);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, success_buttons);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, health);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, open_button);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_pod_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_open_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_progress_view_init (UiProgressView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_progress_view_show_run:
 * @self: a progress view
 * @headline: what is being done, and where
 * @steps: the steps, #StackOperation
 * @pods: (nullable): the pods that are waited for, #KubeObject
 *
 * Follows a change of the app.
 */
void
ui_progress_view_show_run (UiProgressView *self,
                           const char     *headline,
                           GListModel     *steps,
                           GListModel     *pods)
{
  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));
  g_return_if_fail (headline != NULL);
  g_return_if_fail (G_IS_LIST_MODEL (steps));
  g_return_if_fail (pods == NULL || G_IS_LIST_MODEL (pods));

  g_set_object (&self->steps, steps);
  show_headline (self, UI_TONE_PROGRESS, headline,
                 _("Each step says what it waits for. You can go on working meanwhile."));
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
  gtk_widget_set_visible (self->success, FALSE);
  gtk_widget_set_visible (self->cancel_button, TRUE);
  gtk_widget_grab_focus (self->cancel_button);
  gtk_list_box_bind_model (self->operations, steps, create_operation_row, NULL, NULL);
  adw_preferences_group_set_description (self->pods_group, _("The copies of the app. Choose one to read its log."));
  gtk_list_box_bind_model (self->pods, pods, create_pod_row, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pods_group), pods != NULL);
}

/**
 * ui_progress_view_show_success:
 * @self: a progress view
 * @headline: what is true now
 * @summary: since when, and how that is known
 * @words: (nullable): what else is to be told
 * @address: (nullable): where the app can be visited
 *
 * Shows that everything was done.
 */
void
ui_progress_view_show_success (UiProgressView *self,
                               const char     *headline,
                               const char     *summary,
                               const char     *words,
                               const char     *address)
{
  g_autofree char *label = NULL;

  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));
  g_return_if_fail (headline != NULL && summary != NULL);

  stop (self);
  g_free (self->address);
  self->address = g_strdup (address);
  show_headline (self, UI_TONE_SUCCESS, headline, summary);
  gtk_label_set_label (self->health, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->health), words != NULL);
  label = g_strdup_printf (_("Open %s"), address != NULL ? address : "");
  gtk_button_set_label (self->open_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->success_buttons), address != NULL);
  gtk_widget_set_visible (self->success, words != NULL || address != NULL);
}

/**
 * ui_progress_view_show_failure:
 * @self: a progress view
 * @headline: what is not as it was to be
 * @error: why; a cancelled run is none that failed
 * @evidence: (nullable): what was seen when it failed
 *
 * Shows what failed, why, and what can be done.
 */
void
ui_progress_view_show_failure (UiProgressView *self,
                               const char     *headline,
                               const GError   *error,
                               StackEvidence  *evidence)
{
  gboolean         conflict = g_error_matches (error, STACK_ERROR, STACK_ERROR_CONFLICT);
  g_autofree char *step = NULL;

  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));
  g_return_if_fail (headline != NULL && error != NULL);
  g_return_if_fail (self->steps != NULL);

  stop (self);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      show_cancelled (self);
      return;
    }

  step = find_failed_step (self);
  show_headline (self, UI_TONE_ERROR, conflict ? _("Somebody else owns part of this") : headline, "");
  ui_failure_card_show (self->failure, step, error->message);
  ui_failure_card_show_evidence (self->failure, evidence);
}

/**
 * ui_progress_view_show_way_back:
 * @self: a progress view that shows a failure
 * @revision: (nullable): what can be restored
 * @words: (nullable): why there is nothing to restore
 *
 * Offers to undo, or says why not.
 */
void
ui_progress_view_show_way_back (UiProgressView *self,
                                StackRevision  *revision,
                                const char     *words)
{
  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));

  ui_failure_card_show_way_back (self->failure, revision, words);
}
