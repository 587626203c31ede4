/* ui-history-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-history-view.h"

#include <glib/gi18n.h>

#include "stack-error.h"
#include "stack-history.h"
#include "stack-revision-change.h"
#include "stack-running.h"
#include "ui-diff-view.h"
#include "ui-pane.h"
#include "ui-revision-row.h"
#include "ui-tone.h"

/* What was deployed before, read from the cluster alone: the answer in the first line, a row for
 * each revision, and of the chosen one what would change if it were brought back. */
struct _UiHistoryView
{
  GtkWidget parent_instance;

  KubeClient    *client;      /* (owned) (nullable) */
  char          *ns;          /* (owned) (nullable) */
  StackHistory  *history;     /* (owned) (nullable) */
  StackRunning  *running;     /* (owned) (nullable) what runs now */
  StackRevision *same;        /* (owned) (nullable) the revision that it is */
  GCancellable  *cancellable; /* (owned) (nullable): exists while the cluster is asked */

  UiPane        *pane;
  GtkStack      *stack;
  GtkImage      *headline_icon;
  GtkSpinner    *headline_spinner;
  GtkLabel      *headline;
  GtkLabel      *summary;
  GtkOrientable *columns;
  GtkWidget     *rows_scroller;
  GtkListBox    *rows;
  GtkLabel      *title;
  GtkLabel      *note;
  GtkLabel      *diff_title;
  UiDiffView    *diff;
  GtkWidget     *bar;
  GtkActionable *restore_button;
};

G_DEFINE_FINAL_TYPE (UiHistoryView, ui_history_view, GTK_TYPE_WIDGET)

static void
show_headline (UiHistoryView *self,
               UiTone         tone,
               const char    *headline,
               const char    *summary)
{
  const char *classes[] = { ui_tone_get_css_class (tone), NULL };
  gboolean    asking = tone == UI_TONE_PROGRESS;

  gtk_image_set_from_icon_name (self->headline_icon, ui_tone_get_icon_name (tone));
  gtk_widget_set_css_classes (GTK_WIDGET (self->headline_icon), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_icon), !asking);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_spinner), asking);
  gtk_spinner_set_spinning (self->headline_spinner, asking);
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *summary != '\0');
}

static void
remove_rows (UiHistoryView *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->rows, 0)) != NULL)
    gtk_list_box_remove (self->rows, GTK_WIDGET (row));
}

/* Not bound to the history: what is shown stays while it is read again. */
static void
add_rows (UiHistoryView *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->history)); i++)
    {
      g_autoptr (StackRevision) revision = g_list_model_get_item (G_LIST_MODEL (self->history), i);
      GtkWidget *row = ui_revision_row_new (revision);

      ui_revision_row_set_place (UI_REVISION_ROW (row), i == 0, revision == self->same);
      gtk_list_box_append (self->rows, row);
    }
}

static void
show_difference (UiHistoryView *self,
                 StackRevision *revision)
{
  g_autoptr (StackRevisionChange) change = NULL;
  g_autoptr (StackDiff) diff = NULL;
  g_autofree char *change_words = NULL;
  g_autofree char *words = NULL;

  change = stack_revision_change_new (stack_running_get_revision (self->running), revision);
  change_words = stack_revision_change_describe (change);
  words = g_strdup_printf (_("What would change now: %s"), change_words);
  diff = stack_revision_change_build_diff (stack_running_get_revision (self->running), revision);
  gtk_label_set_label (self->diff_title, words);
  ui_diff_view_set_diff (self->diff, diff);
}

