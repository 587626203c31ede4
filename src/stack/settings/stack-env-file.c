/* stack-env-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-env-file.h"

#include "stack-error.h"

#include <string.h>

/* The rules are those that dotenv documents: NAME=value or NAME: value, with "export" before it or
 * not; spaces around an unquoted value are dropped, and what follows a # is a comment; values in
 * single, double or backward quotes keep both and may go over several lines; in double quotes \n
 * and \r stand for line breaks; the last of several equal names counts. Nothing is put in place of
 * $NAME. */

#define MAX_SIZE (1024 * 1024)

typedef struct
{
  const char   *p;
  guint         line;
  StackEnvFile *file; /* (borrowed) */
} Parser;

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
entry_free (gpointer data)
{
  StackEnvEntry *entry = data;

  g_free (entry->name);
  wipe (entry->value);
  g_free (entry);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.' || c == '-';
}

static const char *
skip_blanks (const char *p)
{
  while (is_blank (*p))
    p++;

  return p;
}

static const char *
find_line_end (const char *p)
{
  return p + strcspn (p, "\n");
}

/* Whether nothing but a comment follows in the line. */
static gboolean
is_tail (const char *p)
{
  p = skip_blanks (p);

  return *p == '\0' || *p == '\n' || *p == '#';
}

/* The quote that ends a value which begins with one: the first without a backslash before it, or
 * the last one before that which has a tail; NULL when there is none. */
static const char *
find_closing_quote (const char *start)
{
  const char *found = NULL;

  for (const char *p = start + 1; *p != '\0'; p++)
    {
      if (*p != *start)
        continue;
      if (is_tail (p + 1))
        found = p;
      if (p[-1] != '\\')
        break;
    }

  return found;
}

/* \n and \r, the two that double quotes know. */
static void
expand_breaks (char *text)
{
  char *out = text;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' && (p[1] == 'n' || p[1] == 'r'))
        *out++ = *++p == 'n' ? '\n' : '\r';
      else
        *out++ = *p;
    }
  explicit_bzero (out, strlen (out));
}

static guint
count_lines (const char *start,
             const char *end)
{
  guint n = 0;

  for (const char *p = start; p < end; p++)
    n += *p == '\n';

  return n;
}

/* Takes off the quotes around a value that has one of them inside, too. */
static char *
strip_quotes (char *value)
{
  gsize length = strlen (value);

  if (length < 2 || strchr ("\"'`", *value) == NULL || value[length - 1] != *value)
    return value;

  memmove (value, value + 1, length - 2);
  explicit_bzero (value + length - 2, 2);

  return value;
}

/* Reads the value that begins here and leaves the parser behind it. */
static char *
read_value (Parser *parser)
{
  const char *start = skip_blanks (parser->p);
  gboolean    quoted = *start == '"' || *start == '\'' || *start == '`';
  const char *end = quoted ? find_closing_quote (start) : NULL;
  char       *value;

  if (end != NULL)
    {
      value = g_strndup (start + 1, end - start - 1);
      parser->line += count_lines (start, end);
      parser->p = end + 1;
    }
  else
    {
      end = start + strcspn (start, "#\n");
      value = strip_quotes (g_strchomp (g_strndup (start, end - start)));
      parser->p = end;
    }
  if (*start == '"')
    expand_breaks (value);

  return value;
}

static void
add_entry (Parser *parser,
           char   *name,
           char   *value,
           guint   line)
{
  StackEnvEntry *entry = stack_env_file_find (parser->file, name);

  if (entry == NULL)
    {
      entry = g_new0 (StackEnvEntry, 1);
      entry->name = g_steal_pointer (&name);
      g_ptr_array_add (parser->file->entries, entry);
      g_hash_table_insert (parser->file->by_name, entry->name, entry);
    }
  g_free (name);
  wipe (entry->value);
  entry->value = value;
  entry->line = line;
}

/* The end of the name that begins here, and the start of its value; NULL when it is none. */
static const char *
find_name_end (const char  *start,
               const char **value)
{
  const char *end = start;
  const char *p;

  while (is_name (*end))
    end++;
  p = skip_blanks (end);
  if (*p == '=')
    *value = p + 1;
  else if (*end == ':' && is_blank (end[1]))
    *value = end + 1;
  else
    return NULL;

  return end > start ? end : NULL;
}

