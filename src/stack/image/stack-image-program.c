/* stack-image-program.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-program-private.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes that are read in one round of the main loop. */
#define CHUNK (64 * 1024)

/* What is read at most after the program has ended: what it left running may write for ever. */
#define MAX_REST (1024 * 1024)

#define MAX_DOCUMENT (8 * 1024 * 1024)

/* What a program is given to end by itself. */
#define GRACE_SECONDS 5

typedef struct
{
  StackImageOutput *output;     /* (owned) */
  GString          *document;   /* (borrowed) (nullable) where its standard output goes */
  GInputStream     *printed;    /* (owned) (nullable) */
  GInputStream     *complaint;  /* (owned) (nullable) its standard error, if that is another one */
  GSource          *sources[2]; /* (owned) (nullable) of these */
  GSource          *cancelled;  /* (owned) (nullable) */
  GSource          *grace;      /* (owned) (nullable) */
  GSource          *ended;      /* (owned) (nullable) */
  pid_t             group;      /* the program's own number, too */
  char              chunk[CHUNK];
} Run;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_sources (Run *run)
{
  clear_source (&run->sources[0]);
  clear_source (&run->sources[1]);
  clear_source (&run->cancelled);
  clear_source (&run->grace);
}

static void
run_free (gpointer data)
{
  Run *run = data;

  stop_sources (run);
  clear_source (&run->ended);
  g_clear_object (&run->printed);
  g_clear_object (&run->complaint);
  g_clear_object (&run->output);
  g_free (run);
}

/* Runs between fork and exec: only what is safe in a signal handler. A session of its own is a
 * process group that can be ended as a whole, and has no terminal on which somebody could be
 * asked. If this program is killed, its build is not to go on. */
static void
set_up_child (gpointer user_data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  /* Ignored signals are inherited, and Minikube then ignores them, too. */
  signal (SIGINT, SIG_DFL);
  signal (SIGTERM, SIG_DFL);
  signal (SIGPIPE, SIG_DFL);
}

/* Reads what is there, one chunk at most. Returns the number of bytes, 0 when there is nothing now;
 * @ended at the end of the stream. */
static gsize
read_chunk (Run          *run,
            GInputStream *stream,
            gboolean      is_document,
            gboolean     *ended)
{
  g_autoptr(GError) error = NULL;
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), run->chunk,
                                                CHUNK, NULL, &error);
  *ended = n <= 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (n <= 0)
    return 0;

  if (!is_document)
    stack_image_output_write (run->output, run->chunk, (gsize) n);
  else if (run->document->len < MAX_DOCUMENT)
    g_string_append_len (run->document, run->chunk, n);

  return (gsize) n;
}

static gboolean
on_printed_cb (GObject *stream,
               gpointer user_data)
{
  Run     *run = user_data;
  gboolean ended;

  read_chunk (run, G_INPUT_STREAM (stream), run->document != NULL, &ended);

  return !ended;
}

static gboolean
on_complaint_cb (GObject *stream,
                 gpointer user_data)
{
  gboolean ended;

  read_chunk (user_data, G_INPUT_STREAM (stream), FALSE, &ended);

  return !ended;
}

static void
read_rest (Run          *run,
           GInputStream *stream,
           gboolean      is_document)
{
  gboolean ended = FALSE;
  gsize    n;

  for (gsize total = 0; !ended && total < MAX_REST; total += n)
    {
      n = read_chunk (run, stream, is_document, &ended);
      if (n == 0)
        break;
    }
}

static gboolean
on_grace_cb (gpointer user_data)
{
  Run *run = user_data;

  kill (-run->group, SIGKILL);
  g_clear_pointer (&run->grace, g_source_unref);

  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  GTask *task = user_data;
  Run   *run = g_task_get_task_data (task);

  kill (-run->group, SIGTERM);
  run->grace = g_timeout_source_new_seconds (GRACE_SECONDS);
  g_source_set_callback (run->grace, on_grace_cb, run, NULL);
  g_source_attach (run->grace, g_task_get_context (task));
  g_clear_pointer (&run->cancelled, g_source_unref);

  return G_SOURCE_REMOVE;
}

