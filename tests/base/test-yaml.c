/* test-yaml.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml.h"

#include <string.h>

#include "base-error.h"
#include "base-json.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = base_yaml_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

/* What sigs.k8s.io/yaml 1.6.0 makes of the same texts, but for the cases that say why not. */
static const struct
{
  const char *yaml;
  const char *json;
} values[] = {
  /* documents */
  { "", "null" },
  { "# only a comment\n", "null" },
  { "---\n---\na: 1", "null" },
  { "a: 1\n...\nb: 2", "{\"a\":1}" },
  { "a: 1\n---\n\tbroken: [", "{\"a\":1}" },
  { "\xef\xbb\xbf"
    "a: 1",
    "{\"a\":1}" },
  { "\xef\xbb\xbf"
    "a: 1\nb: 2",
    "{\"a\":1,\"b\":2}" },
  { "a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}" },

  /* nulls and booleans */
  { "[~, null, Null, NULL, nULL]", "[null,null,null,null,\"nULL\"]" },
  { "a:", "{\"a\":null}" },
  { "[true, True, TRUE, tRUE]", "[true,true,true,\"tRUE\"]" },
  { "[false, yes, No, ON, off, y, N]", "[false,true,false,true,false,true,false]" },
  { "['yes', \"no\", 'true', \"null\", '~', '']", "[\"yes\",\"no\",\"true\",\"null\",\"~\",\"\"]" },

  /* numbers */
  { "[0, 1, -1, +1, 1_000, 1__0, -0]", "[0,1,-1,1,1000,10,0]" },
  { "[017, 0o17, 0O17, -017, 018, 08, 0x1F, 0X_1f, 0b101, -0b11]",
    "[15,15,15,-15,18,8,31,31,5,-3]" },
  { "[0x, 0b2, 0o8, 0xg, -, 1-2, 1.2.3, 1e, e1, +-1, .]",
    "[\"0x\",\"0b2\",\"0o8\",\"0xg\",\"-\",\"1-2\",\"1.2.3\",\"1e\",\"e1\",\"+-1\",\".\"]" },
  { "[1.0, 1., .5, -.5, 1.5e3, 1e3, 1.5e-7, 1_0.5, .5_0, 0.1]",
    "[1,1,0.5,-0.5,1500,1000,1.5e-07,10.5,0.5,0.1]" },
  { "[9223372036854775807, -9223372036854775808]", "[9223372036854775807,-9223372036854775808]" },
  { "[18446744073709551615, 99999999999999999999, 0777777777777777777777777, 1e21]",
    "[1.8446744073709552e+19,1e+20,7.777777777777778e+23,1e+21]" },
  { "1e400", "\"1e400\"" },
  { "[1:30, 12:30:45, 2024-02-29, 2024-02-29T12:00:00Z, 10.0.0.1]",
    "[\"1:30\",\"12:30:45\",\"2024-02-29\",\"2024-02-29T12:00:00Z\",\"10.0.0.1\"]" },

  /* keys */
  { "{1: a, 0x1F: b, 1.5: c, 1e30: d, yes: e, true : f}", NULL /* yes and true are one key */ },
  { "{1: a, 0x1F: b, 1.5: c, 1e30: d, yes: e, 'no': f}",
    "{\"1\":\"a\",\"31\":\"b\",\"1.5\":\"c\",\"1e+30\":\"d\",\"true\":\"e\",\"no\":\"f\"}" },
  { "? a\n: b\n? c\n", "{\"a\":\"b\",\"c\":null}" },
  { "\"<<\": {a: 1}", "{\"<<\":{\"a\":1}}" },
  { "&k a: 1\nb: *k", "{\"a\":1,\"b\":\"a\"}" },

  /* tags; !!binary keeps its text here */
  { "[!!str 1, !!str yes, !!str, ! yes, !!int '1', !!float 3, !!bool yes, !!null ~]",
    "[\"1\",\"yes\",\"\",\"yes\",1,3,true,null]" },
  { "[!!binary aGVsbG8=, !!timestamp 2001-01-01, !!seq [a], !!map {b: c}]",
    "[\"aGVsbG8=\",\"2001-01-01\",[\"a\"],{\"b\":\"c\"}]" },
  { "!!str yes: x", "{\"yes\":\"x\"}" },

  /* collections and texts */
  { "[a, {b: c}, ]", "[\"a\",{\"b\":\"c\"}]" },
  { "- - 1\n  - 2\n-\n  - 3", "[[1,2],[3]]" },
  { "a:\n- b: 1\n  c: 2\n- d", "{\"a\":[{\"b\":1,\"c\":2},\"d\"]}" },
  { "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", "{\"a\":\"x\\n y\\n\",\"b\":\"x y\"}" },
  { "a: |2\n   x\n", "{\"a\":\" x\\n\"}" },
  { "a: |+\n  x\n\n", "{\"a\":\"x\\n\\n\"}" },
  { "a: 'it''s'\nb: \"\\u00e9\\x41\\U0001F600\\/\"", "{\"a\":\"it's\",\"b\":\"éA😀/\"}" },
  { "a: b#c # d", "{\"a\":\"b#c\"}" },
  { "a: http://x:80/", "{\"a\":\"http://x:80/\"}" },

  /* aliases and merge keys; here, as in YAML's own rule, the mapping's own members win */
  { "a: &x {p: 1}\nb: *x\nc: [*x, *x]",
    "{\"a\":{\"p\":1},\"b\":{\"p\":1},\"c\":[{\"p\":1},{\"p\":1}]}" },
  { "a: &x 1\nb: &x 2\nc: *x", "{\"a\":1,\"b\":2,\"c\":2}" },
  { "a: &x {p: 1, q: 2}\nb: {p: 9, <<: *x}\nc: {<<: *x, p: 9}",
    "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"p\":9,\"q\":2},\"c\":{\"p\":9,\"q\":2}}" },
  { "- &x {p: 1}\n- &y {p: 3, r: 4}\n- {<<: [*x, *y]}",
    "[{\"p\":1},{\"p\":3,\"r\":4},{\"p\":1,\"r\":4}]" },
  { "<<: {a: 1}\nb: <<", "{\"b\":\"<<\",\"a\":1}" },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(JsonNode) node = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *json = NULL;

      g_test_message ("case %u", i);
      node = base_yaml_parse (values[i].yaml, -1, &error);
      if (values[i].json == NULL)
        {
          g_assert_error (error, BASE_ERROR, BASE_ERROR_SYNTAX);
          continue;
        }
      g_assert_no_error (error);
      json = base_json_print (node, FALSE);
      g_assert_cmpstr (json, ==, values[i].json);
    }
}

