/* fuzz-channels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-channels.h"
#include "kube-error.h"
#include "kube-exec-status.h"
#include "property.h"
#include "read-lines.h"

#define STDOUT 1
#define STDERR 2
#define STATUS 3

/* What a command said, and how it ended. */
typedef struct
{
  GByteArray *streams[STATUS];
  char       *status;
  gboolean    ended;
  gboolean    broken;
  guint       n_open;
} Session;

typedef struct
{
  Session      *session;
  GInputStream *stream;
  guint         channel;
  guint8        buffer[512];
} Reading;

static void
session_clear (Session *self)
{
  for (guint i = STDOUT; i < STATUS; i++)
    g_clear_pointer (&self->streams[i], g_byte_array_unref);
  g_free (self->status);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static void read_on (Reading *reading);

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reading *reading = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (n_bytes <= 0)
    {
      if (error != NULL)
        property_is_words (error->message);
      reading->session->n_open--;
      return;
    }
  g_byte_array_append (reading->session->streams[reading->channel], reading->buffer, (guint) n_bytes);
  read_on (reading);
}

static void
read_on (Reading *reading)
{
  g_input_stream_read_async (reading->stream, reading->buffer, sizeof reading->buffer,
                             G_PRIORITY_DEFAULT, NULL, read_cb, reading);
}

static void
on_ended_cb (KubeChannels *channels,
             const GError *error,
             gpointer      user_data)
{
  Session *session = user_data;

  g_assert_false (session->ended);
  session->ended = TRUE;
  session->broken = error != NULL;
  if (error != NULL)
    property_is_words (error->message);
}

static KubeSocket *
open_socket (const uint8_t *data,
             size_t         size,
             size_t         cut)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_data (data + cut, (gssize) (size - cut), NULL);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr(GBytes) received = g_bytes_new (data, cut);

  return kube_socket_new (stream, "v5.channel.k8s.io", received);
}

/* Reads what the server sends; @cut bytes of it have come with its answer to the upgrade. */
static void
run (Session       *session,
     const uint8_t *data,
     size_t         size,
     size_t         cut)
{
  g_autoptr(KubeSocket) socket = open_socket (data, size, cut);
  g_autoptr(KubeChannels) channels = kube_channels_new (socket, 0);
  Reading readings[STATUS] = { 0 };

  for (guint i = STDOUT; i < STATUS; i++)
    {
      session->streams[i] = g_byte_array_new ();
      session->n_open++;
      readings[i].session = session;
      readings[i].channel = i;
      readings[i].stream = kube_channels_add_input (channels, (guint8) i);
    }
  kube_channels_set_text_channel (channels, STATUS);
  g_signal_connect (channels, "ended", G_CALLBACK (on_ended_cb), session);
  kube_channels_start (channels);
  for (guint i = STDOUT; i < STATUS; i++)
    read_on (&readings[i]);
  while (!session->ended || session->n_open > 0)
    g_main_context_iteration (NULL, TRUE);
  session->status = g_strdup (kube_channels_get_text (channels));
}

static void
check_equal (const Session *a,
             const Session *b)
{
  for (guint i = STDOUT; i < STATUS; i++)
    g_assert_cmpmem (a->streams[i]->data, a->streams[i]->len, b->streams[i]->data,
                     b->streams[i]->len);
  g_assert_cmpstr (a->status, ==, b->status);
  g_assert_cmpint (a->broken, ==, b->broken);
}

static void
check_status (const char *text)
{
  g_autoptr(GError) error = NULL;
  int exit_status;

  if (kube_exec_status_parse (text, "sh", &exit_status, &error))
    {
      g_assert_no_error (error);
      g_assert_cmpint (exit_status, >=, 0);
      return;
    }
  property_is_error (error, KUBE_ERROR);
  g_assert_true (exit_status == -1 || exit_status == KUBE_EXIT_NOT_FOUND ||
                 exit_status == KUBE_EXIT_NOT_EXECUTABLE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree uint8_t *bytes = (uint8_t *) property_dup_text (data, size);
  g_auto(Session) whole = { { NULL } };
  g_auto(Session) pieces = { { NULL } };

  run (&whole, bytes, size, 0);
  run (&pieces, bytes, size, read_lines_seed (bytes, size) % (size + 1));
  check_equal (&whole, &pieces);
  check_status (whole.status);
  return 0;
}
