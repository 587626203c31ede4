/* test-log-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-search.h"

#include <string.h>

static void
append (KubeLogBuffer *buffer,
        const char    *text)
{
  kube_log_buffer_append (buffer, 0, text, strlen (text));
}

static void
test_find (void)
{
  const char *text = "GET /api/Health 200";

  g_assert_true (ui_log_search_find (text, strlen (text), "health") == text + 9);
  g_assert_true (ui_log_search_find (text, strlen (text), "GET") == text);
  g_assert_true (ui_log_search_find (text, strlen (text), "200") == text + 16);
  g_assert_null (ui_log_search_find (text, strlen (text) - 1, "200"));
  g_assert_null (ui_log_search_find (text, strlen (text), ""));
  g_assert_null (ui_log_search_find (NULL, 0, "a"));
  g_assert_nonnull (ui_log_search_find ("Übergröße", strlen ("Übergröße"), "größe"));
}

static void
test_growing (void)
{
  g_autoptr (KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autoptr (UiLogSearch) search = ui_log_search_new ();

  append (buffer, "one error");
  append (buffer, "two");
  ui_log_search_set_buffer (search, buffer);
  g_assert_cmpuint (ui_log_search_get_count (search), ==, 0);
  ui_log_search_set_needle (search, "error");
  g_assert_cmpuint (ui_log_search_get_count (search), ==, 1);
  append (buffer, "three ERROR");
  g_assert_cmpuint (ui_log_search_get_count (search), ==, 2);
  ui_log_search_set_needle (search, "");
  g_assert_cmpuint (ui_log_search_get_count (search), ==, 0);
  g_assert_null (ui_log_search_get_needle (search));
}

static void
test_stepping (void)
{
  g_autoptr (KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autoptr (UiLogSearch) search = ui_log_search_new ();

  ui_log_search_set_buffer (search, buffer);
  ui_log_search_set_needle (search, "x");
  g_assert_cmpuint (ui_log_search_step (search, 1), ==, G_MAXUINT);
  append (buffer, "x");
  append (buffer, "-");
  append (buffer, "x");
  append (buffer, "x");
  g_assert_cmpuint (ui_log_search_step (search, -1), ==, 3);
  g_assert_cmpuint (ui_log_search_get_current (search), ==, 3);
  g_assert_cmpuint (ui_log_search_step (search, 1), ==, 0);
  g_assert_cmpuint (ui_log_search_step (search, 1), ==, 2);
  g_assert_cmpuint (ui_log_search_step (search, -1), ==, 0);
  g_assert_cmpuint (ui_log_search_step (search, -1), ==, 3);
}

/* What falls out of the buffer is forgotten; the rest keeps its place relative to the lines. */
static void
test_forgetting (void)
{
  g_autoptr (KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autoptr (UiLogSearch) search = ui_log_search_new ();
  g_autofree char *filler = g_strnfill (1000, '.');
  guint            n_matches = 0;

  kube_log_buffer_set_max_lines (buffer, 2000);
  ui_log_search_set_buffer (search, buffer);
  ui_log_search_set_needle (search, "found");
  for (guint i = 0; i < 10000; i++)
    append (buffer, i % 10 == 0 ? "found" : filler);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (buffer)); i++)
    {
      gsize       length = 0;
      const char *text = kube_log_buffer_get_text (buffer, i, &length, NULL);

      n_matches += ui_log_search_find (text, length, "found") != NULL;
    }
  g_assert_cmpuint (n_matches, >, 0);
  g_assert_cmpuint (ui_log_search_get_count (search), ==, n_matches);
  for (guint i = 0; i < n_matches; i++)
    {
      gsize       length = 0;
      const char *text = NULL;

      text = kube_log_buffer_get_text (buffer, ui_log_search_step (search, 1), &length, NULL);
      g_assert_nonnull (ui_log_search_find (text, length, "found"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-search/find", test_find);
  g_test_add_func ("/log-search/growing", test_growing);
  g_test_add_func ("/log-search/stepping", test_stepping);
  g_test_add_func ("/log-search/forgetting", test_forgetting);
  return g_test_run ();
}
