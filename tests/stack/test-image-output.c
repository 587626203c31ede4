/* test-image-output.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-redact.h"
#include "stack-image-output.h"

#include <string.h>

/* What a program prints, and the lines that are shown of it, with "|" after each. */
static const struct
{
  const char *name;
  const char *printed;
  const char *lines;
} cases[] = {
  { "plain", "one\ntwo\n", "one|two|" },
  { "without-end", "one\ntwo", "one|two|" },
  { "empty-lines", "\n\none\n", "||one|" },
  { "windows", "one\r\ntwo\r\n", "one|two|" },
  { "rewritten", "10 %\r50 %\r100 %\ndone\n", "100 %|done|" },
  { "rewritten-shorter", "downloading\rok\n", "ok|" },
  { "tabs", "a\tb\n", "a\tb|" },
  { "colour", "\033[1;31mError\033[0m: it failed\n", "Error: it failed|" },
  { "cursor", "\033[2K\033[1A\033[?25lStep 1\033[?25h\n", "Step 1|" },
  { "title", "\033]0;a title\aafter\n", "after|" },
  { "title-string-end", "\033]0;a title\033\\after\n", "after|" },
  { "device-string", "\033Pq#0;2\033\\after\n", "after|" },
  { "character-set", "\033(Bafter\033)0\n", "after|" },
  { "two-bytes", "\033Mafter\033c\n", "after|" },
  { "sequence-in-sequence", "\033[1\033[2mafter\n", "after|" },
  { "endless-string", "before\033]0;swallowed\nafter\n", "before|after|" },
  { "endless-control", "before\033[12;\nafter\n", "before|after|" },
  { "escape-last", "before\033", "before|" },
  { "bells", "a\a\b\vb\n", "ab|" },
  { "zero", "a\\0b\n", "ab|" },
  { "c1-control", "a\302\2331;31mb\n", "a1;31mb|" },
  { "delete", "a\177b\n", "ab|" },
  { "utf8", "Größe ✓\n", "Größe ✓|" },
  { "garbage", "a\377\376b\n", "a\357\277\275\357\277\275b|" },
  { "cut-utf8", "a\342\234\n", "a\357\277\275\357\277\275|" },
  { "secret", "token=correct-horse-battery\n", "token=•••|" },
};

static char *
join_lines (GListModel *model)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(StackImageLine) line = g_list_model_get_item (model, i);

      g_string_append_printf (lines, "%s|", stack_image_line_get_text (line));
    }

  return g_string_free (lines, FALSE);
}

/* A NUL, which a table of C texts cannot hold, is written \0. */
static GString *
expand (const char *printed)
{
  GString *bytes = g_string_new (NULL);

  for (const char *p = printed; *p != '\0'; p++)
    if (p[0] == '\\' && p[1] == '0')
      {
        g_string_append_c (bytes, '\0');
        p++;
      }
    else
      g_string_append_c (bytes, *p);

  return bytes;
}

/* Pieces of every size give the same lines. */
static void
test_case (gconstpointer data)
{
  guint    index = GPOINTER_TO_UINT (data);
  GString *bytes = expand (cases[index].printed);

  base_redact_add ("correct-horse-battery");
  for (gsize size = 1; size <= bytes->len; size++)
    {
      g_autoptr(StackImageOutput) output = stack_image_output_new (100);
      g_autofree char *lines = NULL;

      for (gsize i = 0; i < bytes->len; i += size)
        stack_image_output_write (output, bytes->str + i, MIN (size, bytes->len - i));
      stack_image_output_end (output);
      lines = join_lines (G_LIST_MODEL (output));
      g_assert_cmpstr (lines, ==, cases[index].lines);
    }
  base_redact_remove ("correct-horse-battery");
  g_string_free (bytes, TRUE);
}

