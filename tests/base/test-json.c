/* test-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"

#include <string.h>

#include "base-error.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static void
test_get (void)
{
  g_autoptr(JsonNode) node = parse ("{\"metadata\": {\"name\": \"web\", \"generation\": 3,"
                                     " \"paused\": true, \"ratio\": 2.5,"
                                     " \"huge\": 1e300, \"none\": null},"
                                     " \"items\": [1, 2]}");

  g_assert_true (base_json_get (node, NULL) == node);
  g_assert_cmpstr (base_json_get_string (node, "metadata", "name", NULL), ==, "web");
  g_assert_cmpint (base_json_get_int (node, 7, "metadata", "generation", NULL), ==, 3);
  g_assert_cmpint (base_json_get_int (node, 7, "metadata", "ratio", NULL), ==, 2);
  g_assert_true (base_json_get_boolean (node, FALSE, "metadata", "paused", NULL));
  g_assert_cmpuint (json_array_get_length (base_json_get_array (node, "items", NULL)), ==, 2);
  g_assert_cmpuint (json_object_get_size (base_json_get_object (node, "metadata", NULL)), ==, 6);
  g_assert_true (JSON_NODE_HOLDS_NULL (base_json_get (node, "metadata", "none", NULL)));
}

static void
test_get_missing (void)
{
  g_autoptr(JsonNode) node = parse ("{\"a\": {\"text\": \"x\", \"huge\": 1e300, \"none\": null},"
                                     " \"list\": [1]}");

  g_assert_null (base_json_get (NULL, "a", NULL));
  g_assert_null (base_json_get (NULL, NULL));
  g_assert_null (base_json_get (node, "b", "c", NULL));
  g_assert_null (base_json_get (node, "a", "text", "deeper", NULL));
  g_assert_null (base_json_get (node, "list", "0", NULL));
  g_assert_null (base_json_get_string (node, "a", NULL));
  g_assert_null (base_json_get_string (node, "list", NULL));
  g_assert_null (base_json_get_string (node, "a", "none", NULL));
  g_assert_null (base_json_get_string (NULL, "a", NULL));
  g_assert_cmpint (base_json_get_int (node, -5, "a", "text", NULL), ==, -5);
  g_assert_cmpint (base_json_get_int (node, -5, "a", "huge", NULL), ==, -5);
  g_assert_cmpint (base_json_get_int (node, -5, "a", "none", NULL), ==, -5);
  g_assert_true (base_json_get_boolean (node, TRUE, "a", "text", NULL));
  g_assert_false (base_json_get_boolean (node, FALSE, "b", NULL));
  g_assert_null (base_json_get_array (node, "a", NULL));
  g_assert_null (base_json_get_object (node, "list", NULL));
}

static const struct
{
  const char *text;
  const char *printed;
} values[] = {
  { "null", "null" },
  { " true ", "true" },
  { "false", "false" },
  { "0", "0" },
  { "-0", "0" },
  { "-12", "-12" },
  { "1.0", "1" },
  { "1e3", "1000" },
  { "0.1", "0.1" },
  { "-2.5E-3", "-0.0025" },
  { "1e100", "1e+100" },
  { "9223372036854775807", "9223372036854775807" },
  { "-9223372036854775808", "-9223372036854775808" },
  { "\"\"", "\"\"" },
  { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
  { "\"\\u00e9 \\ud83d\\ude00 \\u001b \\u007f\"", "\"é 😀 \\u001b \\u007f\"" },
  { "{}", "{}" },
  { "[]", "[]" },
  { "{\"b\": [1, {\"c\": null}], \"a\": \"x\"}", "{\"b\":[1,{\"c\":null}],\"a\":\"x\"}" },
  { "{\"a\": 1, \"a\": 2}", "{\"a\":2}" },
  { "\t\r\n[ ]\n", "[]" },
  { "{\"k\\n\": \"// # ' = no comment\"}", "{\"k\\n\":\"// # ' = no comment\"}" },
};

static void
test_parse_and_print (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(JsonNode) node = parse (values[i].text);
      g_autofree char *printed = base_json_print (node, FALSE);

      g_assert_cmpstr (printed, ==, values[i].printed);
    }
}

static const struct
{
  const char *text;
  BaseError   code;
  const char *start; /* of the message */
} invalid[] = {
  { "", BASE_ERROR_SYNTAX, "line 1, column 1: the text is empty" },
  { " \n ", BASE_ERROR_SYNTAX, "line 2, column 2: the text is empty" },
  { "{} {}", BASE_ERROR_SYNTAX, "line 1, column 4: there is more text" },
  { "1 2", BASE_ERROR_SYNTAX, "line 1, column 3: there is more text" },
  { "1,2", BASE_ERROR_SYNTAX, "line 1, column 2: there is more text" },
  { "1\"a\"", BASE_ERROR_SYNTAX, "line 1, column 2: there is more text" },
  { "1-2", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "[1,]", BASE_ERROR_SYNTAX, "line 1, column " },
  { "[1 2]", BASE_ERROR_SYNTAX, "line 1, column " },
  { "{\"a\" 1}", BASE_ERROR_SYNTAX, "line 1, column " },
  { "{\"a\":}", BASE_ERROR_SYNTAX, "line 1, column " },
  { "{a: 1}", BASE_ERROR_SYNTAX, "line 1, column 2: this is no number" },
  { "[", BASE_ERROR_SYNTAX, "line 1, column " },
  { "[}", BASE_ERROR_SYNTAX, "line 1, column " },
  { "]", BASE_ERROR_SYNTAX, "line 1, column 1: this bracket closes nothing" },
  { ",", BASE_ERROR_SYNTAX, "line 1, column 1: this belongs inside brackets" },
  { "{\n  \"é\": 'x'\n}", BASE_ERROR_SYNTAX, "line 2, column 8: this character has no place" },
  { "// comment\n1", BASE_ERROR_SYNTAX, "line 1, column 1: this character has no place" },
  { "/* [ */ 1", BASE_ERROR_SYNTAX, "line 1, column 1: this character has no place" },
  { "var a = 1;", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "\"abc", BASE_ERROR_SYNTAX, "line 1, column 1: a string is not closed" },
  { "\"abc\\", BASE_ERROR_SYNTAX, "line 1, column 5: this backslash" },
  { "\"\\\"", BASE_ERROR_SYNTAX, "line 1, column 1: a string is not closed" },
  { "\"\\q\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"\\é\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"\\u12\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"\\u123g\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"\\udc00\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"\\ud83d\\u0041\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "\"a\nb\"", BASE_ERROR_SYNTAX, "line 1, column 3: a line break" },
  { "\"\\ud83d\"", BASE_ERROR_SYNTAX, "line 1, column 2: this backslash" },
  { "NULL", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "nulll", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "01", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "0x10", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "+1", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "1.", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { ".5", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "1e", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "-", BASE_ERROR_SYNTAX, "line 1, column 1: this is no number" },
  { "[9223372036854775808]", BASE_ERROR_TOO_LARGE, "line 1, column 2: this number" },
  { "1e400", BASE_ERROR_TOO_LARGE, "line 1, column 1: this number" },
  { "\"\xff\"", BASE_ERROR_BINARY, "line 1, column 2: this is not UTF-8" },
  { "[\n\"\xc3\"]", BASE_ERROR_BINARY, "line 2, column 2: this is not UTF-8" },
};

static void
test_parse_invalid (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_null (base_json_parse (invalid[i].text, -1, &error));
      g_assert_error (error, BASE_ERROR, (int) invalid[i].code);
      if (!g_str_has_prefix (error->message, invalid[i].start))
        g_assert_cmpstr (error->message, ==, invalid[i].start);
    }
}

