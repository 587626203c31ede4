/* stack-template.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-template-private.h"

#include "base-json.h"
#include "stack-error.h"

#include <string.h>

/* Fills the placeholders of one manifest, in the node tree and never in text: a value cannot
 * break out of its scalar, whatever quotes or line breaks it holds, and a value that looks like a
 * placeholder stays as it is. */

typedef struct
{
  StackSettings *settings; /* (borrowed) */
  const char    *digest;   /* (borrowed) (nullable) */
  const char    *file;     /* (borrowed) */
  GString       *path;     /* (owned) of the node at hand, for messages */
} Filling;

typedef struct
{
  const StackField *field; /* NULL: the digest */
  gboolean          base64;
  const char       *end; /* behind the closing brace */
} Placeholder;

static void
set_error (Filling    *filling,
           GError    **error,
           const char *words)
{
  g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST, "%s, %s: %s", filling->file,
               filling->path->len > 0 ? filling->path->str : "top", words);
}

static void
set_unknown (Filling    *filling,
             GError    **error,
             const char *name)
{
  g_autoptr(GString) words = g_string_new (NULL);

  g_string_printf (words, "there is no placeholder ${%s}. Known are ", name);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_string_append_printf (words, "%s, ", stack_field_get (i)->key);
  g_string_append (words, "digest, each also with |base64. Correct the name in the file.");

  set_error (filling, error, words->str);
}

/* Reads the placeholder that begins at @start, "${". */
static gboolean
read_placeholder (Filling     *filling,
                  const char  *start,
                  Placeholder *placeholder,
                  GError     **error)
{
  const char      *close = strchr (start, '}');
  g_autofree char *name = NULL;
  char            *bar;

  if (close == NULL)
    {
      set_error (filling, error, "a placeholder is not closed. It begins with ${ and ends with }. "
                                 "Add the closing brace.");
      return FALSE;
    }

  name = g_strndup (start + 2, close - start - 2);
  placeholder->end = close + 1;
  bar = strchr (name, '|');
  placeholder->base64 = bar != NULL && g_str_equal (bar, "|base64");
  if (placeholder->base64)
    *bar = '\0';

  placeholder->field = stack_field_find_key (name);
  if (placeholder->field != NULL || (filling->digest != NULL && g_str_equal (name, "digest")))
    return TRUE;

  if (g_str_equal (name, "digest"))
    set_error (filling, error, "${digest} is the fingerprint of the ConfigMap and the Secret, and "
                               "cannot stand in one of them. Use it in the Deployment.");
  else
    set_unknown (filling, error, name);

  return FALSE;
}

static void
append_value (Filling     *filling,
              Placeholder *placeholder,
              GString     *string)
{
  const char *text = placeholder->field != NULL
                         ? stack_settings_get_text (filling->settings, placeholder->field->id)
                         : filling->digest;

  if (placeholder->base64)
    {
      char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

      g_string_append (string, encoded);
      explicit_bzero (encoded, strlen (encoded));
      g_free (encoded);
    }
  else
    g_string_append (string, text);
}

/* A scalar that is one placeholder and nothing else may go away, or become a number. */

static gboolean
is_left_out (Filling     *filling,
             Placeholder *placeholder)
{
  const StackField *field = placeholder->field;

  return *placeholder->end == '\0' && field != NULL && !field->required &&
         *stack_settings_get_text (filling->settings, field->id) == '\0';
}

static gboolean
is_number (Placeholder *placeholder)
{
  return *placeholder->end == '\0' && !placeholder->base64 && placeholder->field != NULL &&
         placeholder->field->id == STACK_FIELD_REPLICAS;
}

static JsonNode *
build_integer (Filling *filling,
               GError **error)
{
  const char *text = stack_settings_get_text (filling->settings, STACK_FIELD_REPLICAS);
  JsonNode   *node;
  gint64      number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "“%s” is not a whole number, but %s needs one. Correct the setting.", text,
                   filling->path->str);
      return NULL;
    }

  node = json_node_alloc ();

  return json_node_init_int (node, number);
}

