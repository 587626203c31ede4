/* test-retry.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-retry.h"

static void
ignore (gpointer user_data)
{
}

/* How long the wait is that has just begun, in seconds. */
static gint64
choose (guint retry_after)
{
  static const KubeRetryTiming timing = { 1, 1, 1, 1 };
  KubeRetry                   *retry = kube_retry_new (ignore, NULL);
  g_autoptr(GError) error = kube_error_new_from_status (429, NULL, NULL);
  GSource *source;
  gint64   ready;

  kube_retry_set_timing (retry, &timing);
  kube_error_set_retry_after (error, retry_after);
  kube_retry_schedule (retry, error);
  source = g_main_context_find_source_by_user_data (NULL, retry);
  g_assert_nonnull (source);
  ready = g_source_get_ready_time (source) - g_source_get_time (source);
  kube_retry_free (retry);

  return (ready + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
}

/* Milliseconds of some of these have more than 32 bits. */
static void
test_asked (void)
{
  const struct
  {
    guint asked;
    guint waited;
  } cases[] = {
    { 0, 0 },
    { 1, 1 },
    { 90, 90 },
    { 3600, 3600 },
    { 3601, 3600 },
    { 2147483, 3600 },
    { 4294968, 3600 },
    { G_MAXINT, 3600 },
    { G_MAXUINT, 3600 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (choose (cases[i].asked), ==, cases[i].waited);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/retry/asked", test_asked);

  return g_test_run ();
}
