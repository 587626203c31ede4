/* cli-prompt.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-prompt.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A terminal hands over at most 4095 bytes of a line (termios(3), N_TTY). */
#define MAX_LINE 4096

typedef struct
{
  GInputStream  *stream;
  char           line[MAX_LINE + 1];
  struct termios saved;
  gboolean       hidden; /* the terminal is changed: @saved must be put back */
} Ask;

static void
show_typing (Ask *ask)
{
  if (!ask->hidden)
    return;

  ask->hidden = FALSE;
  tcsetattr (STDIN_FILENO, TCSADRAIN, &ask->saved);
}

static void
ask_free (Ask *ask)
{
  show_typing (ask);
  explicit_bzero (ask->line, sizeof ask->line);
  g_clear_object (&ask->stream);
  g_free (ask);
}

/* Turns the echo off, and with it the keys that would leave the process stopped
 * (Ctrl+Z) or dead (Ctrl+\) on a terminal that shows nothing. Ctrl+C stays: it
 * cancels the question, which puts the terminal back. */
static void
hide_typing (Ask *ask)
{
  struct termios hidden;

  if (tcgetattr (STDIN_FILENO, &ask->saved) != 0)
    return;

  hidden = ask->saved;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ECHONL | ICANON | ISIG;
  hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
  hidden.c_cc[VQUIT] = _POSIX_VDISABLE;
  ask->hidden = tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

static void
ask_read_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Ask   *ask = g_task_get_task_data (task);
  gssize length;

  length = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  show_typing (ask);
  if (length < 0)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (length == 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "The question was left without an answer.");
      return;
    }

  ask->line[length] = '\0';
  ask->line[strcspn (ask->line, "\r\n")] = '\0';
  g_task_return_pointer (task, vault_secret_new (ask->line), (GDestroyNotify) vault_secret_unref);
}

/**
 * cli_prompt_ask_async:
 * @printer: the printer
 * @question: what to ask; a space comes after it
 * @hidden: whether what is typed must not be seen
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there is an answer
 * @user_data: data for @callback
 *
 * Asks a question on the terminal. With @hidden the terminal does not echo while
 * the answer is typed; it is put back as it was before @callback is called,
 * whatever happened.
 */
void
cli_prompt_ask_async (CliPrinter         *printer,
                      const char         *question,
                      gboolean            hidden,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *text = NULL;
  Ask             *ask;

  g_return_if_fail (CLI_IS_PRINTER (printer));
  g_return_if_fail (question != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_prompt_ask_async);
  ask = g_new0 (Ask, 1);
  ask->stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);

  if (hidden)
    hide_typing (ask);
  text = g_strconcat (question, " ", NULL);
  cli_printer_ask (printer, text);
  g_input_stream_read_async (ask->stream, ask->line, MAX_LINE, G_PRIORITY_DEFAULT, cancellable,
                             ask_read_cb, g_steal_pointer (&task));
}

/**
 * cli_prompt_ask_finish:
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@prompt_ask_async].
 *
 * Returns: (transfer full) (nullable): the answer without its newline, in memory
 *   that is wiped, or %NULL with an error of %G_IO_ERROR:
 *   %G_IO_ERROR_CANCELLED also when the terminal's end-of-file key was the answer
 */
VaultSecret *
cli_prompt_ask_finish (GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_prompt_ask_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
