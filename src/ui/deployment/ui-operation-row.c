/* ui-operation-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-operation-row.h"

#include <glib/gi18n.h>

#include "ui-age-label.h"
#include "ui-tone.h"

/* One step of a deployment: its state in picture and words, how long it took, and under the
 * running one what it waits for. */
struct _UiOperationRow
{
  AdwPreferencesRow parent_instance;

  StackOperation *operation; /* (owned) */

  GtkStack   *picture;
  GtkImage   *icon;
  GtkSpinner *spinner;
  GtkLabel   *title;
  GtkLabel   *detail;
  GtkLabel   *state;
  UiAgeLabel *elapsed;
};

enum
{
  PROP_0,
  PROP_OPERATION,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiOperationRow, ui_operation_row, ADW_TYPE_PREFERENCES_ROW)

static GParamSpec *properties[N_PROPS];

static const char *
get_outcome_word (StackOutcome outcome)
{
  switch (outcome)
    {
    case STACK_OUTCOME_CREATED:
      return C_("outcome of a step", "Created");

    case STACK_OUTCOME_CHANGED:
      return C_("outcome of a step", "Changed");

    case STACK_OUTCOME_UNCHANGED:
      return C_("outcome of a step", "Unchanged");

    case STACK_OUTCOME_READY:
      return C_("outcome of a step", "Ready");

    case STACK_OUTCOME_UNCONFIRMED:
    case STACK_OUTCOME_NONE:
    default:
      return C_("outcome of a step", "Done");
    }
}

static const char *
get_state_word (StackOperation *operation)
{
  switch (stack_operation_get_state (operation))
    {
    case STACK_OPERATION_RUNNING:
      return C_("state of a step", "Running");

    case STACK_OPERATION_DONE:
      return get_outcome_word (stack_operation_get_outcome (operation));

    case STACK_OPERATION_FAILED:
      return C_("state of a step", "Failed");

    case STACK_OPERATION_CANCELLED:
      return C_("state of a step", "Cancelled");

    case STACK_OPERATION_PENDING:
    default:
      return C_("state of a step", "To do");
    }
}

static UiTone
get_tone (StackOperationState state)
{
  switch (state)
    {
    case STACK_OPERATION_DONE:
      return UI_TONE_SUCCESS;

    case STACK_OPERATION_FAILED:
      return UI_TONE_ERROR;

    case STACK_OPERATION_CANCELLED:
      return UI_TONE_WARNING;

    case STACK_OPERATION_RUNNING:
      return UI_TONE_PROGRESS;

    case STACK_OPERATION_PENDING:
    default:
      return UI_TONE_NEUTRAL;
    }
}

static void
update_picture (UiOperationRow *self)
{
  StackOperationState state = stack_operation_get_state (self->operation);
  UiTone              tone = get_tone (state);
  const char         *classes[] = { ui_tone_get_css_class (tone), NULL };
  gboolean            running = state == STACK_OPERATION_RUNNING;

  gtk_image_set_from_icon_name (self->icon, ui_tone_get_icon_name (tone));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->picture,
                               running ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->icon));
  gtk_label_set_label (self->state, get_state_word (self->operation));
  if (state == STACK_OPERATION_PENDING)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "dim-label");
}

/* Steps are timed with the monotonic clock, so that a corrected wall clock changes nothing. */
static void
update_elapsed (UiOperationRow *self)
{
  gint64 started = stack_operation_get_started (self->operation);
  gint64 finished = stack_operation_get_finished (self->operation);
  gint64 offset = g_get_real_time () - g_get_monotonic_time ();

  if (started == 0)
    ui_age_label_set_span (self->elapsed, 0, 0);
  else
    ui_age_label_set_span (self->elapsed, started + offset,
                           finished != 0 ? finished + offset : 0);
}

/* What the outcome says need not be said twice, and a failure's words stand in the card. */
static void
update_detail (UiOperationRow *self)
{
  const char  *detail = stack_operation_get_detail (self->operation);
  StackOutcome outcome = stack_operation_get_outcome (self->operation);
  gboolean     telling = detail != NULL && *detail != '\0' && stack_operation_get_error (self->operation) == NULL && (outcome == STACK_OUTCOME_NONE || outcome == STACK_OUTCOME_READY);

  gtk_label_set_label (self->detail, telling ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), telling);
}

static void
update (UiOperationRow *self)
{
  gtk_label_set_label (self->title, stack_operation_get_title (self->operation));
  update_picture (self);
  update_elapsed (self);
  update_detail (self);
}

static void
ui_operation_row_dispose (GObject *object)
{
  UiOperationRow *self = UI_OPERATION_ROW (object);

  g_clear_object (&self->operation);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_OPERATION_ROW);

  G_OBJECT_CLASS (ui_operation_row_parent_class)->dispose (object);
}

static void
ui_operation_row_constructed (GObject *object)
{
  UiOperationRow *self = UI_OPERATION_ROW (object);

  G_OBJECT_CLASS (ui_operation_row_parent_class)->constructed (object);

  g_signal_connect_object (self->operation, "notify", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
ui_operation_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      g_value_set_object (value, ui_operation_row_get_operation (UI_OPERATION_ROW (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_operation_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_OPERATION:
      UI_OPERATION_ROW (object)->operation = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_operation_row_class_init (UiOperationRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = ui_operation_row_constructed;
  object_class->dispose = ui_operation_row_dispose;
  object_class->get_property = ui_operation_row_get_property;
  object_class->set_property = ui_operation_row_set_property;

  properties[PROP_OPERATION] =
      g_param_spec_object ("operation", NULL, NULL, STACK_TYPE_OPERATION,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-operation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, picture);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, icon);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, title);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, detail);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, state);
  gtk_widget_class_bind_template_child (widget_class, UiOperationRow, elapsed);

  g_type_ensure (UI_TYPE_AGE_LABEL);
}

static void
ui_operation_row_init (UiOperationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_operation_row_new:
 * @operation: a step
 *
 * Makes a row that follows the step.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ui_operation_row_new (StackOperation *operation)
{
  g_return_val_if_fail (STACK_IS_OPERATION (operation), NULL);

  return g_object_new (UI_TYPE_OPERATION_ROW, "operation", operation, NULL);
}

/**
 * ui_operation_row_get_operation:
 * @self: a row
 *
 * Returns: (transfer none): the step it shows
 */
StackOperation *
ui_operation_row_get_operation (UiOperationRow *self)
{
  g_return_val_if_fail (UI_IS_OPERATION_ROW (self), NULL);

  return self->operation;
}
