/* cli-command-scale.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-change.h"
#include "cli-error.h"
#include "cli-invocation.h"

/* What a form takes, too. */
#define MAX_REPLICAS 100

static const CliOption scale_options[] = {
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "how long to wait for the pods (default: 600; 0: no end)" },
  { "no-save", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, no_save), NULL,
    "do not remember the number for the next deployment" },
  { NULL },
};

static gboolean
change_replicas (CliInvocation *invocation,
                 StackRunning  *running,
                 gpointer       data,
                 GError       **error)
{
  guint           *replicas = data;
  StackSettings   *settings = stack_session_get_settings (cli_invocation_get_session (invocation));
  const char      *autoscaler = stack_running_get_autoscaler (running);
  g_autofree char *text = g_strdup_printf ("%u", *replicas);
  g_autofree char *warning = NULL;

  if (autoscaler != NULL)
    {
      warning = g_strdup_printf ("%s. It will undo this within a minute if it sees it otherwise. "
                                 "Change its limits, or delete it, to keep %u.",
                                 autoscaler, *replicas);
      cli_printer_warning (cli_invocation_get_printer (invocation), "warning", warning);
    }

  /* None is for a while, and no answer that the form would take. */
  if (*replicas > 0)
    stack_settings_set_text (settings, STACK_FIELD_REPLICAS, text);
  stack_running_set_replicas (running, *replicas);

  return TRUE;
}

static void
scale_run (CliInvocation *invocation,
           GTask         *task)
{
  GStrv   operands = cli_invocation_get_options (invocation)->operands;
  guint64 replicas = 0;
  guint  *data;

  if (operands == NULL ||
      !g_ascii_string_to_unsigned (operands[0], 10, 0, MAX_REPLICAS, &replicas, NULL))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "It was not said how many pods there shall be. It is a whole number "
                               "from 0 to %d. Write “hackystackctl scale 3”.",
                               MAX_REPLICAS);
      g_object_unref (task);
      return;
    }

  data = g_new (guint, 1);
  *data = (guint) replicas;
  cli_change_run (invocation, task, change_replicas, data, g_free);
}

const CliCommand CLI_COMMAND_SCALE = {
  .name = "scale",
  .summary = "change how many pods there are",
  .operands = "NUMBER",
  .max_operands = 1,
  .options = scale_options,
  .description =
      "Changes how many pods run the app, waits until they are ready and asks the app\n"
      "for its health. Says so if an autoscaler sets the number and would change it\n"
      "back. The remembered number is changed, too, unless --namespace names another\n"
      "place or the number is 0.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl scale 3\n"
      "  hackystackctl scale 1 --yes\n"
      "\n"
      "Exit status: 0 there are as many, 1 failed, 2 wrong usage, 3 the pods were not\n"
      "ready in time, 130 cancelled.\n",
  .run = scale_run,
};
