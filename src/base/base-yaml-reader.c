/* base-yaml-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml-reader.h"

#include <string.h>

#include "base-error.h"
#include "base-json.h"
#include "base-number.h"
#include "base-yaml-anchor.h"
#include "base-yaml-problem.h"
#include "base-yaml-scalar.h"

#define MAX_DEPTH 64
#define MAX_NODES 200000
/* What aliases copy counts too, or a small file could ask for any amount of memory. */
#define MAX_EXPANDED (8 * 1024 * 1024)

/* Whole numbers below 2^53 are exact in a double. */
#define EXACT_LIMIT 9007199254740992.0

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

#define TAG_PREFIX "tag:yaml.org,2002:"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_event_t, yaml_event_delete)

G_GNUC_PRINTF (4, 5)
static gpointer
fail_at (const yaml_mark_t *mark,
         BaseError          code,
         GError           **error,
         const char        *format,
         ...)
{
  g_autofree char *words = NULL;
  va_list          args;

  va_start (args, format);
  words = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, BASE_ERROR, code, "line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s",
               mark->line + 1, mark->column + 1, words);
  return NULL;
}

static gboolean
next_event (BaseYamlReader *self,
            yaml_event_t   *event,
            GError        **error)
{
  if (yaml_parser_parse (&self->parser, event))
    return TRUE;
  base_yaml_problem_set_error (&self->parser, self->data, self->size, error);
  return FALSE;
}

static gboolean
count (BaseYamlReader    *self,
       const yaml_mark_t *mark,
       guint              n_nodes,
       gsize              n_bytes,
       GError           **error)
{
  self->n_nodes += n_nodes;
  self->n_bytes += n_bytes;
  if (self->n_nodes > MAX_NODES)
    fail_at (mark, BASE_ERROR_TOO_LARGE, error,
             "there are more than %d values by here. Split the file.", MAX_NODES);
  else if (self->n_bytes > MAX_EXPANDED)
    fail_at (mark, BASE_ERROR_TOO_LARGE, error,
             "the aliases (“*name”) repeat more than %d MiB of text. Use fewer of them.",
             MAX_EXPANDED / (1024 * 1024));
  else
    return TRUE;
  return FALSE;
}

static gboolean
enter (BaseYamlReader    *self,
       const yaml_mark_t *mark,
       GError           **error)
{
  if (self->depth == MAX_DEPTH)
    {
      fail_at (mark, BASE_ERROR_TOO_DEEP, error,
               "lists and mappings are nested more than %d deep. Make the file flatter.",
               MAX_DEPTH);
      return FALSE;
    }
  self->depth++;
  return TRUE;
}

static void
remember_anchor (BaseYamlReader *self,
                 const guchar   *name,
                 JsonNode       *node)
{
  if (name != NULL)
    g_hash_table_replace (self->anchors, g_strdup ((const char *) name),
                          base_yaml_anchor_new (node));
}

static JsonNode *
read_alias (BaseYamlReader *self,
            yaml_event_t   *event,
            GError        **error)
{
  const char     *name = (const char *) event->data.alias.anchor;
  BaseYamlAnchor *anchor = g_hash_table_lookup (self->anchors, name);

  if (anchor == NULL)
    return fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
                    "“*%s” repeats a value, but no value is marked “&%s” before this line. "
                    "Mark one or put the text in quotation marks.",
                    name, name);
  if (self->depth + anchor->height > MAX_DEPTH)
    return fail_at (&event->start_mark, BASE_ERROR_TOO_DEEP, error,
                    "with what “*%s” repeats, lists and mappings are nested more than %d deep. "
                    "Make the file flatter.",
                    name, MAX_DEPTH);
  if (!count (self, &event->start_mark, anchor->n_nodes, anchor->n_bytes, error))
    return NULL;
  return base_json_copy (anchor->node);
}

static JsonNode *
node_from_number (double number)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  /* “1.0” and “1e3” have to fit a field of type integer, as they do with kubectl */
  if (number > -EXACT_LIMIT && number < EXACT_LIMIT && number == (double) (gint64) number)
    json_node_set_int (node, (gint64) number);
  else
    json_node_set_double (node, number);
  return node;
}