/* The text may be a Secret, and a part of it may end inside a character. */
static void
test_parse_error_quotes_nothing (void)
{
  const char *texts[] = {
    "[\"secret\" 1]",
    "{\"secret\"}",
    "{\"a\": 1 \"secret\": 2}",
    "[\r\r\"\x7f\xd6\x91"
    "secret12345678901234567890123456789012\x7f\xc2\x91\xd6\x91_\xd6\x91\"\r:",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (base_json_parse (texts[i], -1, &error));
      g_assert_error (error, BASE_ERROR, BASE_ERROR_SYNTAX);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_parse_length (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = base_json_parse ("[1]garbage", 3, &error);
  g_autoptr(JsonNode) nothing = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 1);

  nothing = base_json_parse (NULL, 0, &error);
  g_assert_error (error, BASE_ERROR, BASE_ERROR_SYNTAX);
  g_assert_null (nothing);
  g_clear_error (&error);

  nothing = base_json_parse ("[\0]", 3, &error);
  g_assert_error (error, BASE_ERROR, BASE_ERROR_BINARY);
  g_assert_null (nothing);
}

static char *
nest (guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, i % 2 == 0 ? "[" : "{\"[\":");
  g_string_append (text, "1");
  for (guint i = depth; i > 0; i--)
    g_string_append_c (text, i % 2 == 0 ? '}' : ']');
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deep = nest (128);
  g_autofree char *too_deep = nest (129);
  g_autofree char *bomb = nest (1000000);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = parse (deep);
  g_autofree char *printed = base_json_print (node, FALSE);

  g_assert_cmpstr (printed, ==, deep);
  g_assert_null (base_json_parse (too_deep, -1, &error));
  g_assert_error (error, BASE_ERROR, BASE_ERROR_TOO_DEEP);
  g_clear_error (&error);
  g_assert_null (base_json_parse (bomb, -1, &error));
  g_assert_error (error, BASE_ERROR, BASE_ERROR_TOO_DEEP);
}

