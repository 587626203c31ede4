/* test-json-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-error.h"
#include "base-json-assembler.h"
#include "base-json-reader.h"
#include "base-json.h"

#include <string.h>

typedef struct
{
  BaseJsonAssembler *assembler;
  JsonNode          *node;  /* (nullable): what came out */
  const char        *skips; /* (nullable): the member that is left out */
} Taken;

static void
take (BaseJsonReader *reader,
      BaseJsonToken   token,
      const char     *text,
      gsize           length,
      gpointer        user_data)
{
  Taken    *taken = user_data;
  JsonNode *node;

  if (token == BASE_JSON_NAME && taken->skips != NULL && strlen (taken->skips) == length &&
      strncmp (taken->skips, text, length) == 0)
    {
      base_json_reader_skip (reader);
      return;
    }
  node = base_json_assembler_take (taken->assembler, token, text, length);
  if (node != NULL)
    {
      g_assert_null (taken->node);
      taken->node = node;
    }
}

/* Reads @text in pieces of @piece bytes. */
static JsonNode *
read_pieces (const char *text,
             gsize       piece,
             const char *skips,
             GError    **error)
{
  Taken taken = { base_json_assembler_new (), NULL, skips };
  g_autoptr(BaseJsonReader) reader = base_json_reader_new (take, &taken);
  gsize    length = strlen (text);
  gboolean right = TRUE;

  for (gsize at = 0; right && at < length; at += piece)
    {
      /* In memory of its own, so that reading past its end is seen. */
      g_autofree char *copy = g_memdup2 (text + at, MIN (piece, length - at));

      right = base_json_reader_feed (reader, copy, MIN (piece, length - at), error);
    }
  right = right && base_json_reader_finish (reader, error);
  g_assert_true (!right || base_json_reader_get_depth (reader) == 0);
  base_json_assembler_free (taken.assembler);
  if (!right)
    g_clear_pointer (&taken.node, json_node_unref);

  return taken.node;
}

/* What comes in pieces is what base_json_parse() makes of the whole. */
static void
test_values (void)
{
  static const char *const cases[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "1e3",
    "9223372036854775807",
    "\"\"",
    "[]",
    "{}",
    "[[],{},[1]]",
    "{\"a\":{\"b\":[1,\"2\",null,true]},\"c\":\"\"}",
    " {\n\t\"a\" : 1 , \"a\":2 }\r\n",
    "\"\\u00e4\\ud83d\\ude00\\n\\\\\\\"\\/\"",
    "[\"ä€😀\",\"\\u003c\"]",
    "\"a\\u0000b\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= strlen (cases[i]); piece++)
      {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) expected = base_json_parse (cases[i], -1, &error);
        g_autoptr(JsonNode) node = NULL;
        g_autofree char *wanted = NULL;
        g_autofree char *seen = NULL;

        g_assert_no_error (error);
        node = read_pieces (cases[i], piece, NULL, &error);
        g_assert_no_error (error);
        wanted = base_json_print (expected, FALSE);
        seen = base_json_print (node, FALSE);
        g_assert_cmpstr (seen, ==, wanted);
      }
}

static void
test_large_number (void)
{
  g_autoptr(JsonNode) node = read_pieces ("18446744073709551616", 3, NULL, NULL);

  g_assert_nonnull (node);
  g_assert_true (json_node_get_value_type (node) == G_TYPE_DOUBLE);
  g_assert_cmpfloat (json_node_get_double (node), ==, 18446744073709551616.0);
}

static void
test_skip (void)
{
  static const char *const cases[][2] = {
    { "{\"a\":1,\"x\":2,\"b\":3}", "{\"a\":1,\"b\":3}" },
    { "{\"x\":{\"x\":[1,{\"a\":2}],\"y\":3},\"b\":[4]}", "{\"b\":[4]}" },
    { "{\"x\":[[1],{}],\"b\":{\"x\":null}}", "{\"b\":{}}" },
    { "{\"x\":{}}", "{}" },
    { "[{\"x\":[]},\"x\",{\"a\":\"x\"}]", "[{},\"x\",{\"a\":\"x\"}]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 8; piece++)
      {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) node = read_pieces (cases[i][0], piece, "x", &error);
        g_autofree char *seen = NULL;

        g_assert_no_error (error);
        seen = base_json_print (node, FALSE);
        g_assert_cmpstr (seen, ==, cases[i][1]);
      }
}

static void
test_errors (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "{",
    "[1",
    "[1,]",
    "{\"a\"}",
    "{\"a\":}",
    "nul",
    "1 2",
    "{} x",
    "\"",
    "\"\xff\"",
    "'a'",
    "01",
    "/* a */ 1",
    "[1}",
    "\"\\x\"",
    "\"\t\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = read_pieces (cases[i], 1, NULL, &error);

      g_test_message ("%s", cases[i]);
      g_assert_error (error, BASE_ERROR, BASE_ERROR_SYNTAX);
      g_assert_null (node);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_depth (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) deep = NULL;
  g_autoptr(JsonNode) deeper = NULL;

  for (guint i = 0; i < 128; i++)
    {
      g_string_prepend_c (text, '[');
      g_string_append_c (text, ']');
    }
  deep = read_pieces (text->str, 7, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (deep);

  g_string_prepend_c (text, '[');
  g_string_append_c (text, ']');
  deeper = read_pieces (text->str, 7, NULL, &error);
  g_assert_error (error, BASE_ERROR, BASE_ERROR_TOO_DEEP);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-reader/values", test_values);
  g_test_add_func ("/json-reader/large-number", test_large_number);
  g_test_add_func ("/json-reader/skip", test_skip);
  g_test_add_func ("/json-reader/errors", test_errors);
  g_test_add_func ("/json-reader/depth", test_depth);

  return g_test_run ();
}
