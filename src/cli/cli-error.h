/* cli-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CLI_ERROR (cli_error_quark ())

typedef enum
{
  CLI_ERROR_USAGE,
  CLI_ERROR_INPUT,
  CLI_ERROR_MISSING_VALUES,
  CLI_ERROR_WRONG_VALUES,
  CLI_ERROR_NOT_DEPLOYED,
  CLI_ERROR_CANCELLED,
} CliError;

typedef enum
{
  CLI_EXIT_DONE = 0,
  CLI_EXIT_FAILED = 1,
  CLI_EXIT_USAGE = 2,
  CLI_EXIT_TIMED_OUT = 3,
  CLI_EXIT_FINDING = 4,
  CLI_EXIT_CANCELLED = 130,
} CliExit;

GQuark      cli_error_quark (void);
CliExit     cli_error_to_exit (const GError *error);
const char *cli_error_to_code (const GError *error);
GPtrArray  *cli_error_dup_details (const GError *error);

G_END_DECLS
