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

/* A member with this name decides whether the map that it stands in is there at all. */
#define CONDITION "${when}"

typedef struct
{
  const StackFilling *values; /* (borrowed) */
  const char         *file;   /* (borrowed) */
  GString            *path;   /* (owned) of the node at hand, for messages */
} Filling;

typedef struct
{
  const char *text; /* (borrowed) what it stands for */
  gboolean    base64;
  gboolean    optional; /* the field goes away when there is no text */
  gboolean    number;
  const char *end; /* behind the closing brace */
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
  g_string_append (words, "tlsCertificate, tlsKey, tlsAuthority, digest and runDigest, each also "
                          "with |base64. Correct the name in the file.");

  set_error (filling, error, words->str);
}

/* The certificate counts only while HTTPS is wanted. */
static StackCertificate *
get_certificate (const StackFilling *values)
{
  return stack_settings_get_enabled (values->settings, STACK_FIELD_TLS) ? values->certificate
                                                                        : NULL;
}

static gboolean
find_certificate_text (const StackFilling *values,
                       const char         *name,
                       const char        **text)
{
  StackCertificate *certificate = get_certificate (values);

  if (g_str_equal (name, "tlsCertificate"))
    *text = certificate != NULL ? stack_certificate_get_chain (certificate) : NULL;
  else if (g_str_equal (name, "tlsKey"))
    *text = certificate != NULL ? vault_secret_get_text (stack_certificate_get_key (certificate))
                                : NULL;
  else if (g_str_equal (name, "tlsAuthority"))
    *text = certificate != NULL ? stack_certificate_get_authority (certificate) : NULL;
  else
    return FALSE;

  return TRUE;
}

static void
read_answer (const StackFilling *values,
             const StackField   *field,
             Placeholder        *placeholder)
{
  placeholder->text = stack_settings_get_text (values->settings, field->id);
  placeholder->optional = !field->required;
  placeholder->number = field->id == STACK_FIELD_REPLICAS;
  if (field->id == STACK_FIELD_INGRESS_CLASS && *placeholder->text == '\0' &&
      values->ingress_class != NULL)
    placeholder->text = values->ingress_class;
}

/* Sets what @name stands for. */
static gboolean
resolve (Filling     *filling,
         const char  *name,
         Placeholder *placeholder,
         GError     **error)
{
  const StackFilling *values = filling->values;
  const StackField   *field = stack_field_find_key (name);

  if (field != NULL)
    {
      read_answer (values, field, placeholder);
      return TRUE;
    }
  if (find_certificate_text (values, name, &placeholder->text))
    {
      placeholder->optional = TRUE;
      if (placeholder->text == NULL)
        placeholder->text = "";
      return TRUE;
    }

  if (g_str_equal (name, "digest"))
    placeholder->text = values->digest;
  else if (g_str_equal (name, "runDigest"))
    placeholder->text = values->run_digest;
  else
    {
      set_unknown (filling, error, name);
      return FALSE;
    }

  if (placeholder->text == NULL)
    set_error (filling, error, "${digest} and ${runDigest} are fingerprints of the app's ConfigMap "
                               "and Secret, and cannot stand in one of them. Use them in the "
                               "Deployment or the Job.");

  return placeholder->text != NULL;
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

  return resolve (filling, name, placeholder, error);
}

static void
append_value (Placeholder *placeholder,
              GString     *string)
{
  const char *text = placeholder->text;

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
is_left_out (Placeholder *placeholder)
{
  return *placeholder->end == '\0' && placeholder->optional && *placeholder->text == '\0';
}

static gboolean
is_number (Placeholder *placeholder)
{
  return *placeholder->end == '\0' && !placeholder->base64 && placeholder->number;
}

static JsonNode *
build_integer (Filling    *filling,
               const char *text,
               GError    **error)
{
  JsonNode *node;
  gint64    number;

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

      if (p == text && is_left_out (&placeholder))
        return TRUE;
      if (p == text && is_number (&placeholder))
        {
          *filled = build_integer (filling, placeholder.text, error);
          return *filled != NULL;
        }

      append_value (&placeholder, string);
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

/* Whether a map is to be there: what its condition becomes is neither nothing nor "no". */
static gboolean
check_condition (Filling    *filling,
                 JsonObject *object,
                 gboolean   *holds,
                 GError    **error)
{
  JsonNode *condition = json_object_get_member (object, CONDITION);
  g_autoptr(JsonNode) filled = NULL;
  const char *text;

  *holds = TRUE;
  if (condition == NULL)
    return TRUE;
  if (!fill_node (filling, condition, &filled, error))
    return FALSE;

  text = filled != NULL ? base_json_get_string (filled, NULL) : "";
  *holds = text != NULL && *text != '\0' && !g_str_equal (text, STACK_FIELD_NO);

  return TRUE;
}

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
  gboolean       holds;

  json_node_take_object (result, copy);
  if (!check_condition (filling, object, &holds, error))
    return FALSE;
  if (!holds)
    return TRUE;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      JsonNode *value = NULL;

      if (g_str_equal (name, CONDITION))
        continue;
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

  /* A list goes with the last of what was in it. */
  if (json_array_get_length (array) == 0 || json_array_get_length (copy) > 0)
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
 * @filling: what to put in
 * @file: the manifest's file, for messages
 * @filled: (out) (nullable): a new tree, or %NULL where the manifest is to be left out
 * @error: return location for an error
 *
 * Puts values in place of `${key}` and `${key|base64}`. A scalar that is exactly `${replicas}`
 * becomes a number. A field whose value is exactly one placeholder of something that may be
 * missing, and is, goes away. A map with a member `${when}` goes away when that is empty or "no",
 * and so does a list that is left with nothing; otherwise only the member does. An unknown
 * placeholder is %STACK_ERROR_MANIFEST with the file and the path of the field; a number that is
 * none is %STACK_ERROR_VALUES.
 *
 * Returns: whether it went well
 */
gboolean
stack_template_fill (JsonNode *template,
                     const StackFilling *filling,
                     const char         *file,
                     JsonNode          **filled,
                     GError            **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  Filling state = { filling, file, path };

  g_return_val_if_fail (template != NULL, FALSE);
  g_return_val_if_fail (filling != NULL && STACK_IS_SETTINGS (filling->settings), FALSE);
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (filled != NULL, FALSE);

  *filled = NULL;

  return fill_node (&state, template, filled, error);
}

/*
 * stack_template_applies:
 * @template: a manifest with placeholders
 * @filling: what would be put in; without the digests
 *
 * Returns: whether its `${when}` holds, if it has one
 */
gboolean
stack_template_applies (JsonNode *template,
                        const StackFilling *filling)
{
  g_autoptr(GString) path = g_string_new (NULL);
  Filling  state = { filling, "", path };
  gboolean holds;

  g_return_val_if_fail (template != NULL && JSON_NODE_HOLDS_OBJECT (template), FALSE);
  g_return_val_if_fail (filling != NULL && STACK_IS_SETTINGS (filling->settings), FALSE);

  /* An unknown placeholder is told when it is to be filled. */
  return !check_condition (&state, json_node_get_object (template), &holds, NULL) || holds;
}
