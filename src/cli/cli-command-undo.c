/* cli-command-undo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-change.h"
#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "stack-undo.h"

static const CliOption undo_options[] = {
  { "to", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, to), "REVISION",
    "which revision (default: the last proven one that is not what runs)" },
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "how long to wait for the pods (default: 600; 0: no end)" },
  { NULL },
};

static void
print_target (CliInvocation *invocation,
              StackUndo     *undo)
{
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("undo");
  StackRevision *revision = stack_undo_get_revision (undo);
  const char    *outcome = stack_revision_outcome_get_word (stack_revision_get_outcome (revision));

  cli_printer_line (printer, "%s revision %u (%s, image %s)",
                    stack_undo_get_interrupted (undo) ? "Going on with the way back to"
                                                      : "Going back to",
                    stack_revision_get_number (revision), outcome,
                    stack_revision_get_image (revision));
  cli_json_add_int (builder, "revision", stack_revision_get_number (revision));
  cli_json_add_string (builder, "outcome", outcome);
  cli_json_add_string (builder, "image", stack_revision_get_image (revision));
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
undo_prepare_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackUndo) undo = stack_undo_prepare_finish (result, &error);
  CliInvocation *invocation = g_task_get_source_object (task);
  StackRunning  *running;

  if (undo == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  print_target (invocation, undo);
  running = stack_undo_get_running (undo);
  cli_change_carry_out (invocation, g_steal_pointer (&task), running,
                        stack_running_get_replicas (running), stack_undo_get_interrupted (undo));
}

static void
undo_connect_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_undo_prepare_async (cli_invocation_get_client (invocation),
                            cli_invocation_get_namespace (invocation),
                            (guint) cli_invocation_get_options (invocation)->to,
                            g_task_get_cancellable (task), undo_prepare_cb, g_object_ref (task));
}

static void
undo_run (CliInvocation *invocation,
          GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  if (cli_invocation_get_options (invocation)->to < 0)
    g_set_error_literal (&error, CLI_ERROR, CLI_ERROR_USAGE,
                         "There is no revision of a number below 1. They are counted from 1. Run "
                         "“hackystackctl history” to see them.");
  if (error == NULL && cli_change_check_asking (invocation, &error))
    cli_invocation_connect_async (invocation, g_task_get_cancellable (task), undo_connect_cb,
                                  g_steal_pointer (&owned));
  else
    g_task_return_error (task, error);
}

const CliCommand CLI_COMMAND_UNDO = {
  .name = "undo",
  .summary = "bring back what was deployed before",
  .operands = "",
  .options = undo_options,
  .description =
      "Brings an earlier revision back: settings, secrets and pod template together,\n"
      "unless told otherwise the last one that was proven to work and is not what runs\n"
      "now; an undo that was interrupted is gone on with. Shows what will change first\n"
      "(names of secrets, never values), asks, and waits until the pods are ready and the\n"
      "app is healthy. The number of pods stays. What is remembered for the next\n"
      "deployment is not changed.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl undo\n"
      "  hackystackctl undo --to 3 --yes\n"
      "\n"
      "Exit status: 0 brought back and healthy, 1 failed, 2 wrong usage, 3 the pods were\n"
      "not ready in time, 130 cancelled.\n",
  .run = undo_run,
};
