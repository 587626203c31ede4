/* test-diff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-diff.h"
#include "stack-edit-script-private.h"

#include <string.h>

/* What `diff -U` prints, but for a ",1" that it leaves out. */
static const struct
{
  const char *name;
  const char *before;
  const char *after;
  guint       context;
  const char *printed;
} cases[] = {
  { "equal", "a\nb\n", "a\nb\n", 3, "" },
  { "both-empty", "", "", 3, "" },
  { "one-line", "a\nb\nc\n", "a\nx\nc\n", 1, "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n" },
  { "no-context", "a\nb\nc\n", "a\nx\nc\n", 0, "@@ -2,1 +2,1 @@\n-b\n+x\n" },
  { "new", "", "a\nb\n", 3, "@@ -0,0 +1,2 @@\n+a\n+b\n" },
  { "gone", "a\nb\n", "", 3, "@@ -1,2 +0,0 @@\n-a\n-b\n" },
  { "added-between", "a\nb\n", "a\nx\nb\n", 0, "@@ -1,0 +2,1 @@\n+x\n" },
  { "removed-between", "a\nx\nb\n", "a\nb\n", 0, "@@ -2,1 +1,0 @@\n-x\n" },
  { "two-pieces", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nx\n3\n4\n5\n6\n7\ny\n9\n", 1,
    "@@ -1,3 +1,3 @@\n 1\n-2\n+x\n 3\n@@ -7,3 +7,3 @@\n 7\n-8\n+y\n 9\n" },
  { "one-piece-of-two", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nx\n3\n4\n5\n6\n7\ny\n9\n", 3,
    "@@ -1,9 +1,9 @@\n 1\n-2\n+x\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n 9\n" },
  { "touching", "1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", 1, "@@ -1,2 +1,2 @@\n-1\n+x\n 2\n@@ -4,2 +4,2 @@\n 4\n-5\n+y\n" },
  { "end-of-text", "a", "a\nb", 3, "@@ -1,1 +1,2 @@\n a\n+b\n" },
  { "empty-lines", "a\n\nb\n", "a\n\n\nb\n", 0, "@@ -2,0 +3,1 @@\n+\n" },
};

static void
test_print (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(StackDiff) diff = stack_diff_new (cases[index].before, cases[index].after);
  g_autofree char *printed = stack_diff_print (diff, cases[index].context);

  g_assert_cmpstr (printed, ==, cases[index].printed);
}

/* Changed words stand between the marks; a line without marks changed as a whole. */
static const struct
{
  const char *name;
  const char *before;
  const char *after;
  const char *marked_before;
  const char *marked_after;
} word_cases[] = {
  { "number", "  replicas: 2", "  replicas: 3", "  replicas: «2»", "  replicas: «3»" },
  { "tag", "image: app:v1", "image: app:v2", "image: app:«v1»", "image: app:«v2»" },
  { "added", "a: one", "a: one two", "a: one", "a: one« two»" },
  { "removed", "a: one two", "a: one", "a: one« two»", "a: one" },
  { "two-places", "url: https://a.example:1/", "url: https://b.example:2/",
    "url: https://«a».example:«1»/", "url: https://«b».example:«2»/" },
  { "umlaut", "name: schön weiß", "name: schön rot", "name: schön «weiß»", "name: schön «rot»" },
  { "nothing-alike", "one two three", "alpha beta gamma", "one two three", "alpha beta gamma" },
  { "secret", "  KEY: •••", "  KEY: ••• changed", "  KEY: •••", "  KEY: •••« changed»" },
};

static char *
mark (const StackDiffLine *line)
{
  GString *text = g_string_new (line->text);

  for (guint i = line->spans != NULL ? line->spans->len : 0; i-- > 0;)
    {
      const StackDiffSpan *span = &g_array_index (line->spans, StackDiffSpan, i);

      g_assert_cmpuint (span->start, <, span->end);
      g_assert_cmpuint (span->end, <=, strlen (line->text));
      g_string_insert (text, span->end, "»");
      g_string_insert (text, span->start, "«");
    }

  return g_string_free (text, FALSE);
}

