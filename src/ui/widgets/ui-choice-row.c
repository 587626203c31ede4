/* ui-choice-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-choice-row.h"

#include "ui-question.h"

/* A question that is answered by one of a few words. An answer that is none of them is shown
 * beside them, where the doctor sees it. */
struct _UiChoiceRow
{
  AdwComboRow parent_instance;

  StackSettings    *settings; /* (owned) (nullable) */
  const StackField *field;
  gboolean          showing;
  GPtrArray        *values; /* (element-type utf8) (owned): answer of each line of the list */
  GtkStringList    *labels; /* (owned) */
  guint             n_choices;

  UiFieldCaption *caption;
};

enum
{
  PROP_0,
  PROP_KEY,
  PROP_SETTINGS,
  N_PROPS
};

static void ui_choice_row_question_init (UiQuestionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (UiChoiceRow, ui_choice_row, ADW_TYPE_COMBO_ROW, G_IMPLEMENT_INTERFACE (UI_TYPE_QUESTION, ui_choice_row_question_init))

static GParamSpec *properties[N_PROPS];

static void
add_choice (UiChoiceRow *self,
            const char  *value,
            const char  *label)
{
  g_ptr_array_add (self->values, g_strdup (value));
  gtk_string_list_append (self->labels, label);
}

static gboolean
find_choice (UiChoiceRow *self,
             const char  *text,
             guint       *index)
{
  return g_ptr_array_find_with_equal_func (self->values, text, g_str_equal, index);
}

static void
show_settings_text (UiChoiceRow *self)
{
  const char *text = stack_settings_get_text (self->settings, self->field->id);
  guint       index = 0;

  self->showing = TRUE;
  /* The answer of before that was none of the choices. */
  if (self->values->len > self->n_choices &&
      !g_str_equal (text, g_ptr_array_index (self->values, self->n_choices)))
    {
      gtk_string_list_remove (self->labels, self->n_choices);
      g_ptr_array_remove_index (self->values, self->n_choices);
    }
  if (!find_choice (self, text, &index))
    {
      add_choice (self, text, text);
      index = self->values->len - 1;
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), index);
  self->showing = FALSE;
}

static void
on_selected_cb (UiChoiceRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (self->settings == NULL || self->showing || selected >= self->values->len)
    return;
  stack_settings_set_text (self->settings, self->field->id,
                           g_ptr_array_index (self->values, selected));
}

static void
on_settings_changed_cb (UiChoiceRow *self,
                        StackFieldId id)
{
  if (id == self->field->id)
    show_settings_text (self);
}

static UiFieldCaption *
ui_choice_row_get_caption (UiQuestion *question)
{
  return UI_CHOICE_ROW (question)->caption;
}

static void
ui_choice_row_question_init (UiQuestionInterface *iface)
{
  iface->get_caption = ui_choice_row_get_caption;
}

static void
set_key (UiChoiceRow *self,
         const char  *key)
{
  self->field = stack_field_find_key (key);
  g_assert (self->field != NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->field->title);
  if (self->field->choices != NULL)
    ui_choice_row_set_choices (self, self->field->choices, self->field->choices);
}

static void
ui_choice_row_dispose (GObject *object)
{
  UiChoiceRow *self = UI_CHOICE_ROW (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_object (&self->labels);

  G_OBJECT_CLASS (ui_choice_row_parent_class)->dispose (object);
}

static void
ui_choice_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  UiChoiceRow *self = UI_CHOICE_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, self->field->key);
      break;

    case PROP_SETTINGS:
      g_value_set_object (value, ui_choice_row_get_settings (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_choice_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  UiChoiceRow *self = UI_CHOICE_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      set_key (self, g_value_get_string (value));
      break;

    case PROP_SETTINGS:
      ui_choice_row_set_settings (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_choice_row_class_init (UiChoiceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ui_choice_row_dispose;
  object_class->get_property = ui_choice_row_get_property;
  object_class->set_property = ui_choice_row_set_property;

  properties[PROP_KEY] =
      g_param_spec_string ("key", NULL, NULL, "pullPolicy",
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SETTINGS] =
      g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ui_choice_row_init (UiChoiceRow *self)
{
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->labels = gtk_string_list_new (NULL);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (self->labels));
  g_signal_connect_object (self, "notify::selected", G_CALLBACK (on_selected_cb), self,
                           G_CONNECT_DEFAULT);
  self->caption = ui_field_caption_new_under (GTK_LIST_BOX_ROW (self));
}

/**
 * ui_choice_row_get_settings:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the answers
 */
StackSettings *
ui_choice_row_get_settings (UiChoiceRow *self)
{
  g_return_val_if_fail (UI_IS_CHOICE_ROW (self), NULL);

  return self->settings;
}

/**
 * ui_choice_row_set_settings:
 * @self: a row
 * @settings: (nullable): the answers
 *
 * Shows one of the answers and writes it back when another one is chosen.
 */
void
ui_choice_row_set_settings (UiChoiceRow   *self,
                            StackSettings *settings)
{
  g_return_if_fail (UI_IS_CHOICE_ROW (self));

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

/**
 * ui_choice_row_set_choices:
 * @self: a row
 * @values: (array zero-terminated=1): the answers
 * @labels: (array zero-terminated=1): how each is called
 *
 * Offers other answers than those that the question has by itself.
 */
void
ui_choice_row_set_choices (UiChoiceRow       *self,
                           const char *const *values,
                           const char *const *labels)
{
  g_return_if_fail (UI_IS_CHOICE_ROW (self));
  g_return_if_fail (values != NULL && labels != NULL);

  self->showing = TRUE;
  g_ptr_array_set_size (self->values, 0);
  gtk_string_list_splice (self->labels, 0, g_list_model_get_n_items (G_LIST_MODEL (self->labels)),
                          NULL);
  for (guint i = 0; values[i] != NULL; i++)
    add_choice (self, values[i], labels[i]);
  self->n_choices = self->values->len;
  self->showing = FALSE;
  if (self->settings != NULL)
    show_settings_text (self);
}
