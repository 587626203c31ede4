/* test-attempts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "kube-attempts.h"
#include "kube-error.h"

/* By the rules of client-go: rest/with_retry.go, checkWait(). */
static void
test_answers (void)
{
  static const struct
  {
    guint    status;
    int      retry_after;
    gboolean again;
  } rows[] = {
    { 429, 1, TRUE },
    { 429, 0, TRUE },
    { 429, -1, FALSE },
    { 500, 1, TRUE },
    { 500, -1, FALSE },
    { 502, 2, TRUE },
    { 503, 5, TRUE },
    { 504, 1, TRUE },
    { 599, 1, TRUE },
    { 200, 1, FALSE },
    { 302, 1, FALSE },
    { 404, 1, FALSE },
    { 409, 1, FALSE },
    { 428, 1, FALSE },
    { 430, 1, FALSE },
    { 499, 1, FALSE },
    { 429, 60, TRUE },
    { 429, 61, FALSE },
    { 503, G_MAXINT, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KubeAttempts attempts;
      guint        wait_ms = 0;

      kube_attempts_init (&attempts);
      g_assert_cmpint (kube_attempts_after_answer (&attempts, rows[i].status,
                                                   rows[i].retry_after, &wait_ms),
                       ==, rows[i].again);
      if (rows[i].again)
        g_assert_cmpuint (wait_ms, >=, (guint) rows[i].retry_after * 1000);
      g_assert_cmpuint (wait_ms, <=, 60000);
      g_assert_cmpuint (attempts.n_repeated, ==, rows[i].again ? 1 : 0);
    }
}

/* Ten times, with waits that grow and stay within the minute. */
static void
test_end (void)
{
  KubeAttempts attempts;
  guint        wait_ms = 0;
  guint        total_ms = 0;
  guint        longest_ms = 0;
  guint        n_repeated = 0;

  kube_attempts_init (&attempts);
  while (kube_attempts_after_answer (&attempts, 429, 0, &wait_ms))
    {
      n_repeated++;
      total_ms += wait_ms;
      longest_ms = MAX (longest_ms, wait_ms);
      g_assert_cmpuint (wait_ms, >=, 100);
    }
  g_assert_cmpuint (n_repeated, ==, 10);
  g_assert_cmpuint (longest_ms, >=, 2500);
  g_assert_cmpuint (longest_ms, <=, 5000);
  g_assert_cmpuint (total_ms, ==, attempts.waited_ms);
  g_assert_cmpuint (total_ms, <=, 60000);
}

static void
test_end_by_time (void)
{
  KubeAttempts attempts;
  guint        wait_ms = 0;
  guint        n_repeated = 0;

  kube_attempts_init (&attempts);
  for (; kube_attempts_after_answer (&attempts, 503, 20, &wait_ms); n_repeated++)
    g_assert_cmpuint (wait_ms, >=, 20000);
  g_assert_cmpuint (n_repeated, >=, 2);
  g_assert_cmpuint (n_repeated, <=, 3);
  g_assert_cmpuint (attempts.waited_ms, <=, 60000);
}

/* Waits of the same length would bring everybody back at once. */
static void
test_spread (void)
{
  gboolean differ = FALSE;
  guint    first = 0;

  for (guint i = 0; i < 50; i++)
    {
      KubeAttempts attempts;
      guint        wait_ms = 0;

      kube_attempts_init (&attempts);
      g_assert_true (kube_attempts_after_answer (&attempts, 429, 1, &wait_ms));
      g_assert_cmpuint (wait_ms, <=, 1500);
      differ = differ || (i > 0 && wait_ms != first);
      first = wait_ms;
    }
  g_assert_true (differ);
}

static void
test_cut (void)
{
  static const char *const changes[] = { "POST", "PUT", "PATCH", "DELETE" };
  KubeAttempts             attempts;
  guint                    wait_ms = 0;

  kube_attempts_init (&attempts);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_assert_false (kube_attempts_after_cut (&attempts, changes[i], &wait_ms));
  g_assert_cmpuint (attempts.n_repeated, ==, 0);

  g_assert_true (kube_attempts_after_cut (&attempts, "GET", &wait_ms));
  g_assert_cmpuint (wait_ms, >=, 1000);
  g_assert_true (kube_attempts_after_cut (&attempts, "GET", &wait_ms));
  g_assert_false (kube_attempts_after_cut (&attempts, "GET", &wait_ms));
  g_assert_cmpuint (attempts.n_repeated, ==, 2);
}

static void
test_explanation (void)
{
  g_autoptr(GError) error = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_UNAVAILABLE, "Busy.");
  KubeAttempts attempts;

  kube_attempts_init (&attempts);
  kube_attempts_explain (&attempts, error);
  g_assert_cmpstr (error->message, ==, "Busy.");

  attempts.n_repeated = 1;
  attempts.waited_ms = 1000;
  kube_attempts_explain (&attempts, error);
  g_assert_cmpstr (error->message, ==,
                   "Busy. It was tried 2 times, with 1 second of waiting.");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/attempts/answers", test_answers);
  g_test_add_func ("/kube/attempts/end", test_end);
  g_test_add_func ("/kube/attempts/end-by-time", test_end_by_time);
  g_test_add_func ("/kube/attempts/spread", test_spread);
  g_test_add_func ("/kube/attempts/cut", test_cut);
  g_test_add_func ("/kube/attempts/explanation", test_explanation);

  return g_test_run ();
}
