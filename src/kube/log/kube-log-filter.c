/* kube-log-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-filter.h"

/**
 * KubeLogFilter:
 *
 * Keeps those lines of a log that have not been read before, up to a number of
 * bytes. Does no I/O.
 *
 * The server could count the bytes, too, but would count the stamps, which whoever
 * reads the log may not want, and could not go on after a cut.
 */
struct _KubeLogFilter
{
  KubeLogTail *tail; /* (owned) */
  gboolean     limited;
  gboolean     counts_stamps;
  gint64       left; /* bytes, where it is limited */
};

/**
 * kube_log_filter_new: (skip)
 * @options: which part of the log is read
 *
 * Returns: (transfer full): a filter that has seen nothing
 */
KubeLogFilter *
kube_log_filter_new (const KubeLogOptions *options)
{
  KubeLogFilter *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_new0 (KubeLogFilter, 1);
  self->tail = kube_log_tail_new (kube_log_options_is_part (options));
  self->limited = options->limit_bytes > 0;
  self->counts_stamps = options->limit_stamps;
  self->left = options->limit_bytes;

  return self;
}

/**
 * kube_log_filter_free:
 * @self: (nullable): a filter
 *
 * Frees @self.
 */
void
kube_log_filter_free (KubeLogFilter *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->tail, kube_log_tail_free);
  g_free (self);
}

/**
 * kube_log_filter_get_tail:
 * @self: a filter
 *
 * Returns: (transfer none): what knows which lines have been read
 */
KubeLogTail *
kube_log_filter_get_tail (KubeLogFilter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->tail;
}

/* Cuts @entry where the limit is reached, be it in its stamp. */
static void
count_bytes (KubeLogFilter *self,
             KubeLogEntry  *entry)
{
  gint64   stamp_length = self->counts_stamps ? entry->stamp_length : 0;
  gint64   length = stamp_length + (gint64) entry->length;
  gboolean ends = (entry->flags & KUBE_LOG_OPEN) == 0;

  if (length + (ends ? 1 : 0) <= self->left)
    {
      self->left -= length + (ends ? 1 : 0);
      return;
    }

  if (self->left < stamp_length)
    {
      entry->text -= entry->stamp_length;
      entry->stamp_length = 0;
      stamp_length = 0;
    }
  entry->length = (gsize) (self->left - stamp_length);
  entry->flags |= KUBE_LOG_OPEN;
  self->left = 0;
}

/**
 * kube_log_filter_choose:
 * @self: a filter
 * @entries: (array length=n_entries) (inout): lines as the server sent them; those
 *   that are new are moved to the beginning
 * @n_entries: how many
 *
 * Looks at lines and remembers them.
 *
 * Returns: how many are new
 */
guint
kube_log_filter_choose (KubeLogFilter *self,
                        KubeLogEntry  *entries,
                        guint          n_entries)
{
  guint n_new = 0;
  guint i;

  g_return_val_if_fail (self != NULL, 0);

  for (i = 0; i < n_entries && !(self->limited && self->left == 0); i++)
    {
      if (!kube_log_tail_take (self->tail, &entries[i]))
        continue;
      if (self->limited)
        count_bytes (self, &entries[i]);
      if (n_new != i)
        entries[n_new] = entries[i];
      n_new++;
    }

  return n_new;
}

/**
 * kube_log_filter_is_over:
 * @self: a filter
 *
 * Returns: whether the limit is reached: nothing gets through any more
 */
gboolean
kube_log_filter_is_over (KubeLogFilter *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->limited && self->left == 0;
}
