/* ui-cluster-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-cluster-row.h"

#include <glib/gi18n.h>

#include "stack-doctor-cluster.h"
#include "ui-status-label.h"

/* Asks the cluster about the answers, when somebody wants to know, and says how many findings
 * there are; the form puts each under its question. The next change makes this out of date. */
struct _UiClusterRow
{
  AdwPreferencesRow parent_instance;

  StackSession *session;     /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): exists while the cluster is asked */

  GtkWidget     *explanation;
  UiStatusLabel *answer;
  GtkSpinner    *spinner;
  GtkWidget     *show_button;
  GtkButton     *button;
};

enum
{
  FINDINGS,
  SHOW,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (UiClusterRow, ui_cluster_row, ADW_TYPE_PREFERENCES_ROW)

static guint signals[N_SIGNALS];

static void
show_answer (UiClusterRow *self,
             UiTone        tone,
             const char   *words)
{
  if (words != NULL)
    ui_status_label_set (self->answer, tone, words);
  gtk_widget_set_visible (GTK_WIDGET (self->answer), words != NULL);
  gtk_widget_set_visible (self->explanation, words == NULL);
  gtk_widget_set_visible (self->show_button, FALSE);
}

static gboolean
can_ask (UiClusterRow *self)
{
  return self->session != NULL && stack_session_get_manifests (self->session) != NULL &&
         stack_session_get_connection (self->session) == STACK_CONNECTION_CONNECTED;
}

static void
update (UiClusterRow *self)
{
  gboolean    asking = self->cancellable != NULL;
  const char *label = asking ? _("Stop asking the cluster") : _("Check with the cluster");

  gtk_button_set_label (self->button, asking ? _("Cancel") : _("Check"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), asking || can_ask (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), asking);
  gtk_spinner_set_spinning (self->spinner, asking);
}

static UiTone
get_worst_tone (GPtrArray *findings)
{
  StackSeverity worst = STACK_SEVERITY_HINT;

  for (guint i = 0; i < findings->len; i++)
    worst = MAX (worst, ((StackFinding *) g_ptr_array_index (findings, i))->severity);
  if (worst == STACK_SEVERITY_ERROR)
    return UI_TONE_ERROR;

  return worst == STACK_SEVERITY_WARNING ? UI_TONE_WARNING : UI_TONE_NEUTRAL;
}

static void
show_findings (UiClusterRow *self,
               GPtrArray    *findings)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (now, "%H:%M");
  g_autofree char *words = NULL;

  if (findings->len == 0)
    words = g_strdup_printf (_("At %s the cluster had all that these answers need."), clock);
  else
    words = g_strdup_printf (ngettext ("At %s: %u finding. It stands under its question.",
                                       "At %s: %u findings. Each stands under its question.",
                                       findings->len),
                             clock, findings->len);
  show_answer (self, findings->len > 0 ? get_worst_tone (findings) : UI_TONE_SUCCESS, words);
  gtk_widget_set_visible (self->show_button, findings->len > 0);
}

static void
on_checked_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiClusterRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = stack_doctor_check_cluster_finish (result, &error);

  /* Answers that came too late are not shown. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (findings != NULL)
    {
      show_findings (self, findings);
      g_signal_emit (self, signals[FINDINGS], 0, findings);
    }
  else
    show_answer (self, UI_TONE_ERROR, error->message);
  update (self);
}

/* Whether what the cluster would be asked with cannot be a question. */
static gboolean
is_beyond_cluster (StackSettings *settings)
{
  static const StackFieldId fields[] = { STACK_FIELD_NAMESPACE, STACK_FIELD_IMAGE,
                                         STACK_FIELD_REPLICAS };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (StackFinding) finding = stack_doctor_check_field (settings, fields[i]);

      if (finding != NULL && finding->severity == STACK_SEVERITY_ERROR)
        return TRUE;
    }

  return FALSE;
}

static void
stop (UiClusterRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
ask (UiClusterRow *self)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  show_answer (self, UI_TONE_NEUTRAL, NULL);
  g_signal_emit (self, signals[FINDINGS], 0, NULL);
  if (is_beyond_cluster (settings))
    {
      show_answer (self, UI_TONE_WARNING,
                   _("The cluster was not asked: the namespace, the image or the number of "
                     "replicas cannot be. Correct that first."));
      return;
    }
  objects = stack_manifest_set_fill (stack_session_get_manifests (self->session), settings, &error);
  if (objects == NULL)
    {
      show_answer (self, UI_TONE_ERROR, error->message);
      return;
    }

  self->cancellable = g_cancellable_new ();
  stack_doctor_check_cluster_async (settings, objects, stack_session_get_client (self->session),
                                    self->cancellable, on_checked_cb, g_object_ref (self));
}

static void
on_clicked_cb (UiClusterRow *self)
{
  if (self->cancellable != NULL)
    stop (self);
  else
    ask (self);
  update (self);
}

static void
on_show_clicked_cb (UiClusterRow *self)
{
  g_signal_emit (self, signals[SHOW], 0);
}

static void
on_changed_cb (UiClusterRow *self)
{
  stop (self);
  show_answer (self, UI_TONE_NEUTRAL, NULL);
  update (self);
}

static void
ui_cluster_row_dispose (GObject *object)
{
  UiClusterRow *self = UI_CLUSTER_ROW (object);

  stop (self);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_CLUSTER_ROW);

  G_OBJECT_CLASS (ui_cluster_row_parent_class)->dispose (object);
}

static void
ui_cluster_row_class_init (UiClusterRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_cluster_row_dispose;

  /* What the cluster said, a GPtrArray of StackFinding; NULL when that counts no more. */
  signals[FINDINGS] = g_signal_new ("findings", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  /* Somebody wants to see the first of them. */
  signals[SHOW] = g_signal_new ("show-findings", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-cluster-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiClusterRow, explanation);
  gtk_widget_class_bind_template_child (widget_class, UiClusterRow, answer);
  gtk_widget_class_bind_template_child (widget_class, UiClusterRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, UiClusterRow, show_button);
  gtk_widget_class_bind_template_child (widget_class, UiClusterRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_show_clicked_cb);
}

static void
ui_cluster_row_init (UiClusterRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * ui_cluster_row_set_session:
 * @self: a row
 * @session: (nullable): the session
 *
 * Asks from then on the session's cluster.
 */
void
ui_cluster_row_set_session (UiClusterRow *self,
                            StackSession *session)
{
  g_return_if_fail (UI_IS_CLUSTER_ROW (self));

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
      g_signal_connect_object (session, "notify::connection", G_CALLBACK (on_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::manifests", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (stack_session_get_settings (session), "changed",
                               G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
    }
  on_changed_cb (self);
}
