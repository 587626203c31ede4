/* ui-plan-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-plan-view.h"

#include <glib/gi18n.h>

#include "ui-copy-row.h"
#include "ui-diff-view.h"
#include "ui-pane.h"
#include "ui-tone.h"

/* What a deployment would change: the answer in the first line, a row for each object, and of the
 * chosen one what differs, whose fields are touched, and the equal command. */
struct _UiPlanView
{
  GtkWidget parent_instance;

  StackPlan    *plan;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): exists while decisions are tried */
  char         *purpose;     /* (owned) (nullable): what the plan is for, if not for the form */
  char         *label;       /* (owned) (nullable): what carries it out */

  UiPane        *pane;
  GtkImage      *headline_icon;
  GtkSpinner    *headline_spinner;
  GtkLabel      *headline;
  GtkLabel      *summary;
  GtkOrientable *columns;
  GtkWidget     *rows_scroller;
  GtkListBox    *rows;
  GtkLabel      *title;
  GtkLabel      *note;
  GtkListBox    *conflicts;
  UiDiffView    *diff;
  UiCopyRow     *command;
  GtkWidget     *bar;
  GtkButton     *deploy_button;
};

enum
{
  PROP_0,
  PROP_READY,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiPlanView, ui_plan_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *word;
  const char *sign;
  UiTone      tone;
} actions[] = {
  [STACK_ACTION_CREATE] = { N_ ("Create"), "+", UI_TONE_SUCCESS },
                            [STACK_ACTION_CHANGE] = { N_ ("Change"), "~", UI_TONE_WARNING },
                                                      [STACK_ACTION_UNCHANGED] = { N_ ("Unchanged"), "=", UI_TONE_NEUTRAL },
                                                                                   [STACK_ACTION_CONFLICT] = { N_ ("Conflict"), "!", UI_TONE_ERROR },
                                                                                                               [STACK_ACTION_REFUSED] = { N_ ("Refused"), "×", UI_TONE_ERROR },
                                                                                                               };

static void
show_headline (UiPlanView *self,
               UiTone      tone,
               const char *headline,
               const char *summary)
{
  const char *classes[] = { ui_tone_get_css_class (tone), NULL };
  gboolean    asking = tone == UI_TONE_PROGRESS;

  gtk_image_set_from_icon_name (self->headline_icon, ui_tone_get_icon_name (tone));
  gtk_widget_set_css_classes (GTK_WIDGET (self->headline_icon), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_icon), !asking);
  gtk_widget_set_visible (GTK_WIDGET (self->headline_spinner), asking);
  gtk_spinner_set_spinning (self->headline_spinner, asking);
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *summary != '\0');
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  StackChange *change = item;
  StackAction  action = stack_change_get_action (change);
  GtkWidget   *row = adw_action_row_new ();
  GtkWidget   *sign = gtk_label_new (actions[action].sign);

  gtk_widget_add_css_class (sign, "plan-sign");
  gtk_widget_add_css_class (sign, ui_tone_get_css_class (actions[action].tone));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), sign);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), stack_change_get_title (change));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(actions[action].word));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);

  return row;
}

static StackChange *
get_chosen (UiPlanView *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->rows);
  g_autoptr (StackChange) change = NULL;

  if (row == NULL || self->plan == NULL)
    return NULL;

  change = g_list_model_get_item (G_LIST_MODEL (self->plan),
                                  (guint) gtk_list_box_row_get_index (row));

  /* The plan keeps it. */
  return change;
}

static void show_plan (UiPlanView *self);

static void
on_tried_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (UiPlanView) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = stack_plan_try_again_finish (STACK_PLAN (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (done)
    show_plan (self);
  else
    ui_plan_view_show_error (self, _("The plan could not be made"), error->message);
}

static gboolean
is_decided (StackChange *change)
{
  for (guint i = 0; i < stack_change_get_n_conflicts (change); i++)
    {
      if (stack_change_get_choice (change, i) == STACK_CHOICE_NONE)
        return FALSE;
    }

  return TRUE;
}

/* What all decisions about an object lead to, the cluster says. */
static void
on_choice_toggled_cb (GtkToggleButton *button,
                      UiPlanView      *self)
{
  StackChange *change = get_chosen (self);
  guint        index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "conflict"));
  StackChoice  choice = (StackChoice) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "choice"));

  if (!gtk_toggle_button_get_active (button) || change == NULL)
    return;

  stack_change_set_choice (change, index, choice);
  if (!is_decided (change) || self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  show_headline (self, UI_TONE_PROGRESS, _("Asking the cluster"), "");
  stack_plan_try_again_async (self->plan, self->cancellable, on_tried_cb, g_object_ref (self));
}

