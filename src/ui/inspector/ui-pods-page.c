/* ui-pods-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-pods-page.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "ui-banner.h"
#include "ui-pane.h"
#include "ui-pod-cell.h"
#include "ui-status-label.h"
#include "ui-tone.h"

/* "Which one is ill?": the pods of the app's namespace, with the server's own columns. */
struct _UiPodsPage
{
  GtkWidget parent_instance;

  KubeReflector *pods;   /* (owned) (nullable) */
  char          *needle; /* (owned) (nullable): the filter, case-folded */
  guint          loading_source;

  UiBanner           *banner;
  UiPane             *pane;
  GtkWidget          *bar;
  GtkStack           *stack;
  GtkSearchEntry     *search;
  UiStatusLabel      *answer;
  GtkColumnView      *view;
  GtkSortListModel   *sorted;
  GtkFilterListModel *filtered;
  GtkCustomFilter    *filter;
  AdwStatusPage      *empty;
  AdwStatusPage      *failed;

  GtkColumnViewColumn *columns[UI_POD_CELL_NODE + 1]; /* (owned) */
};

/* From left to right. */
static const UiPodCellKind ORDER[] = {
  UI_POD_CELL_NAME,
  UI_POD_CELL_STATUS,
  UI_POD_CELL_READY,
  UI_POD_CELL_RESTARTS,
  UI_POD_CELL_AGE,
  UI_POD_CELL_NODE,
};

G_DEFINE_FINAL_TYPE (UiPodsPage, ui_pods_page, GTK_TYPE_WIDGET)

typedef struct
{
  UiPodsPage   *page; /* (unowned): the page outlives its columns */
  UiPodCellKind kind;
} Column;

static void
on_setup_cb (Column      *column,
             GtkListItem *item)
{
  gtk_list_item_set_child (item, ui_pod_cell_new (column->kind));
}

static void
on_bind_cb (Column      *column,
            GtkListItem *item)
{
  ui_pod_cell_bind (UI_POD_CELL (gtk_list_item_get_child (item)), column->page->pods,
                    gtk_list_item_get_item (item));
}

static void
on_unbind_cb (Column      *column,
              GtkListItem *item)
{
  ui_pod_cell_unbind (UI_POD_CELL (gtk_list_item_get_child (item)));
}

static int
compare_pods (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const Column *column = user_data;
  KubeObject   *first = (KubeObject *) a;
  KubeObject   *second = (KubeObject *) b;
  const char   *x = ui_pod_cell_get_text (column->page->pods, first, column->kind);
  const char   *y = ui_pod_cell_get_text (column->page->pods, second, column->kind);
  gint64        born_x, born_y;

  switch (column->kind)
    {
    case UI_POD_CELL_AGE:
      /* The youngest is born last. */
      born_x = kube_object_get_creation_time (first);
      born_y = kube_object_get_creation_time (second);
      return (born_x < born_y) - (born_x > born_y);

    case UI_POD_CELL_RESTARTS:
      return atoi (x) - atoi (y);

    case UI_POD_CELL_NAME:
    case UI_POD_CELL_READY:
    case UI_POD_CELL_STATUS:
    case UI_POD_CELL_NODE:
    default:
      return strcmp (x, y);
    }
}

static void
free_column (gpointer  data,
             GClosure *closure)
{
  g_free (data);
}

static void
add_column (UiPodsPage   *self,
            UiPodCellKind kind,
            const char   *title,
            int           width)
{
  GtkListItemFactory  *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *view_column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkSorter) sorter = NULL;
  Column *column = g_new0 (Column, 1);

  column->page = self;
  column->kind = kind;
  g_signal_connect_data (factory, "setup", G_CALLBACK (on_setup_cb), column, free_column,
                         G_CONNECT_SWAPPED);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (on_bind_cb), column);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (on_unbind_cb), column);
  sorter = GTK_SORTER (gtk_custom_sorter_new (compare_pods, column, NULL));
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_expand (view_column, kind == UI_POD_CELL_NAME);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (view_column, width);
  self->columns[kind] = view_column;
}

static gboolean
match_pod (gpointer item,
           gpointer user_data)
{
  UiPodsPage      *self = user_data;
  g_autofree char *name = NULL;
  g_autofree char *status = NULL;

  if (self->needle == NULL || *self->needle == '\0' || self->pods == NULL)
    return TRUE;
  name = g_utf8_casefold (kube_object_get_name (item), -1);
  if (strstr (name, self->needle) != NULL)
    return TRUE;
  status = g_utf8_casefold (ui_pod_cell_get_text (self->pods, item, UI_POD_CELL_STATUS), -1);
  return strstr (status, self->needle) != NULL;
}

