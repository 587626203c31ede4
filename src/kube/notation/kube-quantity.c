/* kube-quantity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-quantity.h"

#include "kube-error.h"

#include <string.h>

/* Nothing is finer than a billionth. */
#define MIN_SCALE (-9)
#define MAX_EXPONENT 1000000
/* So many decimal digits always fit. */
#define MAX_DIGITS 38

__extension__ typedef unsigned __int128 Mantissa;

typedef enum
{
  FORMAT_DECIMAL, /* 12M */
  FORMAT_BINARY,  /* 12Mi */
  FORMAT_EXPONENT /* 12e6 */
} Format;

/**
 * KubeQuantity:
 *
 * An amount of processor time, memory or the like, as `resource.Quantity` of Kubernetes
 * (k8s.io/apimachinery/pkg/api/resource) reads and writes it: a decimal number, then n, u, m, k,
 * M, G, T, P or E, or Ki, Mi, Gi, Ti, Pi or Ei, or an exponent such as e3.
 */
struct _KubeQuantity
{
  Mantissa mantissa; /* without a factor 10 */
  int      scale;    /* the value is mantissa * 10^scale */
  gboolean negative;
  Format   format;
};

static const struct
{
  const char *suffix;
  Format      format;
  int         exponent; /* of 10, or of 2 */
} suffixes[] = {
  { "", FORMAT_DECIMAL, 0 },
  { "n", FORMAT_DECIMAL, -9 },
  { "u", FORMAT_DECIMAL, -6 },
  { "m", FORMAT_DECIMAL, -3 },
  { "k", FORMAT_DECIMAL, 3 },
  { "M", FORMAT_DECIMAL, 6 },
  { "G", FORMAT_DECIMAL, 9 },
  { "T", FORMAT_DECIMAL, 12 },
  { "P", FORMAT_DECIMAL, 15 },
  { "E", FORMAT_DECIMAL, 18 },
  { "Ki", FORMAT_BINARY, 10 },
  { "Mi", FORMAT_BINARY, 20 },
  { "Gi", FORMAT_BINARY, 30 },
  { "Ti", FORMAT_BINARY, 40 },
  { "Pi", FORMAT_BINARY, 50 },
  { "Ei", FORMAT_BINARY, 60 },
};

static Mantissa
get_power (guint exponent)
{
  Mantissa power = 1;

  while (exponent-- > 0)
    power *= 10;

  return power;
}

static guint
count_digits (Mantissa mantissa)
{
  guint n_digits = 1;

  while (mantissa >= 10)
    {
      mantissa /= 10;
      n_digits++;
    }

  return n_digits;
}

static gboolean
read_suffix (const char *text,
             Format     *format,
             int        *exponent)
{
  char  *end;
  gint64 parsed;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (strcmp (suffixes[i].suffix, text) == 0)
      {
        *format = suffixes[i].format;
        *exponent = suffixes[i].exponent;
        return TRUE;
      }

  if ((text[0] != 'e' && text[0] != 'E') || !g_ascii_isdigit (text[strlen (text) - 1]) ||
      strspn (text + 1, "+-0123456789") != strlen (text + 1))
    return FALSE;
  parsed = g_ascii_strtoll (text + 1, &end, 10);
  if (*end != '\0' || parsed > MAX_EXPONENT || parsed < -MAX_EXPONENT)
    return FALSE;

  *format = FORMAT_EXPONENT;
  *exponent = (int) parsed;

  return TRUE;
}

/* Reads digits with at most one point. Digits of a fraction beyond what can be kept make the
 * last one larger, since whoever asks for something shall get something. Of a whole number only
 * noughts may be beyond it.
 *
 * Returns: the end of the number; NULL if it is too large */
static const char *
read_number (KubeQuantity *self,
             const char   *text,
             gboolean     *rest)
{
  const Mantissa limit = get_power (MAX_DIGITS - 1);
  gboolean       fraction = FALSE;

  for (; g_ascii_isdigit (*text) || (*text == '.' && !fraction); text++)
    {
      if (*text == '.')
        {
          fraction = TRUE;
        }
      else if (self->mantissa < limit)
        {
          self->mantissa = self->mantissa * 10 + (guint) (*text - '0');
          self->scale -= fraction;
        }
      else if (*text != '0' && (!fraction || self->scale > 0))
        {
          return NULL;
        }
      else if (fraction)
        {
          *rest = *rest || *text != '0';
        }
      else
        {
          self->scale++;
        }
    }

  return text;
}

