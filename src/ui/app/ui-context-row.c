/* ui-context-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-context-row.h"

#include <glib/gi18n.h>

/* One cluster to choose from. */
struct _UiContextRow
{
  GtkListBoxRow parent_instance;

  KubeContext *context; /* (owned) */

  GtkLabel  *name;
  GtkLabel  *place;
  GtkLabel  *problem;
  GtkWidget *current;
};

enum
{
  PROP_0,
  PROP_CONTEXT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiContextRow, ui_context_row, GTK_TYPE_LIST_BOX_ROW)

static GParamSpec *properties[N_PROPS];

static char *
dup_host (KubeContext *context)
{
  const char      *server = kube_context_get_server (context);
  g_autofree char *host = NULL;
  int              port = -1;

  if (server != NULL)
    g_uri_split_network (server, G_URI_FLAGS_NONE, NULL, &host, &port, NULL);
  if (host == NULL)
    return g_strdup (server != NULL ? server : "");
  return port > 0 ? g_strdup_printf ("%s:%d", host, port) : g_steal_pointer (&host);
}

static void
ui_context_row_dispose (GObject *object)
{
  UiContextRow *self = UI_CONTEXT_ROW (object);

  g_clear_object (&self->context);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_CONTEXT_ROW);

  G_OBJECT_CLASS (ui_context_row_parent_class)->dispose (object);
}

static void
ui_context_row_constructed (GObject *object)
{
  UiContextRow    *self = UI_CONTEXT_ROW (object);
  const char      *problem = kube_context_get_problem (self->context);
  g_autofree char *host = dup_host (self->context);
  g_autofree char *place = NULL;

  G_OBJECT_CLASS (ui_context_row_parent_class)->constructed (object);

  place = g_strdup_printf (C_("server and namespace", "%s, namespace %s"), host,
                               kube_context_get_namespace (self->context));
  gtk_label_set_label (self->name, kube_context_get_name (self->context));
  gtk_label_set_label (self->place, place);
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->place), problem == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self), problem == NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  kube_context_get_name (self->context), -1);
}

static void
ui_context_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CONTEXT:
      g_value_set_object (value, ui_context_row_get_context (UI_CONTEXT_ROW (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_context_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_CONTEXT:
      UI_CONTEXT_ROW (object)->context = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_context_row_class_init (UiContextRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = ui_context_row_constructed;
  object_class->dispose = ui_context_row_dispose;
  object_class->get_property = ui_context_row_get_property;
  object_class->set_property = ui_context_row_set_property;

  properties[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, KUBE_TYPE_CONTEXT,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/app/ui-context-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiContextRow, name);
  gtk_widget_class_bind_template_child (widget_class, UiContextRow, place);
  gtk_widget_class_bind_template_child (widget_class, UiContextRow, problem);
  gtk_widget_class_bind_template_child (widget_class, UiContextRow, current);
}

static void
ui_context_row_init (UiContextRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_context_row_new:
 * @context: a context of a kubeconfig
 *
 * Makes a row; a context that cannot be used says why and cannot be chosen.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ui_context_row_new (KubeContext *context)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);

  return g_object_new (UI_TYPE_CONTEXT_ROW, "context", context, NULL);
}

/**
 * ui_context_row_get_context:
 * @self: a row
 *
 * Returns: (transfer none): the context it shows
 */
KubeContext *
ui_context_row_get_context (UiContextRow *self)
{
  g_return_val_if_fail (UI_IS_CONTEXT_ROW (self), NULL);

  return self->context;
}

/**
 * ui_context_row_set_current:
 * @self: a row
 * @current: whether this is the context in use
 *
 * Marks the context in use.
 */
void
ui_context_row_set_current (UiContextRow *self,
                            gboolean      current)
{
  g_return_if_fail (UI_IS_CONTEXT_ROW (self));

  gtk_widget_set_opacity (self->current, current ? 1 : 0);
}
