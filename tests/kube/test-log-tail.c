/* test-log-tail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-tail.h"

static gboolean
take (KubeLogTail  *tail,
      const char   *line,
      KubeLogEntry *entry)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (line, strlen (line));

  return kube_log_tail_take (tail, bytes, entry);
}

static void
assert_since (KubeLogTail *tail,
              const char  *expected)
{
  g_autofree char *since = kube_log_tail_dup_since (tail);

  g_assert_cmpstr (since, ==, expected);
}

static void
test_split (void)
{
  static const struct
  {
    const char *line;
    gint64      time_us;
    const char *text;
  } rows[] = {
    { "1970-01-01T00:00:01.000002999Z one two", 1000002, "one two" },
    { "1970-01-01T00:00:01Z one", 1000000, "one" },
    { "1970-01-01T02:00:01.5+02:00 one", 1500000, "one" },
    { "1970-01-01T00:00:01Z ", 1000000, "" },
    { "1970-01-01T00:00:01Z  indented", 1000000, " indented" },
    { "failed to watch the log", 0, "failed to watch the log" },
    { "1970-01-01T00:00:01Z", 0, "1970-01-01T00:00:01Z" },
    { "averylongwordthatisnostampatallbutgoesonandon text", 0,
      "averylongwordthatisnostampatallbutgoesonandon text" },
    { "", 0, "" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(KubeLogTail) tail = kube_log_tail_new ();
      KubeLogEntry entry;

      g_test_message ("%s", rows[i].line);
      g_assert_true (take (tail, rows[i].line, &entry));
      g_assert_cmpint (entry.time_us, ==, rows[i].time_us);
      g_assert_cmpmem (entry.text, entry.length, rows[i].text, strlen (rows[i].text));
    }
}

static void
test_since (void)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new ();
  KubeLogEntry entry;

  assert_since (tail, NULL);
  take (tail, "no stamp", &entry);
  assert_since (tail, NULL);
  take (tail, "2024-05-01T12:00:05.9Z a", &entry);
  assert_since (tail, "2024-05-01T12:00:04Z");
  take (tail, "2024-05-01T12:00:03.9Z late", &entry);
  assert_since (tail, "2024-05-01T12:00:04Z");
  take (tail, "2024-05-01T12:01:00Z b", &entry);
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
      g_autoptr(KubeLogTail) tail = kube_log_tail_new ();
      g_autofree char *since = NULL;
      KubeLogEntry     entry;
      guint            n_taken = 0;

      for (i = 0; i < cut; i++)
        n_taken += take (tail, log[i], &entry);
      g_assert_cmpuint (n_taken, ==, cut);

      since = kube_log_tail_dup_since (tail);
      kube_log_tail_resume (tail);
      for (i = 0; i < G_N_ELEMENTS (log); i++)
        {
          /* The server compares times, which look alike here up to the second. */
          if (since != NULL && strncmp (log[i], since, 19) < 0)
            {
              g_assert_cmpuint (i, <, cut);
              continue;
            }
          g_assert_cmpint (take (tail, log[i], &entry), ==, i >= cut);
        }
    }
}

/* Cut again and again at the same place. */
static void
test_resume_twice (void)
{
  g_autoptr(KubeLogTail) tail = kube_log_tail_new ();
  KubeLogEntry entry;
  guint        i;

  take (tail, "2024-05-01T12:00:00.1Z a", &entry);
  for (i = 0; i < 3; i++)
    {
      kube_log_tail_resume (tail);
      g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a", &entry));
    }
  g_assert_true (take (tail, "2024-05-01T12:00:00.1Z a", &entry));
  kube_log_tail_resume (tail);
  g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a", &entry));
  g_assert_false (take (tail, "2024-05-01T12:00:00.1Z a", &entry));
  g_assert_true (take (tail, "2024-05-01T12:00:00.2Z b", &entry));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/log-tail/split", test_split);
  g_test_add_func ("/kube/log-tail/since", test_since);
  g_test_add_func ("/kube/log-tail/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/kube/log-tail/resume-twice", test_resume_twice);
  return g_test_run ();
}
