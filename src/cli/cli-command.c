/* cli-command.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

/* In the order in which a newcomer meets them. */
static const CliCommand *const commands[] = {
  &CLI_COMMAND_CONTEXTS,
  &CLI_COMMAND_PROFILES,
  &CLI_COMMAND_CONFIG,
  &CLI_COMMAND_CHECK,
  &CLI_COMMAND_BUILD,
  &CLI_COMMAND_DIFF,
  &CLI_COMMAND_DEPLOY,
  &CLI_COMMAND_STATUS,
  &CLI_COMMAND_HISTORY,
  &CLI_COMMAND_UNDO,
  &CLI_COMMAND_SET_IMAGE,
  &CLI_COMMAND_SCALE,
  &CLI_COMMAND_RESTART,
  &CLI_COMMAND_PAUSE,
  &CLI_COMMAND_RESUME,
  &CLI_COMMAND_RESET,
  &CLI_COMMAND_CERTIFICATE,
  &CLI_COMMAND_EXPORT,
  &CLI_COMMAND_LOGS,
  &CLI_COMMAND_EXEC,
  &CLI_COMMAND_ATTACH,
  &CLI_COMMAND_PORT_FORWARD,
  &CLI_COMMAND_GET,
  &CLI_COMMAND_API_RESOURCES,
  NULL,
};

/**
 * cli_command_list:
 *
 * Lists the verbs of hackystackctl.
 *
 * Returns: (transfer none) (array zero-terminated=1): the verbs, in the order
 *   in which the help shows them
 */
const CliCommand *const *
cli_command_list (void)
{
  return commands;
}

/**
 * cli_command_find:
 * @name: a word of the command line
 *
 * Finds a verb.
 *
 * Returns: (transfer none) (nullable): the verb that is called @name
 */
const CliCommand *
cli_command_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; commands[i] != NULL; i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];

  return NULL;
}
