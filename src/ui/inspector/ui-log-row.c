/* ui-log-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-row.h"

#include <string.h>

#include "ui-log-search.h"

/* A line longer than this is cut on the screen only; copying gives all of it. */
#define MAX_SHOWN 4096
#define GAP 12
#define MIN_TEXT_WIDTH 60

/* One line of a log: when, and what. A list of lines that goes by shapes text all the time; a
 * GtkLabel that wraps shapes its text again for each size it is asked for, which took most of a
 * processor. Here each line is shaped once for each width. */
struct _UiLogRow
{
  GtkWidget parent_instance;

  KubeLogLine *line;   /* (owned) (nullable) */
  char        *needle; /* (owned) (nullable) */
  PangoLayout *time;   /* (owned) (nullable) */
  PangoLayout *text;   /* (owned) (nullable) */
  gboolean     wrap;
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
  const char *text = pango_layout_get_text (self->text);
  const char *end = text + strlen (text);
  const char *match = text;

  if (self->needle != NULL)
    attributes = pango_attr_list_new ();
  while (self->needle != NULL && (match = ui_log_search_find (match, end - match, self->needle)) != NULL)
    {
      gsize length = strlen (self->needle);

      add_mark (attributes, match - text, match - text + length);
      match += length;
    }
  pango_layout_set_attributes (self->text, attributes);
}

static char *
dup_clock (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (time == 0)
    return g_strdup ("        ");
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  return g_date_time_format (local, "%H:%M:%S");
}

static void
create_layouts (UiLogRow *self)
{
  g_autofree char *clock = NULL;
  g_autofree char *text = NULL;
  const char      *line;

  g_clear_object (&self->time);
  g_clear_object (&self->text);
  if (self->line == NULL)
    return;
  line = kube_log_line_get_text (self->line);
  clock = dup_clock (kube_log_line_get_time (self->line));
  text = g_utf8_make_valid (line, strnlen (line, MAX_SHOWN));
  self->time = gtk_widget_create_pango_layout (GTK_WIDGET (self), clock);
  self->text = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_set_wrap (self->text, PANGO_WRAP_WORD_CHAR);
  mark_matches (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static int
get_text_offset (UiLogRow *self)
{
  int width;

  pango_layout_get_pixel_size (self->time, &width, NULL);
  return width + GAP;
}

static void
set_text_width (UiLogRow *self,
                int       width)
{
  int room = MAX (width - get_text_offset (self), MIN_TEXT_WIDTH);

  pango_layout_set_width (self->text, self->wrap ? room * PANGO_SCALE : -1);
}

static GtkSizeRequestMode
ui_log_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ui_log_row_measure (GtkWidget     *widget,
                    GtkOrientation orientation,
                    int            for_size,
                    int           *minimum,
                    int           *natural,
                    int           *minimum_baseline,
                    int           *natural_baseline)
{
  UiLogRow *self = UI_LOG_ROW (widget);
  int       width, height;

  *minimum = *natural = 0;
  if (self->text == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->wrap)
    {
      *minimum = *natural = get_text_offset (self) + MIN_TEXT_WIDTH;
      return;
    }
  if (for_size >= 0 || !self->wrap)
    set_text_width (self, for_size);
  pango_layout_get_pixel_size (self->text, &width, &height);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? get_text_offset (self) + width
                                                                  : height;
}

static void
ui_log_row_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  if (UI_LOG_ROW (widget)->text != NULL)
    set_text_width (UI_LOG_ROW (widget), width);
}

static void
ui_log_row_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  UiLogRow        *self = UI_LOG_ROW (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA          color;
  GdkRGBA          dim;

  if (self->text == NULL)
    return;
  gtk_style_context_get_color (style, &color);
  dim = color;
  dim.alpha *= 0.55f;
  gtk_snapshot_append_layout (snapshot, self->time, &dim);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (get_text_offset (self), 0));
  gtk_snapshot_append_layout (snapshot, self->text, &color);
  gtk_snapshot_restore (snapshot);
}

static void
ui_log_row_css_changed (GtkWidget         *widget,
                        GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (ui_log_row_parent_class)->css_changed (widget, change);

  /* The font may be another one now. */
  create_layouts (UI_LOG_ROW (widget));
}

static void
ui_log_row_dispose (GObject *object)
{
  UiLogRow *self = UI_LOG_ROW (object);

  g_clear_object (&self->line);
  g_clear_object (&self->time);
  g_clear_object (&self->text);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (ui_log_row_parent_class)->dispose (object);
}

static void
ui_log_row_class_init (UiLogRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_log_row_dispose;
  widget_class->css_changed = ui_log_row_css_changed;
  widget_class->get_request_mode = ui_log_row_get_request_mode;
  widget_class->measure = ui_log_row_measure;
  widget_class->size_allocate = ui_log_row_size_allocate;
  widget_class->snapshot = ui_log_row_snapshot;

  gtk_widget_class_set_css_name (widget_class, "logline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
ui_log_row_init (UiLogRow *self)
{
  self->wrap = TRUE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
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
  g_return_if_fail (UI_IS_LOG_ROW (self));
  g_return_if_fail (KUBE_IS_LOG_LINE (line));

  g_set_object (&self->line, line);
  create_layouts (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
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
  if (self->text == NULL)
    return;
  mark_matches (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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

  if (self->wrap == wrap)
    return;
  self->wrap = wrap;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