static void
test_words (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(StackDiff) diff = stack_diff_new (word_cases[index].before, word_cases[index].after);
  GPtrArray       *lines = stack_diff_get_lines (diff);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_cmpuint (lines->len, ==, 2);
  before = mark (g_ptr_array_index (lines, 0));
  after = mark (g_ptr_array_index (lines, 1));
  g_assert_cmpstr (before, ==, word_cases[index].marked_before);
  g_assert_cmpstr (after, ==, word_cases[index].marked_after);
}

/* The example of the paper: five differences between ABCABBA and CBABAC. */
static void
test_paper (void)
{
  g_autoptr(StackDiff) diff = stack_diff_new ("A\nB\nC\nA\nB\nB\nA\n", "C\nB\nA\nB\nA\nC\n");

  g_assert_cmpuint (stack_diff_get_n_removed (diff), ==, 3);
  g_assert_cmpuint (stack_diff_get_n_added (diff), ==, 2);
}

#define LENGTH 12

/* The shortest way by the textbook's table, which is slow and plain. */
static guint
measure_shortest (const guint *before,
                  guint        n_before,
                  const guint *after,
                  guint        n_after)
{
  guint table[LENGTH + 1][LENGTH + 1];

  for (guint i = 0; i <= n_before; i++)
    for (guint j = 0; j <= n_after; j++)
      {
        if (i == 0 || j == 0)
          table[i][j] = i + j;
        else if (before[i - 1] == after[j - 1])
          table[i][j] = table[i - 1][j - 1];
        else
          table[i][j] = 1 + MIN (table[i - 1][j], table[i][j - 1]);
      }

  return table[n_before][n_after];
}

static guint
fill (guint *elements)
{
  guint n = (guint) g_test_rand_int_range (0, LENGTH + 1);

  for (guint i = 0; i < n; i++)
    elements[i] = (guint) g_test_rand_int_range (1, 5);

  return n;
}

/* What is left on both sides is the same, and no shorter way is there. */
static void
test_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint    before[LENGTH];
      guint    after[LENGTH];
      gboolean removed[LENGTH];
      gboolean added[LENGTH];
      guint    n_before = fill (before);
      guint    n_after = fill (after);
      guint    cost = 0;
      guint    j = 0;

      stack_edit_script_find (before, n_before, after, n_after, removed, added);
      for (guint i = 0; i < n_before; i++)
        {
          cost += removed[i] ? 1 : 0;
          for (; !removed[i] && j < n_after && added[j]; j++)
            cost++;
          if (removed[i])
            continue;
          g_assert_cmpuint (j, <, n_after);
          g_assert_cmpuint (before[i], ==, after[j++]);
        }
      for (; j < n_after; j++, cost++)
        g_assert_true (added[j]);
      g_assert_cmpuint (cost, ==, measure_shortest (before, n_before, after, n_after));
    }
}

/* More differences than are looked for: all of the middle counts. */
static void
test_large (void)
{
  g_autoptr(GString) before = g_string_new ("first\n");
  g_autoptr(GString) after = g_string_new ("first\n");
  g_autoptr(StackDiff) diff = NULL;

  for (guint i = 0; i < 3000; i++)
    {
      g_string_append_printf (before, "old %u\n", i);
      g_string_append_printf (after, "new %u\n", i);
    }
  g_string_append (before, "last\n");
  g_string_append (after, "last\n");
  diff = stack_diff_new (before->str, after->str);
  g_assert_cmpuint (stack_diff_get_n_removed (diff), ==, 3000);
  g_assert_cmpuint (stack_diff_get_n_added (diff), ==, 3000);
  g_assert_cmpuint (stack_diff_get_lines (diff)->len, ==, 6002);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/stack/diff/print/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_print);
    }
  for (guint i = 0; i < G_N_ELEMENTS (word_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/stack/diff/words/", word_cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_words);
    }
  g_test_add_func ("/stack/diff/paper", test_paper);
  g_test_add_func ("/stack/diff/random", test_random);
  g_test_add_func ("/stack/diff/large", test_large);

  return g_test_run ();
}
