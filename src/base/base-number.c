/* base-number.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-number.h"

#include <math.h>
#include <string.h>

/* Whole numbers below 2^53 are exact in a double. */
#define EXACT_LIMIT 9007199254740992.0

/**
 * base_number_format:
 * @number: a finite number
 *
 * Writes a number so that reading it gives the same number again, with as few digits as that takes.
 *
 * A whole number has no decimal point, as Go writes it into JSON: the API server refuses “3.0”
 * where it wants an integer.
 *
 * Returns: (transfer full): digits that are valid in JSON and YAML
 */
char *
base_number_format (double number)
{
  static const char *formats[] = { "%.15g", "%.16g", "%.17g" };
  char               buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (number > -EXACT_LIMIT && number < EXACT_LIMIT && number == (double) (gint64) number)
    return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) number);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, sizeof buffer, formats[i], number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  return g_strdup (buffer);
}

/* The fewest digits that give @number again, without a point and zeros at the end; @exponent is
 * that of the first digit. */
static char *
find_digits (double number,
             int   *exponent)
{
  char     buffer[G_ASCII_DTOSTR_BUF_SIZE];
  char    *e;
  GString *digits = g_string_new (NULL);

  for (int precision = 0; precision <= 16; precision++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  e = strchr (buffer, 'e');
  *exponent = (int) g_ascii_strtoll (e + 1, NULL, 10);
  for (char *p = buffer; p < e; p++)
    if (*p != '.')
      g_string_append_c (digits, *p);
  while (digits->len > 1 && digits->str[digits->len - 1] == '0')
    g_string_truncate (digits, digits->len - 1);

  return g_string_free (digits, FALSE);
}

/**
 * base_number_format_go:
 * @number: a finite number
 *
 * Writes a number as Go's encoding/json does (floatEncoder): with an exponent below 1e-6 and from
 * 1e21 on, without one between.
 *
 * Returns: (transfer full): the fewest digits that give @number again
 */
char *
base_number_format_go (double number)
{
  gboolean         negative = signbit (number) != 0;
  GString         *text = g_string_new (negative ? "-" : "");
  int              exponent;
  g_autofree char *digits = find_digits (negative ? -number : number, &exponent);
  int              length = (int) strlen (digits);

  if (number != 0 && (exponent < -6 || exponent >= 21))
    {
      g_string_append_c (text, digits[0]);
      if (length > 1)
        g_string_append_printf (text, ".%s", digits + 1);
      g_string_append_printf (text, "e%+d", exponent);
    }
  else if (exponent < 0)
    {
      g_string_append (text, "0.");
      for (int i = exponent + 1; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, digits);
    }
  else
    {
      for (int i = 0; i < MAX (length, exponent + 1); i++)
        {
          if (i == exponent + 1)
            g_string_append_c (text, '.');
          g_string_append_c (text, i < length ? digits[i] : '0');
        }
    }

  return g_string_free (text, FALSE);
}
