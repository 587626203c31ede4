/* ui-status-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-status-label.h"

/* A state: picture, word, and a colour that only repeats them. */
struct _UiStatusLabel
{
  GtkWidget parent_instance;

  GtkWidget *icon;
  GtkWidget *label;
  UiTone     tone;
};

enum
{
  PROP_0,
  PROP_WRAP,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiStatusLabel, ui_status_label, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
ui_status_label_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_WRAP:
      ui_status_label_set_wrap (UI_STATUS_LABEL (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_status_label_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  UiStatusLabel *self = UI_STATUS_LABEL (object);

  switch (prop_id)
    {
    case PROP_WRAP:
      g_value_set_boolean (value, gtk_label_get_wrap (GTK_LABEL (self->label)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_status_label_dispose (GObject *object)
{
  UiStatusLabel *self = UI_STATUS_LABEL (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (ui_status_label_parent_class)->dispose (object);
}

static void
ui_status_label_class_init (UiStatusLabelClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_status_label_dispose;
  object_class->get_property = ui_status_label_get_property;
  object_class->set_property = ui_status_label_set_property;

  properties[PROP_WRAP] =
      g_param_spec_boolean ("wrap", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statuslabel");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ui_status_label_init (UiStatusLabel *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  self->icon = g_object_new (GTK_TYPE_IMAGE,
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             "icon-name", ui_tone_get_icon_name (UI_TONE_NEUTRAL),
                             NULL);
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), ui_tone_get_css_class (UI_TONE_NEUTRAL));
}

/**
 * ui_status_label_new:
 *
 * Makes an empty status label.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
ui_status_label_new (void)
{
  return g_object_new (UI_TYPE_STATUS_LABEL, NULL);
}

/**
 * ui_status_label_set:
 * @self: a status label
 * @tone: what the words amount to
 * @label: the words
 *
 * Shows another state.
 */
void
ui_status_label_set (UiStatusLabel *self,
                     UiTone         tone,
                     const char    *label)
{
  g_return_if_fail (UI_IS_STATUS_LABEL (self));
  g_return_if_fail (label != NULL);

  gtk_label_set_label (GTK_LABEL (self->label), label);
  if (self->tone == tone)
    return;
  gtk_widget_remove_css_class (GTK_WIDGET (self), ui_tone_get_css_class (self->tone));
  gtk_widget_add_css_class (GTK_WIDGET (self), ui_tone_get_css_class (tone));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), ui_tone_get_icon_name (tone));
  self->tone = tone;
}

/**
 * ui_status_label_get_tone:
 * @self: a status label
 *
 * Returns: what is shown now
 */
UiTone
ui_status_label_get_tone (UiStatusLabel *self)
{
  g_return_val_if_fail (UI_IS_STATUS_LABEL (self), UI_TONE_NEUTRAL);

  return self->tone;
}

/**
 * ui_status_label_get_text:
 * @self: a status label
 *
 * Returns: (transfer none): the words shown now
 */
const char *
ui_status_label_get_text (UiStatusLabel *self)
{
  g_return_val_if_fail (UI_IS_STATUS_LABEL (self), NULL);

  return gtk_label_get_label (GTK_LABEL (self->label));
}

/**
 * ui_status_label_set_wrap:
 * @self: a status label
 * @wrap: whether long words go on in a second line instead of ending in an ellipsis
 *
 * Sets how the label treats a text that is too long.
 */
void
ui_status_label_set_wrap (UiStatusLabel *self,
                          gboolean       wrap)
{
  GtkLabel *label;

  g_return_if_fail (UI_IS_STATUS_LABEL (self));

  label = GTK_LABEL (self->label);
  if (gtk_label_get_wrap (label) == wrap)
    return;
  gtk_label_set_wrap (label, wrap);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_ellipsize (label, wrap ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  /* The picture belongs to the first line. */
  gtk_widget_set_valign (self->icon, wrap ? GTK_ALIGN_START : GTK_ALIGN_FILL);
  gtk_widget_set_valign (self->label, wrap ? GTK_ALIGN_START : GTK_ALIGN_FILL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRAP]);
}
