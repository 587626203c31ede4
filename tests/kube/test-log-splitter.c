/* test-log-splitter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-splitter.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

/* What an entry said, since its bytes do not last. */
static void
describe (GString *text,
          GArray  *entries)
{
  guint i;

  for (i = 0; i < entries->len; i++)
    {
      KubeLogEntry    *entry = &g_array_index (entries, KubeLogEntry, i);
      g_autofree char *escaped = NULL;
      g_autofree char *bytes = g_malloc0 (entry->length + 1);
      gsize            j;

      for (j = 0; j < entry->length; j++)
        bytes[j] = entry->text[j] != '\0' ? entry->text[j] : '0';
      escaped = g_strescape (bytes, NULL);
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT ":%s%s;",
                              entry->flags & KUBE_LOG_CONTINUED ? "+" : "", entry->time_ns,
                              escaped, entry->flags & KUBE_LOG_OPEN ? "…" : "");
    }
  g_array_set_size (entries, 0);
}

/* Feeds @log in two blocks, the first of @cut bytes. */
static char *
split_at (const char *log,
          gsize       length,
          gsize       cut)
{
  g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
  g_autofree char *first = g_memdup2 (log, cut);
  g_autofree char *second = g_memdup2 (log + cut, length - cut);
  GString         *text = g_string_new (NULL);

  kube_log_splitter_feed (splitter, first, cut, entries);
  describe (text, entries);
  kube_log_splitter_feed (splitter, second, length - cut, entries);
  describe (text, entries);
  kube_log_splitter_end (splitter, entries);
  describe (text, entries);

  return g_string_free (text, FALSE);
}

#define LOG(text) text, sizeof text - 1

static const struct
{
  const char *log;
  gsize       length;
  const char *expected;
} logs[] = {
  { LOG (""), "" },
  { LOG ("\n"), "0:;" },
  { LOG ("\n\n"), "0:;0:;" },
  { LOG ("1970-01-01T00:00:01.000002999Z one two\n"), "1000002999:one two;" },
  { LOG ("1970-01-01T00:00:01Z one\n"), "1000000000:one;" },
  { LOG ("1970-01-01T00:00:01.5Z one\n"), "1500000000:one;" },
  { LOG ("1970-01-01T02:00:01.500000000+02:00 one\n"), "1500000000:one;" },
  { LOG ("1970-01-01T00:00:01Z \n"), "1000000000:;" },
  { LOG ("1970-01-01T00:00:01Z  indented\n"), "1000000000: indented;" },
  { LOG ("failed to watch the log\n"), "0:failed to watch the log;" },
  { LOG ("1970-01-01T00:00:01Z\n"), "0:1970-01-01T00:00:01Z;" },
  { LOG ("averylongwordthatisnostampatallbutgoesonandon text\n"),
    "0:averylongwordthatisnostampatallbutgoesonandon text;" },
  { LOG ("1970-01-01T00:00:01Z a\r\n"), "1000000000:a\\r;" },
  { LOG ("1970-01-01T00:00:01Z a\rb\n"), "1000000000:a\\rb;" },
  { LOG ("1970-01-01T00:00:01Z a\0b\n"), "1000000000:a0b;" },
  { LOG ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "01.000000003Z a\n"),
    "0:0000000000000000001.000000003Z a;" },
  { LOG ("1970-01-01T00:00:01Z\0a b\n"), "0:1970-01-01T00:00:01Z0a b;" },
  { LOG ("1970-01-01T00:00:01Z \xff\xc3\n"), "1000000000:\\377\\303;" },
  /* no line end at the end */
  { LOG ("1970-01-01T00:00:01Z open"), "1000000000:open…;" },
  { LOG ("1970-01-01T00:00:01Z a\n1970-01-01T00:00"), "1000000000:a;0:1970-01-01T00:00…;" },
  /* stamps of one minute, of another, and wrong ones that look alike */
  { LOG ("1970-01-01T00:00:01.000000001Z a\n1970-01-01T00:00:59.999999999Z b\n"
         "1970-01-01T00:01:00.000000000Z c\n1970-01-01T00:01:61.000000000Z d\n"
         "1970-01-01T00:01:0x.000000000Z e\n1970-01-01T00:01:01.00000000xZ f\n"
         "1970-01-01T00:01:02.000000000X g\n1970-01-01T00:01:02,000000000Z h\n"),
    "1000000001:a;59999999999:b;60000000000:c;0:1970-01-01T00:01:61.000000000Z d;"
    "0:1970-01-01T00:01:0x.000000000Z e;0:1970-01-01T00:01:01.00000000xZ f;"
    "0:1970-01-01T00:01:02.000000000X g;0:1970-01-01T00:01:02,000000000Z h;" },
  /* a day that there is not, and a year that the clock does not reach */
  { LOG ("2023-02-29T00:00:01.000000000Z a\n2300-01-01T00:00:01.000000000Z b\n"),
    "0:2023-02-29T00:00:01.000000000Z a;0:2300-01-01T00:00:01.000000000Z b;" },
};

