/* ui-pane.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-pane.h"

/* One side of a leaflet. AdwLeaflet folds by natural widths, which would follow whatever text
 * stands in the page; a pane says a fixed natural width, so that folding has one threshold.
 * It also tells its content when there is little room. (AdwBreakpoint came with 1.4.) */
struct _UiPane
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int        natural_width;
  int        narrow_below;
  gboolean   narrow;
  guint      narrow_source;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_NATURAL_WIDTH,
  PROP_NARROW_BELOW,
  PROP_NARROW,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiPane, ui_pane, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
set_child (UiPane    *self,
           GtkWidget *child)
{
  if (self->child == child)
    return;
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static GtkSizeRequestMode
ui_pane_get_request_mode (GtkWidget *widget)
{
  return gtk_widget_get_request_mode (UI_PANE (widget)->child);
}

static void
ui_pane_measure (GtkWidget     *widget,
                 GtkOrientation orientation,
                 int            for_size,
                 int           *minimum,
                 int           *natural,
                 int           *minimum_baseline,
                 int           *natural_baseline)
{
  UiPane *self = UI_PANE (widget);

  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, self->natural_width);
}

static gboolean
on_narrow_cb (gpointer user_data)
{
  UiPane *self = user_data;

  self->narrow_source = 0;
  self->narrow = !self->narrow;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

/* Nobody may change what is visible while sizes are being given out: the news waits. */
static void
update_narrow (UiPane *self,
               int     width)
{
  gboolean narrow = width < self->narrow_below;

  if (narrow == self->narrow)
    g_clear_handle_id (&self->narrow_source, g_source_remove);
  else if (self->narrow_source == 0)
    self->narrow_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_narrow_cb, self, NULL);
}

static void
ui_pane_size_allocate (GtkWidget *widget,
                       int        width,
                       int        height,
                       int        baseline)
{
  gtk_widget_allocate (UI_PANE (widget)->child, width, height, baseline, NULL);
  update_narrow (UI_PANE (widget), width);
}

static void
ui_pane_dispose (GObject *object)
{
  UiPane *self = UI_PANE (object);

  g_clear_handle_id (&self->narrow_source, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (ui_pane_parent_class)->dispose (object);
}

static void
ui_pane_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  UiPane *self = UI_PANE (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;

    case PROP_NATURAL_WIDTH:
      g_value_set_int (value, ui_pane_get_natural_width (self));
      break;

    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;

    case PROP_NARROW:
      g_value_set_boolean (value, ui_pane_is_narrow (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_pane_set_property (GObject      *object,
                      guint         prop_id,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  UiPane *self = UI_PANE (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;

    case PROP_NATURAL_WIDTH:
      ui_pane_set_natural_width (self, g_value_get_int (value));
      break;

    case PROP_NARROW_BELOW:
      self->narrow_below = g_value_get_int (value);
      /* Narrow until proved wide: what is wide could keep the window from being narrow. */
      self->narrow = self->narrow_below > 0;
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_pane_class_init (UiPaneClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_pane_dispose;
  object_class->get_property = ui_pane_get_property;
  object_class->set_property = ui_pane_set_property;
  widget_class->get_request_mode = ui_pane_get_request_mode;
  widget_class->measure = ui_pane_measure;
  widget_class->size_allocate = ui_pane_size_allocate;

  properties[PROP_CHILD] =
      g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NATURAL_WIDTH] =
      g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW_BELOW] =
      g_param_spec_int ("narrow-below", NULL, NULL, 0, G_MAXINT, 0,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "pane");
}

static void
ui_pane_init (UiPane *self)
{
}

/**
 * ui_pane_get_natural_width:
 * @self: a pane
 *
 * Returns: the width it asks for, in pixels
 */
int
ui_pane_get_natural_width (UiPane *self)
{
  g_return_val_if_fail (UI_IS_PANE (self), 0);

  return self->natural_width;
}

/**
 * ui_pane_set_natural_width:
 * @self: a pane
 * @width: pixels; the child's minimum wins over a smaller number
 *
 * Sets the width that the pane asks for, whatever is in it.
 */
void
ui_pane_set_natural_width (UiPane *self,
                           int     width)
{
  g_return_if_fail (UI_IS_PANE (self));
  g_return_if_fail (width >= 0);

  if (self->natural_width == width)
    return;
  self->natural_width = width;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NATURAL_WIDTH]);
}

/**
 * ui_pane_is_narrow:
 * @self: a pane
 *
 * Returns: whether the pane has less than its "narrow-below" pixels
 */
gboolean
ui_pane_is_narrow (UiPane *self)
{
  g_return_val_if_fail (UI_IS_PANE (self), FALSE);

  return self->narrow;
}
