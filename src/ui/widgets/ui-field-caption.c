/* ui-field-caption.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-field-caption.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"
#include "ui-status-label.h"

/* The line under a question: what it means, until the doctor has something to say about the
 * answer. Both use the same place, so that nothing jumps while someone types. Below it stands what
 * a cluster said, until the answer changes. */
struct _UiFieldCaption
{
  GtkWidget parent_instance;

  StackSettings *settings; /* (owned) (nullable) */
  StackFieldId   field;
  gboolean       insisting;
  char          *fix;      /* (owned) (nullable) */
  GPtrArray     *findings; /* (element-type StackFinding) (owned): of the cluster */

  GtkLabel      *explanation;
  UiStatusLabel *finding;
  GtkButton     *fix_button;
  GtkBox        *lines;
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

static int
get_worst (UiFieldCaption     *self,
           const StackFinding *finding)
{
  int worst = finding != NULL ? (int) finding->severity : -1;

  for (guint i = 0; i < self->findings->len; i++)
    worst = MAX (worst, (int) ((StackFinding *) g_ptr_array_index (self->findings, i))->severity);

  return worst;
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
                          finding == NULL && self->findings->len == 0 &&
                              *gtk_label_get_label (self->explanation) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->fix_button), self->fix != NULL);
  g_signal_emit (self, signals[CHANGED], 0, get_worst (self, finding));
}

static void
clear_lines (UiFieldCaption *self)
{
  GtkWidget *line;

  g_ptr_array_set_size (self->findings, 0);
  while ((line = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
    gtk_box_remove (self->lines, line);
  gtk_widget_set_visible (GTK_WIDGET (self->lines), FALSE);
}

/* What a cluster says holds for the answers that it was asked with. */
static gboolean
concerns (UiFieldCaption *self,
          StackFieldId    changed)
{
  return changed == self->field || changed == STACK_FIELD_NAMESPACE ||
         (changed == STACK_FIELD_PULL_POLICY && self->field == STACK_FIELD_IMAGE);
}

static void
on_settings_changed_cb (UiFieldCaption *self,
                        StackFieldId    changed)
{
  if (concerns (self, changed))
    clear_lines (self);
  update (self);
}

static void
on_line_fix_clicked_cb (GtkButton      *button,
                        UiFieldCaption *self)
{
  g_autofree char *fix = g_strdup (g_object_get_data (G_OBJECT (button), "fix"));

  stack_settings_set_text (self->settings, self->field, fix);
}

static GtkWidget *
create_line (UiFieldCaption     *self,
             const StackFinding *finding)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = g_object_new (UI_TYPE_STATUS_LABEL, "wrap", TRUE, "hexpand", TRUE, "valign",
                                   GTK_ALIGN_CENTER, NULL);

  ui_status_label_set (UI_STATUS_LABEL (words), get_tone (finding->severity), finding->message);
  gtk_box_append (GTK_BOX (line), words);
  if (finding->fix != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (C_ ("button that mends a setting", "Fix"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "fix", g_strdup (finding->fix), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_line_fix_clicked_cb), self,
                               G_CONNECT_DEFAULT);
      gtk_box_append (GTK_BOX (line), button);
    }

  return line;
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
  g_clear_pointer (&self->findings, g_ptr_array_unref);
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
  gtk_widget_class_bind_template_child_full (widget_class, "first", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, explanation);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, finding);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, fix_button);
  gtk_widget_class_bind_template_child (widget_class, UiFieldCaption, lines);
  gtk_widget_class_bind_template_callback (widget_class, on_fix_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "fieldcaption");

  g_type_ensure (UI_TYPE_STATUS_LABEL);
}

static void
ui_field_caption_init (UiFieldCaption *self)
{
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_finding_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

/**
 * ui_field_caption_new_under:
 * @row: a row of libadwaita that shows one line
 *
 * Puts a caption under what the row shows: such rows have no room for one.
 *
 * Returns: (transfer none): the caption
 */
UiFieldCaption *
ui_field_caption_new_under (GtkListBoxRow *row)
{
  GtkWidget      *header;
  GtkWidget      *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  UiFieldCaption *caption = g_object_new (UI_TYPE_FIELD_CAPTION, NULL);

  g_return_val_if_fail (GTK_IS_LIST_BOX_ROW (row), NULL);

  header = g_object_ref (gtk_list_box_row_get_child (row));
  gtk_list_box_row_set_child (row, box);
  gtk_box_append (GTK_BOX (box), header);
  g_object_unref (header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (caption));
  gtk_widget_add_css_class (GTK_WIDGET (row), "question");

  return caption;
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
  self->insisting = FALSE;
  clear_lines (self);
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

/**
 * ui_field_caption_show_findings:
 * @self: a caption
 * @findings: (nullable) (element-type StackFinding): what a cluster says about all answers
 *
 * Shows what of it is about this question, in place of what was shown of it before.
 */
void
ui_field_caption_show_findings (UiFieldCaption *self,
                                GPtrArray      *findings)
{
  g_return_if_fail (UI_IS_FIELD_CAPTION (self));

  clear_lines (self);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (findings, i);

      if (finding->field != self->field)
        continue;
      g_ptr_array_add (self->findings, stack_finding_copy (finding));
      gtk_box_append (self->lines, create_line (self, finding));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->lines), self->findings->len > 0);
  update (self);
}
