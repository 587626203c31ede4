/* test-log-buffer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-buffer.h"
#include "kube-log-line.h"

#include <string.h>

typedef struct
{
  guint n_items; /* as followed by the signals alone */
  guint n_signals;
} Watcher;

static void
on_items_changed_cb (GListModel *model,
                     guint       position,
                     guint       removed,
                     guint       added,
                     gpointer    user_data)
{
  Watcher *watcher = user_data;

  watcher->n_signals++;
  g_assert_cmpuint (position + removed, <=, watcher->n_items);
  watcher->n_items += added - removed;
  g_assert_cmpuint (watcher->n_items, ==, g_list_model_get_n_items (model));
}

static KubeLogBuffer *
new_watched (Watcher *watcher)
{
  KubeLogBuffer *buffer = kube_log_buffer_new ();

  *watcher = (Watcher){ 0, 0 };
  g_signal_connect (buffer, "items-changed", G_CALLBACK (on_items_changed_cb), watcher);

  return buffer;
}

static void
append_number (KubeLogBuffer *buffer,
               guint          number)
{
  g_autofree char *text = g_strdup_printf ("line %u", number);

  kube_log_buffer_append (buffer, number, text, strlen (text));
}

/* The last lines up to @last are there, one behind the other. */
static void
check_numbers (KubeLogBuffer *buffer,
               guint          last)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (buffer));
  guint i;

  for (i = 0; i < n_items; i++)
    {
      guint            number = last - n_items + 1 + i;
      g_autofree char *expected = g_strdup_printf ("line %u", number);
      gint64           time_us;
      gsize            length;

      g_assert_cmpstr (kube_log_buffer_get_text (buffer, i, &length, &time_us), ==, expected);
      g_assert_cmpuint (length, ==, strlen (expected));
      g_assert_cmpint (time_us, ==, number);
    }
}

static void
test_append (void)
{
  Watcher watcher;
  g_autoptr(KubeLogBuffer) buffer = new_watched (&watcher);
  g_autoptr(KubeLogLine) line = NULL;
  gsize length = 1;

  g_assert_null (kube_log_buffer_get_text (buffer, 0, &length, NULL));
  g_assert_cmpuint (length, ==, 0);

  kube_log_buffer_append (buffer, 5, "one", 3);
  kube_log_buffer_append (buffer, 0, NULL, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (buffer)), ==, 2);
  g_assert_cmpuint (watcher.n_signals, ==, 2);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (buffer)) == KUBE_TYPE_LOG_LINE);
  g_assert_cmpstr (kube_log_buffer_get_text (buffer, 1, &length, NULL), ==, "");

  line = g_list_model_get_item (G_LIST_MODEL (buffer), 0);
  g_assert_cmpstr (kube_log_line_get_text (line), ==, "one");
  g_assert_cmpint (kube_log_line_get_time (line), ==, 5);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (buffer), 2));
}

static void
test_bytes (void)
{
  g_autoptr(KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autoptr(KubeLogLine) line = NULL;
  g_autofree char *text = NULL;
  gint64           time_us = 0;
  gsize            length;

  kube_log_buffer_append (buffer, 1, "a\xff\0b", 4);
  g_assert_cmpmem (kube_log_buffer_get_text (buffer, 0, &length, NULL), length, "a\xff\0b", 4);

  line = g_list_model_get_item (G_LIST_MODEL (buffer), 0);
  g_object_get (line, "text", &text, "time", &time_us, NULL);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, ==, "a\357\277\275\357\277\275b");
  g_assert_cmpint (time_us, ==, 1);
}