static void
test_long_line (void)
{
  g_autoptr(StackImageOutput) output = stack_image_output_new (100);
  g_autoptr(StackImageLine) line = NULL;
  g_autoptr(StackImageLine) next = NULL;
  g_autofree char *text = g_strnfill (1000 * 1000, 'x');

  stack_image_output_write (output, text, strlen (text));
  stack_image_output_write (output, "\nnext\n", 6);
  line = g_list_model_get_item (G_LIST_MODEL (output), 0);
  next = g_list_model_get_item (G_LIST_MODEL (output), 1);
  g_assert_cmpuint (g_utf8_strlen (stack_image_line_get_text (line), -1), ==, 4096 + 1);
  g_assert_true (g_str_has_suffix (stack_image_line_get_text (line), "x…"));
  g_assert_cmpstr (stack_image_line_get_text (next), ==, "next");
}

/* A copy that is kept by the signals alone, as a view keeps one. */
static void
on_items_changed_cb (GListModel *model,
                     guint       position,
                     guint       n_removed,
                     guint       n_added,
                     GPtrArray  *copy)
{
  if (n_removed > 0)
    g_ptr_array_remove_range (copy, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (copy, (int) (position + i), g_list_model_get_item (model, position + i));
}

static void
test_bounded (void)
{
  g_autoptr(StackImageOutput) output = stack_image_output_new (10);
  g_autoptr(GPtrArray) copy = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GString) text = g_string_new (NULL);

  g_signal_connect (output, "items-changed", G_CALLBACK (on_items_changed_cb), copy);
  stack_image_output_begin (output, "$ build");
  for (guint i = 0; i < 95; i++)
    g_string_append_printf (text, "%u\n", i);
  stack_image_output_write (output, text->str, 20);
  stack_image_output_write (output, text->str + 20, text->len - 20);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (output)), ==, 10);
  g_assert_cmpuint (stack_image_output_get_n_forgotten (output), ==, 1 + 95 - 10);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (output), 10));
  g_assert_cmpuint (copy->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(StackImageLine) line = g_list_model_get_item (G_LIST_MODEL (output), i);
      g_autofree char *expected = g_strdup_printf ("%u", 85 + i);

      g_assert_true (g_ptr_array_index (copy, i) == line);
      g_assert_cmpstr (stack_image_line_get_text (line), ==, expected);
      g_assert_false (stack_image_line_is_command (line));
    }
}

static const struct
{
  const char *printed;
  const char *last_words;
} last_words[] = {
  { "", "" },
  { "\n\n", "" },
  { "one\ntwo\n", "one / two" },
  { "a\nb\n  c  \n\n\nd\n", "b / c / d" },
  /* minikube: recordings of image ls without a cluster */
  { "X Exiting due to MK_USAGE: loading profile: cluster \"minikube\" does not exist\n* \n"
    "╭────╮\n│    │\n│    * If the above advice does not help, please let us know:   │\n╰────╯\n",
    "X Exiting due to MK_USAGE: loading profile: cluster \"minikube\" does not exist" },
};

static void
test_last_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (last_words); i++)
    {
      g_autoptr(StackImageOutput) output = stack_image_output_new (100);
      g_autofree char *words = NULL;

      stack_image_output_write (output, "before the command\n", 19);
      stack_image_output_begin (output, "$ minikube image ls");
      stack_image_output_write (output, last_words[i].printed, strlen (last_words[i].printed));
      words = stack_image_output_dup_last_words (output);
      g_assert_cmpstr (words, ==, last_words[i].last_words);
      g_assert_false (stack_image_output_says (output, "before the command"));
    }
}

static void
test_says (void)
{
  g_autoptr(StackImageOutput) output = stack_image_output_new (100);

  stack_image_output_write (output, "write /a: No space left on device\nfailed\n", 41);
  g_assert_true (stack_image_output_says (output, "no space left on device"));
  g_assert_false (stack_image_output_says (output, "permission denied"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/image-output/lines/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/image-output/long-line", test_long_line);
  g_test_add_func ("/image-output/bounded", test_bounded);
  g_test_add_func ("/image-output/last-words", test_last_words);
  g_test_add_func ("/image-output/says", test_says);

  return g_test_run ();
}