static gboolean
wants_column (UiPodsPage   *self,
              UiPodCellKind kind)
{
  switch (kind)
    {
    case UI_POD_CELL_READY:
    case UI_POD_CELL_RESTARTS:
      return !ui_pane_is_narrow (self->pane);

    case UI_POD_CELL_NODE:
      return !ui_pane_is_narrow (self->pane) && self->pods != NULL && kube_reflector_find_column (self->pods, "Node") >= 0;

    case UI_POD_CELL_NAME:
    case UI_POD_CELL_STATUS:
    case UI_POD_CELL_AGE:
    default:
      return TRUE;
    }
}

static gboolean
has_column (UiPodsPage   *self,
            guint         position,
            UiPodCellKind kind)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, position);

  return column == self->columns[kind];
}

/* The rarer columns give way before the name becomes unreadable. They are taken out rather than
 * made invisible: GTK 4.8 goes on counting the widths of invisible columns. */
static void
update_columns (UiPodsPage *self)
{
  gboolean narrow = ui_pane_is_narrow (self->pane);
  guint    position = 0;

  for (guint i = 0; i < G_N_ELEMENTS (ORDER); i++)
    {
      gboolean wanted = wants_column (self, ORDER[i]);
      gboolean shown = has_column (self, position, ORDER[i]);

      if (wanted && !shown)
        gtk_column_view_insert_column (self->view, position, self->columns[ORDER[i]]);
      else if (!wanted && shown)
        gtk_column_view_remove_column (self->view, self->columns[ORDER[i]]);
      position += wanted;
    }
  gtk_column_view_column_set_fixed_width (self->columns[UI_POD_CELL_STATUS],
                                          narrow ? 114 : 180);
  gtk_column_view_column_set_fixed_width (self->columns[UI_POD_CELL_AGE], narrow ? 66 : 78);
  /* The answer is to be read whole; the filter goes below it. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar), narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/* What is shown is not what there is: the cluster cannot be asked. */
static gboolean
is_stale (UiPodsPage *self)
{
  KubeReflectorState state;

  if (self->pods == NULL || !kube_reflector_get_synced (self->pods) ||
      kube_reflector_get_error (self->pods) == NULL)
    return FALSE;

  state = kube_reflector_get_state (self->pods);
  return state == KUBE_REFLECTOR_BACKING_OFF || state == KUBE_REFLECTOR_FAILED;
}

/* A time of the clock stays true, however long nothing moves. */
static char *
format_contact (UiPodsPage *self)
{
  gint64 last = kube_reflector_get_last_contact (self->pods);
  g_autoptr (GDateTime) contact = g_date_time_new_from_unix_local (last / G_USEC_PER_SEC);

  return g_date_time_format (contact, "%H:%M");
}

static void
show_past_answer (UiPodsPage  *self,
                  guint        n,
                  const guint *n_by_tone)
{
  guint            n_ill = n_by_tone[UI_TONE_ERROR] + n_by_tone[UI_TONE_WARNING];
  guint            n_well = n_by_tone[UI_TONE_SUCCESS] + n_by_tone[UI_TONE_NEUTRAL];
  g_autofree char *clock = format_contact (self);
  g_autofree char *words = NULL;

  if (n_ill > 0)
    words = g_strdup_printf (ngettext ("%u of %u pods was ill when last seen at %s", "%u of %u pods were ill when last seen at %s", n_ill),
                             n_ill, n, clock);
  else if (n_well < n)
    words = g_strdup_printf (_("%u of %u pods were ready when last seen at %s"), n_well, n, clock);
  else
    words = g_strdup_printf (ngettext ("%u pod was well when last seen at %s", "All %u pods were well when last seen at %s", n),
                             n, clock);
  ui_status_label_set (self->answer, UI_TONE_NEUTRAL, words);
  gtk_widget_add_css_class (GTK_WIDGET (self->answer), "dim-label");
}

static void
show_present_answer (UiPodsPage  *self,
                     guint        n,
                     const guint *n_by_tone)
{
  guint            n_ill = n_by_tone[UI_TONE_ERROR] + n_by_tone[UI_TONE_WARNING];
  guint            n_well = n_by_tone[UI_TONE_SUCCESS] + n_by_tone[UI_TONE_NEUTRAL];
  g_autofree char *words = NULL;

  if (n_ill > 0)
    words = g_strdup_printf (ngettext ("%u of %u pods is ill", "%u of %u pods are ill", n_ill),
                             n_ill, n);
  else if (n_well < n)
    words = g_strdup_printf (_("%u of %u pods ready, the others are starting"), n_well, n);
  else
    words = g_strdup_printf (ngettext ("The one pod is well", "All %u pods are well", n), n);
  ui_status_label_set (self->answer,
                       n_by_tone[UI_TONE_ERROR] > 0     ? UI_TONE_ERROR
                       : n_by_tone[UI_TONE_WARNING] > 0 ? UI_TONE_WARNING
                       : n_well < n                     ? UI_TONE_PROGRESS
                                                        : UI_TONE_SUCCESS,
                       words);
  gtk_widget_remove_css_class (GTK_WIDGET (self->answer), "dim-label");
}

static void
update_answer (UiPodsPage *self)
{
  GListModel *model = kube_reflector_get_model (self->pods);
  guint       n = g_list_model_get_n_items (model);
  guint       n_by_tone[UI_TONE_ERROR + 1] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KubeObject) pod = g_list_model_get_item (model, i);
      const char *ready = ui_pod_cell_get_text (self->pods, pod, UI_POD_CELL_READY);
      const char *status = ui_pod_cell_get_text (self->pods, pod, UI_POD_CELL_STATUS);

      n_by_tone[ui_tone_for_pod (status, ui_tone_is_all_ready (ready))]++;
    }
  if (is_stale (self))
    show_past_answer (self, n, n_by_tone);
  else
    show_present_answer (self, n, n_by_tone);
}

