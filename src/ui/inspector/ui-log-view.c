/* ui-log-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-view.h"

#include <glib/gi18n.h>

#include "ui-log-row.h"

/* How long to let lines gather between two jumps to the end. */
#define SCROLL_PAUSE_MS 250

/* The lines of a log. While it follows, the newest line stays in sight; whoever scrolls up reads
 * in peace, and a button counts what came since. */
struct _UiLogView
{
  GtkWidget parent_instance;

  KubeLogBuffer *buffer; /* (owned) (nullable) */
  GHashTable    *rows;   /* (element-type UiLogRow) (unowned rows) (owned): those in use */
  char          *needle; /* (owned) (nullable) */
  gboolean       follow;
  gboolean       wrap;
  guint          n_new;
  double         last_value;
  double         last_upper;
  guint          scroll_source;
  gint64         last_scroll; /* µs of the monotonic clock */

  GtkScrolledWindow *scroller;
  GtkListView       *list;
  GtkMultiSelection *selection;
  GtkButton         *newest;
};

enum
{
  PROP_0,
  PROP_FOLLOW,
  PROP_WRAP,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiLogView, ui_log_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static GtkAdjustment *
get_adjustment (UiLogView *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

static void
scroll_to (UiLogView *self,
           guint      index)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", index);
}

static gboolean
on_scroll_cb (gpointer user_data)
{
  UiLogView *self = user_data;
  guint      n = self->buffer != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->buffer)) : 0;

  self->scroll_source = 0;
  self->last_scroll = g_get_monotonic_time ();
  if (self->follow && n > 0)
    scroll_to (self, n - 1);
  return G_SOURCE_REMOVE;
}

/* A jump to the end lays some two hundred rows out anew, which takes a tenth of a second on a slow
 * machine: the first line is shown at once, a flood of lines a few times a second. */
static void
queue_scroll (UiLogView *self)
{
  gint64 pause = self->last_scroll + SCROLL_PAUSE_MS * 1000 - g_get_monotonic_time ();

  if (self->scroll_source != 0)
    return;
  if (pause > 0)
    self->scroll_source = g_timeout_add_full (GDK_PRIORITY_REDRAW - 1, pause / 1000 + 1,
                                              on_scroll_cb, self, NULL);
  else
    self->scroll_source = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, on_scroll_cb, self, NULL);
}

static void
update_newest (UiLogView *self)
{
  g_autofree char *label = NULL;

  if (!self->follow && self->n_new > 0)
    label = g_strdup_printf (ngettext ("%u new line", "%u new lines", self->n_new),
                             self->n_new);
  gtk_widget_set_visible (GTK_WIDGET (self->newest), label != NULL);
  if (label != NULL)
    adw_button_content_set_label (ADW_BUTTON_CONTENT (gtk_button_get_child (self->newest)),
                                  label);
}

static void
on_items_changed_cb (UiLogView *self,
                     guint      position,
                     guint      removed,
                     guint      added)
{
  if (self->follow)
    {
      queue_scroll (self);
      return;
    }
  self->n_new += added;
  update_newest (self);
}

/* Only a person makes the value smaller while the log does not: the list itself follows growing
 * heights upwards, and a shrinking log moves both. */
static void
on_scrolled_cb (UiLogView *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);
  double         value = gtk_adjustment_get_value (adjustment);
  double         upper = gtk_adjustment_get_upper (adjustment);
  double         page = gtk_adjustment_get_page_size (adjustment);
  gboolean       upwards = value < self->last_value - 1 && upper >= self->last_upper;

  self->last_value = value;
  self->last_upper = upper;
  if (self->follow && upwards)
    ui_log_view_set_follow (self, FALSE);
  else if (!self->follow && !upwards && value + page >= upper - 1 && self->n_new > 0)
    ui_log_view_set_follow (self, TRUE);
}

static void
on_newest_clicked_cb (UiLogView *self)
{
  ui_log_view_set_follow (self, TRUE);
}

static void
on_setup_cb (UiLogView   *self,
             GtkListItem *item)
{
  gtk_list_item_set_child (item, ui_log_row_new ());
}

static void
on_bind_cb (UiLogView   *self,
            GtkListItem *item)
{
  UiLogRow *row = UI_LOG_ROW (gtk_list_item_get_child (item));

  ui_log_row_set_wrap (row, self->wrap);
  ui_log_row_set_needle (row, self->needle);
  ui_log_row_set_line (row, gtk_list_item_get_item (item));
  g_hash_table_add (self->rows, row);
}

static void
on_unbind_cb (UiLogView   *self,
              GtkListItem *item)
{
  g_hash_table_remove (self->rows, gtk_list_item_get_child (item));
}

static void
on_copy_action_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  UiLogView *self = UI_LOG_VIEW (widget);
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  GtkBitsetIter iter;
  guint         index;

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (self->buffer == NULL || !gtk_bitset_iter_init_first (&iter, selected, &index))
    return;
  do
    {
      gsize       length = 0;
      const char *line = kube_log_buffer_get_text (self->buffer, index, &length, NULL);

      g_string_append_len (text, line, length);
      g_string_append_c (text, '\n');
    }
  while (gtk_bitset_iter_next (&iter, &index));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  gtk_widget_activate_action (widget, "win.toast", "s", _("Copied"));
}

static void
ui_log_view_dispose (GObject *object)
{
  UiLogView *self = UI_LOG_VIEW (object);

  if (self->buffer != NULL)
    ui_log_view_set_buffer (self, NULL);
  g_clear_handle_id (&self->scroll_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_LOG_VIEW);

  G_OBJECT_CLASS (ui_log_view_parent_class)->dispose (object);
}

