/* base-json-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"

#include <string.h>

#include "base-number.h"

/* How a value is laid out. */
typedef struct
{
  guint    width;  /* spaces of a level; 0: all on one line */
  gboolean sorted; /* members by name */
  gboolean go;     /* strings are escaped as Go does it */
} Style;

static const Style compact = { 0 };
static const Style pretty_style = { .width = 2 };
static const Style canonical_style = { .sorted = TRUE };
static const Style kubectl_style = { .width = 4, .sorted = TRUE, .go = TRUE };

/* The line and paragraph separators, with which Go does not trust JavaScript. */
static gboolean
is_separator (const char *text)
{
  return (guchar) text[0] == 0xe2 && (guchar) text[1] == 0x80 &&
         ((guchar) text[2] & 0xfe) == 0xa8;
}

/* How much of @text needs no escape. */
static gsize
get_plain_length (const char  *text,
                  const Style *style)
{
  const char *p = text;

  for (; (guchar) *p >= 0x20; p++)
    {
      if (*p == '"' || *p == '\\')
        break;
      if (style->go ? *p == '<' || *p == '>' || *p == '&' || is_separator (p) : *p == 0x7f)
        break;
    }

  return (gsize) (p - text);
}

static void
print_string (GString     *out,
              const char  *text,
              const Style *style)
{
  static const char short_escapes[] = "\b\t\n\f\r\"\\";
  static const char letters[] = "btnfr\"\\";

  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0';)
    {
      gsize       plain = get_plain_length (p, style);
      const char *found;

      g_string_append_len (out, p, (gssize) plain);
      p += plain;
      if (*p == '\0')
        break;

      found = strchr (short_escapes, *p);
      if (found != NULL)
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, letters[found - short_escapes]);
          p++;
        }
      else
        {
          g_string_append_printf (out, "\\u%04x", g_utf8_get_char (p));
          p = g_utf8_next_char (p);
        }
    }
  g_string_append_c (out, '"');
}

static void
print_value (GString     *out,
             JsonNode    *node,
             const Style *style)
{
  GType            type = json_node_get_value_type (node);
  g_autofree char *number = NULL;
  double           value;

  if (type == G_TYPE_STRING)
    {
      print_string (out, json_node_get_string (node), style);
    }
  else if (type == G_TYPE_BOOLEAN)
    {
      g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
    }
  else if (type == G_TYPE_INT64)
    {
      g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
    }
  else
    {
      value = json_node_get_double (node);
      /* JSON has neither infinity nor NaN */
      if (value - value != 0.0)
        number = g_strdup ("null");
      else
        number = style->go ? base_number_format_go (value) : base_number_format (value);
      g_string_append (out, number);
    }
}

static void
print_break (GString     *out,
             guint        level,
             const Style *style)
{
  static const char spaces[] = "                                ";

  if (style->width == 0)
    return;

  g_string_append_c (out, '\n');
  for (gsize n = (gsize) level * style->width; n > 0; n -= MIN (n, sizeof spaces - 1))
    g_string_append_len (out, spaces, (gssize) MIN (n, sizeof spaces - 1));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static void print_node (GString *out, JsonNode *node, guint level, const Style *style);

static void
print_object (GString     *out,
              JsonObject  *object,
              guint        level,
              const Style *style)
{
  g_autoptr(GList) names = json_object_get_members (object);

  if (style->sorted)
    names = g_list_sort (names, compare_names);
  g_string_append_c (out, '{');
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (l != names)
        g_string_append_c (out, ',');
      print_break (out, level + 1, style);
      print_string (out, l->data, style);
      g_string_append (out, style->width == 0 ? ":" : ": ");
      print_node (out, json_object_get_member (object, l->data), level + 1, style);
    }
  if (names != NULL)
    print_break (out, level, style);
  g_string_append_c (out, '}');
}

static void
print_array (GString     *out,
             JsonArray   *array,
             guint        level,
             const Style *style)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      print_break (out, level + 1, style);
      print_node (out, json_array_get_element (array, i), level + 1, style);
    }
  if (n > 0)
    print_break (out, level, style);
  g_string_append_c (out, ']');
}

static void
print_node (GString     *out,
            JsonNode    *node,
            guint        level,
            const Style *style)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      print_object (out, json_node_get_object (node), level, style);
      break;
    case JSON_NODE_ARRAY:
      print_array (out, json_node_get_array (node), level, style);
      break;
    case JSON_NODE_VALUE:
      print_value (out, node, style);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (out, "null");
      break;
    }
}

/**
 * base_json_print:
 * @node: the value to write
 * @pretty: whether to break lines and indent by two spaces
 *
 * Writes a value as JSON, members in their own order.
 *
 * Whole numbers are written without a decimal point, as Go writes them. Infinity and NaN, which
 * JSON lacks, become `null`. Strings have to be UTF-8.
 *
 * Returns: (transfer full): JSON text without a line break at its end
 */
char *
base_json_print (JsonNode *node,
                 gboolean  pretty)
{
  GString *out;

  g_return_val_if_fail (node != NULL, NULL);

  out = g_string_new (NULL);
  print_node (out, node, 0, pretty ? &pretty_style : &compact);
  return g_string_free (out, FALSE);
}

/**
 * base_json_append_sorted:
 * @out: text so far
 * @node: the value to write
 * @level: how deep it stands in what is written; the first line is not indented
 *
 * Writes a value as kubectl prints one: members by name, four spaces a level, and strings escaped
 * as Go's encoding/json does it, with `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`.
 */
void
base_json_append_sorted (GString  *out,
                         JsonNode *node,
                         guint     level)
{
  g_return_if_fail (out != NULL);
  g_return_if_fail (node != NULL);

  print_node (out, node, level, &kubectl_style);
}

/**
 * base_json_digest:
 * @node: a value
 *
 * Computes a checksum that is the same for equal values, whatever the order of their members.
 *
 * It is the SHA-256 of the canonical form: JSON without white space, members sorted by `strcmp()`.
 *
 * Returns: (transfer full): 64 hexadecimal digits
 */
char *
base_json_digest (JsonNode *node)
{
  g_autoptr(GString) canonical = NULL;

  g_return_val_if_fail (node != NULL, NULL);

  canonical = g_string_new (NULL);
  print_node (canonical, node, 0, &canonical_style);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical->str, (gssize) canonical->len);
}
