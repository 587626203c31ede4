/* ui-pod-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-pod-row.h"

#include <glib/gi18n.h>

#include "kube-pod.h"
#include "ui-age-label.h"
#include "ui-status-label.h"

/* One pod of the deployment that is going on. */
struct _UiPodRow
{
  AdwPreferencesRow parent_instance;

  KubeObject *pod; /* (owned) */

  GtkLabel      *name;
  UiStatusLabel *status;
  UiAgeLabel    *age;
};

enum
{
  PROP_0,
  PROP_POD,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiPodRow, ui_pod_row, ADW_TYPE_PREFERENCES_ROW)

static GParamSpec *properties[N_PROPS];

static void
update (UiPodRow *self)
{
  JsonNode        *node = kube_object_get_node (self->pod);
  g_autofree char *status = kube_pod_dup_status (node);
  gboolean         ready = kube_pod_is_ready (node);
  gboolean         running = g_strcmp0 (status, "Running") == 0;
  const char      *words = status;

  if (running)
    words = ready ? _("Running, ready") : _("Running, not ready yet");
  gtk_label_set_label (self->name, kube_object_get_name (self->pod));
  ui_status_label_set (self->status, ui_tone_for_pod (status, ready),
                       words != NULL ? words : _("Unknown"));
  ui_age_label_set_span (self->age, kube_object_get_creation_time (self->pod), 0);
}

static void
ui_pod_row_dispose (GObject *object)
{
  UiPodRow *self = UI_POD_ROW (object);

  g_clear_object (&self->pod);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_POD_ROW);

  G_OBJECT_CLASS (ui_pod_row_parent_class)->dispose (object);
}

static void
ui_pod_row_constructed (GObject *object)
{
  UiPodRow *self = UI_POD_ROW (object);

  G_OBJECT_CLASS (ui_pod_row_parent_class)->constructed (object);

  g_signal_connect_object (self->pod, "notify::node", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
ui_pod_row_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_POD:
      g_value_set_object (value, ui_pod_row_get_pod (UI_POD_ROW (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_pod_row_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_POD:
      UI_POD_ROW (object)->pod = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_pod_row_class_init (UiPodRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = ui_pod_row_constructed;
  object_class->dispose = ui_pod_row_dispose;
  object_class->get_property = ui_pod_row_get_property;
  object_class->set_property = ui_pod_row_set_property;

  properties[PROP_POD] =
      g_param_spec_object ("pod", NULL, NULL, KUBE_TYPE_OBJECT,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-pod-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPodRow, name);
  gtk_widget_class_bind_template_child (widget_class, UiPodRow, status);
  gtk_widget_class_bind_template_child (widget_class, UiPodRow, age);

  g_type_ensure (UI_TYPE_STATUS_LABEL);
  g_type_ensure (UI_TYPE_AGE_LABEL);
}

static void
ui_pod_row_init (UiPodRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_pod_row_new:
 * @pod: a whole pod, not a row of a table
 *
 * Makes a row that follows the pod.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ui_pod_row_new (KubeObject *pod)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (pod), NULL);

  return g_object_new (UI_TYPE_POD_ROW, "pod", pod, NULL);
}

/**
 * ui_pod_row_get_pod:
 * @self: a row
 *
 * Returns: (transfer none): the pod it shows
 */
KubeObject *
ui_pod_row_get_pod (UiPodRow *self)
{
  g_return_val_if_fail (UI_IS_POD_ROW (self), NULL);

  return self->pod;
}
