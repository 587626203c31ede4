/* test-log-tail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-splitter.h"
#include "kube-log-tail.h"

#include <string.h>

/* Reads a whole line with its stamp. */
static void
split (const char   *line,
       KubeLogEntry *entry)
{
  g_autoptr(KubeLogSplitter) splitter = kube_log_splitter_new ();
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (KubeLogEntry));
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  kube_log_splitter_feed (splitter, text, strlen (text), entries);
  g_assert_cmpuint (entries->len, ==, 1);
  *entry = g_array_index (entries, KubeLogEntry, 0);
  entry->text = NULL; /* not looked at by a tail */
}

static gboolean
take (KubeLogTail *tail,
      const char  *line)
{
  KubeLogEntry entry;

  split (line, &entry);

  return kube_log_tail_take (tail, &entry);
}

static void
assert_since (KubeLogTail *tail,
              const char  *expected)
{
  g_autofree char *since = kube_log_tail_dup_since (tail);

  g_assert_cmpstr (since, ==, expected);
}

static void
test_since (void)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new (FALSE);

  assert_since (tail, NULL);
  take (tail, "no stamp");
  assert_since (tail, NULL);
  take (tail, "2024-05-01T12:00:05.9Z a");
  assert_since (tail, "2024-05-01T12:00:04Z");
  take (tail, "2024-05-01T12:00:03.9Z late");
  assert_since (tail, "2024-05-01T12:00:04Z");
  take (tail, "2024-05-01T12:01:00Z b");
  assert_since (tail, "2024-05-01T12:00:59Z");
}

/* A log is cut after every line and sent again from the second before the last one:
 * every line comes through once and in order. */
static void
test_cut_anywhere (void)
{
  static const char *const log[] = {
    "2024-05-01T12:00:00.1Z a",
    "2024-05-01T12:00:00.1Z a", /* twice the same */
    "2024-05-01T12:00:01.000000001Z b",
    "2024-05-01T12:00:00.999999999Z c", /* not in the order of the stamps */
    "2024-05-01T12:00:01.000000001Z b",
    "2024-05-01T12:00:02Z d",
    "2024-05-01T12:00:01.9Z e",
    "2024-05-01T12:00:09Z f",
    "2024-05-01T12:00:09Z f",
    "2024-05-01T12:00:09Z f",
    "2024-05-01T12:00:10.5Z g",
  };
  guint cut;
  guint i;

  for (cut = 0; cut <= G_N_ELEMENTS (log); cut++)
    {
      g_autoptr(KubeLogTail) tail = kube_log_tail_new (FALSE);
      g_autofree char *since = NULL;
      guint            n_taken = 0;

      for (i = 0; i < cut; i++)
        n_taken += take (tail, log[i]);
      g_assert_cmpuint (n_taken, ==, cut);

      since = kube_log_tail_dup_since (tail);
      kube_log_tail_resume (tail, TRUE);
      for (i = 0; i < G_N_ELEMENTS (log); i++)
        {
          /* The server compares times, which look alike here up to the second. */
          if (since != NULL && strncmp (log[i], since, 19) < 0)
            {
              g_assert_cmpuint (i, <, cut);
              continue;
            }
          g_assert_cmpint (take (tail, log[i]), ==, i >= cut);
        }
    }
}

/* Cut again and again at the same place. */
static void
test_resume_twice (void)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new (FALSE);
  guint i;

  take (tail, "2024-05-01T12:00:00.1Z a");
  for (i = 0; i < 3; i++)
    {
      kube_log_tail_resume (tail, TRUE);
      g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a"));
    }
  g_assert_true (take (tail, "2024-05-01T12:00:00.1Z a"));
  kube_log_tail_resume (tail, TRUE);
  g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a"));
  g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a"));
  g_assert_true (take (tail, "2024-05-01T12:00:00.2Z b"));
}

/* A log that was begun in its middle: the server sends lines from before that, too. */
static void
test_part (void)
{
  static const char *const log[] = {
    "2024-05-01T12:00:00.1Z before",
    "2024-05-01T12:00:01.1Z before, too",
    "2024-05-01T12:00:01.1Z first",
    "2024-05-01T12:00:01.2Z second",
    "2024-05-01T12:00:01.3Z new",
    "2024-05-01T12:00:02.1Z new, too",
  };
  guint part;
  guint i;

  for (part = 0; part < 2; part++)
    {
      g_autoptr(KubeLogTail) tail = kube_log_tail_new (part);

      g_assert_true (take (tail, log[2]));
      g_assert_true (take (tail, log[3]));
      kube_log_tail_resume (tail, TRUE);
      for (i = 0; i < G_N_ELEMENTS (log); i++)
        g_assert_cmpint (take (tail, log[i]), ==, i >= 4 || (i < 2 && !part));

      /* The next instance of the container has nothing from before. */
      kube_log_tail_resume (tail, FALSE);
      g_assert_true (take (tail, "2024-05-01T12:00:02.05Z of the next instance"));
    }
}

/* The end of a line that began before the time asked for has no stamp of its own. */
static void
test_end_of_line (void)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new (FALSE);

  g_assert_true (take (tail, "without a stamp"));
  g_assert_true (take (tail, "2024-05-01T12:00:05.9Z a"));
  g_assert_true (take (tail, "without a stamp"));
  kube_log_tail_resume (tail, TRUE);
  g_assert_false (take (tail, "the end of a long line"));
  g_assert_false (take (tail, "2024-05-01T12:00:05.9Z a"));
  g_assert_true (take (tail, "without a stamp"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/log-tail/since", test_since);
  g_test_add_func ("/kube/log-tail/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/kube/log-tail/resume-twice", test_resume_twice);
  g_test_add_func ("/kube/log-tail/part", test_part);
  g_test_add_func ("/kube/log-tail/end-of-line", test_end_of_line);
  return g_test_run ();
}
