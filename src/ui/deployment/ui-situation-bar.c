/* ui-situation-bar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-situation-bar.h"

#include <glib/gi18n.h>

#include "stack-situation.h"
#include "ui-revision-row.h"
#include "ui-status-label.h"

/* Changes come in bunches. */
#define PAUSE_MS 700

/* A line across the page for whoever comes back: a deployment that has not come to its end, or a
 * rollout that is paused, found in the cluster alone. */
struct _UiSituationBar
{
  GtkWidget parent_instance;

  KubeClient          *client;      /* (owned) (nullable) */
  char                *ns;          /* (owned) (nullable) */
  StackSituationWatch *watch;       /* (owned) (nullable) */
  GCancellable        *cancellable; /* (owned) (nullable): exists while the cluster is asked */
  guint                source;      /* a look that is due */
  gboolean             busy;        /* what goes on is shown elsewhere */
  gboolean             deployed;    /* as it was known last */
  gboolean             paused;

  GtkWidget     *box;
  GtkOrientable *lines;
  UiStatusLabel *status;
  GtkWidget     *wait_button;
  GtkWidget     *undo_button;
  GtkWidget     *resume_button;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (UiSituationBar, ui_situation_bar, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static void
take_state (UiSituationBar *self,
            gboolean        deployed,
            gboolean        paused)
{
  if (self->deployed == deployed && self->paused == paused)
    return;

  self->deployed = deployed;
  self->paused = paused;
  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
describe_unfinished (StackSituation *situation)
{
  g_autofree char *origin = ui_revision_row_describe_origin (situation->unfinished);

  return g_strdup_printf (_("A deployment is still going on, or was broken off: revision %u, %s. %s"),
                             stack_revision_get_number (situation->unfinished), origin,
                             situation->status->summary);
}

static void
show_situation (UiSituationBar *self,
                StackSituation *situation)
{
  gboolean         paused = situation->status->paused;
  gboolean         unfinished = situation->unfinished != NULL && !paused;
  g_autofree char *words = NULL;

  if (paused)
    ui_status_label_set (self->status, UI_TONE_WARNING,
                         _("The rollout is paused: what is deployed does not reach the pods until it is resumed."));
  else if (unfinished)
    {
      words = describe_unfinished (situation);
      ui_status_label_set (self->status, UI_TONE_PROGRESS, words);
    }
  gtk_widget_set_visible (self->wait_button, unfinished);
  gtk_widget_set_visible (self->undo_button, unfinished);
  gtk_widget_set_visible (self->resume_button, paused);
  gtk_widget_set_visible (self->box, paused || unfinished);
  take_state (self, situation->status->deployed, paused);
}

/* Whoever cannot ask is told so by the page: this line has nothing to say then. */
static void
on_situation_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (UiSituationBar) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackSituation) situation = stack_situation_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (situation != NULL)
    {
      show_situation (self, situation);
      return;
    }
  gtk_widget_set_visible (self->box, FALSE);
  take_state (self, FALSE, FALSE);
}

static void
stop (UiSituationBar *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
on_due_cb (gpointer user_data)
{
  UiSituationBar *self = user_data;

  self->source = 0;
  stop (self);
  self->cancellable = g_cancellable_new ();
  stack_situation_read_async (self->client, self->ns, self->cancellable, on_situation_cb,
                              g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
look_soon (UiSituationBar *self)
{
  if (self->client == NULL || self->ns == NULL || *self->ns == '\0' || self->busy ||
      self->source != 0)
    return;

  self->source = g_timeout_add (PAUSE_MS, on_due_cb, self);
}

static void
ui_situation_bar_dispose (GObject *object)
{
  UiSituationBar *self = UI_SITUATION_BAR (object);

  stop (self);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);
  g_clear_object (&self->client);
  g_clear_pointer (&self->ns, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_SITUATION_BAR);

  G_OBJECT_CLASS (ui_situation_bar_parent_class)->dispose (object);
}

static void
ui_situation_bar_class_init (UiSituationBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_situation_bar_dispose;

  /**
   * UiSituationBar::changed:
   * @self: a bar
   *
   * Whether the app is deployed, or its rollout paused, is another now.
   */
  signals[CHANGED] = g_signal_new ("changed", UI_TYPE_SITUATION_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-situation-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, box);
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, lines);
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, status);
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, wait_button);
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, undo_button);
  gtk_widget_class_bind_template_child (widget_class, UiSituationBar, resume_button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_situation_bar_init (UiSituationBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_situation_bar_set_cluster:
 * @self: a bar
 * @client: (nullable): the cluster; %NULL while there is none
 * @ns: (nullable): the app's namespace
 * @watch: (nullable): says when to look again
 *
 * Sets what is looked at, and looks.
 */
void
ui_situation_bar_set_cluster (UiSituationBar      *self,
                              KubeClient          *client,
                              const char          *ns,
                              StackSituationWatch *watch)
{
  g_return_if_fail (UI_IS_SITUATION_BAR (self));
  g_return_if_fail (client == NULL || KUBE_IS_CLIENT (client));

  stop (self);
  gtk_widget_set_visible (self->box, FALSE);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_set_object (&self->client, client);
  g_set_object (&self->watch, watch);
  g_free (self->ns);
  self->ns = g_strdup (ns);
  take_state (self, FALSE, FALSE);
  if (watch != NULL)
    g_signal_connect_object (watch, "changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  look_soon (self);
}

/**
 * ui_situation_bar_set_busy:
 * @self: a bar
 * @busy: whether the window itself is changing the app
 *
 * Says nothing while @busy, and looks again afterwards.
 */
void
ui_situation_bar_set_busy (UiSituationBar *self,
                           gboolean        busy)
{
  g_return_if_fail (UI_IS_SITUATION_BAR (self));

  if (self->busy == busy)
    return;

  self->busy = busy;
  if (busy)
    {
      stop (self);
      gtk_widget_set_visible (self->box, FALSE);
    }
  else
    look_soon (self);
}

/**
 * ui_situation_bar_is_deployed:
 * @self: a bar
 *
 * Returns: whether the app is deployed, as far as is known
 */
gboolean
ui_situation_bar_is_deployed (UiSituationBar *self)
{
  g_return_val_if_fail (UI_IS_SITUATION_BAR (self), FALSE);

  return self->deployed;
}

/**
 * ui_situation_bar_is_paused:
 * @self: a bar
 *
 * Returns: whether the rollout is paused, as far as is known
 */
gboolean
ui_situation_bar_is_paused (UiSituationBar *self)
{
  g_return_val_if_fail (UI_IS_SITUATION_BAR (self), FALSE);

  return self->paused;
}

/**
 * ui_situation_bar_set_narrow:
 * @self: a bar
 * @narrow: whether there is little room
 *
 * Puts the buttons below the words.
 */
void
ui_situation_bar_set_narrow (UiSituationBar *self,
                             gboolean        narrow)
{
  g_return_if_fail (UI_IS_SITUATION_BAR (self));

  gtk_orientable_set_orientation (self->lines, narrow ? GTK_ORIENTATION_VERTICAL
                                                      : GTK_ORIENTATION_HORIZONTAL);
}
