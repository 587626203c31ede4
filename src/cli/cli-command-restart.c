/* cli-command-restart.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-progress.h"

#include "stack-control.h"

/* restart, pause and resume: what is deployed stays as it is, so nobody is asked. */

static const CliOption restart_options[] = {
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "how long to wait for the pods (default: 600; 0: no end)" },
  { NULL },
};

typedef struct
{
  StackControlAction action;
  StackControl      *control;  /* (owned) (nullable) */
  CliProgress       *progress; /* (owned) (nullable) */
} Restart;

static void
restart_free (gpointer data)
{
  Restart *restart = data;

  g_clear_object (&restart->progress);
  g_clear_object (&restart->control);
  g_free (restart);
}

static void
print_result (CliInvocation *invocation,
              Restart       *restart)
{
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  GListModel *operations = stack_control_get_operations (restart->control);
  g_autoptr(StackOperation) change = g_list_model_get_item (operations, 0);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("result");

  if (restart->action == STACK_CONTROL_PAUSE)
    cli_printer_line (printer, "%s",
                      "Changes do not reach the pods until “hackystackctl resume”.");
  cli_json_add_boolean (builder, "changed",
                        stack_operation_get_outcome (change) == STACK_OUTCOME_CHANGED);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
restart_run_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Restart *restart = g_task_get_task_data (task);
  gboolean done = stack_control_run_finish (STACK_CONTROL (object), result, &error);

  cli_progress_stop (restart->progress);
  if (!done)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  print_result (g_task_get_source_object (task), restart);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
restart_connect_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Restart       *restart = g_task_get_task_data (task);
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  restart->control = stack_control_new (cli_invocation_get_client (invocation),
                                        cli_invocation_get_namespace (invocation),
                                        restart->action);
  stack_control_set_timeout (restart->control,
                             cli_invocation_get_options (invocation)->timeout);
  restart->progress = cli_progress_new (cli_invocation_get_printer (invocation),
                                        stack_control_get_operations (restart->control));
  stack_control_run_async (restart->control, g_task_get_cancellable (task), restart_run_cb,
                           g_object_ref (task));
}

static void
run_action (CliInvocation     *invocation,
            GTask             *task,
            StackControlAction action)
{
  Restart *restart = g_new0 (Restart, 1);

  restart->action = action;
  g_task_set_task_data (task, restart, restart_free);
  cli_invocation_connect_async (invocation, g_task_get_cancellable (task), restart_connect_cb, task);
}

static void
restart_run (CliInvocation *invocation,
             GTask         *task)
{
  run_action (invocation, task, STACK_CONTROL_RESTART);
}

static void
pause_run (CliInvocation *invocation,
           GTask         *task)
{
  run_action (invocation, task, STACK_CONTROL_PAUSE);
}

static void
resume_run (CliInvocation *invocation,
            GTask         *task)
{
  run_action (invocation, task, STACK_CONTROL_RESUME);
}

const CliCommand CLI_COMMAND_RESTART = {
  .name = "restart",
  .summary = "replace every pod by a new one",
  .operands = "",
  .options = restart_options,
  .description =
      "Replaces every pod by a new one, a few at a time, so that the app goes on\n"
      "answering, and waits until the new ones are ready. What is deployed stays as it\n"
      "is. The same as \"kubectl rollout restart\".\n",
  .notes =
      "Example:\n"
      "  hackystackctl restart\n"
      "\n"
      "Exit status: 0 the new pods are ready, 1 failed, 3 they were not ready in time,\n"
      "2 wrong usage, 130 cancelled.\n",
  .run = restart_run,
};

const CliCommand CLI_COMMAND_PAUSE = {
  .name = "pause",
  .summary = "keep changes from reaching the pods",
  .operands = "",
  .description =
      "Pauses the rollout: pods that run go on, but a change of image or settings makes\n"
      "no new ones until \"resume\". A rollout that is under way stops where it is.\n",
  .notes =
      "Example:\n"
      "  hackystackctl pause\n"
      "\n"
      "Exit status: 0 it is paused, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = pause_run,
};

const CliCommand CLI_COMMAND_RESUME = {
  .name = "resume",
  .summary = "let changes reach the pods again",
  .operands = "",
  .options = restart_options,
  .description =
      "Resumes a rollout that was paused, and waits until the pods are ready.\n",
  .notes =
      "Example:\n"
      "  hackystackctl resume\n"
      "\n"
      "Exit status: 0 the pods are ready, 1 failed, 3 they were not ready in time,\n"
      "2 wrong usage, 130 cancelled.\n",
  .run = resume_run,
};
