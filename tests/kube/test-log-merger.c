/* test-log-merger.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-merger.h"

#include <string.h>

#define WINDOW 1000

/* Lines are one letter; the letter of its source tells which, and the stamp is a number. */
static void
on_merged_cb (const KubeLogEntry *entries,
              guint               n_entries,
              gpointer            user_data)
{
  GString *out = user_data;
  guint    i;

  for (i = 0; i < n_entries; i++)
    {
      g_assert_cmpuint ((guint) entries[i].text[0], ==, 'a' + entries[i].source);
      g_string_append_len (out, entries[i].text, (gssize) entries[i].length);
      g_string_append_c (out, ' ');
    }
}

/* @lines: "a5 b0 a7": source and stamp (0: none), pushed one by one */
static void
push (KubeLogMerger *merger,
      const char    *lines,
      gint64         now)
{
  g_auto(GStrv) words = g_strsplit (lines, " ", -1);
  guint i;

  for (i = 0; words[i] != NULL; i++)
    {
      KubeLogEntry entry = { .text = words[i], .length = strlen (words[i]), .time_ns = g_ascii_strtoll (words[i] + 1, NULL, 10) };

      kube_log_merger_push (merger, (guint) (words[i][0] - 'a'), &entry, 1, now);
    }
}

static void
assert_out (GString    *out,
            const char *expected)
{
  g_strchomp (out->str);
  g_assert_cmpstr (out->str, ==, expected);
  g_string_set_size (out, 0);
}

static KubeLogMerger *
new_merger (GString *out,
            guint    n_sources,
            gboolean has_past)
{
  KubeLogMerger *merger = kube_log_merger_new (WINDOW, on_merged_cb, out);
  guint          i;

  for (i = 0; i < n_sources; i++)
    g_assert_cmpuint (kube_log_merger_add_source (merger, has_past), ==, i);

  return merger;
}

/* The pasts of three sources, whatever arrives first. */
static void
test_past (void)
{
  static const struct
  {
    const char *lines[3];
    const char *expected;
  } rows[] = {
    { { "a1 a4", "b2 b5", "c3" }, "a1 b2 c3 a4 b5" },
    /* equal stamps: the order of the sources */
    { { "a5 a5", "b5", "c5 c6" }, "a5 a5 b5 c5 c6" },
    /* within a source the order is that of the log, whatever the stamps say */
    { { "a5 a3 a6", "b4", "c6" }, "b4 a5 a3 a6 c6" },
    /* a line without a stamp stays behind the one before it */
    { { "a0 a2 a0 a4", "b3", "" }, "a0 a2 a0 b3 a4" },
    { { "", "", "" }, "" },
    { { "a9", "", "c1" }, "c1 a9" },
  };
  static const guint orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };
  guint              i, j, k;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    for (j = 0; j < G_N_ELEMENTS (orders); j++)
      {
        g_autoptr(GString) out = g_string_new (NULL);
        g_autoptr(KubeLogMerger) merger = new_merger (out, 3, TRUE);

        g_test_message ("row %u order %u", i, j);
        for (k = 0; k < 3; k++)
          {
            guint source = orders[j][k];

            if (rows[i].lines[source][0] != '\0')
              push (merger, rows[i].lines[source], 0);
            kube_log_merger_settle (merger, source);
            g_assert_cmpint (kube_log_merger_release (merger, 0), ==, -1);
          }
        assert_out (out, rows[i].expected);
      }
}

/* What can be told already goes on while the rest is still coming. */
static void
test_past_in_pieces (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 2, TRUE);

  push (merger, "a1 a2 a9", 0);
  kube_log_merger_release (merger, 0);
  assert_out (out, "");
  push (merger, "b2", 0);
  kube_log_merger_release (merger, 0);
  assert_out (out, "a1 a2 b2");
  push (merger, "b8 b9", 0);
  kube_log_merger_release (merger, 0);
  assert_out (out, "b8 a9");
  kube_log_merger_settle (merger, 0);
  kube_log_merger_release (merger, 0);
  assert_out (out, "b9");
  kube_log_merger_close (merger, 1);
  kube_log_merger_release (merger, 0);
  assert_out (out, "");
}

