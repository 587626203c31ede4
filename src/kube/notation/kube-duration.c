/* kube-duration.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-duration.h"

#include <string.h>

#include "kube-error.h"

#define MICROSECOND G_GUINT64_CONSTANT (1000)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND (1000 * MILLISECOND)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* What the most negative duration has. */
#define MAX_SIZE (G_GUINT64_CONSTANT (1) << 63)

static const struct
{
  const char *name;
  guint64     size;
} units[] = {
  { "ns", 1 },
  { "us", MICROSECOND },
  { "µs", MICROSECOND }, /* U+00B5, the micro sign */
  { "μs", MICROSECOND }, /* U+03BC, the Greek letter */
  { "ms", MILLISECOND },
  { "s", SECOND },
  { "m", MINUTE },
  { "h", HOUR },
};

static guint64
find_unit (const char *name,
           gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strlen (units[i].name) == length && strncmp (units[i].name, name, length) == 0)
      return units[i].size;

  return 0;
}

/* Returns: the end of the digits; NULL if the number is too large */
static const char *
read_whole (const char *text,
            guint64    *whole)
{
  *whole = 0;
  for (; g_ascii_isdigit (*text); text++)
    {
      if (*whole > MAX_SIZE / 10)
        return NULL;
      *whole = *whole * 10 + (guint64) g_ascii_digit_value (*text);
      if (*whole > MAX_SIZE)
        return NULL;
    }

  return text;
}

/* Digits that do not count any more are left out. */
static const char *
read_fraction (const char *text,
               guint64    *fraction,
               double     *scale)
{
  gboolean full = FALSE;

  *fraction = 0;
  *scale = 1;
  for (; g_ascii_isdigit (*text); text++)
    {
      guint64 more;

      full = full || *fraction > (MAX_SIZE - 1) / 10;
      if (full)
        continue;
      more = *fraction * 10 + (guint64) g_ascii_digit_value (*text);
      full = more > MAX_SIZE;
      if (full)
        continue;
      *fraction = more;
      *scale *= 10;
    }

  return text;
}

/* A number and its unit, such as "1.5h", added to the total.
 *
 * Returns: what follows; NULL if it is none or too large */
static const char *
read_part (const char *text,
           guint64    *total)
{
  const char *start = text;
  const char *name;
  guint64     whole;
  guint64     fraction = 0;
  double      scale = 1;
  guint64     size;
  gboolean    any;

  text = read_whole (text, &whole);
  if (text == NULL)
    return NULL;
  any = text > start;
  if (*text == '.')
    {
      start = text + 1;
      text = read_fraction (start, &fraction, &scale);
      any = any || text > start;
    }

  name = text;
  text += strcspn (text, ".0123456789");
  size = find_unit (name, (gsize) (text - name));
  if (!any || size == 0 || whole > MAX_SIZE / size)
    return NULL;

  whole *= size;
  if (fraction > 0)
    whole += (guint64) ((double) fraction * ((double) size / scale));
  if (whole > MAX_SIZE || *total + whole > MAX_SIZE)
    return NULL;
  *total += whole;

  return text;
}

/**
 * kube_duration_parse:
 * @text: a length of time, such as "5m", "1h30m", "-1.5s" or "0"
 * @nanoseconds: (out): return location for it
 * @error: return location for an error
 *
 * Reads a length of time by the rules of Go's time.ParseDuration, by which Kubernetes and kubectl
 * read them: numbers with the units ns, us, ms, s, m and h, at most 292 years. There are no days,
 * since not all of them have 24 hours.
 *
 * Possible errors: %KUBE_ERROR_INVALID if @text is no such thing.
 *
 * Returns: whether @nanoseconds was set
 */
gboolean
kube_duration_parse (const char *text,
                     gint64     *nanoseconds,
                     GError    **error)
{
  gboolean    negative;
  const char *rest;
  guint64     total = 0;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (nanoseconds != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  negative = *text == '-';
  rest = text + (*text == '-' || *text == '+');
  if (strcmp (rest, "0") == 0)
    rest = "";
  else
    do
      rest = read_part (rest, &total);
    while (rest != NULL && *rest != '\0');

  if (rest == NULL || (total == MAX_SIZE && !negative))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
                   "“%s” is not a length of time that Kubernetes knows. It has to be numbers with "
                   "the units h, m, s or ms. Write it like 90s, 5m or 1h30m.",
                   text);
      return FALSE;
    }

  *nanoseconds = negative ? (gint64) (0 - total) : (gint64) total;
  return TRUE;
}

/* @size in units of @unit, of which it has at most @digits places behind the point. */
static void
append_fraction (GString *text,
                 guint64  size,
                 guint64  unit,
                 int      digits)
{
  g_autofree char *fraction = NULL;
  gsize            length;

  g_string_append_printf (text, "%" G_GUINT64_FORMAT, size / unit);
  if (size % unit == 0)
    return;

  fraction = g_strdup_printf ("%0*" G_GUINT64_FORMAT, digits, size % unit);
  for (length = strlen (fraction); fraction[length - 1] == '0';)
    length--;
  g_string_append_c (text, '.');
  g_string_append_len (text, fraction, (gssize) length);
}

/**
 * kube_duration_print:
 * @nanoseconds: a length of time
 *
 * Writes a length of time as Go's Duration.String does, in which form Kubernetes has them in
 * its objects: [id@kube_duration_parse] reads the same again.
 *
 * Returns: (transfer full): "1h30m0s", "1.5s", "20ms", "0s" …
 */
char *
kube_duration_print (gint64 nanoseconds)
{
  g_autoptr(GString) text = g_string_new (nanoseconds < 0 ? "-" : NULL);
  guint64 size = nanoseconds < 0 ? 0 - (guint64) nanoseconds : (guint64) nanoseconds;

  if (size == 0)
    g_string_append (text, "0s");
  else if (size < MICROSECOND)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT "ns", size);
  else if (size < MILLISECOND)
    {
      append_fraction (text, size, MICROSECOND, 3);
      g_string_append (text, "µs");
    }
  else if (size < SECOND)
    {
      append_fraction (text, size, MILLISECOND, 6);
      g_string_append (text, "ms");
    }
  else
    {
      if (size >= HOUR)
        g_string_append_printf (text, "%" G_GUINT64_FORMAT "h", size / HOUR);
      if (size >= MINUTE)
        g_string_append_printf (text, "%" G_GUINT64_FORMAT "m", size % HOUR / MINUTE);
      append_fraction (text, size % MINUTE, SECOND, 9);
      g_string_append_c (text, 's');
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * kube_duration_print_short:
 * @nanoseconds: a length of time
 *
 * Writes a length of time with one unit only, as `ShortHumanDuration()` of
 * k8s.io/apimachinery/pkg/util/duration does, for where there is little room; see
 * base_time_format_age() for the longer form of kubectl's tables.
 *
 * Returns: (transfer full): "5s", "3m", "2h", "40d" or "2y"; "<invalid>" before -1 s
 */
char *
kube_duration_print_short (gint64 nanoseconds)
{
  static const struct
  {
    guint64 size;
    char    name;
  } steps[] = { { YEAR, 'y' }, { DAY, 'd' }, { HOUR, 'h' }, { MINUTE, 'm' }, { SECOND, 's' } };
  guint64 size = (guint64) MAX (nanoseconds, 0);

  if (nanoseconds <= -2 * (gint64) SECOND)
    return g_strdup ("<invalid>");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (size >= steps[i].size)
      return g_strdup_printf ("%" G_GUINT64_FORMAT "%c", size / steps[i].size, steps[i].name);

  return g_strdup ("0s");
}
