/* base-yaml-problem.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml-problem.h"

#include <string.h>

#include "base-error.h"

/* What libyaml 0.2.5 says, and what a person should know who has never read its sources. */
static const struct
{
  const char *problem;
  const char *words;
  gboolean    says_start;
} explanations[] = {
  { "mapping values are not allowed in this context",
    "“key: value” is not allowed here. Check the indentation, or put a text that contains “: ” in "
    "quotation marks." },
  { "block sequence entries are not allowed in this context",
    "a list item (“- ”) is not allowed here. Start it on a line of its own." },
  { "mapping keys are not allowed in this context",
    "a key is not allowed here. Start it on a line of its own." },
  { "did not find expected key",
    "a key is expected here. Indent the line like its neighbours." },
  { "did not find expected '-' indicator",
    "another list item (“- ”) is expected here. Indent the line like its neighbours." },
  { "did not find expected ',' or ']'",
    "the list is not closed. Add “,” or “]”.", TRUE },
  { "did not find expected ',' or '}'",
    "the mapping is not closed. Add “,” or “}”.", TRUE },
  { "could not find expected ':'",
    "this key has no “:” behind it. Add it, or indent the line if it continues a text." },
  { "did not find expected node content",
    "a value is expected here. Write one or remove the comma before it." },
  { "did not find expected <document start>",
    "this does not continue what stands above. Check the indentation, or separate documents with "
    "“---”." },
  { "found unexpected end of stream",
    "the text ends inside quotation marks. Close them.", TRUE },
  { "found unexpected document indicator",
    "a new document begins inside quotation marks. Close them.", TRUE },
  { "found unknown escape character",
    "a backslash in double quotation marks needs a known letter behind it. Write it twice, or use "
    "single quotation marks." },
  { "found a tab character where an indentation space is expected",
    "a tab cannot indent a line. Use spaces." },
  { "found a tab character that violates indentation",
    "a tab cannot indent a line. Use spaces." },
  { "found undefined tag handle",
    "the tag has an unknown handle. Put a text that starts with “!” in quotation marks." },
};

/* Counts from 1; a column is a character. */
static void
locate (const char *data,
        const char *at,
        gsize      *line,
        gsize      *column)
{
  const char *start = data;

  *line = 1;
  for (const char *p = data; p < at; p++)
    if (*p == '\n')
      {
        (*line)++;
        start = p + 1;
      }
  *column = (gsize) g_utf8_strlen (start, at - start) + 1;
}

static void
set_error_at (const char *data,
              const char *at,
              const char *words,
              GError    **error)
{
  gsize line, column;

  locate (data, at, &line, &column);
  g_set_error (error, BASE_ERROR, BASE_ERROR_BINARY,
               "line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s", line, column, words);
}

/**
 * base_yaml_problem_check_bytes:
 * @data: bytes
 * @size: how many
 * @error: return location for an error
 *
 * Checks that bytes are UTF-8 text without NUL.
 *
 * Returns: %TRUE if they are, else %FALSE with @error set to %BASE_ERROR_BINARY
 */
gboolean
base_yaml_problem_check_bytes (const char *data,
                               gsize       size,
                               GError    **error)
{
  const char *invalid;

  g_return_val_if_fail (data != NULL, FALSE);

  if (g_utf8_validate_len (data, size, &invalid))
    return TRUE;
  if (*invalid == '\0')
    set_error_at (data, invalid, "this is not a text file: it contains a NUL byte. "
                                 "Choose another file, or save this one as UTF-8.",
                  error);
  else
    set_error_at (data, invalid, "this is not UTF-8 text. Save the file as UTF-8.", error);
  return FALSE;
}

/* (nullable): where the mark points to, NULL if that is past the text. */
static const char *
find_mark (const yaml_mark_t *mark,
           const char        *data,
           gsize              size)
{
  const char *p = data;
  const char *end = data + size;

  for (gsize line = 0; line < mark->line && p != NULL; line++)
    {
      p = memchr (p, '\n', (gsize) (end - p));
      p = p != NULL ? p + 1 : NULL;
    }
  for (gsize column = 0; column < mark->column && p != NULL; column++)
    p = p < end && *p != '\n' ? g_utf8_next_char (p) : NULL;
  return p != NULL && p < end ? p : NULL;
}

/* The commonest mistakes of all have one message in libyaml. */
static char *
explain_character (const char *at)
{
  if (at == NULL)
    return NULL;
  if (*at == '\t')
    return g_strdup ("a tab cannot start an indented line. Use spaces.");
  if (strchr ("@`%", *at) != NULL)
    return g_strdup_printf ("a text cannot start with “%c”. Put it in quotation marks.", *at);
  return NULL;
}

static char *
explain_known (const yaml_parser_t *parser,
               guint                i)
{
  if (!explanations[i].says_start || parser->context == NULL)
    return g_strdup (explanations[i].words);
  return g_strdup_printf ("%s It began at line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ".",
                          explanations[i].words, parser->context_mark.line + 1,
                          parser->context_mark.column + 1);
}

static char *
explain (const yaml_parser_t *parser,
         const char          *data,
         gsize                size)
{
  char *words = NULL;

  if (g_str_equal (parser->problem, "found character that cannot start any token"))
    words = explain_character (find_mark (&parser->problem_mark, data, size));
  for (guint i = 0; i < G_N_ELEMENTS (explanations) && words == NULL; i++)
    if (g_str_equal (parser->problem, explanations[i].problem))
      words = explain_known (parser, i);
  if (words != NULL)
    return words;
  if (parser->context != NULL)
    return g_strdup_printf ("%s (%s). Correct this line or the one above.",
                            parser->problem, parser->context);
  return g_strdup_printf ("%s. Correct this line or the one above.", parser->problem);
}

/**
 * base_yaml_problem_set_error:
 * @parser: a parser that has failed
 * @data: the text it was given
 * @size: its length in bytes
 * @error: return location for the error
 *
 * Says where libyaml failed, why, and what to do, as “line 12, column 3: …”.
 *
 * The error is %BASE_ERROR_SYNTAX, or %BASE_ERROR_BINARY for a character no YAML text can hold.
 */
void
base_yaml_problem_set_error (const yaml_parser_t *parser,
                             const char          *data,
                             gsize                size,
                             GError             **error)
{
  g_autofree char *words = NULL;

  g_return_if_fail (parser != NULL);
  g_return_if_fail (parser->problem != NULL);
  g_return_if_fail (data != NULL);

  if (parser->error == YAML_READER_ERROR)
    {
      words = g_strdup_printf ("the character U+%04X cannot stand in a YAML text. Remove it.",
                               (guint) parser->problem_value);
      set_error_at (data, data + MIN (parser->problem_offset, size), words, error);
      return;
    }
  words = explain (parser, data, size);
  g_set_error (error, BASE_ERROR, BASE_ERROR_SYNTAX,
               "line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s",
               parser->problem_mark.line + 1, parser->problem_mark.column + 1, words);
}
