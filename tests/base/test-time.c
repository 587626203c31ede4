/* test-time.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-time.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (G_GINT64_CONSTANT (365) * DAY)

/* The first two groups are the cases of duration_test.go in k8s.io/apimachinery. */
static const struct
{
  gint64      seconds;
  const char *age;
} ages[] = {
  { 1, "1s" },
  { 70, "70s" },
  { 190, "3m10s" },
  { 70 * MINUTE, "70m" },
  { 47 * HOUR, "47h" },
  { 49 * HOUR, "2d1h" },
  { (8 * 24 + 2) * HOUR, "8d" },
  { 367 * DAY, "367d" },
  { 2 * YEAR + 25 * HOUR, "2y1d" },
  { 8 * YEAR + 2 * HOUR, "8y" },

  { -2, "<invalid>" },
  { -1, "0s" },
  { 0, "0s" },
  { 2 * MINUTE - 1, "119s" },
  { 2 * MINUTE, "2m" },
  { 2 * MINUTE + 1, "2m1s" },
  { 10 * MINUTE - 1, "9m59s" },
  { 10 * MINUTE, "10m" },
  { 10 * MINUTE + 1, "10m" },
  { 3 * HOUR - 1, "179m" },
  { 3 * HOUR, "3h" },
  { 3 * HOUR + MINUTE, "3h1m" },
  { 8 * HOUR - 1, "7h59m" },
  { 8 * HOUR, "8h" },
  { 8 * HOUR + 59 * MINUTE, "8h" },
  { 2 * DAY - 1, "47h" },
  { 2 * DAY, "2d" },
  { 2 * DAY + HOUR, "2d1h" },
  { 8 * DAY - 1, "7d23h" },
  { 8 * DAY, "8d" },
  { 8 * DAY + 23 * HOUR, "8d" },
  { 2 * YEAR - 1, "729d" },
  { 2 * YEAR, "2y" },
  { 2 * YEAR + 23 * HOUR, "2y" },
  { 2 * YEAR + 23 * HOUR + 59 * MINUTE, "2y" },
  { 2 * YEAR + DAY - 1, "2y" },
  { 2 * YEAR + DAY, "2y1d" },
  { 3 * YEAR, "3y" },
  { 7 * YEAR, "7y" },
  { 8 * YEAR - 1, "7y364d" },
  { 8 * YEAR, "8y" },
  { 8 * YEAR + 364 * DAY, "8y" },
  { 9 * YEAR, "9y" },

  { G_MININT64, "<invalid>" },
  { 3 * HOUR + 15 * MINUTE, "3h15m" },
  { 3 * HOUR + 59, "3h" },
  { 2 * DAY + 59 * MINUTE, "2d" },
};

static void
test_age (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autofree char *age = base_time_format_age (ages[i].seconds);

      g_assert_cmpstr (age, ==, ages[i].age);
    }
}

static const struct
{
  const char *text;
  gint64      microseconds;
} times[] = {
  { "1970-01-01T00:00:01Z", 1000000 },
  { "2024-02-29T12:00:00Z", G_GINT64_CONSTANT (1709208000000000) },
  { "2024-02-29t12:00:00z", G_GINT64_CONSTANT (1709208000000000) },
  { "2024-02-29T13:30:00+01:30", G_GINT64_CONSTANT (1709208000000000) },
  { "2024-02-29T04:00:00-08:00", G_GINT64_CONSTANT (1709208000000000) },
  { "2024-02-29T12:00:00.5Z", G_GINT64_CONSTANT (1709208000500000) },
  { "2024-02-29T12:00:00.123456Z", G_GINT64_CONSTANT (1709208000123456) },
  { "2024-02-29T12:00:00.123456789Z", G_GINT64_CONSTANT (1709208000123456) },
  { "2024-02-29T12:00:59.999999999999999Z", G_GINT64_CONSTANT (1709208059999999) },
  { "1969-12-31T23:59:59Z", -1000000 },

  { NULL, 0 },
  { "", 0 },
  { "yesterday", 0 },
  { "2024-02-29", 0 },
  { "2024-02-29T12:00:00", 0 },
  { "2024-02-29 12:00:00Z", 0 },
  { "20240229T120000Z", 0 },
  { "2023-02-29T12:00:00Z", 0 },
  { "2024-13-01T12:00:00Z", 0 },
  { "2024-00-01T12:00:00Z", 0 },
  { "2024-01-01T24:00:00Z", 0 },
  { "2024-01-01T12:60:00Z", 0 },
  { "2024-01-01T12:00:60Z", 0 },
  { "2024-01-01T12:00:00.Z", 0 },
  { "2024-01-01T12:00:00,5Z", 0 },
  { "2024-01-01T12:00:00+0100", 0 },
  { "2024-01-01T12:00:00+24:00", 0 },
  { "2024-01-01T12:00:00+01:60", 0 },
  { "2024-01-01T12:00:00ZZ", 0 },
  { "2024-01-01T12:00:00Z ", 0 },
  { "-024-01-01T12:00:00Z", 0 },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_test_message ("case %u", i);
      g_assert_cmpint (base_time_parse (times[i].text), ==, times[i].microseconds);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/time/age", test_age);
  g_test_add_func ("/base/time/parse", test_parse);

  return g_test_run ();
}
