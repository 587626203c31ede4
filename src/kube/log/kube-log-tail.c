/* kube-log-tail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-tail.h"

#include <stdlib.h>

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)

/**
 * KubeLogTail:
 *
 * The last lines of a log, for going on where a connection ended without losing or
 * doubling a line.
 *
 * The server takes `sinceTime` in whole seconds and sends every line from that
 * second on once more. Lines of one container are not strictly in the order of
 * their stamps (standard output and standard error are stamped apart), so
 * comparing with the last stamp would lose or double some. Counting lines would
 * lose some where the log was rotated in between. Instead stamp and length of each
 * line of the last two seconds are kept, in 8 bytes; what comes again is crossed
 * off, as often as it was seen. Does no I/O.
 */
struct _KubeLogTail
{
  GArray  *last;    /* (element-type guint64) (owned): marks of the latest second */
  GArray  *before;  /* (element-type guint64) (owned): marks of the second before */
  gint64   newest;  /* the latest second seen, 0 when there is none */
  GArray  *again;   /* (element-type Known) (owned) (nullable): to cross off, sorted */
  gint64   oldest;  /* the second of the first line seen */
  gboolean is_part; /* there were lines before the first one */
  gboolean early;   /* what comes may still be from before the first one */
  gboolean resumed; /* no line with a stamp has come since the connection was made */
};

typedef struct
{
  guint64 mark;
  guint   count;
} Known;

/**
 * kube_log_tail_new: (skip)
 * @is_part: whether the log is read from its middle on
 *
 * Returns: (transfer full): a tail that has seen nothing
 */
KubeLogTail *
kube_log_tail_new (gboolean is_part)
{
  KubeLogTail *self = g_new0 (KubeLogTail, 1);

  self->last = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->before = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->is_part = is_part;

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

  g_clear_pointer (&self->last, g_array_unref);
  g_clear_pointer (&self->before, g_array_unref);
  g_clear_pointer (&self->again, g_array_unref);
  g_free (self);
}

/* Stamps count nanoseconds; those of lines of different lengths do not meet. */
static inline guint64
get_mark (const KubeLogEntry *entry)
{
  return (guint64) entry->time_ns ^ (guint64) entry->length * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
}

static int
compare_marks (gconstpointer a,
               gconstpointer b)
{
  guint64 mark = *(const guint64 *) a;
  guint64 other = *(const guint64 *) b;

  return mark < other ? -1 : mark > other;
}

/* Returns: TRUE when this line has been seen before the connection ended */
static gboolean
cross_off (KubeLogTail *self,
           guint64      mark)
{
  Known *known;

  /* The mark is the first member. */
  known = bsearch (&mark, self->again->data, self->again->len, sizeof (Known), compare_marks);
  if (known == NULL || known->count == 0)
    return FALSE;
  known->count--;

  return TRUE;
}

static void
begin_second (KubeLogTail *self,
              gint64       second)
{
  GArray *oldest = self->before;

  self->before = self->last;
  self->last = oldest;
  g_array_set_size (self->last, 0);
  if (second != self->newest + 1)
    g_array_set_size (self->before, 0);
  if (self->newest == 0)
    self->oldest = second;
  self->newest = second;
  self->early = FALSE;
  g_clear_pointer (&self->again, g_array_unref);
}

/**
 * kube_log_tail_take:
 * @self: a tail
 * @entry: a line as the server sent it
 *
 * Looks at a line and remembers it.
 *
 * Returns: %FALSE if the line was taken before the connection ended: it is to be
 *   dropped
 */
gboolean
kube_log_tail_take (KubeLogTail        *self,
                    const KubeLogEntry *entry)
{
  gint64  second = entry->time_ns / NSEC_PER_SEC;
  guint64 mark;

  /* Of a line whose parts lie on both sides of the time asked for, the kubelet sends
   * the later ones, without a stamp. */
  if (entry->time_ns == 0)
    return !self->resumed;

  self->resumed = FALSE;
  mark = get_mark (entry);
  if (self->again != NULL && cross_off (self, mark))
    {
      self->early = FALSE;
      return FALSE;
    }

  if (second > self->newest)
    begin_second (self, second);
  else if (self->early)
    return FALSE;
  if (second == self->newest)
    g_array_append_val (self->last, mark);
  else if (second == self->newest - 1)
    g_array_append_val (self->before, mark);

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

static void
add_known (GArray *known,
           GArray *marks)
{
  guint i;

  for (i = 0; i < marks->len; i++)
    {
      Known one = { g_array_index (marks, guint64, i), 1 };

      g_array_append_val (known, one);
    }
}

/**
 * kube_log_tail_resume:
 * @self: a tail
 * @same_log: whether it is of the same instance of the container
 *
 * Tells that a new connection begins, opened with the time of
 * [method@LogTail.dup_since]: the lines that are known come once more, and where
 * the log was read from its middle on, perhaps lines before the first one.
 */
void
kube_log_tail_resume (KubeLogTail *self,
                      gboolean     same_log)
{
  Known *known;
  guint  n_known = 0;
  guint  i;

  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->again, g_array_unref);
  self->resumed = self->newest != 0;
  self->early = self->resumed && same_log && self->is_part && self->oldest >= self->newest - 1;
  if (self->newest == 0)
    return;

  self->again = g_array_new (FALSE, FALSE, sizeof (Known));
  add_known (self->again, self->before);
  add_known (self->again, self->last);
  g_array_sort (self->again, compare_marks);

  known = (Known *) (gpointer) self->again->data;
  for (i = 0; i < self->again->len; i++)
    {
      if (n_known > 0 && known[n_known - 1].mark == known[i].mark)
        known[n_known - 1].count++;
      else
        known[n_known++] = known[i];
    }
  g_array_set_size (self->again, n_known);
}
