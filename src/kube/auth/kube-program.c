/* kube-program.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-program.h"

#include <string.h>
#include <unistd.h>

#include "kube-deadline.h"

#define MAX_OUTPUT (1024 * 1024)
#define MAX_MESSAGES 4096
/* What a pipe holds at most (man 7 pipe). */
#define PIPE_SIZE (64 * 1024)

typedef struct
{
  GSubprocess       *process;  /* (nullable) */
  KubeDeadline      *deadline; /* (nullable) */
  GSource           *output;   /* (nullable) when there is something to read */
  GSource           *messages; /* (nullable) the same */
  KubeProgramResult *result;   /* (nullable) */
  gsize              n_messages;
  GError            *error; /* (nullable) why the program was ended early */
} Run;

/**
 * kube_program_result_free:
 * @result: (transfer full): a result
 *
 * Wipes and frees a result.
 */
void
kube_program_result_free (KubeProgramResult *result)
{
  g_return_if_fail (result != NULL);

  explicit_bzero (result->output, result->length);
  explicit_bzero (result->messages, strlen (result->messages));
  g_free (result->output);
  g_free (result->messages);
  g_free (result);
}

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
run_free (Run *run)
{
  stop_source (&run->output);
  stop_source (&run->messages);
  g_clear_object (&run->process);
  g_clear_pointer (&run->deadline, kube_deadline_free);
  g_clear_pointer (&run->result, kube_program_result_free);
  g_clear_error (&run->error);
  g_free (run);
}

/* Runs between fork and exec: only what is safe in a signal handler. Without a terminal of its
 * own, a program cannot stop to ask there. */
static void
set_up_child (gpointer user_data)
{
  setsid ();
}

/* Reads what is there already. Returns the number of bytes, @ended at the end of the stream. */
static gsize
read_available (GInputStream *stream,
                char         *buffer,
                gsize         room,
                gboolean     *ended)
{
  gsize n_bytes = 0;

  *ended = FALSE;
  while (n_bytes < room)
    {
      g_autoptr(GError) error = NULL;
      gssize n_read;

      n_read = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream),
                                                         buffer + n_bytes, room - n_bytes, NULL,
                                                         &error);
      if (n_read <= 0)
        {
          *ended = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
          break;
        }
      n_bytes += n_read;
    }

  return n_bytes;
}

static gboolean
read_output (Run *run)
{
  KubeProgramResult *result = run->result;
  gboolean           ended;

  result->length += read_available (g_subprocess_get_stdout_pipe (run->process),
                                    result->output + result->length,
                                    MAX_OUTPUT + 1 - result->length, &ended);
  if (result->length > MAX_OUTPUT && run->error == NULL)
    {
      run->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                        "too much output");
      g_subprocess_force_exit (run->process);
      ended = TRUE;
    }

  return !ended;
}

/* One round, so that a program that never stops cannot hold up the main loop. The buffer has
 * twice the room that is kept. */
static gboolean
read_messages (Run *run)
{
  char    *messages = run->result->messages;
  gboolean ended;

  run->n_messages += read_available (g_subprocess_get_stderr_pipe (run->process),
                                     messages + run->n_messages, MAX_MESSAGES, &ended);
  if (run->n_messages > MAX_MESSAGES)
    {
      memmove (messages, messages + run->n_messages - MAX_MESSAGES, MAX_MESSAGES);
      run->n_messages = MAX_MESSAGES;
    }
  messages[run->n_messages] = '\0';

  return !ended;
}

static gboolean
on_output_cb (GObject *stream,
              gpointer user_data)
{
  return read_output (user_data);
}

static gboolean
on_messages_cb (GObject *stream,
                gpointer user_data)
{
  return read_messages (user_data);
}

static GSource *
watch_stream (GTask              *task,
              GInputStream       *stream,
              GPollableSourceFunc callback)
{
  GSource *source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream), NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (callback), g_task_get_task_data (task), NULL);
  g_source_attach (source, g_task_get_context (task));

  return source;
}

/* A browser that the program has opened to sign in with may hold its outputs for hours: they are
 * not waited for. When the program has ended, all that it said is there. */
static void
run_wait_cb (GObject      *source_object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  stop_source (&run->output);
  stop_source (&run->messages);
  if (!g_subprocess_wait_finish (run->process, result, &error))
    {
      /* The program alone is ended: the browser may be the user's only one. */
      g_subprocess_force_exit (run->process);
      if (kube_deadline_has_expired (run->deadline))
        error->code = G_IO_ERROR_TIMED_OUT;
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read_output (run);
  for (guint i = 0; i < PIPE_SIZE / MAX_MESSAGES; i++)
    read_messages (run);
  if (run->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&run->error));
      return;
    }
  run->result->exited = g_subprocess_get_if_exited (run->process);
  if (run->result->exited)
    run->result->exit_status = g_subprocess_get_exit_status (run->process);
  run->result->output[run->result->length] = '\0';
  g_task_return_pointer (task, g_steal_pointer (&run->result),
                         (GDestroyNotify) kube_program_result_free);
}

/* Takes the task. */
static void
follow (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  run->result = g_new0 (KubeProgramResult, 1);
  run->result->output = g_malloc0 (MAX_OUTPUT + 1);
  run->result->messages = g_malloc0 (2 * MAX_MESSAGES + 1);
  run->output = watch_stream (task, g_subprocess_get_stdout_pipe (run->process), on_output_cb);
  run->messages = watch_stream (task, g_subprocess_get_stderr_pipe (run->process),
                                on_messages_cb);
  g_subprocess_wait_async (run->process, kube_deadline_get_cancellable (run->deadline),
                           run_wait_cb, task);
}

/**
 * kube_program_run_async:
 * @argv: (array zero-terminated=1): the path of a program, and its arguments
 * @environment: (array zero-terminated=1): its whole environment, as `NAME=value`
 * @seconds: after how much time to end it
 * @cancellable: (nullable): a cancellable, which ends the program
 * @callback: called when the program has ended
 * @user_data: data for @callback
 *
 * Runs a program, never through a shell, without input and without a terminal, and reads what it
 * prints: at most 1 MiB, and the last 4 KiB of its messages. What it has started and left running
 * is not waited for.
 */
void
kube_program_run_async (const char *const  *argv,
                        const char *const  *environment,
                        guint               seconds,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  GError *error = NULL;
  Run    *run;

  g_return_if_fail (argv != NULL && argv[0] != NULL);
  g_return_if_fail (environment != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_program_run_async);
  run = g_new0 (Run, 1);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  g_subprocess_launcher_set_child_setup (launcher, set_up_child, NULL, NULL);
  run->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (run->process == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  run->deadline = kube_deadline_new (cancellable, seconds);
  follow (g_steal_pointer (&task));
}

/**
 * kube_program_run_finish: (skip)
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes running a program. One that reports a failure has been run: see its exit status.
 *
 * Possible errors: %G_SPAWN_ERROR if it cannot be started, %G_IO_ERROR_TIMED_OUT,
 * %G_IO_ERROR_MESSAGE_TOO_LARGE if it prints too much, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): what it left behind, or %NULL with @error set
 */
KubeProgramResult *
kube_program_run_finish (GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_program_run_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
