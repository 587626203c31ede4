/* base-time.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-time.h"

#include <string.h>

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)
#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* Reads exactly n_digits digits and moves *text behind them. */
static gboolean
read_digits (const char **text,
             guint        n_digits,
             int         *value)
{
  *value = 0;
  for (guint i = 0; i < n_digits; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *value = *value * 10 + g_ascii_digit_value (**text);
    }
  return TRUE;
}

static gboolean
read_character (const char **text,
                const char  *accepted)
{
  if (**text == '\0' || strchr (accepted, **text) == NULL)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* Reads an optional ".123456789" as nanoseconds; further digits are cut off. */
static gboolean
read_fraction (const char **text,
               gint64      *nanoseconds)
{
  gint64 unit = NSEC_PER_SEC / 10;

  *nanoseconds = 0;
  if (!read_character (text, "."))
    return TRUE;
  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (; g_ascii_isdigit (**text); (*text)++, unit /= 10)
    *nanoseconds += g_ascii_digit_value (**text) * unit;
  return TRUE;
}

static gboolean
read_offset (const char **text,
             int         *minutes)
{
  int      hours;
  int      rest;
  gboolean west;

  *minutes = 0;
  if (read_character (text, "Zz"))
    return TRUE;
  west = **text == '-';
  if (!read_character (text, "+-") || !read_digits (text, 2, &hours) ||
      !read_character (text, ":") || !read_digits (text, 2, &rest) || hours > 23 || rest > 59)
    return FALSE;
  *minutes = (hours * 60 + rest) * (west ? -1 : 1);
  return TRUE;
}

static gboolean
parse (const char *text,
       gint64     *seconds,
       gint64     *nanoseconds)
{
  g_autoptr(GDateTime) utc = NULL;
  int year, month, day, hour, minute, second, offset;

  if (!read_digits (&text, 4, &year) || !read_character (&text, "-") ||
      !read_digits (&text, 2, &month) || !read_character (&text, "-") ||
      !read_digits (&text, 2, &day) || !read_character (&text, "Tt") ||
      !read_digits (&text, 2, &hour) || !read_character (&text, ":") ||
      !read_digits (&text, 2, &minute) || !read_character (&text, ":") ||
      !read_digits (&text, 2, &second) || !read_fraction (&text, nanoseconds) ||
      !read_offset (&text, &offset) || *text != '\0')
    return FALSE;

  utc = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (utc == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (utc) - offset * MINUTE;
  return TRUE;
}

/**
 * base_time_parse:
 * @rfc3339: (nullable): a time such as “2024-03-01T12:00:00Z” or “2024-03-01T12:00:00.25+01:00”
 *
 * Reads a time as RFC 3339 writes it, which is how Kubernetes writes times.
 *
 * Digits of the fraction beyond microseconds are cut off. A leap second (“:60”) is invalid, as it
 * is to Kubernetes.
 *
 * Returns: microseconds since 1970-01-01 UTC, or 0 if the text is no such time
 */
gint64
base_time_parse (const char *rfc3339)
{
  gint64 seconds;
  gint64 nanoseconds;

  if (rfc3339 == NULL || !parse (rfc3339, &seconds, &nanoseconds))
    return 0;
  return seconds * G_USEC_PER_SEC + nanoseconds / 1000;
}

/**
 * base_time_parse_ns:
 * @rfc3339: (nullable): a time as [func@time_parse] takes it
 *
 * Reads a time with all that the lines of a container's log say of it.
 *
 * Returns: nanoseconds since 1970-01-01 UTC, or 0 if the text is no such time or one that 64 bits
 *   do not reach (before 1678 or after 2261)
 */
gint64
base_time_parse_ns (const char *rfc3339)
{
  const gint64 limit = G_MAXINT64 / NSEC_PER_SEC - 1;
  gint64       seconds;
  gint64       nanoseconds;

  if (rfc3339 == NULL || !parse (rfc3339, &seconds, &nanoseconds) || ABS (seconds) > limit)
    return 0;
  return seconds * NSEC_PER_SEC + nanoseconds;
}

/* “3h15m”, or “3h” when the smaller unit is 0. */
static char *
format_pair (gint64 big,
             char   big_unit,
             gint64 small,
             char   small_unit)
{
  if (small == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "%c", big, big_unit);
  return g_strdup_printf ("%" G_GINT64_FORMAT "%c%" G_GINT64_FORMAT "%c",
                          big, big_unit, small, small_unit);
}

/**
 * base_time_format_age:
 * @seconds: how long ago something happened, in seconds
 *
 * Writes an age as kubectl does: two or three significant figures.
 *
 * The rule is `HumanDuration()` of k8s.io/apimachinery/pkg/util/duration. One second in the future
 * counts as now, since clocks differ; more than that is “<invalid>”.
 *
 * Returns: (transfer full): an age such as “5s”, “2m10s”, “3h5m”, “2d”, “40d” or “2y”
 */
char *
base_time_format_age (gint64 seconds)
{
  if (seconds < -1)
    return g_strdup ("<invalid>");
  if (seconds < 2 * MINUTE)
    return format_pair (MAX (seconds, 0), 's', 0, 's');
  if (seconds < 10 * MINUTE)
    return format_pair (seconds / MINUTE, 'm', seconds % MINUTE, 's');
  if (seconds < 3 * HOUR)
    return format_pair (seconds / MINUTE, 'm', 0, 's');
  if (seconds < 8 * HOUR)
    return format_pair (seconds / HOUR, 'h', seconds % HOUR / MINUTE, 'm');
  if (seconds < 2 * DAY)
    return format_pair (seconds / HOUR, 'h', 0, 'm');
  if (seconds < 8 * DAY)
    return format_pair (seconds / DAY, 'd', seconds % DAY / HOUR, 'h');
  if (seconds < 2 * YEAR)
    return format_pair (seconds / DAY, 'd', 0, 'h');
  if (seconds < 8 * YEAR)
    return format_pair (seconds / YEAR, 'y', seconds % YEAR / DAY, 'd');
  return format_pair (seconds / YEAR, 'y', 0, 'd');
}