static void
drop_digits (KubeQuantity *self,
             int           n_digits,
             gboolean     *rest)
{
  Mantissa power;

  if (n_digits <= 0)
    return;
  if (n_digits > MAX_DIGITS)
    {
      *rest = *rest || self->mantissa != 0;
      self->mantissa = 0;
    }
  else
    {
      power = get_power ((guint) n_digits);
      *rest = *rest || self->mantissa % power != 0;
      self->mantissa /= power;
    }
  self->scale += n_digits;
}

/* Amounts with a binary suffix end at what a signed number of 64 bits holds. */
static void
multiply_binary (KubeQuantity *self,
                 int           exponent,
                 gboolean     *rest)
{
  const Mantissa limit = get_power (MAX_DIGITS);
  const Mantissa factor = (Mantissa) 1 << exponent;

  while (self->mantissa > limit / factor && self->scale < 0)
    drop_digits (self, 1, rest);
  if (self->mantissa > limit / factor)
    self->mantissa = G_MAXINT64;
  else
    self->mantissa *= factor;
}

static void
cap_binary (KubeQuantity *self)
{
  const Mantissa one = get_power ((guint) MAX (-self->scale, 0));

  if (self->scale > 0 || self->mantissa / one >= (Mantissa) G_MAXINT64)
    {
      self->mantissa = G_MAXINT64;
      self->scale = 0;
    }
  else if (self->mantissa < one && self->mantissa > 0)
    {
      self->format = FORMAT_DECIMAL;
    }
}

static void
normalise (KubeQuantity *self)
{
  while (self->mantissa != 0 && self->mantissa % 10 == 0)
    {
      self->mantissa /= 10;
      self->scale++;
    }
  if (self->mantissa == 0)
    {
      self->scale = 0;
      self->negative = FALSE;
    }
}

/* What has been read, in the form in which it is kept. */
static void
settle (KubeQuantity *self,
        int           exponent,
        gboolean      rest)
{
  if (self->format == FORMAT_BINARY)
    multiply_binary (self, exponent, &rest);
  else
    self->scale += exponent;
  drop_digits (self, MIN_SCALE - self->scale, &rest);
  if (rest)
    self->mantissa++;
  if (self->format == FORMAT_BINARY)
    cap_binary (self);
  normalise (self);
}

/**
 * kube_quantity_parse: (skip)
 * @text: an amount, such as "100m", "1.5Gi" or "12e6"
 * @error: return location for an error
 *
 * Reads an amount by the rules of `resource.ParseQuantity`. What is finer than a billionth is
 * rounded away from zero; amounts with a binary suffix are at most 2^63-1. Unlike there, whole
 * numbers of more than 38 digits that are not noughts at their end, and those beyond 10^1000000, are
 * refused.
 *
 * Possible errors: %KUBE_ERROR_INVALID if @text is no amount.
 *
 * Returns: (transfer full) (nullable): the amount, or %NULL with @error set
 */
KubeQuantity *
kube_quantity_parse (const char *text,
                     GError    **error)
{
  g_autoptr(KubeQuantity) self = NULL;
  const char *suffix;
  gboolean    rest = FALSE;
  int         exponent;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_new0 (KubeQuantity, 1);
  self->negative = text[0] == '-';
  suffix = read_number (self, text + (text[0] == '-' || text[0] == '+'), &rest);
  if (text[0] != '\0' && suffix != NULL && read_suffix (suffix, &self->format, &exponent))
    {
      settle (self, exponent, rest);
      /* noughts before the exponent may raise it over the limit, so that it could not be read again */
      if (self->scale <= MAX_EXPONENT)
        return g_steal_pointer (&self);
    }

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
               "“%s” is not an amount that Kubernetes knows. It has to be a number, with a unit "
               "such as m, k, M, Mi or Gi behind it if need be. Write it like 500m or 256Mi.",
               text);

  return NULL;
}

/**
 * kube_quantity_free:
 * @self: (transfer full): an amount
 *
 * Frees @self.
 */
