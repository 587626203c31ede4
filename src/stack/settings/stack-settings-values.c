/* stack-settings-values.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-settings-private.h"

#include "base-json.h"
#include "base-yaml.h"
#include "stack-error.h"
#include "stack-variable.h"

#include <string.h>

/* A values file: YAML with the fields' keys at the top, and `extra`, a map of further variables.
 * Everything is optional; null means "not given". It is read all or nothing: the answers are
 * collected first and set when all of them can be used. */

typedef struct
{
  char       *texts[N_STACK_FIELDS]; /* (owned) (nullable) */
  GHashTable *extra;                 /* (element-type utf8 utf8) (owned) (nullable) */
  GString    *unknown;               /* (owned) keys that nobody knows */
} Values;

static void
values_clear (Values *values)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (values->texts[i] != NULL)
        explicit_bzero (values->texts[i], strlen (values->texts[i]));
      g_clear_pointer (&values->texts[i], g_free);
    }
  g_clear_pointer (&values->extra, g_hash_table_unref);
  g_string_free (values->unknown, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Values, values_clear)

static const char *
describe_type (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "a map";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "a list";
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return "true or false";

  return "a number";
}

/* @field: (nullable): the question, %NULL for an extra variable */
static char *
read_text (JsonNode         *node,
           const char       *where,
           const StackField *field,
           GError          **error)
{
  gboolean integer = field != NULL && field->id == STACK_FIELD_REPLICAS;

  if (JSON_NODE_HOLDS_VALUE (node))
    {
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        return g_strdup (json_node_get_string (node));
      if (integer && json_node_get_value_type (node) == G_TYPE_INT64)
        return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      if (field != NULL && stack_field_is_switch (field) &&
          json_node_get_value_type (node) == G_TYPE_BOOLEAN)
        return g_strdup (json_node_get_boolean (node) ? STACK_FIELD_YES : STACK_FIELD_NO);
    }

  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "%s is %s in the values file, but has to be %s. YAML reads words without quotes "
               "by their look. Write the value in double quotes.",
               where, describe_type (node),
               integer ? "a whole number" : "text");

  return NULL;
}

static gboolean
read_extra (Values   *values,
            JsonNode *node,
            GError  **error)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "extra is not a map in the values file. It holds further variables, a NAME: "
                   "\"value\" on each line. Write them below it, indented by two spaces.");
      return FALSE;
    }

  values->extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member))
    {
      g_autofree char *where = g_strconcat ("extra.", name, NULL);
      char            *text;

      if (!stack_variable_check_name (name, error))
        return FALSE;
      text = read_text (member, where, NULL, error);
      if (text == NULL)
        return FALSE;
      g_hash_table_insert (values->extra, g_strdup (name), text);
    }

  return TRUE;
}

static gboolean
read_member (Values     *values,
             const char *key,
             JsonNode   *node,
             GError    **error)
{
  const StackField *field = stack_field_find_key (key);

  if (field == NULL && !g_str_equal (key, "extra"))
    {
      g_string_append_printf (values->unknown, "%s“%s”", values->unknown->len > 0 ? ", " : "",
                              key);
      return TRUE;
    }

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (field == NULL)
    return read_extra (values, node, error);

  values->texts[field->id] = read_text (node, key, field, error);

  return values->texts[field->id] != NULL;
}

static gboolean
check_unknown (Values  *values,
               GError **error)
{
  g_autoptr(GString) known = NULL;

  if (values->unknown->len == 0)
    return TRUE;

  known = g_string_new (NULL);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_string_append_printf (known, "%s, ", stack_field_get (i)->key);
  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "The values file has keys that are not known: %s. Nothing was taken from it. "
               "Correct them; known are %sand extra.",
               values->unknown->str, known->str);

  return FALSE;
}

static gboolean
read_document (Values   *values,
               JsonNode *document,
               GError  **error)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *node;

  if (!JSON_NODE_HOLDS_OBJECT (document))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The values file holds no settings. It is a map of keys and values, such as "
                   "host: hackystack.local. Write one on each line.");
      return FALSE;
    }

  json_object_iter_init (&iter, json_node_get_object (document));
  while (json_object_iter_next (&iter, &key, &node))
    {
      if (!read_member (values, key, node, error))
        return FALSE;
    }

  return check_unknown (values, error);
}

/**
 * stack_settings_read_values:
 * @self: settings
 * @yaml: a values file
 * @length: its length in bytes, -1 when it is terminated by NUL
 * @error: return location for an error
 *
 * Takes answers from a values file: YAML with the keys of [struct@Field] and `extra`, a map of
 * further variables. Keys that are missing or null change nothing. With an error nothing
 * changes at all: %STACK_ERROR_VALUES names unknown keys, wrong types and the place of mistakes
 * in the YAML; its message never holds a value.
 *
 * Returns: whether the file was taken
 */
gboolean
stack_settings_read_values (StackSettings *self,
                            const char    *yaml,
                            gssize         length,
                            GError       **error)
{
  g_auto(Values) values = { .unknown = g_string_new (NULL) };
  g_autoptr(JsonNode) document = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (yaml != NULL, FALSE);

  document = base_yaml_parse (yaml, length, &local_error);
  if (document == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The values file cannot be read. %s", local_error->message);
      return FALSE;
    }
  if (!read_document (&values, document, error))
    return FALSE;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (values.texts[i] != NULL)
        stack_settings_set_text (self, i, values.texts[i]);
    }
  if (values.extra != NULL)
    stack_settings_set_extra (self, values.extra);
  g_object_thaw_notify (G_OBJECT (self));

  return TRUE;
}

/**
 * stack_settings_set_variable:
 * @self: settings
 * @name: the name of a further variable, none that a question has a place for
 * @text: its value
 * @error: return location for an error
 *
 * Sets one of the extra variables. The only possible error is %STACK_ERROR_VALUES: the name cannot
 * be used.
 *
 * Returns: whether it was set
 */
gboolean
stack_settings_set_variable (StackSettings *self,
                             const char    *name,
                             const char    *text,
                             GError       **error)
{
  g_autoptr(GHashTable) extra = NULL;
  GHashTableIter iter;
  gpointer       key;
  gpointer       value;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (name != NULL && text != NULL, FALSE);

  if (!stack_variable_check_name (name, error))
    return FALSE;

  extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, stack_settings_get_extra (self));
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (extra, g_strdup (key), g_strdup (value));
  g_hash_table_insert (extra, g_strdup (name), g_strdup (text));
  stack_settings_set_extra (self, extra);

  return TRUE;
}

/**
 * stack_settings_remove_variable:
 * @self: settings
 * @name: the name of a further variable
 *
 * Takes one of the extra variables away, if it is there.
 */
void
stack_settings_remove_variable (StackSettings *self,
                                const char    *name)
{
  g_autoptr(GHashTable) extra = NULL;
  GHashTableIter iter;
  gpointer       key;
  gpointer       value;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail (name != NULL);

  extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, stack_settings_get_extra (self));
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (!g_str_equal (key, name))
        g_hash_table_insert (extra, g_strdup (key), g_strdup (value));
    }
  if (g_hash_table_size (extra) < g_hash_table_size (stack_settings_get_extra (self)))
    stack_settings_set_extra (self, extra);
}
