/* ui-diff-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-diff-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "ui-pane.h"

#define CONTEXT_LINES 3

/* Two texts of some 45 letters a line */
#define TWO_PANES_WIDTH 760

/* A sign and a space stand before each line, so that colour is not all that tells. */
#define SIGN_LENGTH 2

/* What differs between two texts: beside each other, or one above the other where it is narrow. */
struct _UiDiffView
{
  GtkWidget parent_instance;

  StackDiff *diff;     /* (owned) (nullable) */
  gboolean   one_pane; /* there is no place for two, or no need of them */

  GtkWidget *room;
  GtkWidget *panes[2]; /* the text before and after; the first alone where it is narrow */
};

enum
{
  BEFORE,
  AFTER,
};

G_DEFINE_FINAL_TYPE (UiDiffView, ui_diff_view, GTK_TYPE_WIDGET)

static const struct
{
  const char *name;
  const char *colour;
  gboolean    whole_line;
} tags[] = {
  { "removed", "rgba(224, 27, 36, 0.13)", TRUE },
  { "added", "rgba(38, 162, 105, 0.16)", TRUE },
  { "gap", "rgba(128, 128, 128, 0.12)", TRUE },
  { "removed-words", "rgba(224, 27, 36, 0.38)", FALSE },
  { "added-words", "rgba(38, 162, 105, 0.42)", FALSE },
};

static GtkTextBuffer *
get_buffer (UiDiffView *self,
            guint       side)
{
  GtkWidget *view = gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (self->panes[side]));

  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

static void
append (GtkTextBuffer *buffer,
        const char    *sign,
        const char    *text,
        const char    *tag)
{
  GtkTextIter      end;
  g_autofree char *line = g_strconcat (sign, text, "\n", NULL);

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (tag != NULL)
    gtk_text_buffer_insert_with_tags_by_name (buffer, &end, line, -1, tag, NULL);
  else
    gtk_text_buffer_insert (buffer, &end, line, -1);
}

static void
mark_words (GtkTextBuffer       *buffer,
            const StackDiffLine *line,
            const char          *tag)
{
  int number = gtk_text_buffer_get_line_count (buffer) - 2;

  for (guint i = 0; line->spans != NULL && i < line->spans->len; i++)
    {
      const StackDiffSpan *span = &g_array_index (line->spans, StackDiffSpan, i);
      GtkTextIter          start;
      GtkTextIter          end;

      gtk_text_buffer_get_iter_at_line_index (buffer, &start, number, SIGN_LENGTH + (int) span->start);
      gtk_text_buffer_get_iter_at_line_index (buffer, &end, number, SIGN_LENGTH + (int) span->end);
      gtk_text_buffer_apply_tag_by_name (buffer, tag, &start, &end);
    }
}

static void
append_line (UiDiffView          *self,
             const StackDiffLine *line)
{
  GtkTextBuffer *before = get_buffer (self, BEFORE);
  GtkTextBuffer *after = get_buffer (self, self->one_pane ? BEFORE : AFTER);

  switch (line->kind)
    {
    case STACK_DIFF_REMOVED:
      append (before, "- ", line->text, "removed");
      mark_words (before, line, "removed-words");
      break;

    case STACK_DIFF_ADDED:
      append (after, "+ ", line->text, "added");
      mark_words (after, line, "added-words");
      break;

    case STACK_DIFF_EQUAL:
    default:
      append (before, "  ", line->text, NULL);
      if (after != before)
        append (after, "  ", line->text, NULL);
    }
}

/* The lines of one side wait for those of the other. */
static void
even_out (UiDiffView *self)
{
  GtkTextBuffer *before = get_buffer (self, BEFORE);
  GtkTextBuffer *after = get_buffer (self, AFTER);

  if (self->one_pane)
    return;

  while (gtk_text_buffer_get_line_count (before) < gtk_text_buffer_get_line_count (after))
    append (before, "", "", "gap");
  while (gtk_text_buffer_get_line_count (after) < gtk_text_buffer_get_line_count (before))
    append (after, "", "", "gap");
}

static void
append_gap (UiDiffView *self,
            guint       n_lines)
{
  g_autofree char *words = NULL;

  if (n_lines == 0)
    return;

  words = g_strdup_printf (ngettext ("⋯ %u line that is the same", "⋯ %u lines that are the same", n_lines),
                           n_lines);
  append (get_buffer (self, BEFORE), "", words, "gap");
  if (!self->one_pane)
    append (get_buffer (self, AFTER), "", words, "gap");
}

