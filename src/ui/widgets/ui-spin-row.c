/* ui-spin-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-spin-row.h"

#include "ui-question.h"

/* A question whose answer is a whole number. (AdwSpinRow came with libadwaita 1.4.) */
struct _UiSpinRow
{
  AdwPreferencesRow parent_instance;

  StackSettings    *settings; /* (owned) (nullable) */
  const StackField *field;
  gboolean          showing;

  GtkLabel       *title;
  GtkSpinButton  *spin;
  UiFieldCaption *caption;
};

enum
{
  PROP_0,
  PROP_KEY,
  PROP_SETTINGS,
  N_PROPS
};

static void ui_spin_row_question_init (UiQuestionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (UiSpinRow, ui_spin_row, ADW_TYPE_PREFERENCES_ROW, G_IMPLEMENT_INTERFACE (UI_TYPE_QUESTION, ui_spin_row_question_init))

static GParamSpec *properties[N_PROPS];

/* What is no number stays in the settings, where the doctor sees it, until the person turns
 * the spin button. */
static void
show_settings_text (UiSpinRow *self)
{
  gint64 number = 0;

  self->showing = TRUE;
  if (g_ascii_string_to_signed (stack_settings_get_text (self->settings, self->field->id), 10,
                                0, 1000, &number, NULL))
    gtk_spin_button_set_value (self->spin, (double) number);
  self->showing = FALSE;
}

static void
on_settings_changed_cb (UiSpinRow   *self,
                        StackFieldId id)
{
  if (id == self->field->id)
    show_settings_text (self);
}

static void
on_value_changed_cb (UiSpinRow *self)
{
  g_autofree char *text = NULL;

  if (self->settings == NULL || self->showing)
    return;
  text = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (self->spin));
  stack_settings_set_text (self->settings, self->field->id, text);
}

static UiFieldCaption *
ui_spin_row_get_caption (UiQuestion *question)
{
  return UI_SPIN_ROW (question)->caption;
}

static void
ui_spin_row_question_init (UiQuestionInterface *iface)
{
  iface->get_caption = ui_spin_row_get_caption;
}

static void
ui_spin_row_dispose (GObject *object)
{
  UiSpinRow *self = UI_SPIN_ROW (object);

  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_SPIN_ROW);

  G_OBJECT_CLASS (ui_spin_row_parent_class)->dispose (object);
}

static void
ui_spin_row_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  UiSpinRow *self = UI_SPIN_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, self->field->key);
      break;

    case PROP_SETTINGS:
      g_value_set_object (value, ui_spin_row_get_settings (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_spin_row_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  UiSpinRow *self = UI_SPIN_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      self->field = stack_field_find_key (g_value_get_string (value));
      g_assert (self->field != NULL);
      break;

    case PROP_SETTINGS:
      ui_spin_row_set_settings (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_spin_row_constructed (GObject *object)
{
  UiSpinRow *self = UI_SPIN_ROW (object);

  G_OBJECT_CLASS (ui_spin_row_parent_class)->constructed (object);

  gtk_label_set_label (self->title, self->field->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->field->title, -1);
}

static void
ui_spin_row_class_init (UiSpinRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = ui_spin_row_constructed;
  object_class->dispose = ui_spin_row_dispose;
  object_class->get_property = ui_spin_row_get_property;
  object_class->set_property = ui_spin_row_set_property;

  properties[PROP_KEY] =
      g_param_spec_string ("key", NULL, NULL, "replicas",
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SETTINGS] =
      g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/widgets/ui-spin-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiSpinRow, title);
  gtk_widget_class_bind_template_child (widget_class, UiSpinRow, spin);
  gtk_widget_class_bind_template_child (widget_class, UiSpinRow, caption);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed_cb);

  g_type_ensure (UI_TYPE_FIELD_CAPTION);
}

/* Who scrolls the page does not mean the number that happens to be under the pointer. */
static void
leave_scrolling_to_page (UiSpinRow *self)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->spin));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
ui_spin_row_init (UiSpinRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  leave_scrolling_to_page (self);
}

/**
 * ui_spin_row_get_settings:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the answers
 */
StackSettings *
ui_spin_row_get_settings (UiSpinRow *self)
{
  g_return_val_if_fail (UI_IS_SPIN_ROW (self), NULL);

  return self->settings;
}

/**
 * ui_spin_row_set_settings:
 * @self: a row
 * @settings: (nullable): the answers
 *
 * Shows one of the answers and writes it back when it is turned.
 */
void
ui_spin_row_set_settings (UiSpinRow     *self,
                          StackSettings *settings)
{
  g_return_if_fail (UI_IS_SPIN_ROW (self));

  if (self->settings == settings)
    return;
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_func (self->settings, on_settings_changed_cb, self);
  g_set_object (&self->settings, settings);
  if (settings != NULL)
    {
      g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                               G_CONNECT_SWAPPED);
      show_settings_text (self);
      ui_field_caption_attach (self->caption, settings, self->field->id);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTINGS]);
}