static JsonNode *
node_from_scalar (const BaseYamlScalar *scalar,
                  const char           *text)
{
  switch (scalar->type)
    {
    case BASE_YAML_SCALAR_NULL:
      return json_node_new (JSON_NODE_NULL);
    case BASE_YAML_SCALAR_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (), scalar->boolean);
    case BASE_YAML_SCALAR_INT:
      return json_node_init_int (json_node_alloc (), scalar->integer);
    case BASE_YAML_SCALAR_FLOAT:
      return node_from_number (scalar->number);
    case BASE_YAML_SCALAR_STRING:
    case BASE_YAML_SCALAR_NOT_FINITE:
    case BASE_YAML_SCALAR_MERGE:
    default:
      return json_node_init_string (json_node_alloc (), text);
    }
}

static gboolean
tag_allows (const char        *tag,
            BaseYamlScalarType type)
{
  if (g_str_equal (tag, "int"))
    return type == BASE_YAML_SCALAR_INT;
  if (g_str_equal (tag, "float"))
    return type == BASE_YAML_SCALAR_INT || type == BASE_YAML_SCALAR_FLOAT;
  if (g_str_equal (tag, "bool"))
    return type == BASE_YAML_SCALAR_BOOLEAN;
  return type == BASE_YAML_SCALAR_NULL;
}

/* “!!int” arrives as "tag:yaml.org,2002:int". */
static const char *
short_tag (const guchar *tag)
{
  const char *text = (const char *) tag;

  return g_str_has_prefix (text, TAG_PREFIX) ? text + strlen (TAG_PREFIX) : text;
}

static gboolean
resolve (yaml_event_t   *event,
         BaseYamlScalar *scalar,
         GError        **error)
{
  static const char *text_tags[] = { "!", "str", "binary", "timestamp", NULL };
  static const char *typed_tags[] = { "int", "float", "bool", "null", NULL };
  const char        *text = (const char *) event->data.scalar.value;
  const char        *tag;

  *scalar = (BaseYamlScalar){ .type = BASE_YAML_SCALAR_STRING };
  if (event->data.scalar.tag == NULL)
    {
      if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        base_yaml_scalar_resolve (text, scalar);
      return TRUE;
    }

  tag = short_tag (event->data.scalar.tag);
  if (g_strv_contains (text_tags, tag))
    return TRUE;
  base_yaml_scalar_resolve (text, scalar);
  if (!g_strv_contains (typed_tags, tag))
    fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
             "Kubernetes knows no values of the type “%s”. Remove the tag.", tag);
  else if (!tag_allows (tag, scalar->type))
    fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
             "“%s” cannot be read as the type “%s” that its tag asks for. Correct one of them.",
             text, tag);
  else
    return TRUE;
  return FALSE;
}

static JsonNode *
read_scalar (BaseYamlReader *self,
             yaml_event_t   *event,
             BaseYamlScalar *scalar,
             GError        **error)
{
  const char *text = (const char *) event->data.scalar.value;
  gsize       length = event->data.scalar.length;
  JsonNode   *node;

  if (!count (self, &event->start_mark, 1, length, error))
    return NULL;
  if (strlen (text) != length)
    return fail_at (&event->start_mark, BASE_ERROR_BINARY, error,
                    "this text holds the character NUL, which no text can. Remove it.");
  if (!resolve (event, scalar, error))
    return NULL;
  if (scalar->type == BASE_YAML_SCALAR_NOT_FINITE)
    return fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
                    "Kubernetes has no number “%s”. Put it in quotation marks if it is a text.",
                    text);
  node = node_from_scalar (scalar, text);
  remember_anchor (self, event->data.scalar.anchor, node);
  return node;
}

/* (transfer full) (nullable): the name that a value becomes as a key; NULL if it cannot be one. */
static char *
key_from_node (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return base_number_format (json_node_get_double (node));
}

