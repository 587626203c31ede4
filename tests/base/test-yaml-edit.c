/* test-yaml-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-json.h"
#include "base-yaml.h"

/* Sets the key “k” to the value. */
static const struct
{
  const char *name;
  const char *text;
  const char *value;
  const char *expected; /* (nullable): an error */
} cases[] = {
  { "plain", "a: 1\nk: old\nb: 2\n", "new", "a: 1\nk: new\nb: 2\n" },
  { "comments", "# top\nk: old # why\n# end", "new", "# top\nk: new # why\n# end" },
  { "double-quoted", "k: \"old\"\n", "new", "k: \"new\"\n" },
  { "single-quoted", "k: 'it''s'   # x\n", "new", "k: new   # x\n" },
  { "needs-quotes", "k: old\n", "true", "k: \"true\"\n" },
  { "number", "k: old\n", "12", "k: \"12\"\n" },
  { "colon", "k: old\n", "a: b", "k: \"a: b\"\n" },
  { "arn", "k: old\n", "arn:aws:eks:eu-1:1:cluster/x", "k: arn:aws:eks:eu-1:1:cluster/x\n" },
  { "line-break", "k: old\n", "a\nb", "k: \"a\\nb\"\n" },
  { "quotation-mark", "k: \"old\"\n", "a\"b\\", "k: \"a\\\"b\\\\\"\n" },
  { "empty-value", "k:\na: 1\n", "new", "k: new\na: 1\n" },
  { "empty-value-with-comment", "k: # none\na: 1\n", "new", "k: new # none\na: 1\n" },
  { "empty-text", "k: \"\"\n", "new", "k: \"new\"\n" },
  { "null", "k: null\n", "new", "k: new\n" },
  { "tagged", "k: !!str old\n", "new", "k: new\n" },
  { "block-text", "k: |-\n  old\na: 1\n", "new", "k: new\na: 1\n" },
  { "folded-lines", "k: old\n  and more\na: 1\n", "new", "k: new\na: 1\n" },
  { "quoted-key", "\"k\": old\n", "new", "\"k\": new\n" },
  { "last-without-newline", "a: 1\nk: old", "new", "a: 1\nk: new" },
  { "windows", "a: 1\r\nk: old\r\nb: 2\r\n", "new", "a: 1\r\nk: new\r\nb: 2\r\n" },
  { "umlauts-before", "ä: öüß # ☃ 𝄞\nk: old\n", "néw", "ä: öüß # ☃ 𝄞\nk: néw\n" },
  { "byte-order-mark", "\xef\xbb\xbfk: old\n", "new", "\xef\xbb\xbfk: new\n" },
  { "inner-key-of-that-name", "a: {k: 1}\nb:\n- k: 2\nk: old\n", "new",
    "a: {k: 1}\nb:\n- k: 2\nk: new\n" },
  { "value-of-that-name", "a: k\nk: old\n", "new", "a: k\nk: new\n" },
  { "document-marks", "---\nk: old\n...\n", "new", "---\nk: new\n...\n" },
  { "second-document", "k: old\n---\nk: other\n", "new", "k: new\n---\nk: other\n" },
  { "aliases-elsewhere", "a: &x {b: 1}\nc: *x\nk: old\n", "new", "a: &x {b: 1}\nc: *x\nk: new\n" },

  { "missing", "a: 1\nb: 2\n", "new", "k: new\na: 1\nb: 2\n" },
  { "missing-below-comment", "# top\n\na: 1\n", "new", "# top\n\nk: new\na: 1\n" },
  { "missing-indented", "---\n  a: 1\n  b: 2\n", "new", "---\n  k: new\n  a: 1\n  b: 2\n" },
  { "missing-windows", "a: 1\r\n", "new", "k: new\r\na: 1\r\n" },
  { "missing-byte-order-mark", "\xef\xbb\xbf"
                               "a: 1\n",
    "new", "\xef\xbb\xbfk: new\na: 1\n" },
  { "empty", "", "new", "k: new\n" },
  { "only-comment", "# nothing", "new", "# nothing\nk: new\n" },
  { "only-mark", "---\n", "new", "---\nk: new\n" },

  { "json", "{\"a\":1,\"k\":\"old\"}", "new", "{\"a\":1,\"k\":\"new\"}" },
  { "json-null", "{\"k\":null}", "new", "{\"k\":\"new\"}" },
  { "json-lines", "{\n    \"a\": 1,\n    \"k\": \"old\"\n}\n", "new",
    "{\n    \"a\": 1,\n    \"k\": \"new\"\n}\n" },
  { "json-missing", "{\"a\":1}", "new", "{\"k\": \"new\", \"a\":1}" },
  { "json-missing-lines", "{\n  \"a\": 1\n}\n", "new", "{\n  \"k\": \"new\",\n  \"a\": 1\n}\n" },
  { "json-empty", "{}", "new", "{\"k\": \"new\"}" },
  { "flow-plain", "{a: 1, k: old}\n", "new", "{a: 1, k: \"new\"}\n" },

  { "anchored", "k: &x old\na: *x\n", "new", NULL },
  { "alias", "a: &x old\nk: *x\n", "new", NULL },
  { "list-value", "k: [old]\n", "new", NULL },
  { "mapping-value", "k:\n  a: 1\n", "new", NULL },
  { "list", "- k\n", "new", NULL },
  { "text", "k\n", "new", NULL },
  { "syntax", "k: [\n", "new", NULL },
};

/* The result holds the value, and all else as before. */
static void
assert_meaning (const char *text,
                const char *edited,
                const char *value)
{
  g_autoptr(JsonNode) before = base_yaml_parse (text, -1, NULL);
  g_autoptr(JsonNode) after = base_yaml_parse (edited, -1, NULL);
  g_autoptr(JsonNode) expected = NULL;

  g_assert_nonnull (after);
  g_assert_cmpstr (base_json_get_string (after, "k", NULL), ==, value);
  if (JSON_NODE_HOLDS_NULL (before))
    return;
  expected = base_yaml_parse (text, -1, NULL);
  json_object_set_string_member (json_node_get_object (expected), "k", value);
  g_assert_true (json_node_equal (expected, after));
}

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  GString *edited;

  edited = base_yaml_set_text (cases[index].text, -1, "k", cases[index].value, &error);
  if (cases[index].expected == NULL)
    {
      g_assert_error (error, BASE_ERROR, BASE_ERROR_SYNTAX);
      g_assert_null (edited);
      g_test_message ("%s", error->message);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (edited->str, ==, cases[index].expected);
  assert_meaning (cases[index].text, edited->str, cases[index].value);
  g_string_free (edited, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/base/yaml-edit/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