static void
show_diff (UiDiffView *self)
{
  GPtrArray *lines = stack_diff_get_lines (self->diff);
  g_autoptr (GArray) hunks = stack_diff_list_hunks (self->diff, CONTEXT_LINES);
  guint shown = 0;

  for (guint i = 0; i < hunks->len; i++)
    {
      const StackDiffHunk *hunk = &g_array_index (hunks, StackDiffHunk, i);

      append_gap (self, hunk->first - shown);
      shown = hunk->first + hunk->n_lines;
      for (guint j = hunk->first; j < shown; j++)
        {
          const StackDiffLine *line = g_ptr_array_index (lines, j);

          if (line->kind == STACK_DIFF_EQUAL)
            even_out (self);
          append_line (self, line);
        }
      even_out (self);
    }
  append_gap (self, lines->len - shown);
}

/* What is created has no text before it: the other side would be empty. */
static gboolean
is_one_sided (UiDiffView *self)
{
  return self->diff == NULL ||
         stack_diff_get_n_added (self->diff) == stack_diff_get_lines (self->diff)->len;
}

static void
update (UiDiffView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->panes); i++)
    gtk_text_buffer_set_text (get_buffer (self, i), "", 0);

  self->one_pane = ui_pane_is_narrow (UI_PANE (self->room)) || is_one_sided (self);
  gtk_widget_set_visible (self->panes[AFTER], !self->one_pane);
  if (self->diff != NULL)
    show_diff (self);
}

static void
on_dark_cb (UiDiffView *self)
{
  gboolean              dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleScheme *scheme;

  scheme = gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (),
                                                       dark ? "Adwaita-dark" : "Adwaita");
  for (guint i = 0; i < G_N_ELEMENTS (self->panes); i++)
    gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (get_buffer (self, i)), scheme);
}

static void
add_tags (GtkTextBuffer *buffer)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    gtk_text_buffer_create_tag (buffer, tags[i].name,
                                tags[i].whole_line ? "paragraph-background" : "background",
                                tags[i].colour, NULL);
}

static GtkWidget *
create_pane (const char *label)
{
  g_autoptr (GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);
  GtkWidget *view;
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_source_buffer_set_language (
      buffer, gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (),
                                                        "yaml"));
  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  gtk_source_buffer_set_implicit_trailing_newline (buffer, FALSE);
  add_tags (GTK_TEXT_BUFFER (buffer));

  view = gtk_source_view_new_with_buffer (buffer);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);

  return scroller;
}

static void
ui_diff_view_dispose (GObject *object)
{
  UiDiffView *self = UI_DIFF_VIEW (object);

  g_clear_pointer (&self->diff, stack_diff_unref);
  g_clear_pointer (&self->room, gtk_widget_unparent);

  G_OBJECT_CLASS (ui_diff_view_parent_class)->dispose (object);
}

static void
ui_diff_view_class_init (UiDiffViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_diff_view_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "diffview");
}

static void
ui_diff_view_init (UiDiffView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 1);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  self->panes[BEFORE] = create_pane (_("As it is, and what changes"));
  self->panes[AFTER] = create_pane (_("As it will be"));
  for (guint i = 0; i < G_N_ELEMENTS (self->panes); i++)
    gtk_box_append (GTK_BOX (box), self->panes[i]);
  self->room = g_object_new (UI_TYPE_PANE, "narrow-below", TWO_PANES_WIDTH, "child", box, NULL);
  gtk_widget_set_parent (self->room, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (self->room, "notify::narrow", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  /* Both sides show the same lines. */
  gtk_scrolled_window_set_vadjustment (
      GTK_SCROLLED_WINDOW (self->panes[AFTER]),
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->panes[BEFORE])));

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (on_dark_cb),
                           self, G_CONNECT_SWAPPED);
  on_dark_cb (self);
  update (self);
}

/**
 * ui_diff_view_set_diff:
 * @self: a view
 * @diff: (nullable): what differs
 *
 * Shows the lines that differ and those around them.
 */
void
ui_diff_view_set_diff (UiDiffView *self,
                       StackDiff  *diff)
{
  g_return_if_fail (UI_IS_DIFF_VIEW (self));

  g_clear_pointer (&self->diff, stack_diff_unref);
  self->diff = diff != NULL ? stack_diff_ref (diff) : NULL;
  update (self);
}
