/* base-number.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-number.h"

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
