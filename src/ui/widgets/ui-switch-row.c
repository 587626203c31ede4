/* ui-switch-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-switch-row.h"

#include "ui-question.h"

/* A question that is answered by yes or no. (AdwSwitchRow came with libadwaita 1.4.) */
struct _UiSwitchRow
{
  AdwActionRow parent_instance;

  StackSettings    *settings; /* (owned) (nullable) */
  const StackField *field;
  gboolean          showing;

  GtkSwitch      *toggle;
  UiFieldCaption *caption;
};

enum
{
  PROP_0,
  PROP_KEY,
  PROP_SETTINGS,
  N_PROPS
};

static void ui_switch_row_question_init (UiQuestionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (UiSwitchRow, ui_switch_row, ADW_TYPE_ACTION_ROW, G_IMPLEMENT_INTERFACE (UI_TYPE_QUESTION, ui_switch_row_question_init))

static GParamSpec *properties[N_PROPS];

/* What is neither yes nor no stays in the settings, where the doctor sees it, until somebody
 * switches. */
static void
show_settings_text (UiSwitchRow *self)
{
  self->showing = TRUE;
  gtk_switch_set_active (self->toggle, stack_settings_get_enabled (self->settings, self->field->id));
  self->showing = FALSE;
}

static void
on_active_cb (UiSwitchRow *self)
{
  if (self->settings == NULL || self->showing)
    return;
  stack_settings_set_text (self->settings, self->field->id,
                           gtk_switch_get_active (self->toggle) ? STACK_FIELD_YES : STACK_FIELD_NO);
}

static void
on_settings_changed_cb (UiSwitchRow *self,
                        StackFieldId id)
{
  if (id == self->field->id)
    show_settings_text (self);
}

static UiFieldCaption *
ui_switch_row_get_caption (UiQuestion *question)
{
  return UI_SWITCH_ROW (question)->caption;
}

static void
ui_switch_row_question_init (UiQuestionInterface *iface)
{
  iface->get_caption = ui_switch_row_get_caption;
}

static void
set_key (UiSwitchRow *self,
         const char  *key)
{
  self->field = stack_field_find_key (key);
  g_assert (self->field != NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->field->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->field->title, -1);
}

static void
ui_switch_row_dispose (GObject *object)
{
  UiSwitchRow *self = UI_SWITCH_ROW (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (ui_switch_row_parent_class)->dispose (object);
}

static void
ui_switch_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  UiSwitchRow *self = UI_SWITCH_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, self->field->key);
      break;

    case PROP_SETTINGS:
      g_value_set_object (value, ui_switch_row_get_settings (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_switch_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  UiSwitchRow *self = UI_SWITCH_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      set_key (self, g_value_get_string (value));
      break;

    case PROP_SETTINGS:
      ui_switch_row_set_settings (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_switch_row_class_init (UiSwitchRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ui_switch_row_dispose;
  object_class->get_property = ui_switch_row_get_property;
  object_class->set_property = ui_switch_row_set_property;

  properties[PROP_KEY] =
      g_param_spec_string ("key", NULL, NULL, "tls",
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SETTINGS] =
      g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ui_switch_row_init (UiSwitchRow *self)
{
  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->toggle), GTK_ALIGN_CENTER);
  g_signal_connect_object (self->toggle, "notify::active", G_CALLBACK (on_active_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  self->caption = ui_field_caption_new_under (GTK_LIST_BOX_ROW (self));
}

/**
 * ui_switch_row_get_settings:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the answers
 */
StackSettings *
ui_switch_row_get_settings (UiSwitchRow *self)
{
  g_return_val_if_fail (UI_IS_SWITCH_ROW (self), NULL);

  return self->settings;
}

/**
 * ui_switch_row_set_settings:
 * @self: a row
 * @settings: (nullable): the answers
 *
 * Shows one of the answers and writes it back when another one is chosen.
 */
void
ui_switch_row_set_settings (UiSwitchRow   *self,
                            StackSettings *settings)
{
  g_return_if_fail (UI_IS_SWITCH_ROW (self));

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
