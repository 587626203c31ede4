/* ui-pod-cell.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-pod-cell.h"

#include "ui-age-label.h"
#include "ui-status-label.h"
#include "ui-tone.h"

/* One cell of the table of pods: what the API server printed there, brought up to date in place
 * when the pod changes. */
struct _UiPodCell
{
  GtkWidget parent_instance;

  UiPodCellKind  kind;
  KubeReflector *pods; /* (owned) (nullable) */
  KubeObject    *pod;  /* (owned) (nullable) */
  gulong         handler;

  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (UiPodCell, ui_pod_cell, GTK_TYPE_WIDGET)

/* The API server's own names of the columns. */
static const char *const COLUMNS[] = {
  [UI_POD_CELL_NAME] = "Name",
  [UI_POD_CELL_READY] = "Ready",
  [UI_POD_CELL_STATUS] = "Status",
  [UI_POD_CELL_RESTARTS] = "Restarts",
  [UI_POD_CELL_AGE] = "Age",
  [UI_POD_CELL_NODE] = "Node",
};

static void
update (UiPodCell *self)
{
  const char *text = ui_pod_cell_get_text (self->pods, self->pod, self->kind);
  const char *ready;
  const char *status;
  UiTone      tone;

  switch (self->kind)
    {
    case UI_POD_CELL_AGE:
      ui_age_label_set_span (UI_AGE_LABEL (self->child),
                             kube_object_get_creation_time (self->pod), 0);
      break;

    case UI_POD_CELL_STATUS:
      ready = ui_pod_cell_get_text (self->pods, self->pod, UI_POD_CELL_READY);
      status = *text != '\0' ? text : "Unknown";
      tone = ui_tone_for_pod (status, ui_tone_is_all_ready (ready));
      ui_status_label_set (UI_STATUS_LABEL (self->child), tone, status);
      break;

    case UI_POD_CELL_NAME:
    case UI_POD_CELL_READY:
    case UI_POD_CELL_RESTARTS:
    case UI_POD_CELL_NODE:
    default:
      gtk_label_set_label (GTK_LABEL (self->child), text);
      gtk_widget_set_tooltip_text (self->child, self->kind == UI_POD_CELL_NAME ? text : NULL);
    }
}

static GtkWidget *
create_child (UiPodCellKind kind)
{
  GtkWidget *label;

  if (kind == UI_POD_CELL_AGE)
    return ui_age_label_new ();
  if (kind == UI_POD_CELL_STATUS)
    return ui_status_label_new ();
  label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* The telling parts of a pod's name are at its ends. */
  gtk_label_set_ellipsize (GTK_LABEL (label), kind == UI_POD_CELL_NAME ? PANGO_ELLIPSIZE_MIDDLE
                                                                       : PANGO_ELLIPSIZE_END);
  if (kind == UI_POD_CELL_NAME)
    gtk_label_set_width_chars (GTK_LABEL (label), 12);
  else
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
ui_pod_cell_dispose (GObject *object)
{
  UiPodCell *self = UI_POD_CELL (object);

  ui_pod_cell_unbind (self);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (ui_pod_cell_parent_class)->dispose (object);
}

static void
ui_pod_cell_class_init (UiPodCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_pod_cell_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ui_pod_cell_init (UiPodCell *self)
{
}

/**
 * ui_pod_cell_new:
 * @kind: which column
 *
 * Makes an empty cell.
 *
 * Returns: (transfer floating): a cell
 */
GtkWidget *
ui_pod_cell_new (UiPodCellKind kind)
{
  UiPodCell *self = g_object_new (UI_TYPE_POD_CELL, NULL);

  self->kind = kind;
  self->child = create_child (kind);
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

/**
 * ui_pod_cell_bind:
 * @self: a cell
 * @pods: the table the pod belongs to
 * @pod: a row of the table
 *
 * Shows a pod, and follows it.
 */
void
ui_pod_cell_bind (UiPodCell     *self,
                  KubeReflector *pods,
                  KubeObject    *pod)
{
  g_return_if_fail (UI_IS_POD_CELL (self));
  g_return_if_fail (KUBE_IS_REFLECTOR (pods));
  g_return_if_fail (KUBE_IS_OBJECT (pod));

  ui_pod_cell_unbind (self);
  self->pods = g_object_ref (pods);
  self->pod = g_object_ref (pod);
  self->handler = g_signal_connect_swapped (pod, "notify::node", G_CALLBACK (update), self);
  update (self);
}

/**
 * ui_pod_cell_unbind:
 * @self: a cell
 *
 * Lets go of the pod.
 */
void
ui_pod_cell_unbind (UiPodCell *self)
{
  g_return_if_fail (UI_IS_POD_CELL (self));

  g_clear_signal_handler (&self->handler, self->pod);
  g_clear_object (&self->pod);
  g_clear_object (&self->pods);
}

/**
 * ui_pod_cell_get_text:
 * @pods: the table
 * @pod: a row of the table
 * @kind: which column
 *
 * Reads what the API server printed.
 *
 * Returns: (transfer none): the cell, "" when the table has no such column
 */
const char *
ui_pod_cell_get_text (KubeReflector *pods,
                      KubeObject    *pod,
                      UiPodCellKind  kind)
{
  const char *text = NULL;
  int         column;

  g_return_val_if_fail (KUBE_IS_REFLECTOR (pods), "");
  g_return_val_if_fail (KUBE_IS_OBJECT (pod), "");
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (COLUMNS), "");

  column = kube_reflector_find_column (pods, COLUMNS[kind]);
  if (column >= 0)
    text = kube_object_get_cell (pod, column);
  if (text == NULL && kind == UI_POD_CELL_NAME)
    text = kube_object_get_name (pod);
  return text != NULL ? text : "";
}
