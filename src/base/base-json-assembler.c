/* base-json-assembler.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json-assembler.h"

#include <errno.h>
#include <string.h>

/**
 * BaseJsonAssembler:
 *
 * Makes values of the tokens of a [struct@BaseJsonReader].
 */
struct _BaseJsonAssembler
{
  GPtrArray *open; /* (element-type Level) (owned): objects and arrays that have not ended */
};

typedef struct
{
  JsonNode *node;
  char     *name; /* (nullable): of the member whose value comes next */
} Level;

static void
level_free (Level *level)
{
  json_node_unref (level->node);
  g_free (level->name);
  g_free (level);
}

/**
 * base_json_assembler_new:
 *
 * Returns: (transfer full): an assembler
 */
BaseJsonAssembler *
base_json_assembler_new (void)
{
  BaseJsonAssembler *self = g_new0 (BaseJsonAssembler, 1);

  self->open = g_ptr_array_new_with_free_func ((GDestroyNotify) level_free);

  return self;
}

/**
 * base_json_assembler_free:
 * @self: (nullable): an assembler
 *
 * Frees @self and a value that is not complete.
 */
void
base_json_assembler_free (BaseJsonAssembler *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->open);
  g_free (self);
}

static JsonNode *
new_string (const char *text,
            gsize       length)
{
  g_autofree char *copy = g_strndup (text, length);

  return json_node_init_string (json_node_alloc (), copy);
}

/* Whole numbers that 64 bits do not hold become doubles, as in Go (sigs.k8s.io/json). */
static JsonNode *
new_number (const char *text,
            gsize       length)
{
  g_autofree char *copy = g_strndup (text, length);
  gint64           whole;

  if (strpbrk (copy, ".eE") == NULL)
    {
      errno = 0;
      whole = g_ascii_strtoll (copy, NULL, 10);
      if (errno != ERANGE)
        return json_node_init_int (json_node_alloc (), whole);
    }

  return json_node_init_double (json_node_alloc (), g_ascii_strtod (copy, NULL));
}

static JsonNode *
new_value (BaseJsonToken token,
           const char   *text,
           gsize         length)
{
  switch (token)
    {
    case BASE_JSON_STRING:
      return new_string (text, length);
    case BASE_JSON_NUMBER:
      return new_number (text, length);
    case BASE_JSON_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (), text[0] == 't');
    case BASE_JSON_NULL:
    case BASE_JSON_OBJECT:
    case BASE_JSON_OBJECT_END:
    case BASE_JSON_ARRAY:
    case BASE_JSON_ARRAY_END:
    case BASE_JSON_NAME:
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

static Level *
get_level (BaseJsonAssembler *self)
{
  return g_ptr_array_index (self->open, self->open->len - 1);
}

/* Takes @node. Returns it when it is inside of nothing. */
static JsonNode *
put (BaseJsonAssembler *self,
     JsonNode          *node)
{
  Level *level;

  if (self->open->len == 0)
    return node;

  level = get_level (self);
  if (JSON_NODE_HOLDS_ARRAY (level->node))
    json_array_add_element (json_node_get_array (level->node), node);
  else
    json_object_set_member (json_node_get_object (level->node), level->name, node);
  g_clear_pointer (&level->name, g_free);

  return NULL;
}

static void
open_level (BaseJsonAssembler *self,
            JsonNode          *node)
{
  Level *level = g_new0 (Level, 1);

  level->node = node;
  g_ptr_array_add (self->open, level);
}

static JsonNode *
close_level (BaseJsonAssembler *self)
{
  Level    *level = get_level (self);
  JsonNode *node = json_node_ref (level->node);

  g_ptr_array_set_size (self->open, (int) self->open->len - 1);

  return put (self, node);
}

/**
 * base_json_assembler_take:
 * @self: an assembler
 * @token: the next token
 * @text: (nullable): its text
 * @length: the length of @text in bytes
 *
 * Adds a token. Numbers become integers of 64 bits or doubles; of members with the same name the
 * last one stays; a string ends before a NUL in it.
 *
 * Returns: (transfer full) (nullable): the value, when @token was its last one; another one may
 *   follow then
 */
JsonNode *
base_json_assembler_take (BaseJsonAssembler *self,
                          BaseJsonToken      token,
                          const char        *text,
                          gsize              length)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (token)
    {
    case BASE_JSON_OBJECT:
      open_level (self, json_node_init_object (json_node_alloc (), NULL));
      json_node_take_object (get_level (self)->node, json_object_new ());
      return NULL;
    case BASE_JSON_ARRAY:
      open_level (self, json_node_init_array (json_node_alloc (), NULL));
      json_node_take_array (get_level (self)->node, json_array_new ());
      return NULL;
    case BASE_JSON_NAME:
      g_return_val_if_fail (self->open->len > 0, NULL);
      g_free (get_level (self)->name);
      get_level (self)->name = g_strndup (text, length);
      return NULL;
    case BASE_JSON_OBJECT_END:
    case BASE_JSON_ARRAY_END:
      g_return_val_if_fail (self->open->len > 0, NULL);
      return close_level (self);
    case BASE_JSON_STRING:
    case BASE_JSON_NUMBER:
    case BASE_JSON_BOOLEAN:
    case BASE_JSON_NULL:
    default:
      return put (self, new_value (token, text, length));
    }
}
