/* cli-terminal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* There is one terminal, and signal handlers have no data of their own. */
static struct termios        saved;
static volatile sig_atomic_t is_raw;

/* What ends the process without its main loop. Of SIGINT and SIGTERM the main loop takes the first
 * one; for a second one this is the last resort. */
static const int fatal_signals[] = { SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

/**
 * cli_terminal_is_there:
 *
 * Returns: whether standard input is a terminal
 */
gboolean
cli_terminal_is_there (void)
{
  return isatty (STDIN_FILENO) != 0;
}

/**
 * cli_terminal_restore:
 *
 * Puts the terminal back as it was before [func@terminal_set_raw], if that was called.
 */
void
cli_terminal_restore (void)
{
  if (!is_raw)
    return;

  is_raw = 0;
  tcsetattr (STDIN_FILENO, TCSANOW, &saved);
}

/* tcsetattr(), signal() and raise() may be called here (signal-safety(7)). */
static void
on_fatal_signal (int number)
{
  cli_terminal_restore ();
  signal (number, SIG_DFL);
  raise (number);
}

/**
 * cli_terminal_set_raw:
 *
 * Hands every key over as it is typed, Ctrl+C and the like too, and prints what comes as it is:
 * for a program elsewhere that has a terminal of its own. Whatever ends the process puts the
 * terminal back; only SIGKILL cannot.
 *
 * Returns: whether it did
 */
gboolean
cli_terminal_set_raw (void)
{
  struct termios raw;

  if (is_raw || tcgetattr (STDIN_FILENO, &saved) != 0)
    return FALSE;

  atexit (cli_terminal_restore);
  for (guint i = 0; i < G_N_ELEMENTS (fatal_signals); i++)
    signal (fatal_signals[i], on_fatal_signal);

  raw = saved;
  cfmakeraw (&raw);
  is_raw = 1;
  if (tcsetattr (STDIN_FILENO, TCSADRAIN, &raw) == 0)
    return TRUE;

  is_raw = 0;
  return FALSE;
}

/**
 * cli_terminal_get_size:
 * @columns: (out): how many characters are in a line
 * @rows: (out): how many lines there are
 *
 * Returns: whether the terminal knows its size
 */
gboolean
cli_terminal_get_size (guint *columns,
                       guint *rows)
{
  struct winsize size;

  if (ioctl (STDIN_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return FALSE;

  *columns = size.ws_col;
  *rows = size.ws_row;

  return TRUE;
}
