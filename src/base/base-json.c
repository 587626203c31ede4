/* base-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"

/* (nullable): the node at the end of a NULL-terminated path of member names. */
static JsonNode *
walk (JsonNode *node,
      va_list  *path)
{
  const char *name;

  while (node != NULL && (name = va_arg (*path, const char *)) != NULL)
    {
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return NULL;
      node = json_object_get_member (json_node_get_object (node), name);
    }
  return node;
}

/**
 * base_json_get:
 * @node: (nullable): where to start
 * @...: names of members, one below the other, ended by %NULL
 *
 * Finds a node by the names of the members that lead to it.
 *
 * Elements of arrays have no name; reach them with [func@base_json_get_array].
 *
 * Returns: (transfer none) (nullable): the node, or %NULL when the path leads nowhere
 */
JsonNode *
base_json_get (JsonNode *node,
               ...)
{
  va_list   path;
  JsonNode *found;

  va_start (path, node);
  found = walk (node, &path);
  va_end (path);
  return found;
}

/**
 * base_json_get_string:
 * @node: (nullable): where to start
 * @...: names of members, ended by %NULL
 *
 * Finds a string by the names of the members that lead to it.
 *
 * Returns: (transfer none) (nullable): the string, or %NULL when it is missing or no string
 */
const char *
base_json_get_string (JsonNode *node,
                      ...)
{
  va_list   path;
  JsonNode *found;

  va_start (path, node);
  found = walk (node, &path);
  va_end (path);
  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found) ||
      json_node_get_value_type (found) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (found);
}

/**
 * base_json_get_int:
 * @node: (nullable): where to start
 * @fallback: what to return when there is no such number
 * @...: names of members, ended by %NULL
 *
 * Finds a number by the names of the members that lead to it. A fraction is cut off.
 *
 * Returns: the number, or @fallback when it is missing, no number or too big
 */
gint64
base_json_get_int (JsonNode *node,
                   gint64    fallback,
                   ...)
{
  va_list   path;
  JsonNode *found;
  double    number;

  va_start (path, fallback);
  found = walk (node, &path);
  va_end (path);
  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found))
    return fallback;
  if (json_node_get_value_type (found) == G_TYPE_INT64)
    return json_node_get_int (found);
  if (json_node_get_value_type (found) != G_TYPE_DOUBLE)
    return fallback;
  number = json_node_get_double (found);
  /* written so that NaN fails too */
  return number >= -0x1p63 && number < 0x1p63 ? (gint64) number : fallback;
}

/**
 * base_json_get_boolean:
 * @node: (nullable): where to start
 * @fallback: what to return when there is no such boolean
 * @...: names of members, ended by %NULL
 *
 * Finds a boolean by the names of the members that lead to it.
 *
 * Returns: the boolean, or @fallback when it is missing or no boolean
 */
gboolean
base_json_get_boolean (JsonNode *node,
                       gboolean  fallback,
                       ...)
{
  va_list   path;
  JsonNode *found;

  va_start (path, fallback);
  found = walk (node, &path);
  va_end (path);
  if (found == NULL || !JSON_NODE_HOLDS_VALUE (found) ||
      json_node_get_value_type (found) != G_TYPE_BOOLEAN)
    return fallback;
  return json_node_get_boolean (found);
}

/**
 * base_json_get_array:
 * @node: (nullable): where to start
 * @...: names of members, ended by %NULL
 *
 * Finds an array by the names of the members that lead to it.
 *
 * Returns: (transfer none) (nullable): the array, or %NULL when it is missing or no array
 */
JsonArray *
base_json_get_array (JsonNode *node,
                     ...)
{
  va_list   path;
  JsonNode *found;

  va_start (path, node);
  found = walk (node, &path);
  va_end (path);
  return found != NULL && JSON_NODE_HOLDS_ARRAY (found) ? json_node_get_array (found) : NULL;
}

/**
 * base_json_get_object:
 * @node: (nullable): where to start
 * @...: names of members, ended by %NULL
 *
 * Finds an object by the names of the members that lead to it.
 *
 * Returns: (transfer none) (nullable): the object, or %NULL when it is missing or no object
 */
JsonObject *
base_json_get_object (JsonNode *node,
                      ...)
{
  va_list   path;
  JsonNode *found;

  va_start (path, node);
  found = walk (node, &path);
  va_end (path);
  return found != NULL && JSON_NODE_HOLDS_OBJECT (found) ? json_node_get_object (found) : NULL;
}

/**
 * base_json_copy:
 * @node: the value to copy
 *
 * Copies a value with everything below it; `json_node_copy()` would share objects and arrays.
 *
 * Returns: (transfer full): a copy that has nothing in common with @node
 */
JsonNode *
base_json_copy (JsonNode *node)
{
  JsonNode *copy;

  g_return_val_if_fail (node != NULL, NULL);

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject    *object = json_object_new ();
      JsonObjectIter iter;
      const char    *name;
      JsonNode      *member;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        json_object_set_member (object, name, base_json_copy (member));
      copy = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (copy, object);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_array_new ();
      JsonArray *source = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (source); i++)
        json_array_add_element (array, base_json_copy (json_array_get_element (source, i)));
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, array);
    }
  else
    {
      copy = json_node_copy (node);
    }
  return copy;
}
