/* test-frame.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-frame.h"

/* What a server may send (RFC 6455, 5.7 and others), and what is read out of it: each message is
 * a letter for its type, a colon, the bytes, and a semicolon at its end. */
static const struct
{
  const char *name;
  const char *bytes;
  gsize       length;
  const char *read;
  const char *problem; /* (nullable) */
} cases[] = {
#define BYTES(text) text, sizeof text - 1
  { "nothing", BYTES (""), "", NULL },
  { "one", BYTES ("\x82\x05Hello"), "B:Hello;", NULL },
  { "text", BYTES ("\x81\x05Hello"), "T:Hello;", NULL },
  { "empty", BYTES ("\x82\x00"), "B:;", NULL },
  { "channel alone", BYTES ("\x82\x01\x01"), "B:\x01;", NULL },
  { "two", BYTES ("\x82\x01"
                  "a\x82\x02"
                  "bc"),
    "B:a;B:bc;", NULL },
  { "pieces", BYTES ("\x02\x03Hel\x80\x02lo"), "B:Hello;", NULL },
  { "empty pieces", BYTES ("\x02\x00\x00\x00\x00\x01x\x00\x00\x80\x00"), "B:x;", NULL },
  { "only empty pieces", BYTES ("\x02\x00\x80\x00"), "B:;", NULL },
  { "ping between pieces", BYTES ("\x02\x03Hel\x89\x02hi\x80\x02lo"), "B:HelI:hi;lo;", NULL },
  { "pong", BYTES ("\x8a\x00"), "O:;", NULL },
  { "close", BYTES ("\x88\x02\x03\xe8"), "C:\x03\xe8;", NULL },
  { "close with a reason", BYTES ("\x88\x05\x03\xf3"
                                  "bad"),
    "C:\x03\xf3"
    "bad;",
    NULL },
  { "long length for little", BYTES ("\x82\x7e\x00\x02hi"), "B:hi;", NULL },
  { "longest length for little", BYTES ("\x82\x7f\0\0\0\0\0\0\0\x02hi"), "B:hi;", NULL },
  { "huge, not whole", BYTES ("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xffhi"), "B:hi", NULL },
  { "not whole", BYTES ("\x82\x05He"), "B:He", NULL },
  { "masked", BYTES ("\x82\x81mask!"), "", "masked" },
  { "extension", BYTES ("\xc2\x01x"), "", "extension" },
  { "unknown", BYTES ("\x83\x01x"), "", "unknown type" },
  { "unknown control", BYTES ("\x8b\x01x"), "", "unknown type" },
  { "ping in pieces", BYTES ("\x09\x01x"), "", "in pieces" },
  { "long ping", BYTES ("\x89\x7e\x00\x7e"), "", "too long" },
  { "impossible length", BYTES ("\x82\x7f\x80\0\0\0\0\0\0\0"), "", "impossible length" },
  { "no begin", BYTES ("\x80\x01x"), "", "has not begun" },
  { "no begin after a message", BYTES ("\x82\x01x\x80\x01y"), "B:x;", "has not begun" },
  { "begin within", BYTES ("\x02\x01x\x82\x01y"), "B:x", "within another" },
#undef BYTES
};

static char
get_letter (KubeFrameType type)
{
  switch (type)
    {
    case KUBE_FRAME_TEXT:
      return 'T';
    case KUBE_FRAME_BINARY:
      return 'B';
    case KUBE_FRAME_CLOSE:
      return 'C';
    case KUBE_FRAME_PING:
      return 'I';
    case KUBE_FRAME_PONG:
      return 'O';
    default:
      g_assert_not_reached ();
    }
}

static void
note (const KubeFrame *frame,
      GString         *read)
{
  if (frame->first)
    g_string_append_printf (read, "%c:", get_letter (frame->type));
  g_string_append_len (read, (const char *) frame->data, (gssize) frame->length);
  if (frame->last)
    g_string_append_c (read, ';');
}