/* Sets @filled to the new scalar, or leaves it alone when the field is to be left out. */
static gboolean
fill_string (Filling    *filling,
             const char *text,
             JsonNode  **filled,
             GError    **error)
{
  g_autoptr(GString) string = g_string_new (NULL);
  JsonNode *node;

  for (const char *p = text; *p != '\0';)
    {
      Placeholder placeholder = { NULL };

      if (!g_str_has_prefix (p, "${"))
        {
          g_string_append_c (string, *p++);
          continue;
        }
      if (!read_placeholder (filling, p, &placeholder, error))
        return FALSE;

      if (p == text && is_left_out (filling, &placeholder))
        return TRUE;
      if (p == text && is_number (&placeholder))
        {
          *filled = build_integer (filling, error);
          return *filled != NULL;
        }

      append_value (filling, &placeholder, string);
      p = placeholder.end;
    }

  node = json_node_alloc ();
  *filled = json_node_init_string (node, string->str);
  explicit_bzero (string->str, string->len);

  return TRUE;
}

static gboolean fill_node (Filling   *filling,
                           JsonNode  *node,
                           JsonNode **filled,
                           GError   **error);

static gboolean
fill_object (Filling    *filling,
             JsonObject *object,
             JsonNode  **filled,
             GError    **error)
{
  g_autoptr(JsonNode) result = json_node_new (JSON_NODE_OBJECT);
  JsonObject    *copy = json_object_new ();
  gsize          length = filling->path->len;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  json_node_take_object (result, copy);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      JsonNode *value = NULL;

      g_string_append_printf (filling->path, "%s%s", length > 0 ? "." : "", name);
      if (!fill_node (filling, member, &value, error))
        return FALSE;
      if (value != NULL)
        json_object_set_member (copy, name, value);
      g_string_truncate (filling->path, length);
    }

  *filled = g_steal_pointer (&result);

  return TRUE;
}

static gboolean
fill_array (Filling   *filling,
            JsonArray *array,
            JsonNode **filled,
            GError   **error)
{
  g_autoptr(JsonNode) result = json_node_new (JSON_NODE_ARRAY);
  JsonArray *copy = json_array_new ();
  gsize      length = filling->path->len;

  json_node_take_array (result, copy);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = NULL;

      g_string_append_printf (filling->path, "[%u]", i);
      if (!fill_node (filling, json_array_get_element (array, i), &value, error))
        return FALSE;
      if (value != NULL)
        json_array_add_element (copy, value);
      g_string_truncate (filling->path, length);
    }

  *filled = g_steal_pointer (&result);

  return TRUE;
}

static gboolean
fill_node (Filling   *filling,
           JsonNode  *node,
           JsonNode **filled,
           GError   **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return fill_object (filling, json_node_get_object (node), filled, error);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return fill_array (filling, json_node_get_array (node), filled, error);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return fill_string (filling, json_node_get_string (node), filled, error);

  *filled = base_json_copy (node);

  return TRUE;
}

/*
 * stack_template_fill:
 * @template: a manifest with placeholders
 * @settings: the answers to put in
 * @digest: (nullable): what `${digest}` stands for; %NULL where it must not be used
 * @file: the manifest's file, for messages
 * @error: return location for an error
 *
 * Puts the answers in place of `${key}` and `${key|base64}`. A scalar that is exactly `${replicas}`
 * becomes a number. A field whose value is exactly one placeholder of an answer that may be left
 * out, and is, goes away. An unknown placeholder is %STACK_ERROR_MANIFEST with the file and the
 * path of the field; a number that is none is %STACK_ERROR_VALUES.
 *
 * Returns: (transfer full): a new tree, or %NULL with @error set
 */
JsonNode *
stack_template_fill (JsonNode *template,
                     StackSettings *settings,
                     const char    *digest,
                     const char    *file,
                     GError       **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  Filling   filling = { settings, digest, file, path };
  JsonNode *filled = NULL;

  g_return_val_if_fail (template != NULL, NULL);
  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (file != NULL, NULL);

  return fill_node (&filling, template, &filled, error) ? filled : NULL;
}
