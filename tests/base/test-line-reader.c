/* test-line-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-line-reader.h"

#include <string.h>

#include "base-error.h"

/* A stream that gives its bytes in pieces of a set size, and fails at its end if it is to. */
#define TEST_TYPE_STREAM (test_stream_get_type ())
G_DECLARE_FINAL_TYPE (TestStream, test_stream, TEST, STREAM, GInputStream)

struct _TestStream
{
  GInputStream parent_instance;

  char    *data; /* (owned) */
  gsize    length;
  gsize    position;
  gsize    piece;
  gboolean fails;
};

G_DEFINE_FINAL_TYPE (TestStream, test_stream, G_TYPE_INPUT_STREAM)

static gssize
test_stream_read (GInputStream *stream,
                  void         *buffer,
                  gsize         count,
                  GCancellable *cancellable,
                  GError      **error)
{
  TestStream *self = TEST_STREAM (stream);
  gsize       size = MIN (MIN (count, self->piece), self->length - self->position);

  if (size == 0 && self->fails)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "cut");
      return -1;
    }
  memcpy (buffer, self->data + self->position, size);
  self->position += size;
  return (gssize) size;
}

static void
test_stream_finalize (GObject *object)
{
  g_free (TEST_STREAM (object)->data);

  G_OBJECT_CLASS (test_stream_parent_class)->finalize (object);
}

static void
test_stream_class_init (TestStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = test_stream_read;
}

static void
test_stream_init (TestStream *self)
{
}

static TestStream *
test_stream_new (const char *data,
                 gsize       length,
                 gsize       piece)
{
  TestStream *self = g_object_new (TEST_TYPE_STREAM, NULL);

  self->data = g_malloc (length + 1);
  memcpy (self->data, data, length);
  self->length = length;
  self->piece = piece;
  return self;
}

static void
on_read_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **arrived = user_data;

  *arrived = g_object_ref (result);
}

static GPtrArray *
read_lines (BaseLineReader *reader,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  base_line_reader_read_async (reader, G_PRIORITY_DEFAULT, cancellable, on_read_cb, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return base_line_reader_read_finish (reader, result, error);
}

static char *
dup_text (GBytes *bytes)
{
  gsize       size;
  const char *data;

  if (bytes == NULL)
    return g_strdup ("");
  data = g_bytes_get_data (bytes, &size);
  return size > 0 ? g_strndup (data, size) : g_strdup ("");
}

/* Everything the reader delivers, lines in brackets, what is left behind them. */
static char *
read_all (BaseLineReader *reader,
          GError        **error)
{
  g_autoptr(GString) all = g_string_new (NULL);
  g_autoptr(GPtrArray) lines = NULL;
  g_autoptr(GBytes) rest = NULL;
  g_autofree char *rest_text = NULL;

  while ((lines = read_lines (reader, NULL, error)) != NULL)
    {
      g_assert_cmpuint (lines->len, >, 0);
      g_assert_null (base_line_reader_dup_rest (reader));
      for (guint i = 0; i < lines->len; i++)
        {
          g_autofree char *line = dup_text (lines->pdata[i]);

          g_string_append_printf (all, "[%s]", line);
        }
      g_clear_pointer (&lines, g_ptr_array_unref);
    }
  rest = base_line_reader_dup_rest (reader);
  rest_text = dup_text (rest);
  g_string_append (all, rest_text);
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static const struct
{
  const char *text;
  const char *expected;
} cases[] = {
  { "", "" },
  { "\n", "[]" },
  { "\r\n", "[]" },
  { "a\nb\n", "[a][b]" },
  { "a\r\nb\r\n\r\nc\n", "[a][b][][c]" },
  { "a\n\n\nb", "[a][][]b" },
  { "only a rest", "only a rest" },
  { "a\rb\r\r\nc\r", "[a\rb\r]c\r" },
  { "Größe 😀\r\nmehr é\n{\"type\": \"ADDED\"", "[Größe 😀][mehr é]{\"type\": \"ADDED\"" },
};

/* Whatever the boundaries of the chunks are, also inside of "\r\n" and of UTF-8 sequences. */
static void
test_boundaries (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 12; piece++)
      {
        const char *text = cases[i].text;
        g_autoptr(TestStream) stream = test_stream_new (text, strlen (text), piece);
        g_autoptr(BaseLineReader) reader = base_line_reader_new (G_INPUT_STREAM (stream), 100);
        g_autoptr(GError) error = NULL;
        g_autofree char *all = read_all (reader, &error);

        g_assert_no_error (error);
        g_assert_cmpstr (all, ==, cases[i].expected);
      }
}

static void
test_batch (void)
{
  g_autoptr(TestStream) stream = test_stream_new ("a\nb\nc\nd", 7, 100);
  g_autoptr(BaseLineReader) reader = base_line_reader_new (G_INPUT_STREAM (stream), 100);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = read_lines (reader, NULL, &error);
  g_autoptr(GBytes) rest = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_null (base_line_reader_dup_rest (reader));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (read_lines (reader, NULL, &error));
      g_assert_no_error (error);
    }
  rest = base_line_reader_dup_rest (reader);
  g_assert_cmpuint (g_bytes_get_size (rest), ==, 1);
}