static GtkWidget *
create_choice (UiPlanView  *self,
               StackChange *change,
               guint        index,
               StackChoice  choice,
               const char  *label)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (label);

  g_object_set_data (G_OBJECT (button), "conflict", GUINT_TO_POINTER (index));
  g_object_set_data (G_OBJECT (button), "choice", GUINT_TO_POINTER ((guint) choice));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button),
                                stack_change_get_choice (change, index) == choice);
  g_signal_connect_object (button, "toggled", G_CALLBACK (on_choice_toggled_cb), self,
                           G_CONNECT_DEFAULT);

  return button;
}

static GtkWidget *
create_label (const char *text,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
create_conflict (UiPlanView  *self,
                 StackChange *change,
                 guint        index)
{
  const KubeFieldConflict *conflict = stack_change_get_conflict (change, index);
  GtkWidget               *row = adw_preferences_row_new ();
  GtkWidget               *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget               *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget               *keep = create_choice (self, change, index, STACK_CHOICE_KEEP, _("Keep theirs"));
  GtkWidget               *take = create_choice (self, change, index, STACK_CHOICE_TAKE, _("Take over"));
  g_autofree char         *owner = NULL;

  owner = g_strdup_printf (_("set by “%s”"),
                              conflict->manager != NULL ? conflict->manager : _("another program"));
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (take), GTK_TOGGLE_BUTTON (keep));
  gtk_widget_add_css_class (buttons, "linked");
  gtk_box_append (GTK_BOX (buttons), keep);
  gtk_box_append (GTK_BOX (buttons), take);
  gtk_widget_add_css_class (lines, "operation-line");
  gtk_box_append (GTK_BOX (lines), create_label (conflict->field, NULL));
  gtk_box_append (GTK_BOX (lines), create_label (owner, "dim-label"));
  gtk_box_append (GTK_BOX (lines), buttons);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), lines);

  return row;
}

static void
show_conflicts (UiPlanView  *self,
                StackChange *change)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->conflicts, 0)) != NULL)
    gtk_list_box_remove (self->conflicts, GTK_WIDGET (row));
  for (guint i = 0; i < stack_change_get_n_conflicts (change); i++)
    gtk_list_box_append (self->conflicts, create_conflict (self, change, i));
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts), stack_change_get_n_conflicts (change) > 0);
}

static char *
build_note (StackChange *change)
{
  const GError      *error = stack_change_get_error (change);
  const char *const *warnings = stack_change_get_warnings (change);
  g_autoptr (GString) words = g_string_new (stack_change_get_note (change));

  if (stack_change_get_action (change) == STACK_ACTION_CONFLICT)
    g_string_append (words, _("Whoever wrote a field last owns it, and changing it would undo "
                              "somebody’s work. Decide about each field."));
  else if (error != NULL)
    g_string_append (words, error->message);
  for (guint i = 0; warnings[i] != NULL; i++)
    {
      g_string_append (words, words->len > 0 ? "\n" : "");
      g_string_append_printf (words, _("The cluster warns: %s"), warnings[i]);
    }
  if (words->len == 0 && stack_change_get_action (change) == STACK_ACTION_UNCHANGED)
    g_string_append (words, _("It is there as it shall be."));

  return g_strdup (words->str);
}

