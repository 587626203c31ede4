/* ui-field-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-field-row.h"

#include <string.h>

#include <glib/gi18n.h>

#include "stack-finding.h"
#include "ui-question.h"
#include "ui-secret-content.h"

/* One question with its answer and, under it, what the doctor says. Secret answers are hidden
 * and kept in GtkPasswordEntryBuffer's memory, which is not swapped out. They cannot be taken back
 * step by step, and be copied only while they are shown; the clipboard forgets them soon. (AdwPasswordEntryRow
 * does the same, but is final and has no room for the line below.) */
struct _UiFieldRow
{
  AdwEntryRow parent_instance;

  StackSettings    *settings; /* (owned) (nullable) */
  const StackField *field;
  gboolean          showing;
  char             *mask; /* (owned) (nullable): as many dots as the secret is long */

  UiFieldCaption  *caption;
  GtkToggleButton *peek;
};

enum
{
  PROP_0,
  PROP_KEY,
  PROP_SETTINGS,
  N_PROPS
};

static void ui_field_row_editable_init (GtkEditableInterface *iface);
static void ui_field_row_question_init (UiQuestionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (UiFieldRow, ui_field_row, ADW_TYPE_ENTRY_ROW, G_IMPLEMENT_INTERFACE (GTK_TYPE_EDITABLE, ui_field_row_editable_init) G_IMPLEMENT_INTERFACE (UI_TYPE_QUESTION, ui_field_row_question_init))

static GParamSpec *properties[N_PROPS];

static GtkText *
get_text_widget (UiFieldRow *self)
{
  return GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self)));
}

static const char *
get_answer (UiFieldRow *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (get_text_widget (self)));
}

/* An editable empties itself before it takes a text: that is no answer of the person's. */
static void
show_settings_text (UiFieldRow *self)
{
  const char *text = stack_settings_get_text (self->settings, self->field->id);

  if (g_str_equal (text, get_answer (self)))
    return;
  self->showing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self), text);
  self->showing = FALSE;
}

static void
on_settings_changed_cb (UiFieldRow  *self,
                        StackFieldId id)
{
  if (id == self->field->id)
    show_settings_text (self);
}

static void
on_text_changed_cb (UiFieldRow *self)
{
  const char *text = get_answer (self);

  if (self->settings == NULL || self->showing)
    return;
  if (!g_str_equal (text, stack_settings_get_text (self->settings, self->field->id)))
    stack_settings_set_text (self->settings, self->field->id, text);
}