static gboolean
on_loading_cb (gpointer user_data)
{
  UiPodsPage *self = user_data;

  self->loading_source = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  return G_SOURCE_REMOVE;
}

/* Quick answers need no "loading": it would only flicker. */
static void
show_loading (UiPodsPage *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  if (self->loading_source != 0 || g_strcmp0 (shown, "loading") == 0)
    return;
  gtk_stack_set_visible_child_name (self->stack, "nothing");
  self->loading_source = g_timeout_add (300, on_loading_cb, self);
}

static void
show_child (UiPodsPage *self,
            const char *name)
{
  g_clear_handle_id (&self->loading_source, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->bar,
                          g_str_equal (name, "list") || g_str_equal (name, "no-match"));
}

static void
show_failed (UiPodsPage *self,
             const char *problem)
{
  /* The description is markup. */
  g_autofree char *text = g_markup_escape_text (problem, -1);

  adw_status_page_set_description (self->failed, text);
  show_child (self, "failed");
}

static void
update_page (UiPodsPage *self)
{
  guint   n = 0, n_shown;
  GError *error = NULL;

  if (self->pods == NULL)
    {
      show_child (self, "nothing");
      return;
    }
  n = g_list_model_get_n_items (kube_reflector_get_model (self->pods));
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  error = kube_reflector_get_error (self->pods);
  if (!kube_reflector_get_synced (self->pods) && error != NULL)
    {
      show_failed (self, error->message);
    }
  else if (!kube_reflector_get_synced (self->pods))
    {
      show_loading (self);
    }
  else if (n == 0)
    {
      show_child (self, "empty");
    }
  else
    {
      update_answer (self);
      show_child (self, n_shown == 0 ? "no-match" : "list");
    }
}

static void
update_banner (UiPodsPage *self)
{
  g_autofree char *clock = NULL;
  g_autofree char *words = NULL;

  if (!is_stale (self))
    {
      ui_banner_hide (self->banner);
      gtk_widget_remove_css_class (GTK_WIDGET (self->view), "stale");
      return;
    }
  clock = format_contact (self);
  words = g_strdup_printf (_("Not connected since %s. Showing what was known then."), clock);
  ui_banner_show (self->banner, UI_TONE_WARNING, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->banner),
                               kube_reflector_get_error (self->pods)->message);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "stale");
}

static void
on_reflector_notify_cb (UiPodsPage *self)
{
  update_columns (self);
  update_banner (self);
  update_page (self);
}

static void
on_pods_changed_cb (UiPodsPage *self)
{
  if (self->needle != NULL && *self->needle != '\0')
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  on_reflector_notify_cb (self);
}