static const struct
{
  const char *yaml;
  BaseError   code;
  const char *start; /* of the message */
} invalid[] = {
  { "a:\n\tb: 1", BASE_ERROR_SYNTAX, "line 2, column 1: a tab cannot start an indented line." },
  { "é: @b", BASE_ERROR_SYNTAX, "line 1, column 4: a text cannot start with “@”." },
  { "a: %b", BASE_ERROR_SYNTAX, "line 1, column 4: a text cannot start with “%”." },
  { "a: b: c", BASE_ERROR_SYNTAX, "line 1, column 5: “key: value” is not allowed here." },
  { "a: 1\n b: 2", BASE_ERROR_SYNTAX, "line 2, column 3: “key: value” is not allowed here." },
  { "a: 1\nb\nc: 2", BASE_ERROR_SYNTAX, "line 3, column 1: this key has no “:” behind it." },
  { "a:\n    b: 1\n  c: 2", BASE_ERROR_SYNTAX, "line 3, column 3: a key is expected here." },
  { "- a\nb: 1", BASE_ERROR_SYNTAX, "line 2, column 1: another list item" },
  { "a: -", BASE_ERROR_SYNTAX, "line 1, column 4: a list item" },
  { "[1, 2", BASE_ERROR_SYNTAX,
    "line 2, column 1: the list is not closed. Add “,” or “]”. It began at line 1, column 1." },
  { "{a: 1", BASE_ERROR_SYNTAX,
    "line 2, column 1: the mapping is not closed. Add “,” or “}”. It began at line 1, column 1." },
  { "a: \"bc\nd", BASE_ERROR_SYNTAX,
    "line 2, column 2: the text ends inside quotation marks. Close them. It began at line 1, "
    "column 4." },
  { "a: \"\\q\"", BASE_ERROR_SYNTAX, "line 1, column 5: a backslash" },
  { "a: !x!y z", BASE_ERROR_SYNTAX, "line 1, column 4: the tag has an unknown handle." },
  { "a: *x", BASE_ERROR_SYNTAX, "line 1, column 4: “*x” repeats a value" },
  { "&a [*a]", BASE_ERROR_SYNTAX, "line 1, column 5: “*a” repeats a value" },
  { "a: &x 1\n---\nb: *x", BASE_ERROR_SYNTAX, "line 3, column 4: “*x” repeats a value" },
  { "a: 1\nb: 2\na: 3", BASE_ERROR_SYNTAX, "line 3, column 1: the key “a” appears twice" },
  { "1: a\n'1': b", BASE_ERROR_SYNTAX, "line 2, column 1: the key “1” appears twice" },
  { "[a]: b", BASE_ERROR_SYNTAX, "line 1, column 1: a list or mapping cannot be a key." },
  { "a: {{ b }}", BASE_ERROR_SYNTAX, "line 1, column 5: a list or mapping cannot be a key." },
  { "~: b", BASE_ERROR_SYNTAX, "line 1, column 1: a key cannot be empty or null." },
  { "<<: 1", BASE_ERROR_SYNTAX, "line 1, column 1: “<<” in this mapping" },
  { "<<: [{a: 1}, 2]", BASE_ERROR_SYNTAX, "line 1, column 1: “<<” in this mapping" },
  { "a: .inf", BASE_ERROR_SYNTAX, "line 1, column 4: Kubernetes has no number “.inf”." },
  { "[-.Inf]", BASE_ERROR_SYNTAX, "line 1, column 2: Kubernetes has no number “-.Inf”." },
  { "a: .NaN", BASE_ERROR_SYNTAX, "line 1, column 4: Kubernetes has no number “.NaN”." },
  { "a: !!int x", BASE_ERROR_SYNTAX, "line 1, column 4: “x” cannot be read as the type “int”" },
  { "a: !!int 1.5", BASE_ERROR_SYNTAX, "line 1, column 4: “1.5” cannot be read as the type" },
  { "a: !!null x", BASE_ERROR_SYNTAX, "line 1, column 4: “x” cannot be read as the type “null”" },
  { "a: !!set {b: }", BASE_ERROR_SYNTAX, "line 1, column 4: the tag “set” does not fit" },
  { "a: !!seq {b: 1}", BASE_ERROR_SYNTAX, "line 1, column 4: the tag “seq” does not fit" },
  { "a: !secret b", BASE_ERROR_SYNTAX, "line 1, column 4: Kubernetes knows no values of the type" },
  { "a: \"\\0\"", BASE_ERROR_BINARY, "line 1, column 4: this text holds the character NUL" },
  { "a: \xff", BASE_ERROR_BINARY, "line 1, column 4: this is not UTF-8 text." },
  { "a: b\né\x01", BASE_ERROR_BINARY, "line 2, column 2: the character U+0001" },
};

