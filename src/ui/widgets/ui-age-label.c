/* ui-age-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-age-label.h"

#include "base-time.h"

/* How long ago something was, counting up by itself. All labels that can be seen share one
 * source, which exists only while there is such a label. */
struct _UiAgeLabel
{
  GtkWidget parent_instance;

  GtkWidget *label;
  gint64     since;
  gint64     until;
  gboolean   ticking;
};

enum
{
  PROP_0,
  PROP_XALIGN,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiAgeLabel, ui_age_label, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static GPtrArray *ticking_labels; /* (element-type UiAgeLabel) (unowned) */
static guint      tick_source;

static void
update_text (UiAgeLabel *self)
{
  g_autofree char *text = NULL;
  gint64           until = self->until != 0 ? self->until : g_get_real_time ();

  if (self->since != 0)
    text = base_time_format_age (MAX (0, until - self->since) / G_USEC_PER_SEC);
  gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? text : "");
}

static gboolean
on_tick_cb (gpointer user_data)
{
  for (guint i = 0; i < ticking_labels->len; i++)
    update_text (g_ptr_array_index (ticking_labels, i));
  return G_SOURCE_CONTINUE;
}

static void
start_ticking (UiAgeLabel *self)
{
  if (ticking_labels == NULL)
    ticking_labels = g_ptr_array_new ();
  if (tick_source == 0)
    tick_source = g_timeout_add_seconds (1, on_tick_cb, NULL);
  g_ptr_array_add (ticking_labels, self);
}

static void
stop_ticking (UiAgeLabel *self)
{
  g_ptr_array_remove_fast (ticking_labels, self);
  if (ticking_labels->len > 0)
    return;
  g_clear_pointer (&ticking_labels, g_ptr_array_unref);
  g_clear_handle_id (&tick_source, g_source_remove);
}

static void
update_ticking (UiAgeLabel *self)
{
  gboolean ticking = gtk_widget_get_mapped (GTK_WIDGET (self)) && self->since != 0 && self->until == 0;

  if (self->ticking == ticking)
    return;
  self->ticking = ticking;
  if (ticking)
    start_ticking (self);
  else
    stop_ticking (self);
}

static void
ui_age_label_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_age_label_parent_class)->map (widget);

  update_text (UI_AGE_LABEL (widget));
  update_ticking (UI_AGE_LABEL (widget));
}

static void
ui_age_label_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_age_label_parent_class)->unmap (widget);

  update_ticking (UI_AGE_LABEL (widget));
}

static void
ui_age_label_dispose (GObject *object)
{
  UiAgeLabel *self = UI_AGE_LABEL (object);

  if (self->ticking)
    {
      self->ticking = FALSE;
      stop_ticking (self);
    }
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (ui_age_label_parent_class)->dispose (object);
}

static void
ui_age_label_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_XALIGN:
      g_value_set_float (value, gtk_label_get_xalign (GTK_LABEL (UI_AGE_LABEL (object)->label)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_age_label_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_XALIGN:
      gtk_label_set_xalign (GTK_LABEL (UI_AGE_LABEL (object)->label), g_value_get_float (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_age_label_class_init (UiAgeLabelClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_age_label_dispose;
  object_class->get_property = ui_age_label_get_property;
  object_class->set_property = ui_age_label_set_property;
  widget_class->map = ui_age_label_map;
  widget_class->unmap = ui_age_label_unmap;

  properties[PROP_XALIGN] =
      g_param_spec_float ("xalign", NULL, NULL, 0, 1, 0,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_age_label_init (UiAgeLabel *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

/**
 * ui_age_label_new:
 *
 * Makes an empty label.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
ui_age_label_new (void)
{
  return g_object_new (UI_TYPE_AGE_LABEL, NULL);
}

/**
 * ui_age_label_set_span:
 * @self: an age label
 * @since: µs since the epoch; 0 shows nothing
 * @until: µs since the epoch; 0 counts on with the clock
 *
 * Shows the time between two moments, in the words of kubectl ("2m10s").
 */
void
ui_age_label_set_span (UiAgeLabel *self,
                       gint64      since,
                       gint64      until)
{
  g_return_if_fail (UI_IS_AGE_LABEL (self));

  self->since = since;
  self->until = until;
  update_text (self);
  update_ticking (self);
}
