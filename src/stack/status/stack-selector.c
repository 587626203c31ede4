/* stack-selector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-selector-private.h"

/*
 * stack_selector_build:
 * @labels: (nullable): names and values
 *
 * Returns: (transfer full) (nullable): the label selector "name=value,…" that asks for all of
 *   them; %NULL without labels
 */
char *
stack_selector_build (JsonObject *labels)
{
  g_autoptr(GString) selector = g_string_new (NULL);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  if (labels == NULL || json_object_get_size (labels) == 0)
    return NULL;

  json_object_iter_init_ordered (&iter, labels);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    g_string_append_printf (selector, "%s%s=%s", selector->len > 0 ? "," : "", name,
                            json_node_get_string (value));

  return g_string_free (g_steal_pointer (&selector), FALSE);
}
