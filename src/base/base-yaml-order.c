/* base-yaml-order.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml-order.h"

/* A number in a name, and where it ends. Behind a digit other than zero a zero is no first one. */
static guint64
read_number (const char  *start,
             const char  *p,
             gboolean     zero,
             const char **end)
{
  guint64 number = 0;

  for (const char *q = p; zero && q > start && g_ascii_isdigit (q[-1]) && number == 0; q--)
    number = q[-1] != '0';
  for (; g_ascii_isdigit (*p); p++)
    number = number * 10 + (guint64) (*p - '0');
  *end = p;

  return number;
}

/* As keyList.Less of go-yaml (sorter.go): letters before what is none, except behind digits, and
 * numbers by their value. */
static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const char *start = a;
  const char *x = a;
  const char *y = b;
  gboolean    digits = FALSE;

  for (; *x != '\0' && *y != '\0'; x = g_utf8_next_char (x), y = g_utf8_next_char (y))
    {
      gunichar    c = g_utf8_get_char (x);
      gunichar    d = g_utf8_get_char (y);
      gboolean    x_letter = g_unichar_isalpha (c);
      gboolean    y_letter = g_unichar_isalpha (d);
      const char *x_end, *y_end;
      guint64     x_number, y_number;

      if (c == d)
        {
          digits = g_unichar_isdigit (c);
          continue;
        }
      if (x_letter && y_letter)
        return c < d ? -1 : 1;
      if (x_letter || y_letter)
        return x_letter == digits ? -1 : 1;

      x_number = read_number (start, x, c == '0' || d == '0', &x_end);
      y_number = read_number (b, y, c == '0' || d == '0', &y_end);
      if (x_number != y_number)
        return x_number < y_number ? -1 : 1;
      if (x_end - x != y_end - y)
        return x_end - x < y_end - y ? -1 : 1;
      return c < d ? -1 : 1;
    }

  return (*x != '\0') - (*y != '\0');
}

static JsonNode *
order_object (JsonObject *object)
{
  g_autoptr(GList) names = g_list_sort (json_object_get_members (object), compare_names);
  JsonObject *ordered = json_object_new ();
  JsonNode   *node = json_node_init_object (json_node_alloc (), NULL);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (ordered, l->data, base_yaml_order (json_object_get_member (object, l->data)));
  json_node_take_object (node, ordered);

  return node;
}

static JsonNode *
order_array (JsonArray *array)
{
  JsonArray *ordered = json_array_new ();
  JsonNode  *node = json_node_init_array (json_node_alloc (), NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (ordered, base_yaml_order (json_array_get_element (array, i)));
  json_node_take_array (node, ordered);

  return node;
}

/**
 * base_yaml_order:
 * @node: a value
 *
 * Puts the members of objects into the order in which kubectl writes them as YAML.
 *
 * Returns: (transfer full): an equal value
 */
JsonNode *
base_yaml_order (JsonNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return order_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return order_array (json_node_get_array (node));

  return json_node_ref (node);
}
