/* ui-progress-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-progress-view.h"

#include <glib/gi18n.h>

#include "stack-error.h"
#include "ui-operation-row.h"
#include "ui-pane.h"
#include "ui-pod-row.h"
#include "ui-tone.h"

/* What a deployment is doing: the answer in the first line, the steps, the pods, and at the end
 * what came of it and where to go from there. */
struct _UiProgressView
{
  GtkWidget parent_instance;

  StackDeployer *deployer; /* (owned) (nullable) */
  char          *address;  /* (owned) (nullable) */

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
  GtkWidget           *failure;
  GtkOrientable       *failure_buttons;
  GtkLabel            *failure_text;
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
  gtk_orientable_set_orientation (self->failure_buttons, orientation);
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

static void
show_success (UiProgressView *self,
              const char     *clock)
{
  const char      *health = stack_deployer_get_health (self->deployer);
  g_autofree char *summary = NULL;
  g_autofree char *words = NULL;

  if (stack_deployer_get_changed (self->deployer))
    {
      summary = g_strdup_printf (_("At %s all pods were ready and the app answered."), clock);
      show_headline (self, UI_TONE_SUCCESS, _("Hacky Stack works"), summary);
    }
  else
    {
      summary = g_strdup_printf (_("At %s the cluster ran exactly this already, and the app answered."), clock);
      show_headline (self, UI_TONE_SUCCESS, _("Nothing had to change"), summary);
    }
  if (health != NULL)
    words = g_strdup_printf (_("Asked for its health, the app said: %s"), health);
  gtk_label_set_label (self->health, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->health), words != NULL);
  gtk_widget_set_visible (self->success, TRUE);
}

static char *
list_steps (UiProgressView *self,
            gboolean        done)
{
  GListModel *operations = stack_deployer_get_operations (self->deployer);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr (StackOperation) operation = g_list_model_get_item (operations, i);

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

  show_headline (self, UI_TONE_WARNING, _("The deployment was cancelled"), "");
  if (*done == '\0')
    words = g_strdup (_("Nothing was sent to the cluster."));
  else
    words = g_strdup_printf (_("Done and left in place: %s. Not done: %s. "
                               "Deploy again to finish what was begun."),
                                done, open);
  gtk_label_set_label (self->failure_text, words);
  gtk_widget_set_visible (self->failure, TRUE);
}

static void
show_failure (UiProgressView *self,
              const GError   *error)
{
  gboolean conflict = g_error_matches (error, STACK_ERROR, STACK_ERROR_CONFLICT);

  show_headline (self, UI_TONE_ERROR,
                 conflict ? _("Somebody else owns part of this")
                          : _("Hacky Stack was not deployed"),
                               "");
  gtk_label_set_label (self->failure_text, error->message);
  gtk_widget_set_visible (self->failure, TRUE);
}

static void
ui_progress_view_dispose (GObject *object)
{
  UiProgressView *self = UI_PROGRESS_VIEW (object);

  g_clear_object (&self->deployer);
  g_clear_pointer (&self->address, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_PROGRESS_VIEW);

  G_OBJECT_CLASS (ui_progress_view_parent_class)->dispose (object);
}

static void
ui_progress_view_class_init (UiProgressViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_progress_view_dispose;

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
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, failure_buttons);
  gtk_widget_class_bind_template_child (widget_class, UiProgressView, failure_text);
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

static void
set_address (UiProgressView *self,
             StackSettings  *settings)
{
  const char      *host = stack_settings_get_text (settings, STACK_FIELD_HOST);
  const char      *url = stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL);
  g_autofree char *label = NULL;

  g_free (self->address);
  self->address = *url != '\0' ? g_strdup (url) : g_strdup_printf ("https://%s", host);
  label = g_strdup_printf (_("Open %s"), self->address);
  gtk_button_set_label (self->open_button, label);
}

/**
 * ui_progress_view_show_run:
 * @self: a progress view
 * @deployer: a deployment that begins
 * @settings: what is deployed
 * @cluster: the context's name
 *
 * Follows a deployment.
 */
void
ui_progress_view_show_run (UiProgressView *self,
                           StackDeployer  *deployer,
                           StackSettings  *settings,
                           const char     *cluster)
{
  g_autofree char *headline = g_strdup_printf (_("Deploying to %s"), cluster);

  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));
  g_return_if_fail (STACK_IS_SETTINGS (settings));

  g_set_object (&self->deployer, deployer);
  set_address (self, settings);
  show_headline (self, UI_TONE_PROGRESS, headline,
                 _("Each step says what it waits for. You can go on working meanwhile."));
  gtk_widget_set_visible (self->failure, FALSE);
  gtk_widget_set_visible (self->success, FALSE);
  gtk_widget_set_visible (self->cancel_button, TRUE);
  gtk_widget_grab_focus (self->cancel_button);
  gtk_list_box_bind_model (self->operations, stack_deployer_get_operations (deployer),
                           create_operation_row, NULL, NULL);
  adw_preferences_group_set_description (self->pods_group, _("The copies of the app. Choose one to read its log."));
  gtk_list_box_bind_model (self->pods, stack_deployer_get_pods (deployer), create_pod_row, NULL,
                           NULL);
}

/**
 * ui_progress_view_show_result:
 * @self: a progress view
 * @error: (nullable): why the deployment failed; %NULL when it succeeded
 *
 * Shows what came of the deployment.
 */
void
ui_progress_view_show_result (UiProgressView *self,
                              const GError   *error)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *clock = NULL;

  g_return_if_fail (UI_IS_PROGRESS_VIEW (self));
  g_return_if_fail (self->deployer != NULL);

  now = g_date_time_new_now_local ();
  clock = g_date_time_format (now, "%H:%M");
  show_pods_of_then (self, clock);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  if (error == NULL)
    show_success (self, clock);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_cancelled (self);
  else
    show_failure (self, error);
  /* The answer stands in the first line: let it be seen. */
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
}
