/* ui-database-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-database-row.h"

#include <glib/gi18n.h>

#include "stack-database-probe.h"
#include "stack-doctor.h"
#include "ui-status-label.h"

/* Looks for the database from inside the cluster, when somebody asks for it, and says what was
 * found. An answer goes out of date with the next change of DATABASE_URL. */
struct _UiDatabaseRow
{
  AdwPreferencesRow parent_instance;

  StackSession *session;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): exists while a pod looks */

  GtkLabel      *explanation;
  UiStatusLabel *answer;
  GtkSpinner    *spinner;
  GtkButton     *button;
};

G_DEFINE_FINAL_TYPE (UiDatabaseRow, ui_database_row, ADW_TYPE_PREFERENCES_ROW)

static void
show_answer (UiDatabaseRow *self,
             UiTone         tone,
             const char    *words)
{
  if (words != NULL)
    ui_status_label_set (self->answer, tone, words);
  gtk_widget_set_visible (GTK_WIDGET (self->answer), words != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), words == NULL);
}

/* Without a URL that leads somewhere, or a cluster, there is nothing to ask. */
static gboolean
can_look (UiDatabaseRow *self)
{
  g_autoptr (StackFinding) finding = NULL;
  StackSettings *settings;

  if (self->session == NULL ||
      stack_session_get_connection (self->session) != STACK_CONNECTION_CONNECTED)
    return FALSE;
  settings = stack_session_get_settings (self->session);
  finding = stack_doctor_check_field (settings, STACK_FIELD_DATABASE_URL);

  return finding == NULL || finding->severity != STACK_SEVERITY_ERROR;
}

static void
update (UiDatabaseRow *self)
{
  gboolean looking = self->cancellable != NULL;

  gtk_button_set_label (self->button, looking ? _("Cancel") : _("Check"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), looking || can_look (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), looking);
  gtk_spinner_set_spinning (self->spinner, looking);
}

static void
on_probed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (UiDatabaseRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char   *message = NULL;
  StackDatabaseState state;
  gboolean           done = stack_database_probe_finish (result, &state, &message, &error);

  g_clear_object (&self->cancellable);
  g_application_release (g_application_get_default ());
  /* The window may have been closed meanwhile. */
  if (self->session == NULL)
    return;

  if (done)
    show_answer (self,
                 state == STACK_DATABASE_ANSWERS   ? UI_TONE_SUCCESS
                 : state == STACK_DATABASE_UNKNOWN ? UI_TONE_WARNING
                                                   : UI_TONE_ERROR,
                 message);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_answer (self, UI_TONE_ERROR, error->message);
  update (self);
}

static void
on_clicked_cb (UiDatabaseRow *self)
{
  if (self->cancellable != NULL)
    {
      g_cancellable_cancel (self->cancellable);
      return;
    }

  show_answer (self, UI_TONE_NEUTRAL, NULL);
  self->cancellable = g_cancellable_new ();
  /* A closed window still waits for the pod to be removed. */
  g_application_hold (g_application_get_default ());
  stack_database_probe_async (stack_session_get_settings (self->session),
                              stack_session_get_client (self->session), self->cancellable,
                              on_probed_cb, g_object_ref (self));
  update (self);
}

static void
on_settings_changed_cb (UiDatabaseRow *self,
                        StackFieldId   field)
{
  if (field == STACK_FIELD_DATABASE_URL)
    show_answer (self, UI_TONE_NEUTRAL, NULL);
  update (self);
}

static void
ui_database_row_dispose (GObject *object)
{
  UiDatabaseRow *self = UI_DATABASE_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_DATABASE_ROW);

  G_OBJECT_CLASS (ui_database_row_parent_class)->dispose (object);
}

static void
ui_database_row_class_init (UiDatabaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_database_row_dispose;

  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-database-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiDatabaseRow, explanation);
  gtk_widget_class_bind_template_child (widget_class, UiDatabaseRow, answer);
  gtk_widget_class_bind_template_child (widget_class, UiDatabaseRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, UiDatabaseRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked_cb);
}

static void
ui_database_row_init (UiDatabaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * ui_database_row_set_session:
 * @self: a row
 * @session: (nullable): the session
 *
 * Looks from then on in the session's cluster.
 */
void
ui_database_row_set_session (UiDatabaseRow *self,
                             StackSession  *session)
{
  g_return_if_fail (UI_IS_DATABASE_ROW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (stack_session_get_settings (self->session), self);
    }
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::connection", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (stack_session_get_settings (session), "changed",
                               G_CALLBACK (on_settings_changed_cb), self, G_CONNECT_SWAPPED);
    }
  update (self);
}
