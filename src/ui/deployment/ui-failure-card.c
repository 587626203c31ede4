/* ui-failure-card.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-failure-card.h"

#include <glib/gi18n.h>

#include "stack-evidence-item.h"
#include "ui-tone.h"

/* What tells most is seen at once, the rest on demand. */
#define N_TELLING_PODS 2
#define N_TELLING_EVENTS 1
#define N_TELLING_LINES 6

/* What failed, why, what was seen at that moment, and what can be done now. Nothing is rolled back
 * unless somebody says so. */
struct _UiFailureCard
{
  GtkWidget parent_instance;

  StackEvidence *evidence; /* (owned) (nullable) */

  GtkLabel        *title;
  GtkLabel        *words;
  GtkWidget       *seen;
  GtkLabel        *seen_title;
  GtkListBox      *telling;
  GtkWidget       *all;
  GtkListBox      *everything;
  GtkLabel        *place;
  GtkOrientable   *buttons;
  GtkToggleButton *look_button;
  GtkButton       *undo_button;
  GtkLabel        *way_back;
};

G_DEFINE_FINAL_TYPE (UiFailureCard, ui_failure_card, GTK_TYPE_WIDGET)

static void
remove_rows (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static GtkWidget *
create_label (const char *text,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* The keyboard goes from button to button, not through every line. */
  gtk_widget_set_focusable (label, FALSE);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
create_icon (const StackEvidenceItem *item)
{
  UiTone     tone = item->wrong ? UI_TONE_ERROR : UI_TONE_SUCCESS;
  GtkWidget *icon;

  if (item->kind == STACK_EVIDENCE_EVENT || item->kind == STACK_EVIDENCE_LOG)
    tone = item->wrong && item->kind == STACK_EVIDENCE_EVENT ? UI_TONE_WARNING : UI_TONE_NEUTRAL;
  icon = gtk_image_new_from_icon_name (ui_tone_get_icon_name (tone));
  if (ui_tone_get_css_class (tone) != NULL)
    gtk_widget_add_css_class (icon, ui_tone_get_css_class (tone));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);

  return icon;
}

static void
add_row (GtkListBox              *list,
         const StackEvidenceItem *item,
         const char              *text)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_box_append (GTK_BOX (words), create_label (item->title, "heading"));
  if (*text != '\0')
    gtk_box_append (GTK_BOX (words),
                    create_label (text, item->kind == STACK_EVIDENCE_LOG ? "evidence-log"
                                                                         : "dim-label"));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (line), create_icon (item));
  gtk_box_append (GTK_BOX (line), words);
  gtk_widget_add_css_class (line, "operation-line");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (list, row);
}

/* The last lines tell more than the first. */
static const char *
find_last_lines (const char *text,
                 guint       n_lines)
{
  const char *start = text + strlen (text);

  while (start > text)
    {
      if (start[-1] == '\n' && --n_lines == 0)
        break;
      start--;
    }

  return start;
}

static void
show_telling (UiFailureCard *self,
              GPtrArray     *items)
{
  guint limits[] = {
    [STACK_EVIDENCE_POD] = N_TELLING_PODS,
    [STACK_EVIDENCE_EVENT] = N_TELLING_EVENTS,
    [STACK_EVIDENCE_LOG] = 1,
    [STACK_EVIDENCE_PROBLEM] = 1,
  };

  for (guint i = 0; i < items->len; i++)
    {
      const StackEvidenceItem *item = g_ptr_array_index (items, i);

      if (!item->wrong || limits[item->kind] == 0)
        continue;
      limits[item->kind]--;
      add_row (self->telling, item,
               item->kind == STACK_EVIDENCE_LOG ? find_last_lines (item->text, N_TELLING_LINES)
                                                : item->text);
    }
}

static void
on_look_toggled_cb (UiFailureCard *self)
{
  gboolean looking = gtk_toggle_button_get_active (self->look_button);

  gtk_widget_set_visible (self->all, looking);
  gtk_widget_set_visible (GTK_WIDGET (self->telling),
                          !looking && gtk_list_box_get_row_at_index (self->telling, 0) != NULL);
}

static void
on_saved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (UiFailureCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = stack_evidence_save_finish (STACK_EVIDENCE (source), result, &error);
  g_autofree char *words = NULL;

  /* Another failure has come since. */
  if (self->evidence != STACK_EVIDENCE (source))
    return;

  words = path != NULL ? g_strdup_printf (_("All of it is kept in %s."), path)
                       : g_strdup_printf (_("It could not be kept in a file. %s"), error->message);
  gtk_label_set_label (self->place, words);
}

