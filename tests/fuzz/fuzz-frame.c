/* fuzz-frame.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-frame.h"
#include "property.h"
#include "read-lines.h"

#define MAX_CONTROL_SIZE 125

/* The messages that a stream holds: of each a byte with its type, its bytes, and whether it ended. */
typedef struct
{
  GString *messages;
  gboolean open;
} Conversation;

static void
take_frame (Conversation    *self,
            const KubeFrame *frame)
{
  gboolean control = frame->type >= KUBE_FRAME_CLOSE;

  if (control)
    {
      g_assert_true (frame->first && frame->last);
      g_assert_cmpuint (frame->length, <=, MAX_CONTROL_SIZE);
      g_string_append_printf (self->messages, "[%d:%u:", frame->type, (guint) frame->length);
    }
  else
    {
      g_assert_true (frame->type == KUBE_FRAME_TEXT || frame->type == KUBE_FRAME_BINARY);
      g_assert_cmpint (frame->first, ==, !self->open);
      self->open = !frame->last;
      if (frame->first)
        g_string_append_printf (self->messages, "<%d:", frame->type);
    }
  if (frame->length > 0)
    g_string_append_len (self->messages, (const char *) frame->data, (gssize) frame->length);
  if (frame->last)
    g_string_append (self->messages, control ? "]" : ">");
}

/* Returns: FALSE when the stream breaks a rule */
static gboolean
read_piece (KubeFrameReader *reader,
            Conversation    *conversation,
            const guint8    *data,
            gsize            length)
{
  g_autofree guint8 *piece = g_memdup2 (data, length);
  const guint8      *p = piece;
  g_autoptr(GError) error = NULL;
  KubeFrame frame;

  while (kube_frame_reader_read (reader, &p, &length, &frame, &error))
    take_frame (conversation, &frame);
  if (error == NULL)
    {
      g_assert_cmpuint (length, ==, 0);
      return TRUE;
    }
  property_is_error (error, KUBE_ERROR);
  g_assert_cmpint (error->code, ==, KUBE_ERROR_PROTOCOL);
  return FALSE;
}

/* Returns: (transfer full): what the stream says, whose bytes arrive in pieces */
static GString *
converse (const guint8 *data,
          gsize         size,
          guint         max_chunk)
{
  g_autoptr(KubeFrameReader) reader = kube_frame_reader_new ();
  g_autoptr(GRand) random = g_rand_new_with_seed (read_lines_seed (data, size));
  Conversation conversation = { .messages = g_string_new (NULL) };
  gboolean     right = TRUE;
  gsize        length;

  for (gsize position = 0; position < size && right; position += length)
    {
      length = (gsize) g_rand_int_range (random, 1, (gint32) max_chunk + 1);
      length = MIN (length, size - position);
      right = read_piece (reader, &conversation, data + position, length);
    }
  g_string_append (conversation.messages, right ? "" : "wrong");

  return conversation.messages;
}

/* A frame of ours, as the server has to see it: the mask taken away. */
static void
unmask (GByteArray *frame)
{
  guint  size = frame->data[1] & 0x7f;
  guint  head = size < 126 ? 2 : size == 126 ? 4
                                             : 10;
  guint8 mask[4];

  g_assert_true ((frame->data[1] & 0x80) != 0);
  frame->data[1] &= 0x7f;
  memcpy (mask, frame->data + head, sizeof mask);
  g_byte_array_remove_range (frame, head, sizeof mask);
  for (guint i = head; i < frame->len; i++)
    frame->data[i] ^= mask[(i - head) % sizeof mask];
}

/* What we send in two parts is read as what it was. */
static void
check_own (const guint8 *data,
           gsize         size)
{
  gsize         cut = size > 0 ? read_lines_seed (data, size) % (size + 1) : 0;
  GOutputVector parts[] = { { data, cut }, { data + cut, size - cut } };
  g_autoptr(GByteArray) frame = g_byte_array_new ();
  g_autoptr(GString) read = NULL;
  g_autoptr(GString) expected = g_string_new ("<2:");

  kube_frame_append (frame, KUBE_FRAME_BINARY, parts, G_N_ELEMENTS (parts));
  unmask (frame);
  read = converse (frame->data, frame->len, 4096);
  g_string_append_len (expected, (const char *) data, (gssize) size);
  g_string_append_c (expected, '>');
  g_assert_true (g_string_equal (read, expected));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree guint8 *bytes = g_malloc (size + 1);
  g_autoptr(GString) whole = NULL;
  g_autoptr(GString) pieces = NULL;

  if (size > 0)
    memcpy (bytes, data, size);
  whole = converse (bytes, size, G_MAXINT32 - 1);
  pieces = converse (bytes, size, 1 + read_lines_seed (bytes, size) % 31);
  g_assert_true (g_string_equal (whole, pieces));
  check_own (bytes, size);
  return 0;
}
