/* fuzz-line-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "property.h"
#include "read-lines.h"

#define MAX_LINE (1024 * 1024)
#define SHORT_LINE 48
#define SHORT_INPUT 64

/* What a reader made of the stream. */
typedef struct
{
  GPtrArray *lines;
  GBytes    *rest;  /* (nullable) */
  GError    *error; /* (nullable) */
} Reading;

static void
reading_clear (Reading *self)
{
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->rest, g_bytes_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static void
check_equal (const Reading *a,
             const Reading *b)
{
  g_assert_cmpuint (a->lines->len, ==, b->lines->len);
  for (guint i = 0; i < a->lines->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (a->lines, i),
                                  g_ptr_array_index (b->lines, i)));
  g_assert_true ((a->error != NULL) == (b->error != NULL));
  g_assert_true ((a->rest != NULL) == (b->rest != NULL));
  if (a->rest != NULL)
    g_assert_true (g_bytes_equal (a->rest, b->rest));
}

/* Nothing is lost or added: with their line breaks the lines are the bytes again. */
static void
check_complete (const Reading *reading,
                const char    *data,
                gsize          size)
{
  gsize position = 0;

  for (guint i = 0; i < reading->lines->len; i++)
    {
      gsize       length;
      const char *line = g_bytes_get_data (g_ptr_array_index (reading->lines, i), &length);

      g_assert_cmpuint (position + length, <, size);
      g_assert_true (length == 0 || memcmp (data + position, line, length) == 0);
      position += length;
      if (data[position] == '\r')
        position++;
      g_assert_cmpint (data[position], ==, '\n');
      position++;
    }
  if (reading->error == NULL)
    g_assert_cmpuint (position + (reading->rest != NULL ? g_bytes_get_size (reading->rest) : 0),
                      ==, size);
}

static void
read_in_pieces (const char *data,
                gsize       size,
                gsize       max_line_length,
                Reading    *whole)
{
  guint32 seed = read_lines_seed (data, size);
  guint   pieces[] = { 1 + seed % 97, size <= SHORT_INPUT ? 1 : 4096 };

  whole->lines = read_lines (data, size, max_line_length, 0, 0, &whole->rest, &whole->error);
  check_complete (whole, data, size);
  if (whole->error != NULL)
    property_is_error (whole->error, BASE_ERROR);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_auto(Reading) other = { NULL };

      other.lines = read_lines (data, size, max_line_length, pieces[i], seed, &other.rest,
                                &other.error);
      check_equal (whole, &other);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_auto(Reading) whole = { NULL };
  g_auto(Reading) limited = { NULL };

  read_in_pieces ((const char *) data, size, MAX_LINE, &whole);
  g_assert_no_error (whole.error);
  read_in_pieces ((const char *) data, size, SHORT_LINE, &limited);
  return 0;
}
