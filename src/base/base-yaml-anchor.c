/* base-yaml-anchor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml-anchor.h"

#include <string.h>

/**
 * BaseYamlAnchor:
 * @node: the value that aliases repeat
 * @n_nodes: values and keys in it, itself included
 * @n_bytes: bytes of text in it
 * @height: how deep lists and mappings are nested in it; 0 for a scalar
 *
 * A value with a name (“&name”), and what one more copy of it costs.
 */

/* Adds up what a copy of the node costs. */
static void
measure (JsonNode       *node,
         guint           depth,
         BaseYamlAnchor *anchor)
{
  anchor->n_nodes++;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *name;
      JsonNode      *member;

      anchor->height = MAX (anchor->height, depth + 1);
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          anchor->n_nodes++;
          anchor->n_bytes += strlen (name);
          measure (member, depth + 1, anchor);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      anchor->height = MAX (anchor->height, depth + 1);
      for (guint i = 0; i < json_array_get_length (array); i++)
        measure (json_array_get_element (array, i), depth + 1, anchor);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      anchor->n_bytes += strlen (json_node_get_string (node));
    }
}

/**
 * base_yaml_anchor_new:
 * @node: a complete value
 *
 * Keeps a value for aliases and measures it.
 *
 * Returns: (transfer full): a new anchor
 */
BaseYamlAnchor *
base_yaml_anchor_new (JsonNode *node)
{
  BaseYamlAnchor *self;

  g_return_val_if_fail (node != NULL, NULL);

  self = g_new0 (BaseYamlAnchor, 1);
  self->node = json_node_ref (node);
  measure (node, 0, self);
  return self;
}

/**
 * base_yaml_anchor_free:
 * @self: (transfer full): an anchor
 *
 * Frees an anchor.
 */
void
base_yaml_anchor_free (BaseYamlAnchor *self)
{
  g_return_if_fail (self != NULL);

  json_node_unref (self->node);
  g_free (self);
}