static char *
read_key (BaseYamlReader *self,
          yaml_event_t   *event,
          gboolean       *is_merge,
          GError        **error)
{
  g_autoptr(JsonNode) node = NULL;
  BaseYamlScalar scalar = { .type = BASE_YAML_SCALAR_STRING };
  char          *key;

  if (event->type == YAML_SCALAR_EVENT)
    node = read_scalar (self, event, &scalar, error);
  else if (event->type == YAML_ALIAS_EVENT)
    node = read_alias (self, event, error);
  else
    return fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
                    "a list or mapping cannot be a key. If this is a template (“{{ … }}”), "
                    "put it in quotation marks.");
  if (node == NULL)
    return NULL;

  *is_merge = scalar.type == BASE_YAML_SCALAR_MERGE;
  key = key_from_node (node);
  if (key == NULL)
    return fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
                    "a key cannot be empty or null. Give it a name.");
  return key;
}

static JsonNode *read_node (BaseYamlReader *self, yaml_event_t *event, GError **error);

/* Members the object already has stay; the first of several sources wins. */
static void
merge_object (JsonObject *object,
              JsonObject *source)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  json_object_iter_init_ordered (&iter, source);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (!json_object_has_member (object, name))
      json_object_set_member (object, name, base_json_copy (member));
}

static gboolean
merge (JsonObject *object,
       JsonNode   *source)
{
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (source))
    {
      merge_object (object, json_node_get_object (source));
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_ARRAY (source))
    return FALSE;
  array = json_node_get_array (source);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return FALSE;
      merge_object (object, json_node_get_object (element));
    }
  return TRUE;
}

/* Reads one “key: value” whose key has arrived. Merge sources wait until all members are there. */
static gboolean
read_member (BaseYamlReader *self,
             yaml_event_t   *event,
             JsonObject     *object,
             JsonNode      **merge_source,
             GError        **error)
{
  g_auto(yaml_event_t) value_event = { 0 };
  g_autofree char *key = NULL;
  g_autoptr(JsonNode) value = NULL;
  gboolean is_merge = FALSE;

  key = read_key (self, event, &is_merge, error);
  if (key == NULL)
    return FALSE;
  if (is_merge ? *merge_source != NULL : json_object_has_member (object, key))
    {
      fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
               "the key “%s” appears twice in one mapping. Remove one of the two.", key);
      return FALSE;
    }

  if (!next_event (self, &value_event, error))
    return FALSE;
  value = read_node (self, &value_event, error);
  if (value == NULL)
    return FALSE;
  if (is_merge)
    *merge_source = g_steal_pointer (&value);
  else
    json_object_set_member (object, key, g_steal_pointer (&value));
  return TRUE;
}

static JsonNode *
read_mapping (BaseYamlReader *self,
              yaml_event_t   *start,
              GError        **error)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonNode) merge_source = NULL;
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  if (!enter (self, &start->start_mark, error))
    return NULL;
  for (;;)
    {
      g_auto(yaml_event_t) event = { 0 };

      if (!next_event (self, &event, error))
        return NULL;
      if (event.type == YAML_MAPPING_END_EVENT)
        break;
      if (!read_member (self, &event, object, &merge_source, error))
        return NULL;
    }
  self->depth--;
  if (merge_source != NULL && !merge (object, merge_source))
    return fail_at (&start->start_mark, BASE_ERROR_SYNTAX, error,
                    "“<<” in this mapping takes over the members of another mapping, "
                    "but its value is none. Give it an alias such as “*name”.");
  remember_anchor (self, start->data.mapping_start.anchor, node);
  return g_steal_pointer (&node);
}

static JsonNode *
read_sequence (BaseYamlReader *self,
               yaml_event_t   *start,
               GError        **error)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_node_take_array (node, array);
  if (!enter (self, &start->start_mark, error))
    return NULL;
  for (;;)
    {
      g_auto(yaml_event_t) event = { 0 };
      JsonNode *element;

      if (!next_event (self, &event, error))
        return NULL;
      if (event.type == YAML_SEQUENCE_END_EVENT)
        break;
      element = read_node (self, &event, error);
      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
    }
  self->depth--;
  remember_anchor (self, start->data.sequence_start.anchor, node);
  return g_steal_pointer (&node);
}

