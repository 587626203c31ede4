/* ui-log-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-search.h"

#include <string.h>

/* Where a text occurs in a log that goes on growing. Each line is looked at once: new lines are
 * added to what was found, and what falls out of the buffer at its old end is forgotten. */
struct _UiLogSearch
{
  GObject parent_instance;

  KubeLogBuffer *buffer;  /* (owned) (nullable) */
  char          *needle;  /* (owned) (nullable): NULL when nothing is searched for */
  GArray        *matches; /* (element-type guint) (owned): indices of lines, ascending */
  guint          current; /* 1-based; 0 when no match has been visited */
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (UiLogSearch, ui_log_search, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
scan (UiLogSearch *self,
      guint        first,
      guint        n)
{
  for (guint i = first; self->needle != NULL && i < first + n; i++)
    {
      gsize       length = 0;
      const char *text = kube_log_buffer_get_text (self->buffer, i, &length, NULL);

      if (ui_log_search_find (text, length, self->needle) != NULL)
        g_array_append_val (self->matches, i);
    }
}

static void
forget_first (UiLogSearch *self,
              guint        n_lines)
{
  guint n_gone = 0;

  while (n_gone < self->matches->len && g_array_index (self->matches, guint, n_gone) < n_lines)
    n_gone++;
  g_array_remove_range (self->matches, 0, n_gone);
  for (guint i = 0; i < self->matches->len; i++)
    g_array_index (self->matches, guint, i) -= n_lines;
  self->current = self->current > n_gone ? self->current - n_gone : 0;
}

static void
start_over (UiLogSearch *self)
{
  g_array_set_size (self->matches, 0);
  self->current = 0;
  if (self->buffer != NULL)
    scan (self, 0, g_list_model_get_n_items (G_LIST_MODEL (self->buffer)));
}

static void
on_items_changed_cb (UiLogSearch *self,
                     guint        position,
                     guint        removed,
                     guint        added)
{
  if (self->needle == NULL)
    return;
  if (position == 0 && removed > 0 && added == 0)
    forget_first (self, removed);
  else if (removed == 0)
    scan (self, position, added);
  else
    start_over (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ui_log_search_dispose (GObject *object)
{
  UiLogSearch *self = UI_LOG_SEARCH (object);

  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (ui_log_search_parent_class)->dispose (object);
}

static void
ui_log_search_finalize (GObject *object)
{
  UiLogSearch *self = UI_LOG_SEARCH (object);

  g_free (self->needle);
  g_array_unref (self->matches);

  G_OBJECT_CLASS (ui_log_search_parent_class)->finalize (object);
}

static void
ui_log_search_class_init (UiLogSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_log_search_dispose;
  G_OBJECT_CLASS (klass)->finalize = ui_log_search_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ui_log_search_init (UiLogSearch *self)
{
  self->matches = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * ui_log_search_new:
 *
 * Makes a search for nothing in nothing.
 *
 * Returns: (transfer full): a search
 */
UiLogSearch *
ui_log_search_new (void)
{
  return g_object_new (UI_TYPE_LOG_SEARCH, NULL);
}

/**
 * ui_log_search_set_buffer:
 * @self: a search
 * @buffer: (nullable): a log
 *
 * Searches in another log.
 */
void
ui_log_search_set_buffer (UiLogSearch   *self,
                          KubeLogBuffer *buffer)
{
  g_return_if_fail (UI_IS_LOG_SEARCH (self));

  if (self->buffer == buffer)
    return;
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_func (self->buffer, on_items_changed_cb, self);
  g_set_object (&self->buffer, buffer);
  if (buffer != NULL)
    g_signal_connect_object (buffer, "items-changed", G_CALLBACK (on_items_changed_cb), self,
                             G_CONNECT_SWAPPED);
  start_over (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * ui_log_search_set_needle:
 * @self: a search
 * @needle: (nullable): what to look for; %NULL or "" for nothing
 *
 * Searches for another text.
 */
void
ui_log_search_set_needle (UiLogSearch *self,
                          const char  *needle)
{
  g_return_if_fail (UI_IS_LOG_SEARCH (self));

  if (needle != NULL && *needle == '\0')
    needle = NULL;
  if (g_strcmp0 (self->needle, needle) == 0)
    return;
  g_free (self->needle);
  self->needle = g_strdup (needle);
  start_over (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * ui_log_search_get_needle:
 * @self: a search
 *
 * Returns: (transfer none) (nullable): what is looked for
 */
const char *
ui_log_search_get_needle (UiLogSearch *self)
{
  g_return_val_if_fail (UI_IS_LOG_SEARCH (self), NULL);

  return self->needle;
}

/**
 * ui_log_search_get_count:
 * @self: a search
 *
 * Returns: how many lines match
 */
guint
ui_log_search_get_count (UiLogSearch *self)
{
  g_return_val_if_fail (UI_IS_LOG_SEARCH (self), 0);

  return self->matches->len;
}

/**
 * ui_log_search_get_current:
 * @self: a search
 *
 * Returns: which match was visited last, counted from 1; 0 for none
 */
guint
ui_log_search_get_current (UiLogSearch *self)
{
  g_return_val_if_fail (UI_IS_LOG_SEARCH (self), 0);

  return self->current;
}

/**
 * ui_log_search_step:
 * @self: a search
 * @direction: 1 for the next match, -1 for the one before
 *
 * Goes to another match, around the ends. The first step backwards leads to the newest match.
 *
 * Returns: the index of its line, or %G_MAXUINT when nothing matches
 */
guint
ui_log_search_step (UiLogSearch *self,
                    int          direction)
{
  guint n;

  g_return_val_if_fail (UI_IS_LOG_SEARCH (self), G_MAXUINT);
  g_return_val_if_fail (direction == 1 || direction == -1, G_MAXUINT);

  n = self->matches->len;
  if (n == 0)
    return G_MAXUINT;
  if (direction > 0)
    self->current = self->current % n + 1;
  else
    self->current = self->current <= 1 ? n : self->current - 1;
  g_signal_emit (self, signals[CHANGED], 0);
  return g_array_index (self->matches, guint, self->current - 1);
}

/**
 * ui_log_search_find:
 * @text: (array length=length): a line
 * @length: its bytes
 * @needle: what to look for
 *
 * Looks for a text; ASCII letters match in either case.
 *
 * Returns: (transfer none) (nullable): where @needle begins in @text
 */
const char *
ui_log_search_find (const char *text,
                    gsize       length,
                    const char *needle)
{
  gsize needle_length;
  char  first[3] = { 0 };

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (needle != NULL, NULL);

  needle_length = strlen (needle);
  if (needle_length == 0 || needle_length > length)
    return NULL;
  first[0] = g_ascii_tolower (*needle);
  first[1] = g_ascii_toupper (*needle);
  for (const char *p = text; p + needle_length <= text + length; p++)
    if ((*p == first[0] || *p == first[1]) && g_ascii_strncasecmp (p, needle, needle_length) == 0)
      return p;
  return NULL;
}
