/* base-json-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"

#include <string.h>

#include "base-number.h"

static void
print_string (GString    *out,
              const char *text)
{
  static const char short_escapes[] = "\b\t\n\f\r\"\\";
  static const char letters[] = "btnfr\"\\";

  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      const char *found = strchr (short_escapes, *p);

      if (found != NULL)
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, letters[found - short_escapes]);
        }
      else if ((guchar) *p < 0x20 || *p == 0x7f)
        g_string_append_printf (out, "\\u%04x", *p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
print_value (GString  *out,
             JsonNode *node)
{
  GType            type = json_node_get_value_type (node);
  g_autofree char *number = NULL;
  double           value;

  if (type == G_TYPE_STRING)
    {
      print_string (out, json_node_get_string (node));
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
      number = value - value == 0.0 ? base_number_format (value) : g_strdup ("null");
      g_string_append (out, number);
    }
}

static void
print_break (GString *out,
             int      indent)
{
  if (indent < 0)
    return;
  g_string_append_c (out, '\n');
  for (int i = 0; i < indent; i++)
    g_string_append (out, "  ");
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static void print_node (GString *out, JsonNode *node, int indent, gboolean sorted);

static void
print_object (GString    *out,
              JsonObject *object,
              int         indent,
              gboolean    sorted)
{
  g_autoptr(GList) names = json_object_get_members (object);
  int inner = indent < 0 ? indent : indent + 1;

  if (sorted)
    names = g_list_sort (names, compare_names);
  g_string_append_c (out, '{');
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (l != names)
        g_string_append_c (out, ',');
      print_break (out, inner);
      print_string (out, l->data);
      g_string_append (out, indent < 0 ? ":" : ": ");
      print_node (out, json_object_get_member (object, l->data), inner, sorted);
    }
  if (names != NULL)
    print_break (out, indent);
  g_string_append_c (out, '}');
}

static void
print_array (GString   *out,
             JsonArray *array,
             int        indent,
             gboolean   sorted)
{
  guint n = json_array_get_length (array);
  int   inner = indent < 0 ? indent : indent + 1;

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      print_break (out, inner);
      print_node (out, json_array_get_element (array, i), inner, sorted);
    }
  if (n > 0)
    print_break (out, indent);
  g_string_append_c (out, ']');
}

/* indent: nesting level, or -1 for everything on one line. */
static void
print_node (GString  *out,
            JsonNode *node,
            int       indent,
            gboolean  sorted)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      print_object (out, json_node_get_object (node), indent, sorted);
      break;
    case JSON_NODE_ARRAY:
      print_array (out, json_node_get_array (node), indent, sorted);
      break;
    case JSON_NODE_VALUE:
      print_value (out, node);
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
  print_node (out, node, pretty ? 0 : -1, FALSE);
  return g_string_free (out, FALSE);
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
  print_node (canonical, node, -1, TRUE);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical->str, (gssize) canonical->len);
}