static void
on_ended_cb (GPid     pid,
             int      status,
             gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Run *run = g_task_get_task_data (task);

  stop_sources (run);
  g_clear_pointer (&run->ended, g_source_unref);
  /* What it has started ends with it. */
  kill (-run->group, SIGKILL);
  read_rest (run, run->printed, run->document != NULL);
  if (run->complaint != NULL)
    read_rest (run, run->complaint, FALSE);
  stack_image_output_end (run->output);

  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_return_int (task, WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
}

static GSource *
watch_stream (GTask              *task,
              GInputStream       *stream,
              GPollableSourceFunc callback)
{
  GSource *source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (stream), NULL);

  /* Whoever prints without end must not keep the window from being drawn. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (source, G_SOURCE_FUNC (callback), g_task_get_task_data (task), NULL);
  g_source_attach (source, g_task_get_context (task));

  return source;
}

/* Takes the task. */
static void
follow (GTask *task)
{
  Run          *run = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  run->sources[0] = watch_stream (task, run->printed, on_printed_cb);
  if (run->complaint != NULL)
    run->sources[1] = watch_stream (task, run->complaint, on_complaint_cb);
  if (cancellable != NULL)
    {
      run->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (run->cancelled, G_SOURCE_FUNC (on_cancelled_cb), task, NULL);
      g_source_attach (run->cancelled, g_task_get_context (task));
    }
  run->ended = g_child_watch_source_new (run->group);
  g_source_set_callback (run->ended, G_SOURCE_FUNC (on_ended_cb), task, NULL);
  g_source_attach (run->ended, g_task_get_context (task));
}

static gboolean
open_stream (GInputStream **stream,
             int           *fd,
             GError       **error)
{
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;

  g_unix_set_fd_nonblocking (ends[0], TRUE, NULL);
  *stream = g_unix_input_stream_new (ends[0], TRUE);
  *fd = ends[1];

  return TRUE;
}

/* GSubprocess would not tell the number of a program that has ended already, and what it has left
 * running is found by it. */
static gboolean
start (Run               *run,
       const char *const *argv,
       const char *const *environment,
       GError           **error)
{
  int      printed = -1;
  int      complaint = -1;
  gboolean started;

  started = open_stream (&run->printed, &printed, error) &&
            (run->document == NULL || open_stream (&run->complaint, &complaint, error)) &&
            g_spawn_async_with_pipes_and_fds (NULL, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                                              set_up_child, NULL, -1, printed,
                                              run->document != NULL ? complaint : printed, NULL,
                                              NULL, 0, &run->group, NULL, NULL, NULL, error);
  if (printed >= 0)
    close (printed);
  if (complaint >= 0)
    close (complaint);

  return started;
}

/*
 * _stack_image_program_run_async:
 * @argv: (array zero-terminated=1): the path of a program, and its arguments
 * @environment: (array zero-terminated=1): its whole environment, as `NAME=value`
 * @output: where goes what it prints
 * @document: (nullable): where its standard output goes instead, alive until the end
 * @cancellable: (nullable): a cancellable, which ends the program with all that it has started: all
 *   are asked to (SIGTERM), and when it is gone, or after 5 seconds, no longer asked
 * @callback: called when the program has ended
 * @user_data: data for @callback
 *
 * Runs a program for as long as it takes, never through a shell, without input and without a
 * terminal.
 */
void
_stack_image_program_run_async (const char *const  *argv,
                                const char *const  *environment,
                                StackImageOutput   *output,
                                GString            *document,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Run    *run = g_new0 (Run, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, _stack_image_program_run_async);
  g_task_set_task_data (task, run, run_free);
  run->output = g_object_ref (output);
  run->document = document;
  if (g_task_return_error_if_cancelled (task))
    return;

  if (start (run, argv, environment, &error))
    follow (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/*
 * _stack_image_program_run_finish:
 * @result: what the callback was given
 * @exit_status: (out): how the program ended, as shells say it: 128 and more for a signal
 * @error: return location for an error
 *
 * Possible errors: %G_SPAWN_ERROR if it cannot be started, %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether the program has run
 */
gboolean
_stack_image_program_run_finish (GAsyncResult *result,
                                 int          *exit_status,
                                 GError      **error)
{
  g_autoptr(GError) cause = NULL;

  g_assert (g_async_result_is_tagged (result, _stack_image_program_run_async));

  *exit_status = (int) g_task_propagate_int (G_TASK (result), &cause);
  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}