void
kube_quantity_free (KubeQuantity *self)
{
  g_free (self);
}

static void
append_number (GString *text,
               Mantissa number)
{
  char  digits[MAX_DIGITS + 2];
  guint i = sizeof digits;

  digits[--i] = '\0';
  do
    {
      digits[--i] = (char) ('0' + (int) (number % 10));
      number /= 10;
    }
  while (number > 0);
  g_string_append (text, digits + i);
}

/* Amounts below 1024 and those that are not whole would lose something. */
static gboolean
is_printed_binary (const KubeQuantity *self)
{
  return self->format == FORMAT_BINARY && self->scale >= 0 &&
         self->mantissa * get_power ((guint) self->scale) >= 1024;
}

static void
append_binary (GString            *text,
               const KubeQuantity *self)
{
  static const char *const units[] = { "", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei" };
  Mantissa                 number = self->mantissa * get_power ((guint) self->scale);
  guint                    unit = 0;

  for (; number % 1024 == 0; number /= 1024)
    unit++;
  append_number (text, number);
  g_string_append (text, units[unit]);
}

static void
append_decimal (GString            *text,
                const KubeQuantity *self)
{
  static const char *const units[] = { "n", "u", "m", "", "k", "M", "G", "T", "P", "E" };
  int                      exponent = self->scale - ((self->scale % 3) + 3) % 3;

  if (self->format != FORMAT_EXPONENT)
    exponent = MIN (exponent, 18);
  append_number (text, self->mantissa);
  for (int i = exponent; i < self->scale; i++)
    g_string_append_c (text, '0');
  if (self->format != FORMAT_EXPONENT)
    g_string_append (text, units[exponent / 3 + 3]);
  else if (exponent != 0)
    g_string_append_printf (text, "e%d", exponent);
}

/**
 * kube_quantity_print:
 * @self: an amount
 *
 * Writes an amount in its canonical form: no fraction, the largest unit that allows it, and
 * binary, decimal or with an exponent as it was read. Unlike `resource.Quantity`, amounts of more
 * than 999 E keep their unit.
 *
 * Returns: (transfer full): the text
 */
char *
kube_quantity_print (const KubeQuantity *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  if (self->negative)
    g_string_append_c (text, '-');
  if (self->mantissa == 0)
    g_string_append_c (text, '0');
  else if (is_printed_binary (self))
    append_binary (text, self);
  else
    append_decimal (text, self);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
compare_sizes (const KubeQuantity *self,
               const KubeQuantity *other)
{
  int      size = (int) count_digits (self->mantissa) + self->scale;
  int      other_size = (int) count_digits (other->mantissa) + other->scale;
  int      scale = MIN (self->scale, other->scale);
  Mantissa mantissa;
  Mantissa other_mantissa;

  if (self->mantissa == 0 || other->mantissa == 0)
    return (self->mantissa != 0) - (other->mantissa != 0);
  if (size != other_size)
    return size < other_size ? -1 : 1;

  mantissa = self->mantissa * get_power ((guint) (self->scale - scale));
  other_mantissa = other->mantissa * get_power ((guint) (other->scale - scale));

  return (mantissa > other_mantissa) - (mantissa < other_mantissa);
}

/**
 * kube_quantity_compare:
 * @self: an amount
 * @other: another one
 *
 * Compares two amounts, whatever their units.
 *
 * Returns: -1, 0 or 1, as @self is less than, equal to or more than @other
 */
int
kube_quantity_compare (const KubeQuantity *self,
                       const KubeQuantity *other)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (other != NULL, 0);

  if (self->negative != other->negative)
    return self->negative ? -1 : 1;

  return self->negative ? -compare_sizes (self, other) : compare_sizes (self, other);
}

/**
 * kube_quantity_get_value:
 * @self: an amount
 *
 * Returns: the amount in its base unit (cores, bytes), as near as a floating point number comes
 */
double
kube_quantity_get_value (const KubeQuantity *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, 0);

  /* A product or quotient of two numbers that are rounded could change places with its neighbour. */
  if (self->negative)
    g_string_append_c (text, '-');
  append_number (text, self->mantissa);
  g_string_append_printf (text, "e%d", self->scale);

  return g_ascii_strtod (text->str, NULL);
}
