/* fuzz-json-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-json-assembler.h"
#include "base-json-slice.h"
#include "base-json.h"
#include "property.h"
#include "read-lines.h"

/* The readers beside base_json_parse(), which has to agree with them. */

typedef struct
{
  BaseJsonAssembler *assembler;
  JsonNode          *root; /* (owned) (nullable) */
} Tree;

static void
take_token (BaseJsonReader *reader,
            BaseJsonToken   token,
            const char     *text,
            gsize           length,
            gpointer        user_data)
{
  Tree     *tree = user_data;
  JsonNode *node = base_json_assembler_take (tree->assembler, token, text, length);

  if (node == NULL)
    return;
  g_assert_null (tree->root);
  tree->root = node;
}

/* (transfer full) (nullable): the value, of which at most @max_chunk bytes arrive at once */
static JsonNode *
read_tokens (const char *data,
             gsize       size,
             guint       max_chunk)
{
  g_autoptr(BaseJsonAssembler) assembler = base_json_assembler_new ();
  Tree tree = { .assembler = assembler };
  g_autoptr(BaseJsonReader) reader = base_json_reader_new (take_token, &tree);
  g_autoptr(GRand) random = g_rand_new_with_seed (read_lines_seed (data, size));
  g_autoptr(GError) error = NULL;
  gsize    length;
  gboolean read = TRUE;

  for (gsize position = 0; position < size && read; position += length)
    {
      g_autofree char *chunk = NULL;

      length = (gsize) g_rand_int_range (random, 1, (gint32) max_chunk + 1);
      length = MIN (length, size - position);
      chunk = g_memdup2 (data + position, length);
      read = base_json_reader_feed (reader, chunk, length, &error);
    }
  if (read && base_json_reader_finish (reader, &error))
    {
      g_assert_nonnull (tree.root);
      return tree.root;
    }
  property_is_error (error, BASE_ERROR);
  g_clear_pointer (&tree.root, json_node_unref);

  return NULL;
}

static void
check_reader (const char *text,
              gsize       size,
              JsonNode   *parsed)
{
  g_autoptr(JsonNode) whole = read_tokens (text, size, G_MAXINT32 - 1);
  g_autoptr(JsonNode) pieces = read_tokens (text, size, 1 + read_lines_seed (text, size) % 31);

  g_assert_true ((whole == NULL) == (pieces == NULL));
  if (whole != NULL)
    property_is_equal (whole, pieces);
  /* what is JSON is JSON to both */
  if (parsed != NULL)
    property_is_equal (whole, parsed);
}

static void check_value (const BaseJsonSlice *slice, JsonNode *node);

static void
check_members (const BaseJsonSlice *slice,
               JsonObject          *object)
{
  BaseJsonWalk walk;

  base_json_walk_init (&walk, slice);
  while (base_json_walk_next (&walk))
    {
      g_autofree char *name = base_json_slice_dup_string (&walk.name);
      g_autoptr(JsonNode) value = base_json_slice_parse (&walk.value);

      g_assert_true (json_object_has_member (object, name));
      g_assert_nonnull (value);
    }
}

static void
check_elements (const BaseJsonSlice *slice,
                JsonArray           *array)
{
  BaseJsonWalk walk;
  guint        n_elements = 0;

  base_json_walk_init (&walk, slice);
  while (base_json_walk_next (&walk))
    {
      g_assert_cmpuint (n_elements, <, json_array_get_length (array));
      check_value (&walk.value, json_array_get_element (array, n_elements++));
    }
  g_assert_cmpuint (n_elements, ==, json_array_get_length (array));
}

static void
check_value (const BaseJsonSlice *slice,
             JsonNode            *node)
{
  g_autoptr(JsonNode) parsed = base_json_slice_parse (slice);
  g_autofree char *text = base_json_slice_dup_string (slice);

  property_is_equal (parsed, node);
  g_assert_true ((text != NULL) == base_json_slice_is_string (slice));
  if (text != NULL)
    g_assert_cmpstr (text, ==, json_node_get_string (node));
  g_assert_cmpint (base_json_slice_is_object (slice), ==, JSON_NODE_HOLDS_OBJECT (node));
  g_assert_cmpint (base_json_slice_is_array (slice), ==, JSON_NODE_HOLDS_ARRAY (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    check_members (slice, json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    check_elements (slice, json_node_get_array (node));
}

/* Of several members with one name the last one counts, here as there. */
static void
check_get (const BaseJsonSlice *slice,
           JsonNode            *node)
{
  const char   *names[] = { "type", "object", "a" };
  BaseJsonSlice values[G_N_ELEMENTS (names)];
  guint         n_found = base_json_slice_get (slice, G_N_ELEMENTS (names), names, values);
  guint         n_values = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(JsonNode) value = base_json_slice_parse (&values[i]);

      n_values += value != NULL;
      /* names that are written with escapes are not found */
      if (value != NULL)
        g_assert_nonnull (base_json_get (node, names[i], NULL));
    }
  g_assert_cmpuint (n_found, ==, n_values);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autofree char *exact = size > 0 ? g_memdup2 (data, size) : NULL;
  g_autoptr(JsonNode) parsed = base_json_parse (text, (gssize) size, NULL);
  BaseJsonSlice slice;

  check_reader (text, size, parsed);
  /* without a NUL behind it, so that nothing beyond the end is looked at unnoticed */
  if (!base_json_slice_init (&slice, exact, size))
    return 0;
  g_assert_nonnull (parsed);
  if (property_count_levels (parsed) < 16)
    check_value (&slice, parsed);
  check_get (&slice, parsed);
  return 0;
}
