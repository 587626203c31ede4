/* cli-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-session.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "cli-terminal.h"

#include "base-copy.h"

/* What a shell shows for a program that wrote to a reader who had left. */
#define EXIT_BROKEN_PIPE (128 + SIGPIPE)

/* A command elsewhere that has the terminal, or the standard streams, of this process. */
typedef struct
{
  KubeExec     *exec;
  CliPrinter   *printer;
  GCancellable *copying;   /* of the copying, cancelled at the end */
  GSource      *cancelled; /* (nullable) of the whole */
  GSource      *resized;   /* (nullable) */

  guint    n_pending; /* of the command's end and of its two outputs */
  gboolean pipe_broken;
  int      exit_status;
  GError  *error; /* (nullable) */
} Session;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
session_free (Session *session)
{
  clear_source (&session->cancelled);
  clear_source (&session->resized);
  g_clear_object (&session->exec);
  g_clear_object (&session->printer);
  g_clear_object (&session->copying);
  g_clear_error (&session->error);
  g_free (session);
}

static void
finish_part (GTask *task)
{
  Session *session = g_task_get_task_data (task);

  if (--session->n_pending > 0)
    return;

  clear_source (&session->cancelled);
  clear_source (&session->resized);
  cli_terminal_restore ();
  /* A read of the keyboard may wait for ever. */
  g_cancellable_cancel (session->copying);
  if (session->pipe_broken)
    {
      session->exit_status = EXIT_BROKEN_PIPE;
      g_task_return_boolean (task, TRUE);
    }
  else if (session->error != NULL)
    g_task_return_error (task, g_steal_pointer (&session->error));
  else
    {
      if (session->exit_status != 0)
        cli_printer_note (session->printer, "command terminated with exit code %d",
                          session->exit_status);
      g_task_return_boolean (task, TRUE);
    }
}

static void
cli_session_wait_cb (GObject      *source_object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Session *session = g_task_get_task_data (task);

  kube_exec_wait_finish (session->exec, result, &session->exit_status, &session->error);
  finish_part (task);
}

static void
cli_session_output_cb (GObject      *source_object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Session *session = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* That the stream broke off is what the waiting tells, too. */
  if (!base_copy_finish (result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    {
      session->pipe_broken = TRUE;
      kube_exec_close (session->exec);
    }
  finish_part (task);
}

static void
cli_session_input_cb (GObject      *source_object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Session *session = g_task_get_task_data (task);

  /* A command need not read all that there is. */
  if (!base_copy_finish (result, NULL))
    return;

  if (!kube_exec_can_close_stdin (session->exec))
    cli_printer_note (session->printer,
                      "This cluster cannot tell the command that its input has ended: that needs "
                      "Kubernetes 1.30. A command that waits for it goes on until Ctrl+C.");
  g_output_stream_close_async (kube_exec_get_stdin (session->exec), G_PRIORITY_DEFAULT, NULL, NULL,
                               NULL);
}

/* Copies an output to a descriptor of this process. */
static void
copy_output (GTask        *task,
             GInputStream *source,
             int           fd)
{
  Session *session = g_task_get_task_data (task);
  g_autoptr(GOutputStream) target = g_unix_output_stream_new (fd, FALSE);

  session->n_pending++;
  base_copy_async (source, target, NULL, cli_session_output_cb, g_object_ref (task));
}

static void
copy_input (GTask *task)
{
  Session *session = g_task_get_task_data (task);
  g_autoptr(GInputStream) source = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  base_copy_async (source, kube_exec_get_stdin (session->exec), session->copying,
                   cli_session_input_cb, g_object_ref (task));
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  Session *session = user_data;

  kube_exec_close (session->exec);

  return G_SOURCE_REMOVE;
}

static gboolean
on_resized_cb (gpointer user_data)
{
  Session *session = user_data;
  guint    columns;
  guint    rows;

  if (cli_terminal_get_size (&columns, &rows))
    kube_exec_resize (session->exec, columns, rows);

  return G_SOURCE_CONTINUE;
}

static void
take_terminal (Session *session)
{
  cli_terminal_set_raw ();
  session->resized = g_unix_signal_source_new (SIGWINCH);
  g_source_set_callback (session->resized, on_resized_cb, session, NULL);
  g_source_attach (session->resized, NULL);
  on_resized_cb (session);
}

/**
 * cli_session_run_async:
 * @exec: a command
 * @tty: whether it has a terminal: then this one is handed over to it
 * @printer: the printer
 * @cancellable: ends the connection
 * @callback: (scope async): called when the command has ended and all it said is printed
 * @user_data: data for @callback
 *
 * Connects a command with the standard streams of this process, until it ends.
 */
void
cli_session_run_async (KubeExec           *exec,
                       gboolean            tty,
                       CliPrinter         *printer,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Session *session;

  g_return_if_fail (KUBE_IS_EXEC (exec));
  g_return_if_fail (CLI_IS_PRINTER (printer));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  session = g_new0 (Session, 1);
  session->exec = g_object_ref (exec);
  session->printer = g_object_ref (printer);
  session->copying = g_cancellable_new ();
  session->n_pending = 1;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_session_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, session, (GDestroyNotify) session_free);

  session->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (session->cancelled, G_SOURCE_FUNC (on_cancelled_cb), session, NULL);
  g_source_attach (session->cancelled, NULL);
  if (tty)
    take_terminal (session);
  copy_output (task, kube_exec_get_stdout (exec), STDOUT_FILENO);
  if (kube_exec_get_stderr (exec) != NULL)
    copy_output (task, kube_exec_get_stderr (exec), STDERR_FILENO);
  if (kube_exec_get_stdin (exec) != NULL)
    copy_input (task);
  kube_exec_wait_async (exec, NULL, cli_session_wait_cb, g_object_ref (task));
}

/**
 * cli_session_run_finish:
 * @result: a result
 * @exit_status: (out): the exit status of the command; with an error 126 or 127 if it could not
 *   be started, else -1
 * @error: where to put an error
 *
 * Ends [func@session_run_async].
 *
 * Returns: whether the command ended by itself; or else an error of %KUBE_ERROR or %G_IO_ERROR
 */
gboolean
cli_session_run_finish (GAsyncResult *result,
                        int          *exit_status,
                        GError      **error)
{
  Session *session;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_session_run_async), FALSE);
  g_return_val_if_fail (exit_status != NULL, FALSE);

  session = g_task_get_task_data (G_TASK (result));
  *exit_status = session->exit_status;

  return g_task_propagate_boolean (G_TASK (result), error);
}
