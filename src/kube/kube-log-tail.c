/* kube-log-tail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-tail.h"

#include "base-time.h"

#include <string.h>

/* RFC 3339 with nanoseconds and an offset is shorter. */
#define MAX_STAMP 40

/**
 * KubeLogTail:
 *
 * The last lines of a log, for going on where a connection ended without losing or
 * doubling a line.
 *
 * The server takes `sinceTime` in whole seconds and sends every line from that
 * second on once more. Lines of one container are not strictly in the order of
 * their stamps (standard output and standard error are stamped apart), so
 * comparing with the last stamp would lose or double some. Instead the lines of
 * the last two seconds are kept; what comes again is crossed off, the same line as
 * often as it was seen. Does no I/O.
 */
struct _KubeLogTail
{
  GArray     *recent; /* (element-type Recent) (owned): the last two seconds */
  gint64      newest; /* the latest second seen, 0 when there is none */
  GHashTable *again;  /* (element-type GBytes guint) (owned) (nullable): to cross off */
};

typedef struct
{
  gint64  second;
  GBytes *line; /* (owned): with its stamp */
} Recent;

static void
recent_clear (gpointer data)
{
  Recent *recent = data;

  g_clear_pointer (&recent->line, g_bytes_unref);
}

/**
 * kube_log_tail_new: (skip)
 *
 * Returns: (transfer full): a tail that has seen nothing
 */
KubeLogTail *
kube_log_tail_new (void)
{
  KubeLogTail *self = g_new0 (KubeLogTail, 1);

  self->recent = g_array_new (FALSE, FALSE, sizeof (Recent));
  g_array_set_clear_func (self->recent, recent_clear);

  return self;
}

/**
 * kube_log_tail_free:
 * @self: (nullable): a tail
 *
 * Frees @self.
 */
void
kube_log_tail_free (KubeLogTail *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->recent, g_array_unref);
  g_clear_pointer (&self->again, g_hash_table_unref);
  g_free (self);
}

/* Cuts the stamp off. The kubelet adds lines of its own, which have none. */
static void
split_line (GBytes       *line,
            KubeLogEntry *entry)
{
  char        stamp[MAX_STAMP + 1];
  const char *space;
  gsize       length;

  entry->text = g_bytes_get_data (line, &length);
  entry->length = length;
  entry->time_us = 0;

  space = length > 0 ? memchr (entry->text, ' ', MIN (length, MAX_STAMP + 1)) : NULL;
  if (space == NULL)
    return;

  memcpy (stamp, entry->text, (gsize) (space - entry->text));
  stamp[space - entry->text] = '\0';
  entry->time_us = base_time_parse (stamp);
  if (entry->time_us == 0)
    return;

  entry->length = length - (gsize) (space + 1 - entry->text);
  entry->text = space + 1;
}

/* Returns: TRUE when this line has been seen before the connection ended */
static gboolean
cross_off (KubeLogTail *self,
           GBytes      *line)
{
  guint count;

  if (self->again == NULL)
    return FALSE;

  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->again, line));
  if (count == 0)
    return FALSE;

  if (count > 1)
    g_hash_table_insert (self->again, g_bytes_ref (line), GUINT_TO_POINTER (count - 1));
  else
    g_hash_table_remove (self->again, line);

  return TRUE;
}

static void
forget_before (KubeLogTail *self,
               gint64       second)
{
  guint kept = 0;
  guint i;

  for (i = 0; i < self->recent->len; i++)
    {
      Recent *recent = &g_array_index (self->recent, Recent, i);
      Recent  moved = *recent;

      if (moved.second < second)
        {
          recent_clear (recent);
          continue;
        }
      recent->line = NULL;
      g_array_index (self->recent, Recent, kept) = moved;
      kept++;
    }
  g_array_set_size (self->recent, kept);
}

/**
 * kube_log_tail_take:
 * @self: a tail
 * @line: a line as the server sent it, with its stamp
 * @entry: (out caller-allocates): time and text of the line; the text is borrowed
 *   from @line
 *
 * Reads one line and remembers it.
 *
 * Returns: %FALSE if the line was taken before the connection ended: it is to be
 *   dropped
 */
gboolean
kube_log_tail_take (KubeLogTail  *self,
                    GBytes       *line,
                    KubeLogEntry *entry)
{
  Recent recent = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);
  g_return_val_if_fail (entry != NULL, FALSE);

  split_line (line, entry);
  if (entry->time_us == 0)
    return TRUE;
  if (cross_off (self, line))
    return FALSE;

  recent.second = entry->time_us / G_USEC_PER_SEC;
  if (recent.second > self->newest)
    {
      self->newest = recent.second;
      forget_before (self, self->newest - 1);
      g_clear_pointer (&self->again, g_hash_table_unref);
    }
  if (recent.second >= self->newest - 1)
    {
      recent.line = g_bytes_ref (line);
      g_array_append_val (self->recent, recent);
    }

  return TRUE;
}

/**
 * kube_log_tail_dup_since:
 * @self: a tail
 *
 * Returns: (transfer full) (nullable): the `sinceTime` for the next connection;
 *   %NULL when no stamp has been seen
 */
char *
kube_log_tail_dup_since (KubeLogTail *self)
{
  g_autoptr(GDateTime) time = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->newest == 0)
    return NULL;

  time = g_date_time_new_from_unix_utc (self->newest - 1);
  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/**
 * kube_log_tail_resume:
 * @self: a tail
 *
 * Tells that a new connection begins, opened with the time of
 * [method@KubeLogTail.dup_since]: the lines that are known come once more.
 */
void
kube_log_tail_resume (KubeLogTail *self)
{
  guint i;

  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->again, g_hash_table_unref);
  self->again = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                       (GDestroyNotify) g_bytes_unref, NULL);
  for (i = 0; i < self->recent->len; i++)
    {
      Recent *recent = &g_array_index (self->recent, Recent, i);
      guint   count = GPOINTER_TO_UINT (g_hash_table_lookup (self->again, recent->line));

      g_hash_table_insert (self->again, g_bytes_ref (recent->line),
                           GUINT_TO_POINTER (count + 1));
    }
}