static void
on_search_changed_cb (UiPodsPage *self)
{
  g_free (self->needle);
  self->needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_page (self);
}

static void
on_search_stopped_cb (UiPodsPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
on_row_activated_cb (UiPodsPage *self,
                     guint       position)
{
  g_autoptr (KubeObject) pod = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-log", "s",
                              kube_object_get_name (pod));
}

static gboolean
ui_pods_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (UI_PODS_PAGE (widget)->view));
}

static void
ui_pods_page_dispose (GObject *object)
{
  UiPodsPage *self = UI_PODS_PAGE (object);

  g_clear_handle_id (&self->loading_source, g_source_remove);
  if (self->filtered != NULL)
    gtk_filter_list_model_set_model (self->filtered, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_PODS_PAGE);
  for (guint i = 0; i < G_N_ELEMENTS (self->columns); i++)
    g_clear_object (&self->columns[i]);
  g_clear_object (&self->pods);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (ui_pods_page_parent_class)->dispose (object);
}

static void
ui_pods_page_class_init (UiPodsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_pods_page_dispose;
  widget_class->grab_focus = ui_pods_page_grab_focus;

  g_type_ensure (UI_TYPE_BANNER);
  g_type_ensure (UI_TYPE_PANE);
  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/inspector/ui-pods-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, answer);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, banner);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, bar);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, empty);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, failed);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, filter);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, filtered);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, pane);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, search);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, sorted);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, UiPodsPage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_columns);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_pods_page_init (UiPodsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_custom_filter_set_filter_func (self->filter, match_pod, self, NULL);
  add_column (self, UI_POD_CELL_NAME, C_("column of pods", "Name"), -1);
  add_column (self, UI_POD_CELL_STATUS, C_("column of pods", "Status"), 180);
  add_column (self, UI_POD_CELL_READY, C_("column of pods", "Ready"), 84);
  add_column (self, UI_POD_CELL_RESTARTS, C_("column of pods", "Restarts"), 108);
  add_column (self, UI_POD_CELL_AGE, C_("column of pods", "Age"), 78);
  add_column (self, UI_POD_CELL_NODE, C_("column of pods", "Node"), 120);
  gtk_sort_list_model_set_sorter (self->sorted, gtk_column_view_get_sorter (self->view));
  update_columns (self);
  gtk_column_view_sort_by_column (self->view, self->columns[UI_POD_CELL_NAME],
                                  GTK_SORT_ASCENDING);
}

/**
 * ui_pods_page_set_pods:
 * @self: a page
 * @pods: (nullable): the pods in table form; %NULL while there is no connection
 * @namespace_: (nullable): where they are looked for, for the words on the page
 *
 * Shows pods, and follows them.
 */
void
ui_pods_page_set_pods (UiPodsPage    *self,
                       KubeReflector *pods,
                       const char    *namespace_)
{
  g_autofree char *words = NULL;

  g_return_if_fail (UI_IS_PODS_PAGE (self));

  if (self->pods != NULL)
    g_signal_handlers_disconnect_by_data (self->pods, self);
  gtk_filter_list_model_set_model (self->filtered, NULL);
  g_set_object (&self->pods, pods);
  words = g_markup_printf_escaped (_("A pod is one running copy of the app. The namespace “%s” has none "
                                             "yet: deploy Hacky Stack, and its pods appear here by themselves."),
                                      namespace_ != NULL ? namespace_ : "");
  adw_status_page_set_description (self->empty, words);
  if (pods != NULL)
    {
      g_signal_connect_object (pods, "changed", G_CALLBACK (on_pods_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (pods, "notify", G_CALLBACK (on_reflector_notify_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_filter_list_model_set_model (self->filtered, kube_reflector_get_model (pods));
    }
  on_reflector_notify_cb (self);
}

/**
 * ui_pods_page_show_problem:
 * @self: a page without pods
 * @problem: why there is nothing to look for, in words
 *
 * Shows a problem in place of pods, until there are pods to show.
 */
void
ui_pods_page_show_problem (UiPodsPage *self,
                           const char *problem)
{
  g_return_if_fail (UI_IS_PODS_PAGE (self));
  g_return_if_fail (self->pods == NULL);
  g_return_if_fail (problem != NULL);

  show_failed (self, problem);
}

/**
 * ui_pods_page_find:
 * @self: a page
 *
 * Moves the focus to the filter.
 */
void
ui_pods_page_find (UiPodsPage *self)
{
  g_return_if_fail (UI_IS_PODS_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