static void
ui_failure_card_dispose (GObject *object)
{
  UiFailureCard *self = UI_FAILURE_CARD (object);

  g_clear_object (&self->evidence);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_FAILURE_CARD);

  G_OBJECT_CLASS (ui_failure_card_parent_class)->dispose (object);
}

static void
ui_failure_card_class_init (UiFailureCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_failure_card_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-failure-card.ui");
  /* Bound for gtk_widget_dispose_template(), which lets go of what is bound. */
  gtk_widget_class_bind_template_child_full (widget_class, "box", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, title);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, words);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, seen);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, seen_title);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, telling);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, all);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, everything);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, place);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, look_button);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, undo_button);
  gtk_widget_class_bind_template_child (widget_class, UiFailureCard, way_back);
  gtk_widget_class_bind_template_callback (widget_class, on_look_toggled_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_failure_card_init (UiFailureCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_failure_card_show:
 * @self: a card
 * @title: what failed; "" for nothing
 * @words: why, and what to do
 *
 * Shows a failure without evidence and without a way back.
 */
void
ui_failure_card_show (UiFailureCard *self,
                      const char    *title,
                      const char    *words)
{
  g_return_if_fail (UI_IS_FAILURE_CARD (self));
  g_return_if_fail (title != NULL && words != NULL);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->title), *title != '\0');
  gtk_label_set_label (self->words, words);
  ui_failure_card_show_evidence (self, NULL);
  ui_failure_card_show_way_back (self, NULL, NULL);
}

/**
 * ui_failure_card_show_evidence:
 * @self: a card
 * @evidence: (nullable): what was seen when it failed
 *
 * Shows the evidence and keeps it in a file, before anybody changes what it is about.
 */
void
ui_failure_card_show_evidence (UiFailureCard *self,
                               StackEvidence *evidence)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *clock = g_date_time_format (now, "%H:%M");
  g_autofree char *title = g_strdup_printf (_("What was seen at %s, when it failed"), clock);

  g_return_if_fail (UI_IS_FAILURE_CARD (self));
  g_return_if_fail (evidence == NULL || STACK_IS_EVIDENCE (evidence));

  g_set_object (&self->evidence, evidence);
  remove_rows (self->telling);
  remove_rows (self->everything);
  gtk_toggle_button_set_active (self->look_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->look_button), evidence != NULL);
  gtk_widget_set_visible (self->seen, evidence != NULL);
  gtk_label_set_label (self->place, "");
  if (evidence == NULL)
    return;

  gtk_label_set_label (self->seen_title, title);
  items = stack_evidence_list_items (evidence);
  show_telling (self, items);
  for (guint i = 0; i < items->len; i++)
    {
      const StackEvidenceItem *item = g_ptr_array_index (items, i);

      add_row (self->everything, item, item->text);
    }
  on_look_toggled_cb (self);
  stack_evidence_save_async (evidence, NULL, on_saved_cb, g_object_ref (self));
}

/**
 * ui_failure_card_show_way_back:
 * @self: a card
 * @revision: (nullable): what can be restored
 * @words: (nullable): why there is nothing to restore
 *
 * Offers to undo, or says why not.
 */
void
ui_failure_card_show_way_back (UiFailureCard *self,
                               StackRevision *revision,
                               const char    *words)
{
  g_autofree char *label = NULL;

  g_return_if_fail (UI_IS_FAILURE_CARD (self));

  if (revision != NULL)
    label = g_strdup_printf (_("Undo: back to revision %u…"), stack_revision_get_number (revision));
  gtk_button_set_label (self->undo_button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->undo_button), revision != NULL);
  gtk_label_set_label (self->way_back, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->way_back), words != NULL);
}

/**
 * ui_failure_card_set_narrow:
 * @self: a card
 * @narrow: whether there is little room
 *
 * Puts the buttons below each other.
 */
void
ui_failure_card_set_narrow (UiFailureCard *self,
                            gboolean       narrow)
{
  g_return_if_fail (UI_IS_FAILURE_CARD (self));

  gtk_orientable_set_orientation (self->buttons, narrow ? GTK_ORIENTATION_VERTICAL
                                                        : GTK_ORIENTATION_HORIZONTAL);
}