static void
test_invalid (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) documents = base_yaml_parse_all (invalid[i].yaml, -1, &error);

      g_test_message ("case %u", i);
      g_assert_null (documents);
      g_assert_error (error, BASE_ERROR, (int) invalid[i].code);
      if (!g_str_has_prefix (error->message, invalid[i].start))
        g_assert_cmpstr (error->message, ==, invalid[i].start);
    }
}

static void
test_nul (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (base_yaml_parse ("a: b\nc\0", 7, &error));
  g_assert_error (error, BASE_ERROR, BASE_ERROR_BINARY);
  g_assert_true (g_str_has_prefix (error->message, "line 2, column 2: this is not a text file"));
}

static void
test_length (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = base_yaml_parse ("a: bcd", 4, &error);
  g_autoptr(JsonNode) empty = base_yaml_parse (NULL, 0, &error);

  g_assert_cmpstr (base_json_get_string (node, "a", NULL), ==, "b");
  g_assert_true (JSON_NODE_HOLDS_NULL (empty));
}

static void
test_all (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  g_autoptr(GPtrArray) none = NULL;

  documents = base_yaml_parse_all ("# licence\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n"
                                   "---\n- c\n---\n",
                                   -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (documents->len, ==, 3);
  g_assert_cmpint (base_json_get_int (documents->pdata[0], 0, "a", NULL), ==, 1);
  g_assert_cmpint (base_json_get_int (documents->pdata[1], 0, "b", NULL), ==, 2);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (documents->pdata[2]));

  none = base_yaml_parse_all ("", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
assert_limit (const char *text,
              gssize      length,
              BaseError   code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (base_yaml_parse (text, length, &error));
  g_assert_error (error, BASE_ERROR, (int) code);
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *repeated = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (repeated, text);
  return g_string_free (repeated, FALSE);
}

static void
test_limit_size (void)
{
  gsize            limit = 2 * 1024 * 1024;
  g_autofree char *text = g_malloc (limit + 1);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  memset (text, 'a', limit + 1);
  node = base_yaml_parse (text, (gssize) limit, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (json_node_get_string (node)), ==, limit);
  assert_limit (text, (gssize) limit + 1, BASE_ERROR_TOO_LARGE);
}

static void
test_limit_depth (void)
{
  g_autofree char *open = repeat ("[", 64);
  g_autofree char *close = repeat ("]", 64);
  g_autofree char *deep = g_strconcat (open, close, NULL);
  g_autofree char *too_deep = g_strconcat ("[", deep, "]", NULL);
  g_autofree char *bomb = repeat ("[", 1000000);
  g_autofree char *block_bomb = repeat ("- ", 1000);
  g_autofree char *alias = g_strconcat ("- &a ", open + 1, close + 1, "\n- *a", NULL);
  g_autofree char *alias_too_deep = g_strconcat ("- &a ", open + 1, close + 1, "\n- [*a]", NULL);
  g_autoptr(JsonNode) node = parse (deep);
  g_autoptr(JsonNode) alias_node = parse (alias);

  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
  g_assert_true (JSON_NODE_HOLDS_ARRAY (alias_node));
  assert_limit (too_deep, -1, BASE_ERROR_TOO_DEEP);
  assert_limit (bomb, -1, BASE_ERROR_TOO_DEEP);
  assert_limit (block_bomb, -1, BASE_ERROR_TOO_DEEP);
  assert_limit (alias_too_deep, -1, BASE_ERROR_TOO_DEEP);
}

static void
test_limit_nodes (void)
{
  g_autofree char *elements = repeat ("1,", 199999);
  g_autofree char *many = g_strconcat ("[", elements, "]", NULL);
  g_autofree char *too_many = g_strconcat ("[", elements, "1]", NULL);
  g_autoptr(JsonNode) node = parse (many);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 199999);
  assert_limit (too_many, -1, BASE_ERROR_TOO_LARGE);
}

/* The “billion laughs”: nine levels that each repeat the one before nine times. */
static void
test_limit_aliases (void)
{
  g_autoptr(GString) laughs = g_string_new ("a0: &a0 lol\n");
  g_autofree char *long_text = repeat ("x", 100000);
  g_autofree char *repeats = repeat ("*t, ", 1000);
  g_autofree char *texts = g_strdup_printf ("a: &t %s\nb: [%s]", long_text, repeats);
  g_autofree char *long_keys = g_strdup_printf ("a: &t {? %s : 1}\nb: [%s]", long_text, repeats);

  for (guint i = 1; i < 10; i++)
    {
      g_autofree char *alias = g_strdup_printf ("*a%u, ", i - 1);
      g_autofree char *nine = repeat (alias, 9);

      g_string_append_printf (laughs, "a%u: &a%u [%s]\n", i, i, nine);
    }
  assert_limit (laughs->str, -1, BASE_ERROR_TOO_LARGE);
  assert_limit (texts, -1, BASE_ERROR_TOO_LARGE);
  assert_limit (long_keys, -1, BASE_ERROR_TOO_LARGE);
}

#define TEN_WORDS "1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567"

static const struct
{
  const char *json;
  const char *yaml;
} printed[] = {
  { "null", "null\n" },
  { "\"text\"", "text\n" },
  { "\"a\\nb\"", "|-\n  a\n  b\n" },
  { "{}", "{}\n" },
  { "[]", "[]\n" },
  { "{\"a\":1,\"b\":-2.5,\"c\":true,\"d\":null,\"e\":\"x y\"}",
    "a: 1\nb: -2.5\nc: true\nd: null\ne: x y\n" },
  { "{\"a\":{\"b\":{}},\"c\":[]}", "a:\n  b: {}\nc: []\n" },
  { "{\"a\":[{\"b\":1,\"c\":[\"x\"]},[1,[2]]]}",
    "a:\n- b: 1\n  c:\n  - x\n- - 1\n  - - 2\n" },
  { "[\"yes\",\"y\",\"on\",\"null\",\"~\",\"\",\"1\",\"0x1\",\"1e3\",\".5\",\"true\",\"<<\",\"=\"]",
    "- \"yes\"\n- \"y\"\n- \"on\"\n- \"null\"\n- \"~\"\n- \"\"\n- \"1\"\n- \"0x1\"\n- \"1e3\"\n"
    "- \".5\"\n- \"true\"\n- \"<<\"\n- \"=\"\n" },
  { "[\"2024-02-29T12:00:00Z\",\"12:30\",\".inf\",\"1_000\"]",
    "- \"2024-02-29T12:00:00Z\"\n- \"12:30\"\n- \".inf\"\n- \"1_000\"\n" },
  { "[\"10.0.0.1\",\"1.2.3\",\"--port=80\",\"-x\",\"a:b\","
    "\"a#b\",\"http://a/\",\"it's\",\"Größe\"]",
    "- 10.0.0.1\n- 1.2.3\n- --port=80\n- -x\n- a:b\n- a#b\n- http://a/\n- it's\n- Größe\n" },
  { "[\"- a\",\"-\",\"a: b\",\"a:\",\"a #b\",\" a\",\"a \",\"---\",\"...\","
    "\"*a\",\"{a\",\"%\",\"@\"]",
    "- \"- a\"\n- \"-\"\n- \"a: b\"\n- \"a:\"\n- \"a #b\"\n- \" a\"\n- \"a \"\n- \"---\"\n"
    "- \"...\"\n"
    "- \"*a\"\n- \"{a\"\n- \"%\"\n- \"@\"\n" },
  { "[\"\\\"\\\\\",\"\\t\",\"\\r\\n\",\"\\u001b\\u0085\\u2028\\ufeff\",\"\\n\"]",
    "- \"\\\"\\\\\"\n- \"\\t\"\n- \"\\r\\n\"\n- \"\\x1B\\x85\\u2028\\uFEFF\"\n- \"\\n\"\n" },
  { "{\"1\":\"a\",\"true\":\"b\",\"a b\":\"c\",\"a\\nb\":\"d\",\"\":\"e\"}",
    "\"1\": a\n\"true\": b\na b: c\n\"a\\nb\": d\n\"\": e\n" },
  { "{\"a\":\"x\\ny\\n\",\"b\":\"x\\ny\",\"c\":\"x\\n\\n\",\"d\":[\"\\n x\\n\"]}",
    "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\nd:\n- |2\n\n   x\n" },
  /* From kubectl: the first space behind column 80, unless it stands beside another one. */
  { "{\"a\":\"" TEN_WORDS " 1 2\",\"b\":[\"" TEN_WORDS "  1 2\",\"" TEN_WORDS " 123 \\t1 2\",\"" TEN_WORDS ":  \"]}",
    "a: " TEN_WORDS "\n  1 2\nb:\n- " TEN_WORDS "  1\n  2\n- \"" TEN_WORDS "\n  123 \\t1 2\"\n- \"" TEN_WORDS ":  \"\n" },
};

static void
test_print (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (printed); i++)
    {
      g_autoptr(JsonNode) node = base_json_parse (printed[i].json, -1, NULL);
      g_autofree char *yaml = base_yaml_print (node);
      g_autoptr(JsonNode) back = parse (yaml);

      g_assert_cmpstr (yaml, ==, printed[i].yaml);
      g_assert_true (json_node_equal (node, back));
    }
}

