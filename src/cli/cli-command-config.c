/* cli-command-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-config-import.h"
#include "cli-error.h"

#define MAX_NAMES 1000

static void
config_run (CliInvocation *invocation,
            GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GStrv operands = cli_invocation_get_options (invocation)->operands;

  if (operands != NULL && g_str_equal (operands[0], "import"))
    cli_config_import_run (invocation, g_steal_pointer (&owned));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                             "It was not said what to do with the values. config can import a .env "
                             "file. Run \"hackystackctl config import FILE\".");
}

const CliCommand CLI_COMMAND_CONFIG = {
  .name = "config",
  .summary = "take values over from a .env file",
  .operands = "import FILE [NAME…]",
  .max_operands = MAX_NAMES,
  .description =
      "Reads a .env file, shows what becomes of each variable, by name only, and takes\n"
      "them into the profile after asking. Variables of the app's questions (and the\n"
      "names that Auth.js 5 has for them) become their answers; the others become\n"
      "further variables of the app. Those whose name sounds like a secret are taken\n"
      "only when you name them, since further variables are no place for secrets. With\n"
      "names, these are taken and no others.\n"
      "\n"
      "The file is read as dotenv reads it: quotes, comments, values of several lines,\n"
      "\\n in double quotes. A $NAME stays as it stands; nothing is put in its place.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl config import .env\n"
      "  hackystackctl config import .env DATABASE_URL GITHUB_CLIENT_ID --yes\n"
      "\n"
      "Exit status: 0 done, 1 the file cannot be used or the values not be kept, 2 wrong\n"
      "usage, 130 cancelled.\n",
  .run = config_run,
};
