/* ui-log-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-row.h"

#include <string.h>

#include "ui-log-search.h"

/* A line longer than this is cut on the screen only; copying gives all of it. */
#define MAX_SHOWN 4096

/* One line of a log: when, and what. */
struct _UiLogRow
{
  GtkWidget  parent_instance;

  GtkLabel  *time;
  GtkLabel  *text;
  char      *needle; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (UiLogRow, ui_log_row, GTK_TYPE_WIDGET)

static void
add_mark (PangoAttrList *attributes,
          guint          start,
          guint          end)
{
  PangoAttribute *background = pango_attr_background_new (0xf8f8, 0xe4e4, 0x5c5c);
  PangoAttribute *foreground = pango_attr_foreground_new (0, 0, 0);

  background->start_index = foreground->start_index = start;
  background->end_index = foreground->end_index = end;
  pango_attr_list_insert (attributes, background);
  pango_attr_list_insert (attributes, foreground);
}

static void
mark_matches (UiLogRow *self)
{
  g_autoptr (PangoAttrList) attributes = NULL;
  const char               *text = gtk_label_get_label (self->text);
  const char               *end = text + strlen (text);
  const char               *match = text;

  if (self->needle != NULL)
    attributes = pango_attr_list_new ();
  while (self->needle != NULL
         && (match = ui_log_search_find (match, end - match, self->needle)) != NULL)
    {
      gsize length = strlen (self->needle);

      add_mark (attributes, match - text, match - text + length);
      match += length;
    }
  gtk_label_set_attributes (self->text, attributes);
}

static GtkLabel *
add_label (UiLogRow *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return GTK_LABEL (label);
}

static void
ui_log_row_dispose (GObject *object)
{
  UiLogRow *self = UI_LOG_ROW (object);

  if (self->time != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->time));
  if (self->text != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->text));
  self->time = NULL;
  self->text = NULL;
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (ui_log_row_parent_class)->dispose (object);
}

static void
ui_log_row_class_init (UiLogRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_log_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "logline");
}

static void
ui_log_row_init (UiLogRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->time = add_label (self);
  self->text = add_label (self);
  gtk_widget_add_css_class (GTK_WIDGET (self->time), "dim-label");
  gtk_widget_set_hexpand (GTK_WIDGET (self->text), TRUE);
  gtk_label_set_wrap_mode (self->text, PANGO_WRAP_WORD_CHAR);
}

/**
 * ui_log_row_new:
 *
 * Makes an empty row.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ui_log_row_new (void)
{
  return g_object_new (UI_TYPE_LOG_ROW, NULL);
}

/**
 * ui_log_row_set_line:
 * @self: a row
 * @line: a line
 *
 * Shows a line.
 */
void
ui_log_row_set_line (UiLogRow    *self,
                     KubeLogLine *line)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char      *clock = NULL;
  g_autofree char      *text = NULL;

  g_return_if_fail (UI_IS_LOG_ROW (self));
  g_return_if_fail (KUBE_IS_LOG_LINE (line));

  if (kube_log_line_get_time (line) != 0)
    {
      g_autoptr (GDateTime) utc = NULL;

      utc = g_date_time_new_from_unix_utc (kube_log_line_get_time (line) / G_USEC_PER_SEC);
      time = g_date_time_to_local (utc);
      clock = g_date_time_format (time, "%H:%M:%S");
    }
  gtk_label_set_label (self->time, clock != NULL ? clock : "");
  text = g_utf8_make_valid (kube_log_line_get_text (line),
                            strnlen (kube_log_line_get_text (line), MAX_SHOWN));
  gtk_label_set_label (self->text, text);
  mark_matches (self);
}

/**
 * ui_log_row_set_needle:
 * @self: a row
 * @needle: (nullable): what to mark
 *
 * Marks all places where a text occurs.
 */
void
ui_log_row_set_needle (UiLogRow   *self,
                       const char *needle)
{
  g_return_if_fail (UI_IS_LOG_ROW (self));

  if (g_strcmp0 (self->needle, needle) == 0)
    return;
  g_free (self->needle);
  self->needle = g_strdup (needle);
  mark_matches (self);
}

/**
 * ui_log_row_set_wrap:
 * @self: a row
 * @wrap: whether a long line goes on below
 *
 * Sets what becomes of long lines.
 */
void
ui_log_row_set_wrap (UiLogRow *self,
                     gboolean  wrap)
{
  g_return_if_fail (UI_IS_LOG_ROW (self));

  gtk_label_set_wrap (self->text, wrap);
}