/* New lines are held for the window, and older ones that come meanwhile go first. */
static void
test_window (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 3, FALSE);

  push (merger, "a10", 0);
  g_assert_cmpint (kube_log_merger_release (merger, 0), ==, WINDOW);
  push (merger, "b5 b20", 600);
  g_assert_cmpint (kube_log_merger_release (merger, 999), ==, WINDOW);
  assert_out (out, "");
  kube_log_merger_release (merger, WINDOW);
  assert_out (out, "b5 a10");

  /* What is not due, but belongs before what is, goes with it. */
  push (merger, "c15", 1500);
  kube_log_merger_release (merger, 1600);
  assert_out (out, "c15 b20");

  /* Later than the window: at its own time, since what was before it is gone. */
  push (merger, "a7", 2000);
  g_assert_cmpint (kube_log_merger_release (merger, 2000), ==, 3000);
  assert_out (out, "");
  g_assert_cmpint (kube_log_merger_release (merger, 3000), ==, -1);
  assert_out (out, "a7");
}

/* One that is alone waits for nobody. */
static void
test_alone (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 2, FALSE);

  push (merger, "a1", 0);
  kube_log_merger_release (merger, 0);
  assert_out (out, "");
  kube_log_merger_close (merger, 1);
  g_assert_cmpint (kube_log_merger_release (merger, 0), ==, -1);
  assert_out (out, "a1");
  push (merger, "a3 a2", 1);
  kube_log_merger_release (merger, 1);
  assert_out (out, "a3 a2");
}

/* The past of one holds the new lines of others, until it is known. */
static void
test_past_beside_new (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 2, TRUE);

  push (merger, "a1", 0);
  kube_log_merger_settle (merger, 0);
  push (merger, "a50", 0);
  kube_log_merger_release (merger, 5 * WINDOW);
  assert_out (out, "");
  push (merger, "b2 b60", 5 * WINDOW);
  kube_log_merger_settle (merger, 1);
  kube_log_merger_release (merger, 5 * WINDOW);
  assert_out (out, "a1 b2 a50 b60");
}

static void
test_join (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 1, FALSE);

  push (merger, "a1", 0);
  kube_log_merger_release (merger, 0);
  g_assert_cmpuint (kube_log_merger_add_source (merger, FALSE), ==, 1);
  push (merger, "a3", 10);
  push (merger, "b2", 20);
  kube_log_merger_release (merger, 10 + WINDOW);
  assert_out (out, "a1 b2 a3");
}

static void
test_flush (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, 3, TRUE);

  push (merger, "a5 a6", 0);
  push (merger, "b4", 0);
  kube_log_merger_flush (merger);
  assert_out (out, "b4 a5 a6");
  kube_log_merger_flush (merger);
  assert_out (out, "");
}

/* Compared with sorting all of it, for many lines in many chunks and batches. */
static void
test_many (void)
{
  enum
  {
    N_SOURCES = 9,
    N_LINES = 3000
  };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autoptr(KubeLogMerger) merger = new_merger (out, N_SOURCES, TRUE);
  g_autofree char *text = g_strnfill (500, '.');
  guint            stamp;
  guint            i;

  for (i = 0; i < N_SOURCES; i++)
    {
      g_autofree KubeLogEntry *entries = g_new0 (KubeLogEntry, N_LINES);

      text[0] = (char) ('a' + i);
      for (stamp = 0; stamp < N_LINES; stamp++)
        entries[stamp] = (KubeLogEntry){ .text = text, .length = 500 - stamp % 7, .time_ns = 1 + stamp / (i + 1) };
      kube_log_merger_push (merger, i, entries, 1000, 0);
      kube_log_merger_push (merger, i, entries + 1000, N_LINES - 1000, 0);
      kube_log_merger_release (merger, 0);
    }
  for (i = 0; i < N_SOURCES; i++)
    kube_log_merger_settle (merger, i);
  kube_log_merger_release (merger, 0);

  for (stamp = 1; stamp <= N_LINES; stamp++)
    for (i = 0; i < N_SOURCES; i++)
      {
        guint number;

        text[0] = (char) ('a' + i);
        for (number = (stamp - 1) * (i + 1); number < MIN (stamp * (i + 1), N_LINES); number++)
          {
            g_string_append_len (expected, text, 500 - number % 7);
            g_string_append_c (expected, ' ');
          }
      }
  g_assert_cmpuint (out->len, ==, expected->len);
  g_assert_true (strcmp (out->str, expected->str) == 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/log-merger/past", test_past);
  g_test_add_func ("/kube/log-merger/past-in-pieces", test_past_in_pieces);
  g_test_add_func ("/kube/log-merger/window", test_window);
  g_test_add_func ("/kube/log-merger/alone", test_alone);
  g_test_add_func ("/kube/log-merger/past-beside-new", test_past_beside_new);
  g_test_add_func ("/kube/log-merger/join", test_join);
  g_test_add_func ("/kube/log-merger/flush", test_flush);
  g_test_add_func ("/kube/log-merger/many", test_many);
  return g_test_run ();
}
