/* exec-fixture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "exec-fixture.h"

#include <string.h>

#include "await.h"

#define DRAIN_SIZE (64 * 1024)

static void drain_step (Drain *drain);

static gboolean
drain_pause_cb (gpointer user_data)
{
  drain_step (user_data);

  return G_SOURCE_REMOVE;
}

static void
drain_cb (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Drain *drain = user_data;
  gssize n_bytes = g_input_stream_read_finish (drain->stream, result, &drain->error);

  if (n_bytes <= 0)
    {
      drain->ended = TRUE;
      return;
    }
  drain->n_bytes += (gsize) n_bytes;
  drain->most_queued = MAX (drain->most_queued, kube_exec_get_queued (drain->exec));
  if (drain->checksum != NULL)
    g_checksum_update (drain->checksum, drain->buffer, n_bytes);
  else
    g_byte_array_append (drain->read, drain->buffer, (guint) n_bytes);
  if (drain->pause_ms > 0 && drain->n_bytes % 7 == 0)
    g_timeout_add (drain->pause_ms, drain_pause_cb, drain);
  else
    drain_step (drain);
}

static void
drain_step (Drain *drain)
{
  g_input_stream_read_async (drain->stream, drain->buffer, DRAIN_SIZE, G_PRIORITY_DEFAULT, NULL,
                             drain_cb, drain);
}

static void
drain_start (Drain        *drain,
             KubeExec     *exec,
             GInputStream *stream)
{
  drain->exec = exec;
  drain->stream = stream;
  drain->read = g_byte_array_new ();
  drain->buffer = g_malloc (DRAIN_SIZE);
  if (stream != NULL)
    drain_step (drain);
  else
    drain->ended = TRUE;
}

static void
drain_clear (Drain *drain)
{
  g_byte_array_unref (drain->read);
  g_clear_error (&drain->error);
  g_clear_pointer (&drain->checksum, g_checksum_free);
  g_free (drain->buffer);
}

KubeExec *
start_exec (KubeClient            *client,
            const KubeExecOptions *options,
            GError               **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  kube_exec_start_async (client, options, NULL, await_cb, &result);

  return kube_exec_start_finish (await (&result), error);
}

void
ran_drain (Ran      *ran,
           KubeExec *exec)
{
  ran->exec = exec;
  drain_start (&ran->out, exec, kube_exec_get_stdout (exec));
  drain_start (&ran->err, exec, kube_exec_get_stderr (exec));
}

gboolean
ran_wait (Ran     *ran,
          GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  kube_exec_wait_async (ran->exec, NULL, await_cb, &result);
  await (&result);
  while (!ran->out.ended || !ran->err.ended)
    g_main_context_iteration (NULL, TRUE);

  return kube_exec_wait_finish (ran->exec, result, &ran->exit_status, error);
}

void
ran_clear (Ran *ran)
{
  if (ran->exec == NULL)
    return;

  drain_clear (&ran->out);
  drain_clear (&ran->err);
  g_clear_object (&ran->exec);
}

void
assert_read (Drain      *drain,
             const char *wanted)
{
  g_assert_cmpmem (drain->read->data, drain->read->len, wanted, strlen (wanted));
}