static void
test_pretty (void)
{
  g_autoptr(JsonNode) node = parse ("{\"a\":[1,{\"b\":\"c\"}],\"d\":{},\"e\":[]}");
  g_autofree char *printed = base_json_print (node, TRUE);

  g_assert_cmpstr (printed, ==,
                   "{\n"
                   "  \"a\": [\n"
                   "    1,\n"
                   "    {\n"
                   "      \"b\": \"c\"\n"
                   "    }\n"
                   "  ],\n"
                   "  \"d\": {},\n"
                   "  \"e\": []\n"
                   "}");
}

/* What Go's json.MarshalIndent (map, "", "    ") makes of these. */
static void
test_append_sorted (void)
{
  const struct
  {
    const char *text;
    guint       level;
    const char *expected;
  } cases[] = {
    { "{\"b\":1,\"a\":{\"d\":[],\"c\":{}},\"B\":[1,\"x\"]}", 0,
      "{\n    \"B\": [\n        1,\n        \"x\"\n    ],\n    \"a\": {\n        \"c\": {},\n"
      "        \"d\": []\n    },\n    \"b\": 1\n}" },
    { "{\"a\":null}", 2, "{\n            \"a\": null\n        }" },
    { "\"<a href='x'> & \\\"\\\\\\/\"", 0, "\"\\u003ca href='x'\\u003e \\u0026 \\\"\\\\/\"" },
    { "\"\\b\\f\\n\\r\\t\\u0001\\u007f\"", 0, "\"\\b\\f\\n\\r\\t\\u0001\x7f\"" },
    { "\"ä\\u2027\\u2028\\u2029\\u202a\"", 0, "\"ä\u2027\\u2028\\u2029\u202a\"" },
    { "{\"<\":1}", 0, "{\n    \"\\u003c\": 1\n}" },
    { "[1.0,1e3,0.5,-0.0000001,1e21,true,0.000001,1.25e-5,123456789012345678901.0,1e20,-2.5e-9,100000000.25,0.1,-0.0]", 0,
      "[\n    1,\n    1000,\n    0.5,\n    -1e-7,\n    1e+21,\n    true,\n    0.000001,\n    0.0000125,\n"
      "    123456789012345680000,\n    100000000000000000000,\n    -2.5e-9,\n    100000000.25,\n    0.1,\n    -0\n]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) node = base_json_parse (cases[i].text, -1, NULL);
      g_autoptr(GString) out = g_string_new (NULL);

      g_assert_nonnull (node);
      base_json_append_sorted (out, node, cases[i].level);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
    }
}

static void
test_print_not_finite (void)
{
  g_autoptr(JsonNode) node = json_node_init_double (json_node_alloc (), G_MAXDOUBLE);
  g_autofree char *printed = NULL;

  json_node_set_double (node, json_node_get_double (node) * 10);
  printed = base_json_print (node, FALSE);
  g_assert_cmpstr (printed, ==, "null");
}

static void
test_copy (void)
{
  g_autoptr(JsonNode) node = parse ("{\"a\": {\"b\": [1, {\"c\": \"d\"}]}, \"n\": null, \"t\": 1}");
  g_autoptr(JsonNode) copy = base_json_copy (node);
  JsonArray *array = base_json_get_array (node, "a", "b", NULL);
  JsonArray *copied = base_json_get_array (copy, "a", "b", NULL);

  g_assert_true (json_node_equal (node, copy));
  json_array_add_int_element (copied, 2);
  json_object_set_int_member (json_array_get_object_element (copied, 1), "c", 5);
  json_object_remove_member (json_node_get_object (copy), "n");
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  g_assert_cmpstr (base_json_get_string (json_array_get_element (array, 1), "c", NULL), ==, "d");
  g_assert_nonnull (base_json_get (node, "n", NULL));
}

static void
test_digest (void)
{
  g_autoptr(JsonNode) first = parse ("{\"b\": [1, 2], \"a\": {\"y\": 1.0, \"x\": \"é\"}}");
  g_autoptr(JsonNode) second = parse ("{\"a\":{\"x\":\"\\u00e9\",\"y\":1},\"b\":[1,2]}");
  g_autoptr(JsonNode) third = parse ("{\"a\":{\"x\":\"\\u00e9\",\"y\":1},\"b\":[2,1]}");
  g_autofree char *first_digest = base_json_digest (first);
  g_autofree char *second_digest = base_json_digest (second);
  g_autofree char *third_digest = base_json_digest (third);
  const char      *canonical = "{\"a\":{\"x\":\"é\",\"y\":1},\"b\":[1,2]}";
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical, -1);

  g_assert_cmpstr (first_digest, ==, expected);
  g_assert_cmpstr (second_digest, ==, expected);
  g_assert_cmpstr (third_digest, !=, expected);
  g_assert_cmpuint (strlen (first_digest), ==, 64);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json/get", test_get);
  g_test_add_func ("/base/json/get-missing", test_get_missing);
  g_test_add_func ("/base/json/parse-and-print", test_parse_and_print);
  g_test_add_func ("/base/json/parse-invalid", test_parse_invalid);
  g_test_add_func ("/base/json/parse-error-quotes-nothing", test_parse_error_quotes_nothing);
  g_test_add_func ("/base/json/parse-length", test_parse_length);
  g_test_add_func ("/base/json/depth", test_depth);
  g_test_add_func ("/base/json/pretty", test_pretty);
  g_test_add_func ("/base/json/append-sorted", test_append_sorted);
  g_test_add_func ("/base/json/print-not-finite", test_print_not_finite);
  g_test_add_func ("/base/json/copy", test_copy);
  g_test_add_func ("/base/json/digest", test_digest);

  return g_test_run ();
}