static void
on_row_selected_cb (UiHistoryView *self)
{
  GtkListBoxRow   *row = gtk_list_box_get_selected_row (self->rows);
  StackRevision   *revision;
  gboolean         other;
  g_autofree char *title = NULL;
  g_autofree char *note = NULL;

  if (row == NULL || self->running == NULL)
    return;

  revision = ui_revision_row_get_revision (UI_REVISION_ROW (row));
  other = revision != self->same;
  title = g_strdup_printf (_("Revision %u"), stack_revision_get_number (revision));
  note = other ? g_strdup_printf (_("Image %s"), stack_revision_get_image (revision))
               : g_strdup_printf (_("Image %s. This is what runs now: there is nothing to restore."),
                                     stack_revision_get_image (revision));
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->diff_title), other);
  gtk_widget_set_visible (GTK_WIDGET (self->diff), other);
  gtk_widget_set_visible (self->bar, other);
  gtk_actionable_set_action_target (self->restore_button, "u", stack_revision_get_number (revision));
  if (other)
    show_difference (self, revision);
}

static void
on_narrow_cb (UiHistoryView *self)
{
  gboolean narrow = ui_pane_is_narrow (self->pane);

  gtk_orientable_set_orientation (self->columns, narrow ? GTK_ORIENTATION_VERTICAL
                                                        : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (self->rows_scroller, narrow ? -1 : 300, narrow ? 210 : -1);
}

static void
show_empty (UiHistoryView *self)
{
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
show_problem (UiHistoryView *self,
              const char    *headline,
              const char    *words)
{
  gtk_widget_set_visible (GTK_WIDGET (self->columns), FALSE);
  gtk_widget_set_visible (self->bar, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "revisions");
  show_headline (self, UI_TONE_WARNING, headline, words);
}

static char *
build_headline (UiHistoryView *self)
{
  if (self->same == NULL)
    return g_strdup (_("What runs is none of these"));
  if (stack_revision_get_outcome (self->same) == STACK_REVISION_PROVEN)
    return g_strdup_printf (_("Revision %u runs and was proven to work"),
                               stack_revision_get_number (self->same));
  if (stack_revision_get_outcome (self->same) == STACK_REVISION_FAILED)
    return g_strdup_printf (_("Revision %u was deployed last and failed"),
                               stack_revision_get_number (self->same));

  return g_strdup_printf (_("Revision %u was deployed last"), stack_revision_get_number (self->same));
}

static UiTone
get_tone (UiHistoryView *self)
{
  if (self->same == NULL)
    return UI_TONE_NEUTRAL;
  switch (stack_revision_get_outcome (self->same))
    {
    case STACK_REVISION_PROVEN:
      return UI_TONE_SUCCESS;

    case STACK_REVISION_FAILED:
      return UI_TONE_ERROR;

    case STACK_REVISION_DEPLOYING:
    default:
      return UI_TONE_WARNING;
    }
}

static guint
get_chosen (UiHistoryView *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->rows);

  return row != NULL
             ? stack_revision_get_number (ui_revision_row_get_revision (UI_REVISION_ROW (row)))
             : 0;
}

/* What was chosen stays chosen. At first it is the one before what runs: people come for it. */
static void
choose (UiHistoryView *self,
        guint          number)
{
  GListModel    *model = G_LIST_MODEL (self->history);
  StackRevision *chosen = stack_history_find (self->history, number);
  guint          position = 0;

  if (chosen == NULL)
    chosen = stack_history_find_proven (self->history, stack_running_get_revision (self->running));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (StackRevision) revision = g_list_model_get_item (model, i);

      if (revision == chosen)
        position = i;
    }
  gtk_list_box_select_row (self->rows, gtk_list_box_get_row_at_index (self->rows, (int) position));
}

static void
show_history (UiHistoryView *self)
{
  guint            chosen = get_chosen (self);
  g_autofree char *headline = NULL;

  g_set_object (&self->same, stack_history_find_same (self->history,
                                                      stack_running_get_revision (self->running)));
  headline = build_headline (self);
  show_headline (self, get_tone (self), headline,
                 self->same != NULL
                 ? _("The cluster keeps the last ten. Choose one to see what would change if it were restored.")
                 : _("Something has changed it since the last deployment. Choose a revision to see how it differs."));
  remove_rows (self);
  add_rows (self);
  gtk_widget_set_visible (GTK_WIDGET (self->columns), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "revisions");
  choose (self, chosen);
}