/* Feeds @bytes in pieces of @size, each from a place of its own, so that ASan sees a step too far. */
static void
read_in_pieces (const char *bytes,
                gsize       length,
                gsize       size,
                GString    *read,
                GError    **error)
{
  g_autoptr(KubeFrameReader) reader = kube_frame_reader_new ();
  g_autoptr(GError) local_error = NULL;

  for (gsize at = 0; at < length && local_error == NULL; at += size)
    {
      gsize              left = MIN (size, length - at);
      g_autofree guint8 *piece = g_memdup2 (bytes + at, left);
      const guint8      *data = piece;
      KubeFrame          frame;

      while (kube_frame_reader_read (reader, &data, &left, &frame, &local_error))
        note (&frame, read);
      if (local_error == NULL)
        g_assert_cmpuint (left, ==, 0);
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
}

static void
test_read (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);

  for (gsize size = 1; size <= cases[index].length + 1; size++)
    {
      g_autoptr(GString) read = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      read_in_pieces (cases[index].bytes, cases[index].length, size, read, &error);
      g_assert_cmpstr (read->str, ==, cases[index].read);
      if (cases[index].problem == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, cases[index].problem));
    }
}

/* Reads one frame of a client, as a server has to. */
static GBytes *
unmask (GByteArray *frame,
        guint8      first)
{
  const guint8 *p = frame->data;
  const guint8 *mask;
  guint64       length;
  guint8       *data;

  g_assert_cmpuint (*p++, ==, first);
  g_assert_true ((*p & 0x80) != 0);
  length = *p++ & 0x7F;
  if (length >= 126)
    {
      guint n_bytes = length == 126 ? 2 : 8;

      for (length = 0; n_bytes > 0; n_bytes--)
        length = length << 8 | *p++;
    }
  mask = p;
  p += 4;
  g_assert_cmpuint (length, ==, frame->len - (guint64) (p - frame->data));
  data = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    data[i] = p[i] ^ mask[i % 4];

  return g_bytes_new_take (data, length);
}

static void
test_append (void)
{
  const gsize sizes[] = { 0, 1, 7, 8, 9, 124, 125, 126, 65534, 65535, 65536, 100001 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize cut = 0; cut <= MIN (sizes[i], 5); cut++)
      {
        g_autoptr(GByteArray) frame = g_byte_array_new ();
        g_autofree guint8 *message = g_malloc (sizes[i]);
        GOutputVector      parts[] = { { message, cut }, { message + cut, sizes[i] - cut } };
        g_autoptr(GBytes) wanted = NULL;
        g_autoptr(GBytes) bytes = NULL;

        for (gsize j = 0; j < sizes[i]; j++)
          message[j] = (guint8) (j * 7 + j / 256);
        kube_frame_append (frame, KUBE_FRAME_BINARY, parts, 2);
        wanted = g_bytes_new (message, sizes[i]);
        bytes = unmask (frame, 0x82);
        g_assert_true (g_bytes_equal (bytes, wanted));
      }
}

static void
test_append_nothing (void)
{
  g_autoptr(GByteArray) frame = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;

  kube_frame_append (frame, KUBE_FRAME_PING, NULL, 0);
  bytes = unmask (frame, 0x89);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
}

/* No two frames are masked alike. */
static void
test_append_mask (void)
{
  g_autoptr(GByteArray) one = g_byte_array_new ();
  g_autoptr(GByteArray) two = g_byte_array_new ();

  for (guint i = 0; i < 8; i++)
    {
      kube_frame_append (one, KUBE_FRAME_PING, NULL, 0);
      kube_frame_append (two, KUBE_FRAME_PING, NULL, 0);
    }
  g_assert_cmpuint (one->len, ==, two->len);
  g_assert_true (memcmp (one->data, two->data, one->len) != 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/frame/read/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_read);
    }
  g_test_add_func ("/kube/frame/append", test_append);
  g_test_add_func ("/kube/frame/append-nothing", test_append_nothing);
  g_test_add_func ("/kube/frame/append-mask", test_append_mask);

  return g_test_run ();
}
