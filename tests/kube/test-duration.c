/* test-duration.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-duration.h"
#include "kube-error.h"

#define US G_GINT64_CONSTANT (1000)
#define MS (1000 * US)
#define S (1000 * MS)
#define M (60 * S)
#define H (60 * M)
#define D (24 * H)
#define Y (365 * D)

/* The cases of Go's time_test.go, parseDurationTests. */
static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64      nanoseconds;
  } rows[] = {
    { "0", 0 },
    { "5s", 5 * S },
    { "30s", 30 * S },
    { "1478s", 1478 * S },
    { "-5s", -5 * S },
    { "+5s", 5 * S },
    { "-0", 0 },
    { "+0", 0 },
    { "5.0s", 5 * S },
    { "5.6s", 5 * S + 600 * MS },
    { "5.s", 5 * S },
    { ".5s", 500 * MS },
    { "1.0s", 1 * S },
    { "1.00s", 1 * S },
    { "1.004s", 1 * S + 4 * MS },
    { "1.0040s", 1 * S + 4 * MS },
    { "100.00100s", 100 * S + 1 * MS },
    { "10ns", 10 },
    { "11us", 11 * US },
    { "12µs", 12 * US },
    { "12μs", 12 * US },
    { "13ms", 13 * MS },
    { "14s", 14 * S },
    { "15m", 15 * M },
    { "16h", 16 * H },
    { "3h30m", 3 * H + 30 * M },
    { "10.5s4m", 4 * M + 10 * S + 500 * MS },
    { "-2m3.4s", -(2 * M + 3 * S + 400 * MS) },
    { "1h2m3s4ms5us6ns", 1 * H + 2 * M + 3 * S + 4 * MS + 5 * US + 6 },
    { "39h9m14.425s", 39 * H + 9 * M + 14 * S + 425 * MS },
    { "52763797000ns", G_GINT64_CONSTANT (52763797000) },
    { "0.3333333333333333333h", 20 * M },
    { "9007199254740993ns", G_GINT64_CONSTANT (9007199254740993) },
    { "9223372036854775807ns", G_MAXINT64 },
    { "9223372036854775.807us", G_MAXINT64 },
    { "9223372036s854ms775us807ns", G_MAXINT64 },
    { "-9223372036854775808ns", G_MININT64 },
    { "-9223372036854775.808us", G_MININT64 },
    { "-9223372036s854ms775us808ns", G_MININT64 },
    { "-2562047h47m16.854775808s", G_MININT64 },
    { "0.100000000000000000000h", 6 * M },
    { "0.830103483285477580700h", 49 * M + 48 * S + 372539827 },
    { "10.026s", 10 * S + 26 * MS }, /* a window of metrics-server */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 nanoseconds = -1;

      g_test_message ("%s", rows[i].text);
      g_assert_true (kube_duration_parse (rows[i].text, &nanoseconds, &error));
      g_assert_no_error (error);
      g_assert_cmpint (nanoseconds, ==, rows[i].nanoseconds);
    }
}

static void
test_unreadable (void)
{
  static const char *const texts[] = {
    "", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "\x85\x85", "\xff"
                                                                 "ff",
    "hello \xff"
    "ff world",
    "5", "5.", "1 s", " 1s", "1s ", "--1s", "1S",
    "9223372036854775810ns", "9223372036854775808ns", "-9223372036854775809ns",
    "9223372036854776us", "3000000h", "9223372036854775.808us", "9223372036854ms775us808ns",
    "99999999999999999999s"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 nanoseconds = 7;

      g_assert_false (kube_duration_parse (texts[i], &nanoseconds, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
      g_assert_cmpint (nanoseconds, ==, 7);
    }
}

/* The cases of Go's time_test.go, durationTests; each is read back, too. */
static void
test_print (void)
{
  static const struct
  {
    gint64      nanoseconds;
    const char *text;
  } rows[] = {
    { 0, "0s" },
    { 1, "1ns" },
    { 1100, "1.1µs" },
    { 2200 * US, "2.2ms" },
    { 3300 * MS, "3.3s" },
    { 4 * M + 5 * S, "4m5s" },
    { 4 * M + 5001 * MS, "4m5.001s" },
    { 5 * H + 6 * M + 7001 * MS, "5h6m7.001s" },
    { 8 * M + 1, "8m0.000000001s" },
    { 1 * H, "1h0m0s" },
    { -90 * S, "-1m30s" },
    { G_MAXINT64, "2562047h47m16.854775807s" },
    { G_MININT64, "-2562047h47m16.854775808s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = kube_duration_print (rows[i].nanoseconds);
      gint64           again = -1;

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_true (kube_duration_parse (text, &again, NULL));
      g_assert_cmpint (again, ==, rows[i].nanoseconds);
    }
}

/* The cases of apimachinery's TestShortHumanDurationBoundaries. */
static void
test_print_short (void)
{
  static const struct
  {
    gint64      nanoseconds;
    const char *text;
  } rows[] = {
    { -2 * S, "<invalid>" },
    { -2 * S + 1, "0s" },
    { 0, "0s" },
    { S - MS, "0s" },
    { S, "1s" },
    { 2 * S - MS, "1s" },
    { M - MS, "59s" },
    { M, "1m" },
    { 2 * M - MS, "1m" },
    { H - MS, "59m" },
    { H, "1h" },
    { 2 * H - MS, "1h" },
    { 24 * H - MS, "23h" },
    { 24 * H, "1d" },
    { 2 * D - MS, "1d" },
    { Y - MS, "364d" },
    { Y, "1y" },
    { 2 * Y - MS, "1y" },
    { 2 * Y, "2y" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = kube_duration_print_short (rows[i].nanoseconds);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/duration/parse", test_parse);
  g_test_add_func ("/kube/duration/unreadable", test_unreadable);
  g_test_add_func ("/kube/duration/print", test_print);
  g_test_add_func ("/kube/duration/print-short", test_print_short);

  return g_test_run ();
}
