/* test-json-slice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json-slice.h"
#include "base-json.h"

#include <string.h>

static gboolean
init (BaseJsonSlice *slice,
      const char    *text)
{
  return base_json_slice_init (slice, text, strlen (text));
}

/* What is accepted here is accepted by the parser too; what is rare is left to it. */
static void
test_accepted (void)
{
  static const struct
  {
    const char *text;
    gboolean    accepted;
    gboolean    parsed;
  } rows[] = {
    { "{}", TRUE, TRUE },
    { " [ ] ", TRUE, TRUE },
    { "\"a\"", TRUE, TRUE },
    { "true", TRUE, TRUE },
    { "null", TRUE, TRUE },
    { "-12", TRUE, TRUE },
    { "0", TRUE, TRUE },
    { "{\"a\":[1,{\"b\":\"c\\\\\"},false],\"d\":{}}", TRUE, TRUE },
    { "\"\\u00e4\\n\\/\\\"\"", TRUE, TRUE },
    { "\"\303\244\"", TRUE, TRUE },
    { "1.5", FALSE, TRUE },
    { "1e3", FALSE, TRUE },
    { "9223372036854775807", FALSE, TRUE },
    { "\"\\ud83d\\ude00\"", FALSE, TRUE },
    { "\"\\u0000\"", FALSE, TRUE },
    { "", FALSE, FALSE },
    { " ", FALSE, FALSE },
    { "{", FALSE, FALSE },
    { "[1", FALSE, FALSE },
    { "[1]]", FALSE, FALSE },
    { "{} {}", FALSE, FALSE },
    { "[1}", FALSE, FALSE },
    { "{\"a\":1]", FALSE, FALSE },
    { "[,1]", FALSE, FALSE },
    { "{\"a\"}", FALSE, FALSE },
    { "{\"a\":}", FALSE, FALSE },
    { "{1:2}", FALSE, FALSE },
    { "{\"a\" 1}", FALSE, FALSE },
    { "[1 2]", FALSE, FALSE },
    { "truer", FALSE, FALSE },
    { "tru", FALSE, FALSE },
    { "01", FALSE, FALSE },
    { "-", FALSE, FALSE },
    { "+1", FALSE, FALSE },
    { "'a'", FALSE, FALSE },
    { "\"a", FALSE, FALSE },
    { "\"a\\\"", FALSE, FALSE },
    { "\"a\\", FALSE, FALSE },
    { "\"\\x\"", FALSE, FALSE },
    { "\"\\u12g4\"", FALSE, FALSE },
    { "\"\\u12", FALSE, FALSE },
    { "\"\\ud83d\"", FALSE, FALSE },
    { "\"a\tb\"", FALSE, FALSE },
    { "\"\377\"", FALSE, FALSE },
    { "// a", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BaseJsonSlice slice;
      g_autoptr(JsonNode) node = base_json_parse (rows[i].text, -1, NULL);
      /* Exactly as long as the text, so that reading beyond its end is found. */
      g_autofree char *copy = strlen (rows[i].text) > 0 ? g_memdup2 (rows[i].text, strlen (rows[i].text)) : NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (node != NULL, ==, rows[i].parsed);
      g_assert_cmpint (base_json_slice_init (&slice, copy, strlen (rows[i].text)), ==,
                       rows[i].accepted);
    }
}

static void
test_depth (void)
{
  for (guint depth = 127; depth <= 130; depth++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      BaseJsonSlice slice;

      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, '[');
      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, ']');
      g_assert_cmpint (init (&slice, text->str), ==, depth <= 128);
    }
}

static void
assert_text (const BaseJsonSlice *slice,
             const char          *expected)
{
  g_autofree char *text = slice->text != NULL ? g_strndup (slice->text, slice->length) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_members (void)
{
  static const char *const names[] = { "b", "missing", "c", "e" };
  BaseJsonSlice            slice;
  BaseJsonSlice            members[G_N_ELEMENTS (names)];

  g_assert_true (init (&slice, " { \"a\" : [ \"]\" ] , \"b\" : { \"x\" : \"}\\\"\" } ,\"c\":1,\"c\":-20 , "
                               "\"d\":\"\\\\\",\"e\":null } "));
  g_assert_cmpuint (base_json_slice_get (&slice, G_N_ELEMENTS (names), names, members), ==, 3);
  assert_text (&members[0], "{ \"x\" : \"}\\\"\" }");
  assert_text (&members[1], NULL);
  assert_text (&members[2], "-20");
  assert_text (&members[3], "null");
  g_assert_false (base_json_slice_is_object (&members[1]));
  g_assert_true (base_json_slice_is_object (&members[0]));
  g_assert_cmpuint (base_json_slice_get (&members[2], G_N_ELEMENTS (names), names, members), ==, 0);
  g_assert_null (base_json_slice_parse (&members[1]));
  g_assert_null (base_json_slice_dup_string (&members[1]));

  g_assert_true (init (&slice, "{}"));
  g_assert_cmpuint (base_json_slice_get (&slice, G_N_ELEMENTS (names), names, members), ==, 0);
}

static void
test_elements (void)
{
  static const char *const expected[] = { "1", "[[], {}]", "\"a,]\"", "true", "{\"a\":[1]}" };
  BaseJsonSlice            slice;
  BaseJsonWalk             walk;
  guint                    n = 0;

  g_assert_true (init (&slice, "[1, [[], {}],\"a,]\" ,true,{\"a\":[1]}\n]"));
  base_json_walk_init (&walk, &slice);
  while (base_json_walk_next (&walk))
    {
      g_assert_cmpuint (n, <, G_N_ELEMENTS (expected));
      assert_text (&walk.value, expected[n++]);
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
}

static void
test_strings (void)
{
  static const struct
  {
    const char *text;
    const char *string; /* (nullable): no string */
    gboolean    equals;
  } rows[] = {
    { "\"abc\"", "abc", TRUE },
    { "\"\"", "", FALSE },
    { "\"abcd\"", "abcd", FALSE },
    { "\"a\\u0062c\"", "abc", FALSE },
    { "\"a\\n\\\"\"", "a\n\"", FALSE },
    { "12", NULL, FALSE },
    { "[\"abc\"]", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BaseJsonSlice    slice;
      g_autofree char *string = NULL;

      g_assert_true (init (&slice, rows[i].text));
      string = base_json_slice_dup_string (&slice);
      g_assert_cmpstr (string, ==, rows[i].string);
      g_assert_cmpint (base_json_slice_equals (&slice, "abc"), ==, rows[i].equals);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json-slice/accepted", test_accepted);
  g_test_add_func ("/base/json-slice/depth", test_depth);
  g_test_add_func ("/base/json-slice/members", test_members);
  g_test_add_func ("/base/json-slice/elements", test_elements);
  g_test_add_func ("/base/json-slice/strings", test_strings);

  return g_test_run ();
}