static void
test_print_long_key (void)
{
  g_autoptr(JsonNode) node = base_json_parse ("{\"a\": {\"b\": 1}}", -1, NULL);
  g_autofree char *key = repeat ("é", 1500);
  g_autofree char *yaml = NULL;
  g_autoptr(JsonNode) back = NULL;

  json_object_set_member (json_node_get_object (node), key,
                          base_json_parse ("[{\"c\": \"x\\ny\"}, [1]]", -1, NULL));
  json_object_set_member (base_json_get_object (node, "a", NULL), key,
                          base_json_parse ("{\"c\": {}}", -1, NULL));
  yaml = base_yaml_print (node);
  back = parse (yaml);
  g_assert_true (json_node_equal (node, back));
}

/* Pieces that mean something to YAML, put together by chance. */
static char *
random_text (GRand *rand)
{
  static const char *pieces[] = {
    "a",
    "word",
    "é",
    "😀",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    ":",
    ": ",
    "#",
    " #",
    "-",
    "- ",
    "---",
    "...",
    "?",
    "? ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "\\",
    "<<",
    "=",
    "~",
    "null",
    "yes",
    "no",
    "true",
    "1",
    "0",
    "0x",
    "_",
    ".",
    "e",
    "+",
    "12:30",
    "2024-01-01",
    ".inf",
    "\x01",
    "\x7f",
    "\xc2\x85",
    "\xc2\xa0",
    "\xe2\x80\xa8",
    "\xef\xbb\xbf",
    "\xef\xbf\xbf",
    "\xf0\x9f\xbf\xbf",
  };
  GString *text = g_string_new (NULL);
  gint32   n = g_rand_int_range (rand, 0, 7);

  for (gint32 i = 0; i < n; i++)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static JsonNode *
random_scalar (GRand *rand)
{
  JsonNode        *node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *text = NULL;

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      json_node_set_boolean (node, g_rand_boolean (rand));
      break;
    case 1:
      json_node_set_int (node, (gint64) ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)));
      break;
    case 2:
      json_node_set_double (node, g_rand_double_range (rand, -1e6, 1e6));
      break;
    case 3:
      json_node_set_double (node, g_rand_double (rand) * 1e-300);
      break;
    case 4:
      json_node_unref (node);
      return json_node_new (JSON_NODE_NULL);
    default:
      text = random_text (rand);
      json_node_set_string (node, text);
      break;
    }
  return node;
}