/* A line may be longer than a segment, and the ones around it stay where they are. */
static void
test_long_line (void)
{
  g_autoptr(KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autofree char *text = g_strnfill (3 << 20, 'x');
  gsize            length;

  kube_log_buffer_append (buffer, 0, "before", 6);
  kube_log_buffer_append (buffer, 0, text, 3 << 20);
  kube_log_buffer_append (buffer, 0, "after", 5);
  g_assert_cmpstr (kube_log_buffer_get_text (buffer, 0, NULL, NULL), ==, "before");
  g_assert_cmpstr (kube_log_buffer_get_text (buffer, 1, &length, NULL), ==, text);
  g_assert_cmpuint (length, ==, 3 << 20);
  g_assert_cmpstr (kube_log_buffer_get_text (buffer, 2, NULL, NULL), ==, "after");
}

static void
test_cap (void)
{
  static const guint caps[] = { 1, 2, 7, 8, 100, 1000 };
  guint              i;
  guint              number;

  for (i = 0; i < G_N_ELEMENTS (caps); i++)
    {
      guint   n_lines = 3 * caps[i] + 50;
      Watcher watcher;
      g_autoptr(KubeLogBuffer) buffer = new_watched (&watcher);
      guint n_items;

      kube_log_buffer_set_max_lines (buffer, caps[i]);
      for (number = 0; number < n_lines; number++)
        {
          append_number (buffer, number);
          n_items = g_list_model_get_n_items (G_LIST_MODEL (buffer));
          g_assert_cmpuint (n_items, <=, caps[i]);
          if (number >= caps[i])
            g_assert_cmpuint (n_items, >=, caps[i] - caps[i] / 8);
        }
      check_numbers (buffer, n_lines - 1);
    }
}

static void
test_many (void)
{
  Watcher watcher;
  g_autoptr(KubeLogBuffer) buffer = new_watched (&watcher);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree KubeLogEntry *entries = g_new (KubeLogEntry, 300);
  guint                    i;

  for (i = 0; i < 300; i++)
    {
      char *text = g_strdup_printf ("line %u", i);

      g_ptr_array_add (texts, text);
      entries[i] = (KubeLogEntry){ .time_ns = i * 1000, .text = text, .length = strlen (text) };
    }

  g_assert_cmpuint (kube_log_buffer_append_many (buffer, entries, 0), ==, 0);
  g_assert_cmpuint (watcher.n_signals, ==, 0);
  g_assert_cmpuint (kube_log_buffer_append_many (buffer, entries, 200), ==, 200);
  g_assert_cmpuint (watcher.n_signals, ==, 1);
  check_numbers (buffer, 199);

  kube_log_buffer_set_max_lines (buffer, 160);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (buffer)), <=, 160);

  /* More at once than there is room for: the last ones stay. */
  g_assert_cmpuint (kube_log_buffer_append_many (buffer, entries, 300), ==, 160);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (buffer)), ==, 160);
  check_numbers (buffer, 299);
}

/* In KiB, as the kernel counts what is used. */
static gint64
read_resident (void)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents ("/proc/self/status", &text, NULL, &error);
  g_assert_no_error (error);

  return g_ascii_strtoll (strstr (text, "VmRSS:") + 6, NULL, 10);
}

/* A million lines of 100 bytes take at most 1.25 times their bytes. */
static void
test_million (void)
{
  enum
  {
    LENGTH = 100,
    BATCH = 1000
  };
  g_autoptr(KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autofree char *text = g_strnfill (LENGTH, 'x');
  KubeLogEntry    *entries = g_new (KubeLogEntry, BATCH);
  gint64           before;
  gint64           grown;
  guint            i;

  for (i = 0; i < BATCH; i++)
    entries[i] = (KubeLogEntry){ .time_ns = 1 + i, .text = text, .length = LENGTH, .source = i % 7 };
  kube_log_buffer_set_max_lines (buffer, G_MAXUINT);
  before = read_resident ();
  for (i = 0; i < 1000; i++)
    kube_log_buffer_append_many (buffer, entries, BATCH);
  grown = read_resident () - before;
  g_test_message ("%" G_GINT64_FORMAT " KiB for %u KiB", grown, 1000000 / 1024 * LENGTH);
  g_free (entries);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (buffer)), ==, 1000000);
  for (i = 0; i < 1000000; i += 999)
    {
      KubeLogEntry entry;

      g_assert_true (kube_log_buffer_get_entry (buffer, i, &entry));
      g_assert_cmpint (entry.time_ns, ==, 1 + i % BATCH);
      g_assert_cmpuint (entry.source, ==, i % BATCH % 7);
      g_assert_cmpmem (entry.text, entry.length, text, LENGTH);
    }
  g_assert_cmpint (grown, <=, (gint64) LENGTH * 1000000 / 1024 * 5 / 4);
}

static void
test_clear (void)
{
  Watcher watcher;
  g_autoptr(KubeLogBuffer) buffer = new_watched (&watcher);
  guint max_lines = 0;

  kube_log_buffer_set_max_lines (buffer, 3);
  g_object_get (buffer, "max-lines", &max_lines, NULL);
  g_assert_cmpuint (max_lines, ==, 3);
  append_number (buffer, 0);
  append_number (buffer, 1);
  kube_log_buffer_clear (buffer);
  g_assert_cmpuint (watcher.n_items, ==, 0);
  append_number (buffer, 2);
  check_numbers (buffer, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/log-buffer/append", test_append);
  g_test_add_func ("/kube/log-buffer/bytes", test_bytes);
  g_test_add_func ("/kube/log-buffer/long-line", test_long_line);
  g_test_add_func ("/kube/log-buffer/cap", test_cap);
  g_test_add_func ("/kube/log-buffer/many", test_many);
  g_test_add_func ("/kube/log-buffer/million", test_million);
  g_test_add_func ("/kube/log-buffer/clear", test_clear);
  return g_test_run ();
}