static void
on_row_selected_cb (UiPlanView *self)
{
  StackChange     *change = get_chosen (self);
  g_autofree char *note = NULL;
  g_autofree char *command = NULL;

  if (change == NULL)
    return;

  note = build_note (change);
  command = stack_change_dup_command (change);
  gtk_label_set_label (self->title, stack_change_get_title (change));
  gtk_label_set_label (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), *note != '\0');
  show_conflicts (self, change);
  ui_diff_view_set_diff (self->diff, stack_change_get_diff (change));
  gtk_widget_set_visible (GTK_WIDGET (self->diff),
                          stack_change_get_action (change) != STACK_ACTION_UNCHANGED);
  ui_copy_row_set_text (self->command, command, "");
}

static void
on_narrow_cb (UiPlanView *self)
{
  gboolean narrow = ui_pane_is_narrow (self->pane);

  gtk_orientable_set_orientation (self->columns, narrow ? GTK_ORIENTATION_VERTICAL
                                                        : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (self->rows_scroller, narrow ? -1 : 260, narrow ? 150 : -1);
}

/* The first that needs somebody, or else the first that changes. */
static int
find_first (StackPlan *plan)
{
  static const StackAction order[] = { STACK_ACTION_REFUSED, STACK_ACTION_CONFLICT,
                                       STACK_ACTION_CHANGE };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (plan)); j++)
        {
          g_autoptr (StackChange) change = g_list_model_get_item (G_LIST_MODEL (plan), j);

          if (stack_change_get_action (change) == order[i])
            return (int) j;
        }
    }

  return 0;
}

/* The button says what it would do, or why it cannot. */
static char *
build_deploy_label (UiPlanView *self)
{
  guint n = stack_plan_get_n_changes (self->plan);

  if (stack_plan_count (self->plan, STACK_ACTION_REFUSED) > 0)
    return g_strdup (_("Nothing is sent while something is refused"));
  if (stack_plan_count (self->plan, STACK_ACTION_CONFLICT) > 0)
    return g_strdup (_("Decide about the fields of others first"));
  if (n == 0)
    return g_strdup (_("Look again whether it works"));
  if (self->label != NULL)
    return g_strdup (self->label);

  return g_strdup_printf (ngettext ("Deploy %u change", "Deploy %u changes", n), n);
}

static char *
build_headline (StackPlan *plan)
{
  guint n = stack_plan_get_n_changes (plan);

  if (stack_plan_count (plan, STACK_ACTION_REFUSED) > 0)
    return g_strdup (_("The cluster would refuse this"));
  if (stack_plan_count (plan, STACK_ACTION_CONFLICT) > 0)
    return g_strdup (_("Somebody else owns part of this"));
  if (n == 0)
    return g_strdup (_("Nothing would change"));

  return g_strdup_printf (ngettext ("%u object would change", "%u objects would change", n), n);
}

static void
show_answer (UiPlanView *self)
{
  g_autofree char *counts = stack_plan_dup_summary (self->plan);
  g_autofree char *headline = build_headline (self->plan);
  g_autofree char *label = build_deploy_label (self);
  g_autofree char *summary = NULL;
  UiTone           tone = UI_TONE_WARNING;

  summary = self->purpose != NULL ? g_strconcat (self->purpose, "\n", counts, NULL)
                                  : g_strdup (counts);

  if (stack_plan_check (self->plan, NULL))
    tone = stack_plan_get_n_changes (self->plan) == 0 ? UI_TONE_SUCCESS : UI_TONE_NEUTRAL;
  show_headline (self, tone, headline, summary);
  gtk_button_set_label (self->deploy_button, label);
}

static void
show_plan (UiPlanView *self)
{
  int chosen = find_first (self->plan);

  show_answer (self);
  gtk_list_box_bind_model (self->rows, G_LIST_MODEL (self->plan), create_row, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->columns), TRUE);
  gtk_widget_set_visible (self->bar, TRUE);
  gtk_list_box_select_row (self->rows, gtk_list_box_get_row_at_index (self->rows, chosen));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