static JsonNode *
random_node (GRand *rand,
             guint  depth)
{
  JsonNode *node;
  gint32    kind = g_rand_int_range (rand, 0, 3);
  gint32    n = g_rand_int_range (rand, 0, 4);

  if (kind == 0 || depth == 0)
    return random_scalar (rand);
  if (kind == 1)
    {
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (node, json_array_new ());
      for (gint32 i = 0; i < n; i++)
        json_array_add_element (json_node_get_array (node), random_node (rand, depth - 1));
      return node;
    }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, json_object_new ());
  for (gint32 i = 0; i < n; i++)
    {
      g_autofree char *key = random_text (rand);

      json_object_set_member (json_node_get_object (node), key, random_node (rand, depth - 1));
    }
  return node;
}

static void
test_round_trip (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20240229);

  for (guint i = 0; i < 6000; i++)
    {
      g_autoptr(JsonNode) node = random_node (rand, 6);
      g_autofree char *yaml = base_yaml_print (node);
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) back = base_yaml_parse (yaml, -1, &error);
      g_autofree char *json = base_json_print (node, FALSE);
      g_autofree char *back_json = NULL;
      g_autoptr(JsonNode) from_json = NULL;

      if (error != NULL)
        g_error ("%s: %s\n%s", error->message, json, yaml);
      back_json = base_json_print (back, FALSE);
      g_assert_cmpstr (back_json, ==, json);
      g_assert_true (json_node_equal (back, node));

      from_json = base_json_parse (json, -1, &error);
      g_assert_no_error (error);
      g_assert_true (json_node_equal (from_json, node));
    }
}

