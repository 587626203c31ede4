/* fuzz-log-lines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-time.h"
#include "kube-log-splitter.h"
#include "kube-log-tail.h"
#include "property.h"
#include "read-lines.h"

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)
#define MAX_STAMP 40
/* An input that begins with this stands at the end of a line that is nearly too long. */
#define LONG_LINE '\1'
/* So many bytes are not read by the dozen. */
#define MANY 65536

/* Adds @entries to those kept, which own their bytes. */
static void
keep (GArray *kept,
      GArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      KubeLogEntry entry = g_array_index (entries, KubeLogEntry, i);
      const char  *start = entry.text - entry.stamp_length;

      g_assert_true (entry.stamp_length == 0 || start[entry.stamp_length - 1] == ' ');
      entry.text = property_dup_text ((const uint8_t *) start, entry.stamp_length + entry.length) +
                   entry.stamp_length;
      g_array_append_val (kept, entry);
    }
  g_array_set_size (entries, 0);
}

static void
entry_clear (gpointer data)
{
  KubeLogEntry *entry = data;

  g_free ((char *) entry->text - entry->stamp_length);
}

/* (transfer full) (element-type KubeLogEntry): the log, of which at most @max_chunk bytes arrive at
 * once. Each piece has a buffer of its own, so that nothing can be read beyond it. */
static GArray *
split (const char *data,
       gsize       size,
       guint       max_chunk)
{
  g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
  g_autoptr(GRand) random = g_rand_new_with_seed (read_lines_seed (data, size));
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
  gsize   length;

  g_array_set_clear_func (kept, entry_clear);
  for (gsize position = 0; position < size; position += length)
    {
      g_autofree char *chunk = NULL;

      length = (gsize) g_rand_int_range (random, 1, (gint32) max_chunk + 1);
      length = MIN (length, size - position);
      chunk = g_memdup2 (data + position, length);
      kube_log_splitter_feed (splitter, chunk, length, entries);
      keep (kept, entries);
    }
  kube_log_splitter_end (splitter, entries);
  keep (kept, entries);

  return kept;
}

static void
check_equal (GArray *a,
             GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const KubeLogEntry *one = &g_array_index (a, KubeLogEntry, i);
      const KubeLogEntry *other = &g_array_index (b, KubeLogEntry, i);

      g_assert_cmpint (one->time_ns, ==, other->time_ns);
      g_assert_cmpuint (one->stamp_length, ==, other->stamp_length);
      g_assert_cmpint (one->flags, ==, other->flags);
      g_assert_cmpmem (one->text, one->length, other->text, other->length);
    }
}

/* Nothing is lost or added: stamps, texts and line ends are the bytes again. */
static void
check_complete (GArray     *entries,
                const char *data,
                gsize       size)
{
  gsize position = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const KubeLogEntry *entry = &g_array_index (entries, KubeLogEntry, i);
      gsize               length = entry->stamp_length + entry->length;

      g_assert_cmpuint (position + length, <=, size);
      g_assert_cmpmem (entry->text - entry->stamp_length, length, data + position, length);
      position += length;
      if ((entry->flags & KUBE_LOG_OPEN) == 0)
        g_assert_true (data[position++] == '\n');
    }
  g_assert_cmpuint (position, ==, size);
}

/* The short cut for stamps of one minute reads what the parser of times reads. */
static void
check_time (const KubeLogEntry *entry)
{
  const char      *line = entry->text - entry->stamp_length;
  gsize            length = entry->stamp_length + entry->length;
  const char      *space = length > 0 ? memchr (line, ' ', MIN (length, MAX_STAMP + 1)) : NULL;
  g_autofree char *stamp = space != NULL ? g_strndup (line, (gsize) (space - line)) : NULL;
  gboolean         whole = stamp != NULL && strlen (stamp) == (gsize) (space - line);
  gint64           expected = whole ? base_time_parse_ns (stamp) : 0;

  g_assert_cmpint (entry->time_ns, ==, expected);
  g_assert_cmpuint (entry->stamp_length, ==, expected != 0 ? strlen (stamp) + 1 : 0);
  if (expected > 0)
    g_assert_cmpint (base_time_parse (stamp), ==, expected / 1000);
}

static void
check_times (GArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const KubeLogEntry *entry = &g_array_index (entries, KubeLogEntry, i);

      if ((entry->flags & KUBE_LOG_CONTINUED) == 0)
        check_time (entry);
      else
        g_assert_cmpint (entry->time_ns, ==, (entry - 1)->time_ns);
    }
}

/* The lines that have a time, which lies after the first seconds of 1970. */
static GArray *
choose_timed (GArray *entries)
{
  GArray *timed = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));

  for (guint i = 0; i < entries->len; i++)
    {
      const KubeLogEntry *entry = &g_array_index (entries, KubeLogEntry, i);

      if (entry->time_ns >= 2 * NSEC_PER_SEC && (entry->flags & KUBE_LOG_CONTINUED) == 0)
        g_array_append_val (timed, *entry);
    }

  return timed;
}

/* A log that is cut after some line, and sent again from the second that was asked for, comes
 * through with every line once. */
static void
check_cut (GArray *entries,
           guint   cut)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new (FALSE);
  g_autofree char *since = NULL;
  gint64           start;

  for (guint i = 0; i < cut; i++)
    g_assert_true (kube_log_tail_take (tail, &g_array_index (entries, KubeLogEntry, i)));
  since = kube_log_tail_dup_since (tail);
  g_assert_true ((since == NULL) == (cut == 0));
  start = base_time_parse_ns (since);
  kube_log_tail_resume (tail, TRUE);
  for (guint i = 0; i < entries->len; i++)
    {
      const KubeLogEntry *entry = &g_array_index (entries, KubeLogEntry, i);

      if (entry->time_ns >= start)
        g_assert_cmpint (kube_log_tail_take (tail, entry), ==, i >= cut);
    }
}

static void
check (const char *data,
       gsize       size)
{
  guint32 seed = read_lines_seed (data, size);
  g_autoptr(GArray) whole = split (data, size, G_MAXINT32 - 1);
  g_autoptr(GArray) pieces = split (data, size, 1 + seed % (size < MANY ? 97 : MANY));
  g_autoptr(GArray) timed = NULL;

  check_complete (whole, data, size);
  check_equal (whole, pieces);
  check_times (whole);
  timed = choose_timed (whole);
  check_cut (timed, seed % (timed->len + 1));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = NULL;
  gsize            padding = 0;

  if (size > 0 && data[0] == LONG_LINE)
    padding = KUBE_LOG_MAX_ENTRY - size / 2;
  text = g_malloc (padding + size + 1);
  memset (text, 'x', padding);
  if (size > 0)
    memcpy (text + padding, data, size);
  check (text, padding + size);
  return 0;
}
