/* test-log-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-buffer-private.h"
#include "kube-log-reader.h"

#include <string.h>

/* So many that several blocks are full. */
#define N_LINES 30000

static char *
make_text (guint number)
{
  g_autofree char *dots = g_strnfill (number * 7 % 150, '.');

  return g_strdup_printf ("line %u %s", number, dots);
}

static GBytes *
make_log (void)
{
  GString *log = g_string_new (NULL);
  guint    i;

  for (i = 0; i < N_LINES; i++)
    {
      g_autofree char *text = make_text (i);

      g_string_append_printf (log, "2024-05-01T%02u:%02u:%02u.000000001Z %s\n", i / 3600,
                              i / 60 % 60, i % 60, text);
    }

  return g_string_free_to_bytes (log);
}

typedef struct
{
  KubeLogReader *reader; /* (owned) */
  GCancellable  *cancellable;
  GArray        *entries; /* of the last read */
  GError        *error;
  gboolean       done;
  guint          n_lines;
  guint          n_chunks;
} Reading;

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reading *reading = user_data;

  reading->entries = kube_log_reader_read_finish (KUBE_LOG_READER (source), result,
                                                  &reading->error);
  reading->done = TRUE;
}

static void
read_once (Reading *reading)
{
  reading->done = FALSE;
  kube_log_reader_read_async (reading->reader, G_PRIORITY_DEFAULT, reading->cancellable, read_cb,
                              reading);
  while (!reading->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_entry (const KubeLogEntry *entry,
             guint               number)
{
  g_autofree char *text = make_text (number);
  gint64           second = G_GINT64_CONSTANT (1714521600) + number;

  g_assert_cmpmem (entry->text, entry->length, text, strlen (text));
  g_assert_cmpint (entry->time_ns, ==, second * 1000000000 + 1);
  g_assert_cmpuint (entry->flags, ==, 0);
}

/* Reads to the end, or to the error. */
static void
read_all (Reading *reading)
{
  for (read_once (reading); reading->entries != NULL; read_once (reading))
    {
      g_autoptr(KubeLogChunk) chunk = kube_log_reader_steal_chunk (reading->reader);
      guint i;

      for (i = 0; i < reading->entries->len; i++)
        check_entry (&g_array_index (reading->entries, KubeLogEntry, i), reading->n_lines + i);
      for (i = 0; chunk != NULL && i < reading->entries->len; i++)
        {
          KubeLogEntry entry;

          kube_log_chunk_get (chunk, i, &entry);
          check_entry (&entry, reading->n_lines + i);
        }
      if (chunk != NULL)
        g_assert_cmpuint (kube_log_chunk_get_n_lines (chunk), ==, reading->entries->len);
      reading->n_chunks += chunk != NULL ? 1 : 0;
      reading->n_lines += reading->entries->len;
    }
}

static void
test_flood (gconstpointer user_data)
{
  gboolean gathers = GPOINTER_TO_INT (user_data);
  g_autoptr(GBytes) log = make_log ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (log);
  Reading reading = { kube_log_reader_new (stream, gathers) };

  read_all (&reading);
  g_assert_no_error (reading.error);
  g_assert_cmpuint (reading.n_lines, ==, N_LINES);
  g_assert_cmpuint (kube_log_reader_get_rest (reading.reader)->len, ==, 0);
  if (gathers)
    g_assert_cmpuint (reading.n_chunks, >, 1);
  else
    g_assert_cmpuint (reading.n_chunks, ==, 0);
  g_assert_finalize_object (reading.reader);
}

/* What came before the cut is told, and then the cut. */
static void
test_cut (void)
{
  g_autoptr(GBytes) log = make_log ();
  g_autoptr(GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr(GConverter) unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autofree char *packed = g_malloc (g_bytes_get_size (log));
  g_autoptr(GInputStream) base = NULL;
  g_autoptr(GInputStream) stream = NULL;
  Reading reading = { 0 };
  gsize   n_read;
  gsize   n_written;

  g_converter_convert (packer, g_bytes_get_data (log, NULL), g_bytes_get_size (log), packed,
                       g_bytes_get_size (log), G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
  g_assert_cmpuint (n_read, ==, g_bytes_get_size (log));
  base = g_memory_input_stream_new_from_data (packed, (gssize) n_written * 3 / 4, NULL);
  stream = g_converter_input_stream_new (base, unpacker);
  reading.reader = kube_log_reader_new (stream, TRUE);

  read_all (&reading);
  g_assert_error (reading.error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_clear_error (&reading.error);
  g_assert_cmpuint (reading.n_lines, >, N_LINES / 2);
  g_assert_cmpuint (reading.n_lines, <, N_LINES);
  g_assert_finalize_object (reading.reader);
}

/* A block is with the thread then; the reader lives until it is back. */
static void
test_cancelled (void)
{
  g_autoptr(GBytes) log = make_log ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (log);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Reading reading = { kube_log_reader_new (stream, TRUE), cancellable };

  kube_log_reader_read_async (reading.reader, G_PRIORITY_DEFAULT, cancellable, read_cb, &reading);
  g_main_context_iteration (NULL, TRUE);
  g_assert_false (reading.done);
  g_cancellable_cancel (cancellable);
  g_object_add_weak_pointer (G_OBJECT (reading.reader), (gpointer *) &reading.reader);
  g_object_unref (reading.reader);
  while (reading.reader != NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (reading.done);
  g_assert_error (reading.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&reading.error);
}

/* Lines from @first on. */
static KubeLogChunk *
gather (guint first,
        guint n_lines)
{
  g_autofree KubeLogEntry *entries = g_new0 (KubeLogEntry, n_lines);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; i < n_lines; i++)
    {
      g_ptr_array_add (texts, make_text (first + i));
      entries[i].text = texts->pdata[i];
      entries[i].length = strlen (texts->pdata[i]);
    }

  return kube_log_chunk_gather (entries, n_lines);
}

/* A chunk is taken whole, unless so many lines would have to go at once later. */
static void
test_buffer (void)
{
  g_autoptr(KubeLogBuffer) buffer = kube_log_buffer_new ();
  g_autoptr(KubeLogChunk) large = gather (0, 101);
  guint i;

  kube_log_buffer_set_max_lines (buffer, 800);
  g_assert_false (_kube_log_buffer_take_chunk (buffer, large));
  for (i = 0; i < 12; i++)
    {
      guint            n_lines = MIN (i + 1, 8) * 100;
      g_autofree char *first = make_text ((i + 1) * 100 - n_lines);
      g_autofree char *last = make_text (i * 100 + 99);

      g_assert_true (_kube_log_buffer_take_chunk (buffer, gather (i * 100, 100)));
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (buffer)), ==, n_lines);
      g_assert_cmpstr (kube_log_buffer_get_text (buffer, 0, NULL, NULL), ==, first);
      g_assert_cmpstr (kube_log_buffer_get_text (buffer, n_lines - 1, NULL, NULL), ==, last);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/kube/log/reader/flood", GINT_TO_POINTER (FALSE), test_flood);
  g_test_add_data_func ("/kube/log/reader/gathered", GINT_TO_POINTER (TRUE), test_flood);
  g_test_add_func ("/kube/log/reader/cut", test_cut);
  g_test_add_func ("/kube/log/reader/cancelled", test_cancelled);
  g_test_add_func ("/kube/log/reader/buffer", test_buffer);

  return g_test_run ();
}
