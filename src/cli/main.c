/* main.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-options.h"

#include "base-redact.h"
#include "kube-process.h"

#include <locale.h>
#include <signal.h>

static int
report_usage (const GError *error)
{
  g_autoptr(CliPrinter) printer = cli_printer_new (FALSE, FALSE);

  cli_printer_error (printer, error);

  return CLI_EXIT_USAGE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(CliOptions) options = NULL;
  g_autoptr(CliInvocation) invocation = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  kube_process_prepare ();
  /* Only what a character is: the messages are English, so that they can be
   * searched for, and so are those of the libraries then. */
  setlocale (LC_CTYPE, "");
  g_set_prgname ("hackystackctl");
  g_log_set_writer_func (base_redact_log_writer, NULL, NULL);
  /* A reader that goes away (| head) is seen by the printer. */
  signal (SIGPIPE, SIG_IGN);

  options = cli_options_parse ((const char *const *) argv, &error);
  if (options == NULL)
    return report_usage (error);
  if (options->help || options->version)
    {
      g_autoptr(CliPrinter) printer = cli_printer_new (FALSE, FALSE);
      g_autofree char *text = options->help ? cli_options_dup_help (options)
                                            : g_strdup ("hackystackctl " PACKAGE_VERSION "\n");

      cli_printer_raw (printer, text, strlen (text));
      return CLI_EXIT_DONE;
    }

  invocation = cli_invocation_new (g_steal_pointer (&options));
  status = cli_invocation_run (invocation);
  /* Lets what was cancelled come to its end and free what it holds. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  return status;
}