static const char *
skip_export (const char *p)
{
  static const char word[] = "export";
  gsize             length = strlen (word);

  if (!g_str_has_prefix (p, word) || !is_blank (p[length]))
    return p;

  return skip_blanks (p + length);
}

static void
read_line (Parser *parser)
{
  guint       line = parser->line;
  const char *blank_end = skip_blanks (parser->p);
  const char *start = skip_export (blank_end);
  const char *value_start = NULL;
  const char *name_end;

  if (is_tail (blank_end))
    return;

  name_end = find_name_end (start, &value_start);
  if (name_end == NULL)
    {
      g_array_append_val (parser->file->passed_over, line);
      return;
    }

  parser->p = value_start;
  add_entry (parser, g_strndup (start, name_end - start), read_value (parser), line);
}

/* The text with line feeds alone, as a copy to wipe. */
static char *
normalize (const char *text,
           gsize       length)
{
  GString *lines = g_string_sized_new (length);

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] != '\r')
        g_string_append_c (lines, text[i]);
      else if (i + 1 == length || text[i + 1] != '\n')
        g_string_append_c (lines, '\n');
    }

  return g_string_free (lines, FALSE);
}

static gboolean
check_bytes (const char *text,
             gsize       length,
             GError    **error)
{
  const char *end;

  if (length > MAX_SIZE)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The file is larger than 1 MiB. A .env file holds a few variables. Choose "
                   "the right file.");
      return FALSE;
    }
  if (length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The file is text in UTF-16, as Windows PowerShell writes it. A .env file "
                   "has to be UTF-8. Save it as UTF-8 and try again.");
      return FALSE;
    }
  if (!g_utf8_validate_len (text, length, &end))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The file is not text in UTF-8: line %u holds other bytes. Save it as UTF-8, or "
                   "choose another file.",
                   count_lines (text, end) + 1);
      return FALSE;
    }

  return TRUE;
}

/**
 * stack_env_file_parse:
 * @text: a .env file
 * @length: its length in bytes, -1 when it is terminated by NUL
 * @error: return location for an error
 *
 * Reads a .env file by the rules that dotenv documents. Nothing is put in place of $NAME: the app
 * would be given it as it stands. Lines that are no variable are passed over, as dotenv does. The
 * only possible error is %STACK_ERROR_VALUES: the file is no text in UTF-8, or larger than 1 MiB.
 * No message holds a part of the file.
 *
 * Returns: (transfer full) (nullable): the variables
 */
StackEnvFile *
stack_env_file_parse (const char *text,
                      gssize      length,
                      GError    **error)
{
  gsize  size = length < 0 && text != NULL ? strlen (text) : (gsize) length;
  char  *lines;
  Parser parser;

  g_return_val_if_fail (text != NULL, NULL);

  if (!check_bytes (text, size, error))
    return NULL;

  lines = normalize (text, size);
  parser.file = g_new0 (StackEnvFile, 1);
  parser.file->entries = g_ptr_array_new_with_free_func (entry_free);
  parser.file->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  parser.file->passed_over = g_array_new (FALSE, FALSE, sizeof (guint));
  parser.line = 1;
  for (parser.p = lines; *parser.p != '\0'; parser.line++)
    {
      read_line (&parser);
      parser.p = find_line_end (parser.p);
      if (*parser.p == '\n')
        parser.p++;
    }
  wipe (lines);

  return parser.file;
}

/**
 * stack_env_file_find:
 * @self: a file
 * @name: name of a variable
 *
 * Returns: (transfer none) (nullable): the variable of that name
 */
StackEnvEntry *
stack_env_file_find (StackEnvFile *self,
                     const char   *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->by_name, name);
}

/**
 * stack_env_file_free:
 * @self: (transfer full): a file
 *
 * Frees it and wipes its values.
 */
void
stack_env_file_free (StackEnvFile *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->entries);
  g_array_unref (self->passed_over);
  g_free (self);
}
