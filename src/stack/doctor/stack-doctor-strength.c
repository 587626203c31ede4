/* stack-doctor-strength.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* An estimate from above of how many bits whoever guesses a secret has to guess: each character is
 * worth what its alphabet offers, but next to nothing when it follows from those before it. */

#define MAX_LENGTH 256
#define BLOCK 4
#define BITS_FOLLOWING 0.5
#define BITS_OF_WORDS 2.0 /* a letter of ordinary language, rather generously */

static gboolean
is_only (const char *text,
         const char *set)
{
  return strspn (text, set) == strlen (text);
}

/* How many characters the one who made the text seems to have chosen from. */
static guint
count_alphabet (const char *text)
{
  gboolean lower = FALSE;
  gboolean upper = FALSE;
  gboolean digit = FALSE;
  gboolean other = FALSE;

  if (is_only (text, "0123456789abcdef") || is_only (text, "0123456789ABCDEF"))
    return is_only (text, "0123456789") ? 10 : 16;

  for (const char *p = text; *p != '\0'; p++)
    {
      lower |= g_ascii_islower (*p);
      upper |= g_ascii_isupper (*p);
      digit |= g_ascii_isdigit (*p);
      other |= !g_ascii_isalnum (*p);
    }

  return (lower ? 26 : 0) + (upper ? 26 : 0) + (digit ? 10 : 0) + (other ? 12 : 0);
}

/* Whether a character goes on with a row such as abcd, 4321 or aaaa. */
static gboolean
goes_on (const char *text,
         gsize       i)
{
  int step = i >= 2 ? text[i] - text[i - 1] : 2;

  return ABS (step) <= 1 && text[i - 1] - text[i - 2] == step;
}

/* Whether a character ends a block that stood there before. */
static gboolean
repeats (const char *text,
         gsize       i)
{
  for (gsize end = BLOCK - 1; i >= BLOCK && end < i; end++)
    {
      if (memcmp (text + end + 1 - BLOCK, text + i + 1 - BLOCK, BLOCK) == 0)
        return TRUE;
    }

  return FALSE;
}

/* log₂, straight between the powers of two: less than a tenth of a bit too little. */
static double
count_bits (guint alphabet)
{
  guint whole = g_bit_storage (alphabet) - 1;

  return whole + (double) alphabet / (1u << whole) - 1;
}

static gboolean
is_words (const char *text)
{
  return stack_doctor_matches (text, "[A-Za-z]+(?:[ _.-]+[A-Za-z]+)+[0-9!?.]{0,4}");
}

/*
 * stack_doctor_estimate_bits:
 * @text: a secret
 *
 * Returns: how many bits it is worth at most; of a long one, its first 256 characters
 */
guint
stack_doctor_estimate_bits (const char *text)
{
  gsize  length = MIN (strlen (text), MAX_LENGTH);
  double per_character = is_words (text) ? BITS_OF_WORDS : count_bits (count_alphabet (text));
  double bits = 0;

  for (gsize i = 0; i < length; i++)
    bits += goes_on (text, i) || repeats (text, i) ? BITS_FOLLOWING : per_character;

  return (guint) bits;
}