forget_plan (UiPlanView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_list_box_bind_model (self->rows, NULL, NULL, NULL, NULL);
  g_clear_object (&self->plan);
  gtk_widget_set_visible (GTK_WIDGET (self->columns), FALSE);
  gtk_widget_set_visible (self->bar, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
ui_plan_view_dispose (GObject *object)
{
  UiPlanView *self = UI_PLAN_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->purpose, g_free);
  g_clear_pointer (&self->label, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_PLAN_VIEW);

  G_OBJECT_CLASS (ui_plan_view_parent_class)->dispose (object);
}

static void
ui_plan_view_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_READY:
      g_value_set_boolean (value, ui_plan_view_is_ready (UI_PLAN_VIEW (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_plan_view_class_init (UiPlanViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_plan_view_dispose;
  object_class->get_property = ui_plan_view_get_property;

  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                                                 G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY |
                                                     G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (UI_TYPE_COPY_ROW);
  g_type_ensure (UI_TYPE_DIFF_VIEW);
  g_type_ensure (UI_TYPE_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-plan-view.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, pane);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, headline_icon);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, headline_spinner);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, headline);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, summary);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, columns);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, rows_scroller);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, rows);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, title);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, note);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, conflicts);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, diff);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, command);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, bar);
  gtk_widget_class_bind_template_child (widget_class, UiPlanView, deploy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_plan_view_init (UiPlanView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_narrow_cb (self);
}

/**
 * ui_plan_view_set_purpose:
 * @self: a plan view
 * @words: (nullable): what the next plan is for; %NULL for what stands in the form
 * @label: (nullable): what its button says; %NULL to deploy
 *
 * Says where the next plan leads.
 */
void
ui_plan_view_set_purpose (UiPlanView *self,
                          const char *words,
                          const char *label)
{
  g_return_if_fail (UI_IS_PLAN_VIEW (self));

  g_free (self->purpose);
  self->purpose = g_strdup (words);
  g_free (self->label);
  self->label = g_strdup (label);
}

/**
 * ui_plan_view_show_asking:
 * @self: a plan view
 *
 * Says that a plan is being made; the one before is forgotten.
 */
void
ui_plan_view_show_asking (UiPlanView *self)
{
  g_return_if_fail (UI_IS_PLAN_VIEW (self));

  forget_plan (self);
  show_headline (self, UI_TONE_PROGRESS, _("Asking the cluster"), _("It tries every object and keeps nothing of it."));
}

/**
 * ui_plan_view_show_plan:
 * @self: a plan view
 * @plan: a plan
 *
 * Shows what would change.
 */
void
ui_plan_view_show_plan (UiPlanView *self,
                        StackPlan  *plan)
{
  g_return_if_fail (UI_IS_PLAN_VIEW (self));
  g_return_if_fail (STACK_IS_PLAN (plan));

  forget_plan (self);
  self->plan = g_object_ref (plan);
  show_plan (self);
}

/**
 * ui_plan_view_show_error:
 * @self: a plan view
 * @headline: what is the matter
 * @words: why, and what to do
 *
 * Says why there is no plan.
 */
void
ui_plan_view_show_error (UiPlanView *self,
                         const char *headline,
                         const char *words)
{
  g_return_if_fail (UI_IS_PLAN_VIEW (self));
  g_return_if_fail (headline != NULL);
  g_return_if_fail (words != NULL);

  forget_plan (self);
  show_headline (self, UI_TONE_WARNING, headline, words);
}

/**
 * ui_plan_view_forget:
 * @self: a plan view
 *
 * Shows no plan: the one that there was is about something else.
 */
void
ui_plan_view_forget (UiPlanView *self)
{
  g_return_if_fail (UI_IS_PLAN_VIEW (self));

  forget_plan (self);
  show_headline (self, UI_TONE_NEUTRAL, _("There is no plan yet"), "");
}

/**
 * ui_plan_view_get_plan:
 * @self: a plan view
 *
 * Returns: (transfer none) (nullable): what is shown
 */
StackPlan *
ui_plan_view_get_plan (UiPlanView *self)
{
  g_return_val_if_fail (UI_IS_PLAN_VIEW (self), NULL);

  return self->plan;
}

/**
 * ui_plan_view_is_ready:
 * @self: a plan view
 *
 * Returns: whether there is a plan that can be carried out
 */
gboolean
ui_plan_view_is_ready (UiPlanView *self)
{
  g_return_val_if_fail (UI_IS_PLAN_VIEW (self), FALSE);

  return self->plan != NULL && self->cancellable == NULL && stack_plan_check (self->plan, NULL);
}
