/* stack-field-removal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-field-removal-private.h"

#include <string.h>

#include "base-json.h"

/* Takes a field out of an object by the path with which the server names it in a conflict:
 * `.spec.template.spec.containers[name="app"].image`. Written by `Path.String()` of
 * sigs.k8s.io/structured-merge-diff/fieldpath: a member is "." and its name, without any marks
 * around it, although the name may have points itself; an element of a list is "[", its keys with
 * their values in JSON, joined by commas, and "]"; of a set "[=value]"; of another list "[index]".
 */

static gboolean remove_from (JsonNode   *node,
                             const char *path);

/* The length of the name at the start of @path, if it is @name. */
static gsize
match_name (const char *path,
            const char *name)
{
  gsize length = strlen (name);

  if (strncmp (path, name, length) != 0)
    return 0;

  return path[length] == '\0' || path[length] == '.' || path[length] == '[' ? length : 0;
}

/* Names may have points: the member whose rest is there, too, is the one that is meant. */
static gboolean
remove_from_object (JsonNode   *node,
                    const char *path)
{
  JsonObject *object = json_node_get_object (node);
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *name = l->data;
      gsize       length = match_name (path, name);

      if (length == 0)
        continue;
      if (path[length] == '\0')
        {
          json_object_remove_member (object, name);
          return TRUE;
        }
      if (remove_from (json_object_get_member (object, name), path + length))
        return TRUE;
    }

  return FALSE;
}

/* The length of a value in JSON, which ends at a comma or a bracket outside of quotes. */
static gsize
measure_value (const char *text)
{
  gboolean quoted = FALSE;
  gsize    length = 0;

  for (; text[length] != '\0' && (quoted || strchr (",]", text[length]) == NULL); length++)
    {
      if (quoted && text[length] == '\\' && text[length + 1] != '\0')
        length++;
      else if (text[length] == '"')
        quoted = !quoted;
    }

  return length;
}

static gboolean
has_value (JsonNode   *node,
           const char *text,
           gsize       length)
{
  g_autofree char *wanted = g_strndup (text, length);
  g_autofree char *found = node != NULL ? base_json_print (node, FALSE) : NULL;

  return g_strcmp0 (found, wanted) == 0;
}

/* Whether an element is the one of `name="app",port=80`, or of `="value"`. */
static gboolean
is_element (JsonNode   *element,
            const char *keys)
{
  while (*keys != '\0')
    {
      gsize            name_length = strcspn (keys, "=");
      g_autofree char *name = g_strndup (keys, name_length);
      const char      *value = keys + name_length + (keys[name_length] == '=' ? 1 : 0);
      gsize            length = measure_value (value);
      JsonNode        *found = *name != '\0' ? base_json_get (element, name, NULL) : element;

      if (!has_value (found, value, length))
        return FALSE;
      keys = value + length + (value[length] == ',' ? 1 : 0);
    }

  return TRUE;
}

static int
find_element (JsonArray  *array,
              const char *keys)
{
  char  *end = NULL;
  gint64 index = g_ascii_strtoll (keys, &end, 10);

  if (end != keys && *end == '\0')
    return index >= 0 && index < json_array_get_length (array) ? (int) index : -1;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (is_element (json_array_get_element (array, i), keys))
        return (int) i;
    }

  return -1;
}

/* The length of what stands between the brackets. */
static gsize
measure_keys (const char *text)
{
  gsize length = measure_value (text);

  while (text[length] == ',')
    length += 1 + measure_value (text + length + 1);

  return length;
}

static gboolean
remove_from_array (JsonNode   *node,
                   const char *path)
{
  JsonArray       *array = json_node_get_array (node);
  gsize            length = measure_keys (path);
  g_autofree char *keys = g_strndup (path, length);
  int              index = find_element (array, keys);

  if (index < 0 || path[length] != ']')
    return FALSE;
  if (path[length + 1] != '\0')
    return remove_from (json_array_get_element (array, (guint) index), path + length + 1);

  json_array_remove_element (array, (guint) index);
  return TRUE;
}

static gboolean
remove_from (JsonNode   *node,
             const char *path)
{
  if (*path == '.' && JSON_NODE_HOLDS_OBJECT (node))
    return remove_from_object (node, path + 1);
  if (*path == '[' && JSON_NODE_HOLDS_ARRAY (node))
    return remove_from_array (node, path + 1);

  return FALSE;
}

/*
 * stack_field_removal_apply:
 * @object: an object; changed
 * @path: a field, as a conflict names it
 *
 * Takes the field out, so that whoever owns it keeps it.
 *
 * Returns: whether it was there
 */
gboolean
stack_field_removal_apply (JsonNode   *object,
                           const char *path)
{
  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return remove_from (object, path);
}
