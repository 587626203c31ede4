/* base-yaml-scalar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml-scalar.h"

#include <string.h>

/* The words of YAML 1.1 that are no strings when they stand without quotation marks. */
static const struct
{
  const char        *word;
  BaseYamlScalarType type;
  gboolean           boolean;
} words[] = {
  { "", BASE_YAML_SCALAR_NULL },
  { "~", BASE_YAML_SCALAR_NULL },
  { "null", BASE_YAML_SCALAR_NULL },
  { "Null", BASE_YAML_SCALAR_NULL },
  { "NULL", BASE_YAML_SCALAR_NULL },
  { "y", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "Y", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "yes", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "Yes", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "YES", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "true", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "True", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "TRUE", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "on", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "On", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "ON", BASE_YAML_SCALAR_BOOLEAN, TRUE },
  { "n", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "N", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "no", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "No", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "NO", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "false", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "False", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "FALSE", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "off", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "Off", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { "OFF", BASE_YAML_SCALAR_BOOLEAN, FALSE },
  { ".nan", BASE_YAML_SCALAR_NOT_FINITE },
  { ".NaN", BASE_YAML_SCALAR_NOT_FINITE },
  { ".NAN", BASE_YAML_SCALAR_NOT_FINITE },
  { ".inf", BASE_YAML_SCALAR_NOT_FINITE },
  { ".Inf", BASE_YAML_SCALAR_NOT_FINITE },
  { ".INF", BASE_YAML_SCALAR_NOT_FINITE },
  { "+.inf", BASE_YAML_SCALAR_NOT_FINITE },
  { "+.Inf", BASE_YAML_SCALAR_NOT_FINITE },
  { "+.INF", BASE_YAML_SCALAR_NOT_FINITE },
  { "-.inf", BASE_YAML_SCALAR_NOT_FINITE },
  { "-.Inf", BASE_YAML_SCALAR_NOT_FINITE },
  { "-.INF", BASE_YAML_SCALAR_NOT_FINITE },
  { "<<", BASE_YAML_SCALAR_MERGE },
};

/* The base that a prefix announces; *digits is moved behind the prefix. */
static guint
read_base (const char **digits)
{
  const char *p = *digits;

  if (p[0] != '0' || p[1] == '\0')
    return 10;
  *digits += 2;
  switch (p[1])
    {
    case 'x':
    case 'X':
      return 16;
    case 'o':
    case 'O':
      return 8;
    case 'b':
    case 'B':
      return 2;
    default:
      *digits = p + 1;
      return 8;
    }
}

static gboolean
read_digits (const char *digits,
             guint       base,
             guint64    *value)
{
  *value = 0;
  if (*digits == '\0')
    return FALSE;
  for (; *digits != '\0'; digits++)
    {
      int digit = g_ascii_xdigit_value (*digits);

      if (digit < 0 || (guint) digit >= base ||
          !g_uint64_checked_mul (value, *value, base) ||
          !g_uint64_checked_add (value, *value, (guint64) digit))
        return FALSE;
    }
  return TRUE;
}

static gboolean
resolve_integer (const char     *text,
                 BaseYamlScalar *scalar)
{
  gboolean    negative = *text == '-';
  const char *digits = text + (*text == '-' || *text == '+' ? 1 : 0);
  guint       base = read_base (&digits);
  guint64     value;

  if (!read_digits (digits, base, &value))
    return FALSE;
  if (negative && value > (guint64) G_MAXINT64 + 1)
    return FALSE;

  scalar->type = BASE_YAML_SCALAR_INT;
  if (negative)
    {
      scalar->integer = (gint64) (0 - value);
    }
  else if (value <= G_MAXINT64)
    {
      scalar->integer = (gint64) value;
    }
  else
    {
      scalar->type = BASE_YAML_SCALAR_FLOAT;
      scalar->number = (double) value;
    }
  return TRUE;
}

static const char *
skip_digits (const char *text)
{
  while (g_ascii_isdigit (*text))
    text++;
  return text;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static gboolean
is_float (const char *text)
{
  const char *p = text + (*text == '-' || *text == '+' ? 1 : 0);
  const char *digits = p;

  p = skip_digits (p);
  if (p == digits && (p[0] != '.' || !g_ascii_isdigit (p[1])))
    return FALSE;
  if (*p == '.')
    p = skip_digits (p + 1);
  if (*p == 'e' || *p == 'E')
    {
      p += p[1] == '-' || p[1] == '+' ? 2 : 1;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      p = skip_digits (p);
    }
  return *p == '\0';
}

static gboolean
resolve_float (const char     *text,
               BaseYamlScalar *scalar)
{
  double number;

  if (!is_float (text))
    return FALSE;
  number = g_ascii_strtod (text, NULL);
  /* a number too big for a double stays a string */
  if (number - number != 0.0)
    return FALSE;
  scalar->type = BASE_YAML_SCALAR_FLOAT;
  scalar->number = number;
  return TRUE;
}

static char *
drop_underscores (const char *text)
{
  GString *plain = g_string_sized_new (strlen (text));

  for (; *text != '\0'; text++)
    if (*text != '_')
      g_string_append_c (plain, *text);
  return g_string_free (plain, FALSE);
}

/**
 * base_yaml_scalar_resolve:
 * @text: a scalar that stands without quotation marks
 * @scalar: (out caller-allocates): what the text means
 *
 * Decides what a plain scalar means.
 *
 * The rules are those of sigs.k8s.io/yaml, with which kubectl reads files: YAML 1.1 with its many
 * booleans (y, yes, on), octal numbers with both “0” and “0o”, hexadecimal and binary numbers, and
 * underscores between digits. Times stay strings, and so do numbers in base 60.
 */
void
base_yaml_scalar_resolve (const char     *text,
                          BaseYamlScalar *scalar)
{
  g_autofree char *plain = NULL;

  g_return_if_fail (text != NULL);
  g_return_if_fail (scalar != NULL);

  *scalar = (BaseYamlScalar){ .type = BASE_YAML_SCALAR_STRING };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, text))
      {
        scalar->type = words[i].type;
        scalar->boolean = words[i].boolean;
        return;
      }

  if (!g_ascii_isdigit (*text) && strchr ("+-.", *text) == NULL)
    return;
  plain = drop_underscores (text);
  if (*text == '.' || !resolve_integer (plain, scalar))
    resolve_float (plain, scalar);
}