/* However the bytes arrive, the lines are the same. */
static void
test_cut_anywhere (void)
{
  guint i;
  gsize cut;

  for (i = 0; i < G_N_ELEMENTS (logs); i++)
    for (cut = 0; cut <= logs[i].length; cut++)
      {
        g_autofree char *lines = split_at (logs[i].log, logs[i].length, cut);

        g_test_message ("row %u cut after %" G_GSIZE_FORMAT, i, cut);
        g_assert_cmpstr (lines, ==, logs[i].expected);
      }
}

static void
test_bytes_one_by_one (void)
{
  guint i;
  gsize j;

  for (i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
      g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
      g_autoptr(GString) text = g_string_new (NULL);

      for (j = 0; j < logs[i].length; j++)
        {
          kube_log_splitter_feed (splitter, logs[i].log + j, 1, entries);
          describe (text, entries);
        }
      kube_log_splitter_end (splitter, entries);
      describe (text, entries);
      g_assert_cmpstr (text->str, ==, logs[i].expected);
    }
}

/* The stamp stands before the text, for who wants it as it was written. */
static void
test_stamp_bytes (void)
{
  static const char *const stamps[] = { "1970-01-01T00:00:01.000000001Z ", "1970-01-01T02:00:01+02:00 " };
  guint                    i;

  for (i = 0; i < G_N_ELEMENTS (stamps); i++)
    {
      g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
      g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
      g_autofree char *line = g_strconcat (stamps[i], "text\n", NULL);
      KubeLogEntry    *entry;

      kube_log_splitter_feed (splitter, line, strlen (line), entries);
      g_assert_cmpuint (entries->len, ==, 1);
      entry = &g_array_index (entries, KubeLogEntry, 0);
      g_assert_cmpmem (entry->text - entry->stamp_length, entry->stamp_length, stamps[i], strlen (stamps[i]));
    }
}

/* Lines around the length from which they are several entries. */
static void
test_long (void)
{
  static const gint64 lengths[] = { -1, 0, 1, (gint64) KUBE_LOG_MAX_ENTRY, (gint64) KUBE_LOG_MAX_ENTRY + 5 };
  static const char   stamp[] = "1970-01-01T00:00:01.000000000Z ";
  guint               i;
  gsize               block;

  for (i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (block = 100000; block <= 4 << 20; block *= 7)
      {
        gsize length = (gsize) ((gint64) KUBE_LOG_MAX_ENTRY + lengths[i]);
        g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
        g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
        g_autofree char *text = g_strnfill (length + 1, 'x');
        gsize            n_bytes = 0;
        guint            n_entries = 0;
        gboolean         open = FALSE;
        gsize            at;
        guint            j;

        memcpy (text, stamp, strlen (stamp));
        text[length] = '\n';
        for (at = 0; at < length + 1; at += block)
          {
            kube_log_splitter_feed (splitter, text + at, MIN (block, length + 1 - at), entries);
            for (j = 0; j < entries->len; j++)
              {
                KubeLogEntry *entry = &g_array_index (entries, KubeLogEntry, j);

                g_assert_cmpint (entry->time_ns, ==, SECOND);
                g_assert_cmpint ((entry->flags & KUBE_LOG_CONTINUED) != 0, ==, open);
                g_assert_cmpuint (entry->stamp_length, ==, n_entries == 0 ? strlen (stamp) : 0);
                open = (entry->flags & KUBE_LOG_OPEN) != 0;
                if (open)
                  g_assert_cmpuint (entry->stamp_length + entry->length, ==, KUBE_LOG_MAX_ENTRY);
                n_bytes += entry->stamp_length + entry->length;
                n_entries++;
              }
            g_array_set_size (entries, 0);
          }
        g_assert_false (open);
        g_assert_cmpuint (n_bytes, ==, length);
        g_assert_cmpuint (n_entries, ==, (length + KUBE_LOG_MAX_ENTRY - 1) / KUBE_LOG_MAX_ENTRY);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/log-splitter/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/kube/log-splitter/bytes-one-by-one", test_bytes_one_by_one);
  g_test_add_func ("/kube/log-splitter/stamp-bytes", test_stamp_bytes);
  g_test_add_func ("/kube/log-splitter/long", test_long);
  return g_test_run ();
}
