/* ui-field-caption.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-field-caption.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"
#include "ui-status-label.h"

/* The line under a question: what it means, until the doctor has something to say about the
 * answer. Both use the same place, so that nothing jumps while someone types. */
struct _UiFieldCaption
{
  GtkWidget parent_instance;

  StackSettings *settings; /* (owned) (nullable) */
  StackFieldId   field;
  gboolean       insisting;
  char          *fix; /* (owned) (nullable) */

  GtkLabel      *explanation;
  UiStatusLabel *finding;
  GtkButton     *fix_button;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (UiFieldCaption, ui_field_caption, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static UiTone
get_tone (StackSeverity severity)
{
  switch (severity)
    {
    case STACK_SEVERITY_ERROR:
      return UI_TONE_ERROR;

    case STACK_SEVERITY_WARNING:
      return UI_TONE_WARNING;

    case STACK_SEVERITY_HINT:
    default:
      return UI_TONE_NEUTRAL;
    }
}

/* A question nobody has answered yet is no mistake. */
static gboolean
is_untouched (UiFieldCaption *self)
{
  return !self->insisting && *stack_settings_get_text (self->settings, self->field) == '\0';
}

static void
update (UiFieldCaption *self)
{
  g_autoptr (StackFinding) finding = NULL;

  if (self->settings != NULL && !is_untouched (self))
    finding = stack_doctor_check_field (self->settings, self->field);

  g_clear_pointer (&self->fix, g_free);
  if (finding != NULL)
    {
      ui_status_label_set (self->finding, get_tone (finding->severity), finding->message);
      self->fix = g_strdup (finding->fix);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->finding), finding != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation),
                          finding == NULL && *gtk_label_get_label (self->explanation) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->fix_button), self->fix != NULL);
  g_signal_emit (self, signals[CHANGED], 0, finding != NULL ? (int) finding->severity : -1);
}

static void
on_settings_changed_cb (UiFieldCaption *self)
{
  update (self);
}

static void
on_fix_clicked_cb (UiFieldCaption *self)
{
  g_autofree char *fix = g_strdup (self->fix);

  stack_settings_set_text (self->settings, self->field, fix);
}

static void
ui_field_caption_dispose (GObject *object)
{
  UiFieldCaption *self = UI_FIELD_CAPTION (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->fix, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_FIELD_CAPTION);

  G_OBJECT_CLASS (ui_field_caption_parent_class)->dispose (object);
}

static void
ui_field_caption_class_init (UiFieldCaptionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_field_caption_dispose;

  /* The severity of what is shown, or -1 when there is nothing to say. */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/widgets/ui-field-caption.ui");
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, explanation);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, finding);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, fix_button);
  gtk_widget_class_bind_template_callback (widget_class, on_fix_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "fieldcaption");

  g_type_ensure (UI_TYPE_STATUS_LABEL);
}

static void
ui_field_caption_init (UiFieldCaption *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_field_caption_attach:
 * @self: a caption
 * @settings: the answers
 * @field: the question it stands under
 *
 * Lets the caption follow the answers.
 */
void
ui_field_caption_attach (UiFieldCaption *self,
                         StackSettings  *settings,
                         StackFieldId    field)
{
  const StackField *description;

  g_return_if_fail (UI_IS_FIELD_CAPTION (self));
  g_return_if_fail (STACK_IS_SETTINGS (settings));

  description = stack_field_get (field);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_func (self->settings, on_settings_changed_cb, self);
  g_set_object (&self->settings, settings);
  self->field = field;
  gtk_label_set_label (self->explanation,
                       description->explanation != NULL ? description->explanation : "");
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * ui_field_caption_insist:
 * @self: a caption
 *
 * Lets the caption judge an empty answer too, from now on: the person has been at the question
 * and left it.
 */
void
ui_field_caption_insist (UiFieldCaption *self)
{
  g_return_if_fail (UI_IS_FIELD_CAPTION (self));

  if (self->insisting)
    return;
  self->insisting = TRUE;
  update (self);
}