static void
on_running_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiHistoryView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackRunning) running = stack_running_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  g_set_object (&self->running, running);
  if (running == NULL && !g_error_matches (error, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED))
    show_problem (self, _("The history could not be read"), error->message);
  else if (running == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->history)) == 0)
    show_empty (self);
  else
    show_history (self);
}

static void
on_history_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiHistoryView) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = stack_history_load_finish (STACK_HISTORY (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (done)
    {
      stack_running_read_async (self->client, self->ns, self->cancellable, on_running_cb,
                                g_object_ref (self));
      return;
    }

  g_clear_object (&self->cancellable);
  show_problem (self, _("The history could not be read"), error->message);
}

static void
stop_asking (UiHistoryView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
forget (UiHistoryView *self)
{
  stop_asking (self);
  g_clear_object (&self->same);
  g_clear_object (&self->history);
  g_clear_object (&self->running);
}

static void
ui_history_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_history_view_parent_class)->map (widget);

  ui_history_view_reload (UI_HISTORY_VIEW (widget));
}

static void
ui_history_view_dispose (GObject *object)
{
  UiHistoryView *self = UI_HISTORY_VIEW (object);

  forget (self);
  g_clear_object (&self->client);
  g_clear_pointer (&self->ns, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_HISTORY_VIEW);

  G_OBJECT_CLASS (ui_history_view_parent_class)->dispose (object);
}

static void
ui_history_view_class_init (UiHistoryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_history_view_dispose;
  widget_class->map = ui_history_view_map;

  g_type_ensure (UI_TYPE_DIFF_VIEW);
  g_type_ensure (UI_TYPE_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-history-view.ui");
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, pane);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, stack);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, headline_icon);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, headline_spinner);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, headline);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, summary);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, columns);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, rows_scroller);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, rows);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, title);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, note);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, diff_title);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, diff);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, bar);
  gtk_widget_class_bind_template_child (widget_class, UiHistoryView, restore_button);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, ui_history_view_reload);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_history_view_init (UiHistoryView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_narrow_cb (self);
}

/**
 * ui_history_view_set_cluster:
 * @self: a history view
 * @client: (nullable): the cluster
 * @ns: (nullable): the app's namespace
 *
 * Sets whose history it is, and forgets the one before. It is read when somebody looks at it.
 */
void
ui_history_view_set_cluster (UiHistoryView *self,
                             KubeClient    *client,
                             const char    *ns)
{
  g_return_if_fail (UI_IS_HISTORY_VIEW (self));
  g_return_if_fail (client == NULL || KUBE_IS_CLIENT (client));

  if (client == self->client && g_strcmp0 (ns, self->ns) == 0)
    return;

  forget (self);
  g_set_object (&self->client, client);
  g_free (self->ns);
  self->ns = g_strdup (ns);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ui_history_view_reload (self);
}

/**
 * ui_history_view_reload:
 * @self: a history view
 *
 * Asks the cluster; what is shown stays until it has answered.
 */
void
ui_history_view_reload (UiHistoryView *self)
{
  g_return_if_fail (UI_IS_HISTORY_VIEW (self));

  stop_asking (self);
  if (self->client == NULL)
    {
      show_problem (self, _("Not connected to a cluster"), _("The history is kept in the cluster."));
      return;
    }

  if (self->history == NULL)
    {
      self->history = stack_history_new (self->client, self->ns);
      remove_rows (self);
      gtk_widget_set_visible (GTK_WIDGET (self->columns), FALSE);
      gtk_widget_set_visible (self->bar, FALSE);
      gtk_stack_set_visible_child_name (self->stack, "revisions");
      show_headline (self, UI_TONE_PROGRESS, _("Asking the cluster"), "");
    }
  self->cancellable = g_cancellable_new ();
  stack_history_load_async (self->history, self->cancellable, on_history_cb, g_object_ref (self));
}

/**
 * ui_history_view_refresh:
 * @self: a history view
 *
 * Asks the cluster if somebody looks at it; who looks later asks then.
 */
void
ui_history_view_refresh (UiHistoryView *self)
{
  g_return_if_fail (UI_IS_HISTORY_VIEW (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    ui_history_view_reload (self);
}