static gboolean
check_collection_tag (yaml_event_t *event,
                      const guchar *tag,
                      const char   *expected,
                      GError      **error)
{
  if (tag == NULL || g_str_equal (tag, "!") || g_str_equal (short_tag (tag), expected))
    return TRUE;
  fail_at (&event->start_mark, BASE_ERROR_SYNTAX, error,
           "the tag “%s” does not fit what follows. Remove the tag.", short_tag (tag));
  return FALSE;
}

/* The node that starts with the event; the events up to its end are taken from the parser. */
static JsonNode *
read_node (BaseYamlReader *self,
           yaml_event_t   *event,
           GError        **error)
{
  BaseYamlScalar scalar;

  if (event->type == YAML_ALIAS_EVENT)
    return read_alias (self, event, error);
  if (event->type == YAML_SCALAR_EVENT)
    return read_scalar (self, event, &scalar, error);

  if (!count (self, &event->start_mark, 1, 0, error))
    return NULL;
  if (event->type == YAML_SEQUENCE_START_EVENT)
    {
      if (!check_collection_tag (event, event->data.sequence_start.tag, "seq", error))
        return NULL;
      return read_sequence (self, event, error);
    }
  g_assert (event->type == YAML_MAPPING_START_EVENT);
  if (!check_collection_tag (event, event->data.mapping_start.tag, "map", error))
    return NULL;
  return read_mapping (self, event, error);
}

/**
 * base_yaml_reader_init:
 * @self: (out caller-allocates): the reader to set up
 * @data: UTF-8 text, which has to stay until the reader is cleared
 * @size: its length in bytes
 *
 * Sets up a reader at the start of a text, behind a byte order mark: libyaml would take the first
 * line that it stands in for an indented one, and end there.
 */
void
base_yaml_reader_init (BaseYamlReader *self,
                       const char     *data,
                       gsize           size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL);

  if (size >= strlen (BYTE_ORDER_MARK) && g_str_has_prefix (data, BYTE_ORDER_MARK))
    {
      data += strlen (BYTE_ORDER_MARK);
      size -= strlen (BYTE_ORDER_MARK);
    }
  *self = (BaseYamlReader){ .data = data, .size = size };
  self->anchors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) base_yaml_anchor_free);
  /* it fails only without memory, and then GLib ends the program too */
  if (!yaml_parser_initialize (&self->parser))
    g_error ("There is no memory for a YAML parser");
  yaml_parser_set_encoding (&self->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (&self->parser, (const guchar *) data, size);
}

/**
 * base_yaml_reader_clear:
 * @self: a reader
 *
 * Frees what a reader holds.
 */
void
base_yaml_reader_clear (BaseYamlReader *self)
{
  g_return_if_fail (self != NULL);

  yaml_parser_delete (&self->parser);
  g_clear_pointer (&self->anchors, g_hash_table_unref);
}

/**
 * base_yaml_reader_read:
 * @self: a reader
 * @document: (out) (nullable) (transfer full): the value, or %NULL at the end of the text
 * @error: return location for an error
 *
 * Reads the next document.
 *
 * Returns: %TRUE, or %FALSE with @error set in the %BASE_ERROR domain
 */
gboolean
base_yaml_reader_read (BaseYamlReader *self,
                       JsonNode      **document,
                       GError        **error)
{
  yaml_event_type_t type;
  g_autoptr(JsonNode) node = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (document != NULL, FALSE);

  *document = NULL;
  do
    {
      g_auto(yaml_event_t) event = { 0 };

      if (!next_event (self, &event, error))
        return FALSE;
      type = event.type;
      if (type == YAML_STREAM_END_EVENT)
        return TRUE;
      if (type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
          type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT)
        {
          node = read_node (self, &event, error);
          if (node == NULL)
            return FALSE;
        }
    }
  while (type != YAML_DOCUMENT_END_EVENT);

  /* names of anchors end with their document */
  g_hash_table_remove_all (self->anchors);
  *document = g_steal_pointer (&node);
  return TRUE;
}
