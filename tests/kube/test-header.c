/* test-header.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-header.h"

/* The example date of RFC 9110, 5.6.7. */
#define EXAMPLE G_GINT64_CONSTANT (784111777)

static void
test_retry_after (void)
{
  static const struct
  {
    const char *value;
    int         seconds;
  } rows[] = {
    { NULL, -1 },
    { "", -1 },
    { "0", 0 },
    { "1", 1 },
    { "120", 120 },
    { " 7 ", 7 },
    { "99999999999999999999999", G_MAXINT },
    { "-1", -1 },
    { "+1", -1 },
    { "1.5", -1 },
    { "0x10", -1 },
    { "soon", -1 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 10 },
    { "Sunday, 06-Nov-94 08:49:37 GMT", 10 },
    { "Sun Nov  6 08:49:37 1994", 10 },
    { "Sun, 06 Nov 1994 08:49:20 GMT", 0 },
    { "Sun, 06 Nov 1994 09:49:27 GMT", 3600 },
    { "Sun, 06 Nov", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].value != NULL ? rows[i].value : "none");
      g_assert_cmpint (kube_header_parse_retry_after (rows[i].value, EXAMPLE - 10), ==,
                       rows[i].seconds);
    }
}

/* The cases of apimachinery's TestParseWarningHeader and TestParseWarningHeaders, but the encoded
 * words of RFC 2616. */
static void
test_warnings (void)
{
  static const struct
  {
    const char *value;
    const char *texts; /* with "|" between them */
  } rows[] = {
    { "", "" },
    { "A B", "" },
    { "1 - \"text\"", "" },
    { "A - \"text\"", "" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  \"Tue, 15 Nov 1994 08:12:31 GMT ", "" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  \"Tue, 15 Nov 1994 08:12:31 GMT\" other", "" },
    { "  299 agent\x01name \"text\"", "" },
    { "  299 agent\xc5name \"text\"", "" },
    { "  299 - \"text\x01\"content", "" },
    { "  299 - \"text\xc5\"content", "" },
    { "299 - \"text\"", "text" },
    { "299 - \"text\\\"\\\\\\a\\b\\c\"", "text\"\\abc" },
    { "321 - \"text\"", "" }, /* not one of the API's */
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  ", "text\"\\abc" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  \"Tue, 15 Nov 1994 08:12:31 GMT\" ", "text\"\\abc" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  \"Tue, 15 Nov 1994 08:12:31 GMT\" , ", "text\"\\abc" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  , ", "text\"\\abc" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  \"Tue, 15 Nov 1994 08:12:31 GMT\" , remainder ",
      "text\"\\abc" },
    { "  299 - \"text\\\"\\\\\\a\\b\\c\"  ,remainder text,second remainder", "text\"\\abc" },
    { " 299 - \"Test of Iñtërnâtiônàlizætiøn,💝🐹🌇⛔\" ", "Test of Iñtërnâtiônàlizætiøn,💝🐹🌇⛔" },
    { "299 - \"warning 1.1\",299 - \"warning 1.2\"", "warning 1.1|warning 1.2" },
    { "299 - \"warning 2\", 299 - \"warning unquoted", "warning 2" },
    { " 299 - \"warning 3.1\" ,  299 - \"warning 3.2\" ", "warning 3.1|warning 3.2" },
    { "199 - \"other\", 299 - \"ours\"", "ours" },
    { "299 - \"ends with a backslash\\", "" },
    { "299 -", "" },
    { "299 - ", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      g_autofree char *joined = NULL;

      kube_header_parse_warnings (rows[i].value, texts);
      g_ptr_array_add (texts, NULL);
      joined = g_strjoinv ("|", (GStrv) texts->pdata);
      g_assert_cmpstr (joined, ==, rows[i].texts);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/header/retry-after", test_retry_after);
  g_test_add_func ("/kube/header/warnings", test_warnings);

  return g_test_run ();
}
