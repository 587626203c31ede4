/* base-json-parse.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base-error.h"

/* json-glib's parser recurses without a limit of its own. */
#define MAX_DEPTH 128

/* A walk over the text that finds, without recursion, what json-glib does not: nesting too deep,
 * several values in a row, numbers it would wrap around, and what it accepts beyond JSON (comments,
 * single quotes, hexadecimal numbers, assignments). */
typedef struct
{
  const char *data;
  const char *end;
  const char *p;
  guint       depth;
} Check;

static gboolean
fail_at (Check      *self,
         const char *at,
         BaseError   code,
         const char *words,
         GError    **error)
{
  const char *start = self->data;
  guint       line = 1;

  for (const char *p = self->data; p < at; p++)
    if (*p == '\n')
      {
        line++;
        start = p + 1;
      }
  g_set_error (error, BASE_ERROR, code, "line %u, column %u: %s",
               line, (guint) g_utf8_strlen (start, at - start) + 1, words);
  return FALSE;
}

/* The value of the four digits of "\\uXXXX", or -1. */
static int
read_unit (Check      *self,
           const char *escape)
{
  int unit = 0;

  if (self->end - escape < 6 || escape[0] != '\\' || escape[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (escape[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (escape[i]);
    }
  return unit;
}

/* Moves to the last character of the escape. json-glib lets half of a surrogate pair through as a
 * string that is not UTF-8. */
static gboolean
check_escape (Check   *self,
              GError **error)
{
  const char *start = self->p;
  gsize       length = 6;
  int         unit, low;

  if (self->end - start > 1 && start[1] != '\0' && strchr ("\"\\/bfnrt", start[1]) != NULL)
    {
      self->p++;
      return TRUE;
    }
  unit = read_unit (self, start);
  if (unit >= 0xd800 && unit < 0xdc00)
    {
      low = read_unit (self, start + length);
      unit = low >= 0xdc00 && low < 0xe000 ? unit : -1;
      length = 12;
    }
  else if (unit >= 0xdc00 && unit < 0xe000)
    {
      unit = -1;
    }
  if (unit < 0)
    return fail_at (self, start, BASE_ERROR_SYNTAX,
                    "this backslash begins no escape that JSON knows; write it twice", error);
  self->p += length - 1;
  return TRUE;
}

static gboolean
check_string (Check   *self,
              GError **error)
{
  const char *start = self->p;

  for (self->p++; self->p < self->end; self->p++)
    {
      if (*self->p == '"')
        {
          self->p++;
          return TRUE;
        }
      if ((guchar) *self->p < 0x20)
        return fail_at (self, self->p, BASE_ERROR_SYNTAX,
                        "a line break, tab or other control character in a string has to be "
                        "written as an escape such as \\n",
                        error);
      if (*self->p == '\\' && !check_escape (self, error))
        return FALSE;
    }
  return fail_at (self, start, BASE_ERROR_SYNTAX,
                  "a string is not closed; the quotation mark at its end is missing", error);
}

static const char *
skip_digits (const char *text)
{
  while (g_ascii_isdigit (*text))
    text++;
  return text;
}

/* The number grammar of RFC 8259. */
static gboolean
is_number (const char *text,
           gboolean   *whole)
{
  const char *digits = *text == '-' ? text + 1 : text;
  const char *p = skip_digits (digits);

  if (p == digits || (*digits == '0' && p > digits + 1))
    return FALSE;
  *whole = *p == '\0';
  if (*p == '.')
    {
      if (!g_ascii_isdigit (p[1]))
        return FALSE;
      p = skip_digits (p + 1);
    }
  if (*p == 'e' || *p == 'E')
    {
      p += p[1] == '+' || p[1] == '-' ? 2 : 1;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      p = skip_digits (p);
    }
  return *p == '\0';
}

static gboolean
fits (const char *number,
      gboolean    whole)
{
  double value;

  errno = 0;
  if (whole)
    {
      g_ascii_strtoll (number, NULL, 10);
      return errno != ERANGE;
    }
  value = g_ascii_strtod (number, NULL);
  return value - value == 0.0;
}

static gboolean
is_word_character (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '-' || c == '.' || c == '_';
}

/* A number or one of JSON's three words. */
static gboolean
check_word (Check   *self,
            GError **error)
{
  const char      *start = self->p;
  g_autofree char *word = NULL;
  gboolean         whole;

  while (self->p < self->end && is_word_character (*self->p))
    self->p++;
  word = g_strndup (start, (gsize) (self->p - start));
  if (g_str_equal (word, "true") || g_str_equal (word, "false") || g_str_equal (word, "null"))
    return TRUE;
  if (!is_number (word, &whole))
    return fail_at (self, start, BASE_ERROR_SYNTAX,
                    "this is no number and not true, false or null; a text needs quotation marks",
                    error);
  if (!fits (word, whole))
    return fail_at (self, start, BASE_ERROR_TOO_LARGE,
                    "this number needs more than 64 bits", error);
  return TRUE;
}

/* One bracket, comma or colon. */
static gboolean
check_sign (Check   *self,
            GError **error)
{
  const char *at = self->p++;

  switch (*at)
    {
    case '{':
    case '[':
      if (++self->depth > MAX_DEPTH)
        return fail_at (self, at, BASE_ERROR_TOO_DEEP,
                        "objects and arrays are nested more than 128 deep", error);
      return TRUE;
    case '}':
    case ']':
      if (self->depth == 0)
        return fail_at (self, at, BASE_ERROR_SYNTAX, "this bracket closes nothing", error);
      self->depth--;
      return TRUE;
    case ',':
    case ':':
      if (self->depth == 0)
        return fail_at (self, at, BASE_ERROR_SYNTAX, "this belongs inside brackets", error);
      return TRUE;
    default:
      return fail_at (self, at, BASE_ERROR_SYNTAX, "this character has no place in JSON", error);
    }
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
check (Check   *self,
       GError **error)
{
  const char *invalid;
  gboolean    started = FALSE;
  gboolean    valid;

  if (!g_utf8_validate_len (self->data, (gsize) (self->end - self->data), &invalid))
    return fail_at (self, invalid, BASE_ERROR_BINARY, "this is not UTF-8 text", error);

  while (self->p < self->end)
    {
      if (is_space (*self->p))
        {
          self->p++;
          continue;
        }
      if (started && self->depth == 0)
        return fail_at (self, self->p, BASE_ERROR_SYNTAX,
                        "there is more text after the end of the JSON value", error);
      started = TRUE;
      if (*self->p == '"')
        valid = check_string (self, error);
      else if (is_word_character (*self->p))
        valid = check_word (self, error);
      else
        valid = check_sign (self, error);
      if (!valid)
        return FALSE;
    }
  if (!started)
    return fail_at (self, self->end, BASE_ERROR_SYNTAX,
                    "the text is empty, so there is no JSON value", error);
  return TRUE;
}

/* json-glib's messages are "<data>:1:3: Parse error: unexpected string constant "…", expected …":
 * they repeat the text, which may be secret, and cut it off inside a character. After check() only
 * one mistake is left that it can find. */
static void
set_parser_error (const GError *parser_error,
                  GError      **error)
{
  guint line = 1, column = 1;

  sscanf (parser_error->message, "<data>:%u:%u:", &line, &column);
  g_set_error (error, BASE_ERROR, BASE_ERROR_SYNTAX,
               "line %u, column %u: a comma, a colon, a value or a closing bracket is missing near "
               "here, or one is too many",
               line, column);
}

/**
 * base_json_parse:
 * @data: (nullable): JSON text
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @error: return location for an error
 *
 * Reads one JSON value.
 *
 * Objects and arrays may be nested 128 deep; numbers have 64 bits. What json-glib would accept
 * beyond RFC 8259, such as comments and single quotes, is refused. Of members with the same name
 * the last one stays. A string ends before a `\u0000` in it.
 *
 * Errors are in the %BASE_ERROR domain: %BASE_ERROR_SYNTAX, %BASE_ERROR_TOO_DEEP,
 * %BASE_ERROR_TOO_LARGE for a number, and %BASE_ERROR_BINARY when the text is not UTF-8. Messages
 * name the line and column.
 *
 * Returns: (transfer full): the value, or %NULL with @error set
 */
JsonNode *
base_json_parse (const char *data,
                 gssize      length,
                 GError    **error)
{
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize size;
  Check text;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (data == NULL)
    data = "";
  size = length < 0 ? strlen (data) : (gsize) length;
  text = (Check){ .data = data, .end = data + size, .p = data };
  if (!check (&text, error))
    return NULL;

  parser = json_parser_new ();
  if (json_parser_load_from_data (parser, data, (gssize) size, &local_error))
    return json_parser_steal_root (parser);

  set_parser_error (local_error, error);
  return NULL;
}
