/* base-yaml-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml.h"

#include <string.h>

#include "base-number.h"
#include "base-yaml-scalar.h"

/* YAML ends the search for the “:” of a key after 1024 characters. */
#define MAX_SIMPLE_KEY 1000

/* Behind this column kubectl goes on in the next line, as libyaml does. */
#define BEST_WIDTH 80

/* What libyaml reads in a text as it stands. Line and paragraph separators are left out too: they
 * are characters to people, but line breaks to YAML 1.1. */
static gboolean
is_printable (gunichar c)
{
  if (c < 0xa0)
    return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0x7e);
  return c != 0x2028 && c != 0x2029 && c != 0xfeff && c != 0xfffe && c != 0xffff;
}

static gboolean
all_printable (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!is_printable (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

/* What begins as “2024-01-31” does. */
static gboolean
is_date (const char *text)
{
  return strspn (text, "0123456789") == 4 && text[4] == '-' && g_ascii_isdigit (text[5]);
}

/* “12:30:45” was a number in base 60 once. */
static gboolean
is_base_60 (const char *text)
{
  return strchr (text, ':') != NULL && strspn (text, "+-0123456789_:.") == strlen (text);
}

/* Whether the text would not come back as this string, in YAML 1.1 or 1.2. */
static gboolean
reads_as_other_type (const char *text)
{
  BaseYamlScalar scalar;

  base_yaml_scalar_resolve (text, &scalar);
  return scalar.type != BASE_YAML_SCALAR_STRING || g_str_equal (text, "=") || is_date (text) ||
         is_base_60 (text);
}

static gboolean
is_plain (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || reads_as_other_type (text) || !all_printable (text))
    return FALSE;
  if (strpbrk (text, "\t\n") != NULL || strstr (text, ": ") != NULL || strstr (text, " #") != NULL)
    return FALSE;
  if (text[length - 1] == ' ' || text[length - 1] == ':')
    return FALSE;
  if (g_str_has_prefix (text, "---") || g_str_has_prefix (text, "..."))
    return FALSE;
  if (text[0] == '-')
    return length > 1 && text[1] != ' ';
  return strchr ("?:,[]{}#&*!|>'\"%@` ", text[0]) == NULL;
}

static void
print_escape (GString *out,
              gunichar c)
{
  switch (c)
    {
    case '\t':
      g_string_append (out, "\\t");
      break;
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '"':
    case '\\':
      g_string_append_c (out, '\\');
      g_string_append_unichar (out, c);
      break;
    default:
      g_string_append_printf (out, c <= 0xff ? "\\x%02X" : "\\u%04X", c);
      break;
    }
}

static void
print_quoted (GString    *out,
              const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (is_printable (c) && c != '\t' && c != '\n' && c != '"' && c != '\\')
        g_string_append_unichar (out, c);
      else
        print_escape (out, c);
    }
  g_string_append_c (out, '"');
}

/* A literal block keeps lines as they are, so it takes only what needs no escape; a text of line
 * breaks alone has no line to show the indentation. */
static gboolean
is_literal (const char *text)
{
  return strchr (text, '\n') != NULL && strspn (text, "\n") < strlen (text) && all_printable (text);
}

static void
print_indent (GString *out,
              guint    indent)
{
  for (guint i = 0; i < indent; i++)
    g_string_append_c (out, ' ');
}

/* indent: the column of the lines; a collection around it stands two before. */
static void
print_literal (GString    *out,
               const char *text,
               guint       indent)
{
  gsize       length = strlen (text);
  const char *first = text + strspn (text, "\n");
  const char *end;

  g_string_append_c (out, '|');
  /* the first line shows the indentation unless it has white space of its own */
  if (*first == ' ' || *first == '\t')
    g_string_append_c (out, '2');
  if (text[length - 1] != '\n')
    g_string_append_c (out, '-');
  else if (text[length - 2] == '\n')
    g_string_append_c (out, '+');
  g_string_append_c (out, '\n');

  for (; *text != '\0'; text = *end == '\n' ? end + 1 : end)
    {
      end = text + strcspn (text, "\n");
      if (end > text)
        print_indent (out, indent);
      g_string_append_len (out, text, end - text);
      g_string_append_c (out, '\n');
    }
}

static void
print_text (GString    *out,
            const char *text)
{
  if (is_plain (text))
    g_string_append (out, text);
  else
    print_quoted (out, text);
}

static gsize
find_column (const GString *out)
{
  const char *line = g_strrstr_len (out->str, (gssize) out->len, "\n");

  line = line != NULL ? line + 1 : out->str;
  return (gsize) g_utf8_strlen (line, out->str + out->len - line);
}

/* Readers make one space of a line break and the indentation behind it, so that a space on its own
 * may be written so. Beside quotation marks it would be lost. */