/* A line of several chunks of 64 KiB, with NUL bytes in it. */
static void
test_long_line (void)
{
  gsize            length = 1000000;
  g_autofree char *data = g_malloc0 (length + 3);
  g_autoptr(TestStream) stream = NULL;
  g_autoptr(BaseLineReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = NULL;

  memset (data, 'x', length / 2);
  data[length] = '\n';
  data[length + 1] = 'y';
  data[length + 2] = '\n';
  stream = test_stream_new (data, length + 3, G_MAXSIZE);
  reader = base_line_reader_new (G_INPUT_STREAM (stream), length);
  lines = read_lines (reader, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpmem (g_bytes_get_data (lines->pdata[0], NULL), g_bytes_get_size (lines->pdata[0]),
                   data, length);
  g_assert_cmpmem (g_bytes_get_data (lines->pdata[1], NULL), g_bytes_get_size (lines->pdata[1]),
                   "y", 1);
}

/* Lines before the one that is too long are delivered; then every read fails. */
static void
test_too_long (void)
{
  static const char *texts[] = { "ab\r\n12345\r\n123456\nmore\n", "ab\n12345\n1234567890 and on" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize piece = 1; piece < 30; piece++)
      {
        g_autoptr(TestStream) stream = test_stream_new (texts[i], strlen (texts[i]), piece);
        g_autoptr(BaseLineReader) reader = base_line_reader_new (G_INPUT_STREAM (stream), 5);
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) again = NULL;
        g_autofree char *all = read_all (reader, &error);

        g_assert_cmpstr (all, ==, "[ab][12345]");
        g_assert_error (error, BASE_ERROR, BASE_ERROR_TOO_LARGE);
        g_assert_null (read_lines (reader, NULL, &again));
        g_assert_error (again, BASE_ERROR, BASE_ERROR_TOO_LARGE);
      }
}

static void
test_stream_error (void)
{
  g_autoptr(TestStream) stream = test_stream_new ("a\nb", 3, 1);
  g_autoptr(BaseLineReader) reader = base_line_reader_new (G_INPUT_STREAM (stream), 5);
  g_autoptr(GError) error = NULL;
  g_autofree char *all = NULL;

  stream->fails = TRUE;
  all = read_all (reader, &error);
  g_assert_cmpstr (all, ==, "[a]");
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* A cancelled read takes nothing away from the next one. */
static void
test_cancel_before (void)
{
  g_autoptr(TestStream) stream = test_stream_new ("a\nb\n", 4, 1);
  g_autoptr(BaseLineReader) reader = base_line_reader_new (G_INPUT_STREAM (stream), 5);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *all = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (read_lines (reader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  all = read_all (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, "[a][b]");
}

static void
test_cancel_while_waiting (void)
{
  g_autoptr(GSubprocess) cat = NULL;
  g_autoptr(BaseLineReader) reader = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GOutputStream   *input;
  g_autofree char *all = NULL;

  cat = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          "cat", NULL);
  g_assert_no_error (error);
  reader = base_line_reader_new (g_subprocess_get_stdout_pipe (cat), 100);
  base_line_reader_read_async (reader, G_PRIORITY_DEFAULT, cancellable, on_read_cb, &result);
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (result);

  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (base_line_reader_read_finish (reader, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  input = g_subprocess_get_stdin_pipe (cat);
  g_assert_true (g_output_stream_write_all (input, "late\nrest", 9, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (input, NULL, &error));
  all = read_all (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, "[late]rest");
  g_assert_true (g_subprocess_wait_check (cat, NULL, &error));
}

/* The task keeps the reader alive, and a callback that is never finished leaks nothing. */
static void
test_dropped (void)
{
  g_autoptr(TestStream) stream = test_stream_new ("a\nb\n", 4, 100);
  BaseLineReader *reader = base_line_reader_new (G_INPUT_STREAM (stream), 5);
  GAsyncResult   *result = NULL;

  base_line_reader_read_async (reader, G_PRIORITY_DEFAULT, NULL, on_read_cb, &result);
  g_object_add_weak_pointer (G_OBJECT (reader), (gpointer *) &reader);
  g_object_unref (reader);
  g_assert_nonnull (reader);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_null (reader);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/line-reader/boundaries", test_boundaries);
  g_test_add_func ("/base/line-reader/batch", test_batch);
  g_test_add_func ("/base/line-reader/long-line", test_long_line);
  g_test_add_func ("/base/line-reader/too-long", test_too_long);
  g_test_add_func ("/base/line-reader/stream-error", test_stream_error);
  g_test_add_func ("/base/line-reader/cancel-before", test_cancel_before);
  g_test_add_func ("/base/line-reader/cancel-while-waiting", test_cancel_while_waiting);
  g_test_add_func ("/base/line-reader/dropped", test_dropped);

  return g_test_run ();
}
