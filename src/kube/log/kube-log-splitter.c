/* kube-log-splitter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-splitter.h"

#include "base-time.h"

#include <string.h>

/* "2006-01-02T15:04:05.000000000Z", as the kubelet writes it where it counts in UTC. */
#define UTC_STAMP 30
/* RFC 3339 with nanoseconds and an offset is shorter. */
#define MAX_STAMP 40
/* The part of a stamp that many lines have in common: up to the minute. */
#define MINUTE_LENGTH 17
/* Entries that there is room for at a time */
#define MANY 1024

/**
 * KubeLogSplitter:
 *
 * Takes the bytes of a log with time stamps apart into lines. Does no I/O.
 *
 * Only "\n" ends a line; "\r" and NUL are part of it. A line of more than 1 MiB is
 * several entries, always cut at the same places, however the bytes arrive.
 */
struct _KubeLogSplitter
{
  GByteArray *rest;      /* (owned): the open line */
  GByteArray *joined;    /* (owned): one that came in several blocks */
  gboolean    continued; /* the open line has had an entry already */
  gint64      time_ns;   /* of the line of that entry */

  /* The latest minute, so that it is not worked out for each of its lines; NUL at first */
  char   minute[MINUTE_LENGTH];
  gint64 minute_ns;
};

/**
 * kube_log_splitter_new: (skip)
 *
 * Returns: (transfer full): a splitter at the beginning of a log
 */
KubeLogSplitter *
kube_log_splitter_new (void)
{
  KubeLogSplitter *self = g_new0 (KubeLogSplitter, 1);

  self->rest = g_byte_array_new ();
  self->joined = g_byte_array_new ();

  return self;
}

/**
 * kube_log_splitter_free:
 * @self: (nullable): a splitter
 *
 * Frees @self.
 */
void
kube_log_splitter_free (KubeLogSplitter *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->rest, g_byte_array_unref);
  g_clear_pointer (&self->joined, g_byte_array_unref);
  g_free (self);
}

/* Returns: FALSE if one of them is none */
static inline gboolean
read_digits (const char *text,
             guint       n_digits,
             guint      *value)
{
  guint i;

  *value = 0;
  for (i = 0; i < n_digits; i++)
    {
      guint digit = (guint) (guchar) text[i] - '0';

      if (digit > 9)
        return FALSE;
      *value = *value * 10 + digit;
    }

  return TRUE;
}

/* Millions of lines have a stamp of the same minute. */
static inline gboolean
read_known_minute (KubeLogSplitter *self,
                   KubeLogEntry    *entry)
{
  const char *text = entry->text;
  guint       seconds;
  guint       nanoseconds;

  if (self->minute[0] == '\0' || entry->length <= UTC_STAMP || text[UTC_STAMP] != ' ' || text[UTC_STAMP - 1] != 'Z' ||
      text[MINUTE_LENGTH + 2] != '.' || memcmp (text, self->minute, MINUTE_LENGTH) != 0 ||
      !read_digits (text + MINUTE_LENGTH, 2, &seconds) || seconds > 59 ||
      !read_digits (text + MINUTE_LENGTH + 3, 9, &nanoseconds))
    return FALSE;

  entry->time_ns = self->minute_ns + seconds * G_GINT64_CONSTANT (1000000000) + nanoseconds;
  entry->stamp_length = UTC_STAMP + 1;

  return TRUE;
}

static void
remember_minute (KubeLogSplitter *self,
                 const char      *stamp)
{
  char start[] = "2006-01-02T15:04:00Z";

  memcpy (start, stamp, MINUTE_LENGTH);
  memcpy (self->minute, stamp, MINUTE_LENGTH);
  self->minute_ns = base_time_parse_ns (start);
  if (self->minute_ns == 0)
    memset (self->minute, 0, MINUTE_LENGTH);
}