static gboolean
may_fold (const char *text,
          const char *at)
{
  if (*at != ' ' || at == text || at[-1] == ' ' || at[1] == ' ')
    return FALSE;
  return text[0] != '"' || (at > text + 1 && at[2] != '\0');
}

static void
print_folded_text (GString    *out,
                   const char *text,
                   guint       indent)
{
  g_autoptr(GString) whole = g_string_new (NULL);
  gsize column = find_column (out);

  print_text (whole, text);
  for (const char *at = whole->str; *at != '\0'; at = g_utf8_next_char (at))
    {
      if (column > BEST_WIDTH && may_fold (whole->str, at))
        {
          g_string_append_c (out, '\n');
          print_indent (out, indent);
          column = indent;
        }
      else
        {
          g_string_append_len (out, at, g_utf8_next_char (at) - at);
          column++;
        }
    }
}

static gboolean
is_finite (double number)
{
  return number - number == 0.0;
}

static void
print_scalar (GString  *out,
              JsonNode *node,
              guint     indent)
{
  GType            type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;
  g_autofree char *number = NULL;

  if (type == G_TYPE_STRING && is_literal (json_node_get_string (node)))
    {
      print_literal (out, json_node_get_string (node), indent);
      return;
    }
  if (type == G_TYPE_STRING)
    print_folded_text (out, json_node_get_string (node), indent);
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_DOUBLE && is_finite (json_node_get_double (node)))
    number = base_number_format (json_node_get_double (node));
  else
    g_string_append (out, "null");
  if (number != NULL)
    g_string_append (out, number);
  g_string_append_c (out, '\n');
}

static gboolean
is_filled_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) > 0;
}

static gboolean
is_filled_array (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0;
}

static void print_block (GString *out, JsonNode *node, guint indent);

/* What stands behind “key:”. List items stand in the column of the key, as kubectl writes them. */
static void
print_member_value (GString  *out,
                    JsonNode *node,
                    guint     indent)
{
  if (is_filled_object (node))
    {
      g_string_append_c (out, '\n');
      print_indent (out, indent + 2);
      print_block (out, node, indent + 2);
    }
  else if (is_filled_array (node))
    {
      g_string_append_c (out, '\n');
      print_indent (out, indent);
      print_block (out, node, indent);
    }
  else
    {
      g_string_append_c (out, ' ');
      print_block (out, node, indent + 2);
    }
}

static void
print_object (GString    *out,
              JsonObject *object,
              guint       indent)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;
  gboolean       first = TRUE;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      g_autoptr(GString) key = g_string_new (NULL);

      if (!first)
        print_indent (out, indent);
      first = FALSE;
      print_text (key, name);
      if (key->len > MAX_SIMPLE_KEY)
        {
          g_string_append_printf (out, "? %s\n", key->str);
          print_indent (out, indent);
        }
      else
        {
          g_string_append (out, key->str);
        }
      g_string_append_c (out, ':');
      print_member_value (out, member, indent);
    }
}

static void
print_array (GString   *out,
             JsonArray *array,
             guint      indent)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        print_indent (out, indent);
      g_string_append (out, "- ");
      print_block (out, json_array_get_element (array, i), indent + 2);
    }
}

/* The output stands in the column that indent says; further lines are indented to it. */
static void
print_block (GString  *out,
             JsonNode *node,
             guint     indent)
{
  if (is_filled_object (node))
    print_object (out, json_node_get_object (node), indent);
  else if (is_filled_array (node))
    print_array (out, json_node_get_array (node), indent);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    g_string_append (out, "{}\n");
  else if (JSON_NODE_HOLDS_ARRAY (node))
    g_string_append (out, "[]\n");
  else
    print_scalar (out, node, indent);
}

/**
 * base_yaml_print:
 * @node: the value to write
 *
 * Writes a value as YAML in block style, members in their own order, as kubectl would.
 *
 * Reading the text with [func@base_yaml_parse] gives an equal value again, if it is within the
 * limits there. Strings that would read as another type have quotation marks, also those that
 * other readers of YAML take for booleans, times or numbers; texts of several lines are literal
 * blocks, and long ones go on in the next line behind column 80, where there is a space. Infinity
 * and NaN become `null`. Strings have to be UTF-8.
 *
 * Returns: (transfer full): YAML text that ends with a line break
 */
char *
base_yaml_print (JsonNode *node)
{
  GString *out;

  g_return_val_if_fail (node != NULL, NULL);

  out = g_string_new (NULL);
  /* lines of a literal block have to be indented, also where nothing is around it */
  print_block (out, node, JSON_NODE_HOLDS_VALUE (node) ? 2 : 0);
  return g_string_free (out, FALSE);
}