static void
ui_log_view_finalize (GObject *object)
{
  UiLogView *self = UI_LOG_VIEW (object);

  g_hash_table_unref (self->rows);
  g_free (self->needle);

  G_OBJECT_CLASS (ui_log_view_parent_class)->finalize (object);
}

static void
ui_log_view_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  UiLogView *self = UI_LOG_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLLOW:
      g_value_set_boolean (value, ui_log_view_get_follow (self));
      break;

    case PROP_WRAP:
      g_value_set_boolean (value, ui_log_view_get_wrap (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_log_view_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  UiLogView *self = UI_LOG_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLLOW:
      ui_log_view_set_follow (self, g_value_get_boolean (value));
      break;

    case PROP_WRAP:
      ui_log_view_set_wrap (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_log_view_class_init (UiLogViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_log_view_dispose;
  object_class->finalize = ui_log_view_finalize;
  object_class->get_property = ui_log_view_get_property;
  object_class->set_property = ui_log_view_set_property;

  properties[PROP_FOLLOW] =
      g_param_spec_boolean ("follow", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WRAP] =
      g_param_spec_boolean ("wrap", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/inspector/ui-log-view.ui");
  /* Bound for gtk_widget_dispose_template(), which lets go of what is bound. */
  gtk_widget_class_bind_template_child_full (widget_class, "overlay", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiLogView, list);
  gtk_widget_class_bind_template_child (widget_class, UiLogView, newest);
  gtk_widget_class_bind_template_child (widget_class, UiLogView, scroller);
  gtk_widget_class_bind_template_child (widget_class, UiLogView, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_newest_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, on_copy_action_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "log.copy",
                                       NULL);
}

static void
ui_log_view_init (UiLogView *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  self->follow = TRUE;
  self->wrap = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (get_adjustment (self), "value-changed", G_CALLBACK (on_scrolled_cb),
                           self, G_CONNECT_SWAPPED);
}

/**
 * ui_log_view_set_buffer:
 * @self: a log view
 * @buffer: (nullable): a log
 *
 * Shows another log, from its newest line.
 */
void
ui_log_view_set_buffer (UiLogView     *self,
                        KubeLogBuffer *buffer)
{
  g_return_if_fail (UI_IS_LOG_VIEW (self));

  if (self->buffer == buffer)
    return;
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_func (self->buffer, on_items_changed_cb, self);
  g_set_object (&self->buffer, buffer);
  if (buffer != NULL)
    g_signal_connect_object (buffer, "items-changed", G_CALLBACK (on_items_changed_cb), self,
                             G_CONNECT_SWAPPED);
  self->last_value = 0;
  self->last_upper = 0;
  gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (buffer));
  ui_log_view_set_follow (self, TRUE);
}

/**
 * ui_log_view_set_needle:
 * @self: a log view
 * @needle: (nullable): what to mark
 *
 * Marks all places where a text occurs.
 */
void
ui_log_view_set_needle (UiLogView  *self,
                        const char *needle)
{
  GHashTableIter iter;
  gpointer       row;

  g_return_if_fail (UI_IS_LOG_VIEW (self));

  if (g_strcmp0 (self->needle, needle) == 0)
    return;
  g_free (self->needle);
  self->needle = g_strdup (needle);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    ui_log_row_set_needle (row, needle);
}

/**
 * ui_log_view_get_follow:
 * @self: a log view
 *
 * Returns: whether the newest line is kept in sight
 */
gboolean
ui_log_view_get_follow (UiLogView *self)
{
  g_return_val_if_fail (UI_IS_LOG_VIEW (self), FALSE);

  return self->follow;
}

/**
 * ui_log_view_set_follow:
 * @self: a log view
 * @follow: whether to keep the newest line in sight
 *
 * Begins or ends to follow; beginning jumps to the newest line.
 */
void
ui_log_view_set_follow (UiLogView *self,
                        gboolean   follow)
{
  g_return_if_fail (UI_IS_LOG_VIEW (self));

  self->n_new = 0;
  if (follow)
    queue_scroll (self);
  if (self->follow != follow)
    {
      self->follow = follow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
    }
  update_newest (self);
}

/**
 * ui_log_view_get_wrap:
 * @self: a log view
 *
 * Returns: whether long lines go on below
 */
gboolean
ui_log_view_get_wrap (UiLogView *self)
{
  g_return_val_if_fail (UI_IS_LOG_VIEW (self), FALSE);

  return self->wrap;
}

/**
 * ui_log_view_set_wrap:
 * @self: a log view
 * @wrap: whether long lines go on below; otherwise one scrolls sideways
 *
 * Sets what becomes of long lines.
 */
void
ui_log_view_set_wrap (UiLogView *self,
                      gboolean   wrap)
{
  GHashTableIter iter;
  gpointer       row;

  g_return_if_fail (UI_IS_LOG_VIEW (self));

  if (self->wrap == wrap)
    return;
  self->wrap = wrap;
  gtk_scrolled_window_set_policy (self->scroller, wrap ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_AUTOMATIC);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    ui_log_row_set_wrap (row, wrap);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRAP]);
}

/**
 * ui_log_view_show_line:
 * @self: a log view
 * @index: a line of the buffer
 *
 * Scrolls to a line and selects it, which ends following.
 */
void
ui_log_view_show_line (UiLogView *self,
                       guint      index)
{
  g_return_if_fail (UI_IS_LOG_VIEW (self));

  ui_log_view_set_follow (self, FALSE);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), index, TRUE);
  scroll_to (self, index);
}