static gboolean
read_any (KubeLogSplitter *self,
          KubeLogEntry    *entry)
{
  gsize       searched = MIN (entry->length, MAX_STAMP + 1);
  const char *space = searched > 0 ? memchr (entry->text, ' ', searched) : NULL;
  char        stamp[MAX_STAMP + 1];

  if (space == NULL || memchr (entry->text, '\0', (gsize) (space - entry->text)) != NULL)
    return FALSE;

  memcpy (stamp, entry->text, (gsize) (space - entry->text));
  stamp[space - entry->text] = '\0';
  entry->time_ns = base_time_parse_ns (stamp);
  if (entry->time_ns == 0)
    return FALSE;

  entry->stamp_length = (guint8) (space + 1 - entry->text);
  if (entry->stamp_length == UTC_STAMP + 1 && stamp[UTC_STAMP - 1] == 'Z')
    remember_minute (self, stamp);

  return TRUE;
}

/* Makes room for many at once: to look for it takes g_array_append_val() as long as the rest. */
static inline void
append (GArray             *entries,
        const KubeLogEntry *entry)
{
  if (entries->len % MANY == 0)
    {
      g_array_set_size (entries, entries->len + MANY);
      entries->len -= MANY;
    }
  g_array_index (entries, KubeLogEntry, entries->len++) = *entry;
}

/* The kubelet adds lines of its own, which have no stamp. */
static inline void
add_entry (KubeLogSplitter *self,
           const char      *text,
           gsize            length,
           KubeLogFlags     flags,
           GArray          *entries)
{
  KubeLogEntry entry = { .text = text, .length = length, .flags = flags };

  if (self->continued)
    {
      entry.time_ns = self->time_ns;
      entry.flags |= KUBE_LOG_CONTINUED;
    }
  else if (read_known_minute (self, &entry) || read_any (self, &entry))
    {
      entry.text += entry.stamp_length;
      entry.length -= entry.stamp_length;
    }
  self->continued = (flags & KUBE_LOG_OPEN) != 0;
  self->time_ns = entry.time_ns;
  append (entries, &entry);
}

/* Adds what was kept with @length bytes behind it. */
static void
add_joined (KubeLogSplitter *self,
            const char      *data,
            gsize            length,
            KubeLogFlags     flags,
            GArray          *entries)
{
  GByteArray *joined = self->rest;

  g_byte_array_append (joined, (const guint8 *) data, (guint) length);
  self->rest = self->joined;
  self->joined = joined;
  g_byte_array_set_size (self->rest, 0);
  add_entry (self, (const char *) joined->data, joined->len, flags, entries);
}

/**
 * kube_log_splitter_feed:
 * @self: a splitter
 * @data: (array length=length): bytes of the log, behind those before
 * @length: how many
 * @entries: (element-type KubeLogEntry): where to add the lines that are complete
 *   now; they lie in @data and in @self, and are valid until @self gets more
 *
 * Takes bytes as they arrive.
 */
void
kube_log_splitter_feed (KubeLogSplitter *self,
                        const char      *data,
                        gsize            length,
                        GArray          *entries)
{
  const char *end = data + length;

  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || length == 0);
  g_return_if_fail (entries != NULL);

  while (data < end)
    {
      gsize        left = (gsize) (end - data);
      gsize        room = KUBE_LOG_MAX_ENTRY - self->rest->len;
      const char  *newline = memchr (data, '\n', MIN (left, room + 1));
      gsize        taken = newline != NULL ? (gsize) (newline - data) : room;
      KubeLogFlags flags = newline != NULL ? 0 : KUBE_LOG_OPEN;

      if (newline == NULL && left <= room)
        {
          g_byte_array_append (self->rest, (const guint8 *) data, (guint) left);
          return;
        }
      if (self->rest->len > 0)
        add_joined (self, data, taken, flags, entries);
      else
        add_entry (self, data, taken, flags, entries);
      data += newline != NULL ? taken + 1 : taken;
    }
}

/**
 * kube_log_splitter_end:
 * @self: a splitter
 * @entries: (element-type KubeLogEntry): where to add what stands after the last
 *   line end, if anything does
 *
 * Tells that the log ends here: its last words may lack their line end.
 */
void
kube_log_splitter_end (KubeLogSplitter *self,
                       GArray          *entries)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (entries != NULL);

  if (self->rest->len > 0)
    add_joined (self, NULL, 0, KUBE_LOG_OPEN, entries);
}
