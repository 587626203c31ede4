/* test-backoff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-backoff.h"

static void
test_growth (void)
{
  static const guint expected[] = { 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000 };
  BaseBackoff        backoff;

  base_backoff_init (&backoff, 800, 30000, 2.0, 0.0);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_cmpuint (backoff.attempts, ==, i);
      g_assert_cmpuint (base_backoff_next (&backoff), ==, expected[i]);
    }

  base_backoff_reset (&backoff);
  g_assert_cmpuint (backoff.attempts, ==, 0);
  g_assert_cmpuint (base_backoff_next (&backoff), ==, 800);
}

static void
test_constant (void)
{
  BaseBackoff backoff;

  base_backoff_init (&backoff, 500, 1000, 1.0, 0.0);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (base_backoff_next (&backoff), ==, 500);
}

static void
test_jitter (void)
{
  BaseBackoff backoff;
  guint       lowest = G_MAXUINT;
  guint       highest = 0;

  base_backoff_init (&backoff, 1000, 30000, 2.0, 1.0);
  for (guint i = 0; i < 200; i++)
    {
      guint wait;

      base_backoff_reset (&backoff);
      wait = base_backoff_next (&backoff);
      g_assert_cmpuint (wait, >=, 1000);
      g_assert_cmpuint (wait, <=, 2000);
      lowest = MIN (lowest, wait);
      highest = MAX (highest, wait);
    }
  g_assert_cmpuint (highest - lowest, >, 300);
}

/* The longest waits are still spread, and never over the maximum. */
static void
test_jitter_at_maximum (void)
{
  BaseBackoff backoff;
  guint       lowest = G_MAXUINT;
  guint       highest = 0;

  base_backoff_init (&backoff, 800, 30000, 2.0, 1.0);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (base_backoff_next (&backoff), <=, 30000);
  for (guint i = 0; i < 200; i++)
    {
      guint wait = base_backoff_next (&backoff);

      g_assert_cmpuint (wait, >=, 15000);
      g_assert_cmpuint (wait, <=, 30000);
      lowest = MIN (lowest, wait);
      highest = MAX (highest, wait);
    }
  g_assert_cmpuint (highest - lowest, >, 5000);
}

static void
test_many_attempts (void)
{
  BaseBackoff backoff;

  base_backoff_init (&backoff, 1, G_MAXUINT, 10.0, 0.0);
  backoff.attempts = G_MAXUINT;
  g_assert_cmpuint (base_backoff_next (&backoff), ==, G_MAXUINT);
  g_assert_cmpuint (backoff.attempts, ==, G_MAXUINT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/backoff/growth", test_growth);
  g_test_add_func ("/base/backoff/constant", test_constant);
  g_test_add_func ("/base/backoff/jitter", test_jitter);
  g_test_add_func ("/base/backoff/jitter-at-maximum", test_jitter_at_maximum);
  g_test_add_func ("/base/backoff/many-attempts", test_many_attempts);

  return g_test_run ();
}