/* JSON is YAML but for what YAML cannot hold as it stands. */
static void
test_json_is_yaml (void)
{
  const char *json = "{\"a\": [1, 2.5, \"x\\ny \\\"z\\\" \\u00e9\", null, true],"
                     " \"b\": {\"c\": {}}}\n";
  g_autoptr(JsonNode) from_json = base_json_parse (json, -1, NULL);
  g_autoptr(JsonNode) from_yaml = parse (json);

  g_assert_true (json_node_equal (from_json, from_yaml));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/yaml/values", test_values);
  g_test_add_func ("/base/yaml/invalid", test_invalid);
  g_test_add_func ("/base/yaml/nul", test_nul);
  g_test_add_func ("/base/yaml/length", test_length);
  g_test_add_func ("/base/yaml/all", test_all);
  g_test_add_func ("/base/yaml/limit-size", test_limit_size);
  g_test_add_func ("/base/yaml/limit-depth", test_limit_depth);
  g_test_add_func ("/base/yaml/limit-nodes", test_limit_nodes);
  g_test_add_func ("/base/yaml/limit-aliases", test_limit_aliases);
  g_test_add_func ("/base/yaml/print", test_print);
  g_test_add_func ("/base/yaml/print-long-key", test_print_long_key);
  g_test_add_func ("/base/yaml/round-trip", test_round_trip);
  g_test_add_func ("/base/yaml/json-is-yaml", test_json_is_yaml);

  return g_test_run ();
}