static void
on_caption_changed_cb (UiFieldRow *self,
                       int         severity)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_remove_css_class (widget, "error");
  gtk_widget_remove_css_class (widget, "warning");
  if (severity == STACK_SEVERITY_ERROR)
    gtk_widget_add_css_class (widget, "error");
  else if (severity == STACK_SEVERITY_WARNING)
    gtk_widget_add_css_class (widget, "warning");
  gtk_accessible_update_state (GTK_ACCESSIBLE (get_text_widget (self)),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               severity == STACK_SEVERITY_ERROR ? GTK_ACCESSIBLE_INVALID_TRUE
                                                                : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
on_peek_toggled_cb (UiFieldRow *self)
{
  gboolean    shown = gtk_toggle_button_get_active (self->peek);
  const char *tooltip = shown ? _("Hide the text") : _("Show the text, and allow to copy it for 30 seconds");

  gtk_text_set_visibility (get_text_widget (self), shown);
  gtk_button_set_icon_name (GTK_BUTTON (self->peek),
                            shown ? "view-conceal-symbolic" : "view-reveal-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->peek), tooltip);
}

/* Shown, a secret may be copied: then the whole of what is selected, for a while. */
static void
copy_selection (UiFieldRow *self,
                gboolean    cut)
{
  GtkText         *text = get_text_widget (self);
  g_autofree char *part = NULL;
  int              start;
  int              end;

  if (!gtk_text_get_visibility (text) ||
      !gtk_editable_get_selection_bounds (GTK_EDITABLE (text), &start, &end))
    {
      gtk_widget_error_bell (GTK_WIDGET (text));
      return;
    }

  part = gtk_editable_get_chars (GTK_EDITABLE (text), start, end);
  ui_secret_content_copy (gtk_widget_get_clipboard (GTK_WIDGET (text)), part, UI_SECRET_SECONDS);
  explicit_bzero (part, strlen (part));
  if (cut)
    gtk_editable_delete_selection (GTK_EDITABLE (text));
}

static void
on_copy_clipboard_cb (GtkText    *text,
                      UiFieldRow *self)
{
  g_signal_stop_emission_by_name (text, "copy-clipboard");
  copy_selection (self, FALSE);
}

static void
on_cut_clipboard_cb (GtkText    *text,
                     UiFieldRow *self)
{
  g_signal_stop_emission_by_name (text, "cut-clipboard");
  copy_selection (self, TRUE);
}

/* GTK announces each piece of text that comes and goes to assistive technology, and with it to every
 * program on the desktop, hidden or not: after it was inserted, and before it is deleted. While the
 * secret is hidden, the buffer is changed before GTK hears of it. */
static void
on_insert_text_cb (GtkText    *text,
                   const char *inserted,
                   int         length,
                   int        *position)
{
  glong n_chars = g_utf8_strlen (inserted, length);

  if (gtk_text_get_visibility (text))
    return;

  g_signal_stop_emission_by_name (text, "insert-text");
  *position += (int) gtk_entry_buffer_insert_text (gtk_text_get_buffer (text), (guint) *position,
                                                   inserted, (int) n_chars);
}

static void
on_delete_text_cb (GtkText *text,
                   int      start,
                   int      end)
{
  if (gtk_text_get_visibility (text))
    return;

  g_signal_stop_emission_by_name (text, "delete-text");
  gtk_entry_buffer_delete_text (gtk_text_get_buffer (text), (guint) start,
                                end < 0 ? -1 : end - start);
}

static void
add_caption (UiFieldRow *self)
{
  self->caption = ui_field_caption_new_under (GTK_LIST_BOX_ROW (self));
  g_signal_connect_object (self->caption, "changed", G_CALLBACK (on_caption_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
make_secret (UiFieldRow *self)
{
  GtkText *text = get_text_widget (self);
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
  g_autofree char *label = g_strdup_printf (_("Show %s"), self->field->title);

  gtk_text_set_buffer (text, buffer);
  gtk_text_set_visibility (text, FALSE);
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), FALSE);
  g_signal_connect (text, "insert-text", G_CALLBACK (on_insert_text_cb), NULL);
  g_signal_connect (text, "delete-text", G_CALLBACK (on_delete_text_cb), NULL);
  g_signal_connect_object (text, "copy-clipboard", G_CALLBACK (on_copy_clipboard_cb), self, 0);
  g_signal_connect_object (text, "cut-clipboard", G_CALLBACK (on_cut_clipboard_cb), self, 0);
  gtk_text_set_input_purpose (text, GTK_INPUT_PURPOSE_PASSWORD);
  self->peek = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->peek), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->peek), "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->peek), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (self->peek, "toggled", G_CALLBACK (on_peek_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), GTK_WIDGET (self->peek));
  on_peek_toggled_cb (self);
}

static void
set_key (UiFieldRow *self,
         const char *key)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->field = stack_field_find_key (key);
  g_assert (self->field != NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->field->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (get_text_widget (self)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, self->field->title, -1);
  add_caption (self);
  if (self->field->secret)
    make_secret (self);
  g_signal_connect_object (self, "changed", G_CALLBACK (on_text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (ui_question_insist), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/* GTK tells assistive technology the text of an editable, hidden or not, and with it every
 * program on the desktop. What cannot be seen is not told either. */
static const char *
ui_field_row_editable_get_text (GtkEditable *editable)
{
  UiFieldRow *self = UI_FIELD_ROW (editable);
  GString    *mask;

  if (self->peek == NULL || gtk_text_get_visibility (get_text_widget (self)))
    return get_answer (self);
  mask = g_string_new (NULL);
  for (glong i = g_utf8_strlen (get_answer (self), -1); i > 0; i--)
    g_string_append (mask, "•");
  g_free (self->mask);
  self->mask = g_string_free (mask, FALSE);
  return self->mask;
}

static void
ui_field_row_editable_init (GtkEditableInterface *iface)
{
  iface->get_text = ui_field_row_editable_get_text;
}

static UiFieldCaption *
ui_field_row_get_caption (UiQuestion *question)
{
  return UI_FIELD_ROW (question)->caption;
}

static void
ui_field_row_question_init (UiQuestionInterface *iface)
{
  iface->get_caption = ui_field_row_get_caption;
}

static void
ui_field_row_dispose (GObject *object)
{
  UiFieldRow *self = UI_FIELD_ROW (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->mask, g_free);

  G_OBJECT_CLASS (ui_field_row_parent_class)->dispose (object);
}

static void
ui_field_row_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  UiFieldRow *self = UI_FIELD_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, ui_field_row_get_key (self));
      break;

    case PROP_SETTINGS:
      g_value_set_object (value, ui_field_row_get_settings (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_field_row_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  UiFieldRow *self = UI_FIELD_ROW (object);

  switch (prop_id)
    {
    case PROP_KEY:
      set_key (self, g_value_get_string (value));
      break;

    case PROP_SETTINGS:
      ui_field_row_set_settings (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_field_row_class_init (UiFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ui_field_row_dispose;
  object_class->get_property = ui_field_row_get_property;
  object_class->set_property = ui_field_row_set_property;

  properties[PROP_KEY] =
      g_param_spec_string ("key", NULL, NULL, "image",
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SETTINGS] =
      g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ui_field_row_init (UiFieldRow *self)
{
}

/**
 * ui_field_row_get_key:
 * @self: a row
 *
 * Returns: (transfer none): the key of the question, as in values files
 */
const char *
ui_field_row_get_key (UiFieldRow *self)
{
  g_return_val_if_fail (UI_IS_FIELD_ROW (self), NULL);

  return self->field->key;
}

/**
 * ui_field_row_get_settings:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the answers
 */
StackSettings *
ui_field_row_get_settings (UiFieldRow *self)
{
  g_return_val_if_fail (UI_IS_FIELD_ROW (self), NULL);

  return self->settings;
}

/**
 * ui_field_row_set_settings:
 * @self: a row
 * @settings: (nullable): the answers
 *
 * Shows one of the answers and writes it back while it is typed. A secret is hidden, though the one
 * of before was shown.
 */
void
ui_field_row_set_settings (UiFieldRow    *self,
                           StackSettings *settings)
{
  g_return_if_fail (UI_IS_FIELD_ROW (self));

  if (self->settings == settings)
    return;
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_func (self->settings, on_settings_changed_cb, self);
  g_set_object (&self->settings, settings);
  if (self->peek != NULL)
    gtk_toggle_button_set_active (self->peek, FALSE);
  if (settings != NULL)
    {
      g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                               G_CONNECT_SWAPPED);
      show_settings_text (self);
      ui_field_caption_attach (self->caption, settings, self->field->id);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTINGS]);
}
