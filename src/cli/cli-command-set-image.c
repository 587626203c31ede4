/* cli-command-set-image.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-change.h"
#include "cli-error.h"
#include "cli-finding.h"
#include "cli-invocation.h"

#include "stack-doctor.h"

static const CliOption set_image_options[] = {
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "how long to wait for the pods (default: 600; 0: no end)" },
  { "no-save", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, no_save), NULL,
    "do not remember the image for the next deployment" },
  { NULL },
};

static gboolean
change_image (CliInvocation *invocation,
              StackRunning  *running,
              gpointer       data,
              GError       **error)
{
  const char    *image = cli_invocation_get_options (invocation)->operands[0];
  StackSettings *settings = stack_session_get_settings (cli_invocation_get_session (invocation));
  g_autoptr(StackFinding) finding = NULL;

  stack_settings_set_text (settings, STACK_FIELD_IMAGE, image);
  finding = stack_doctor_check_field (settings, STACK_FIELD_IMAGE);
  if (finding != NULL && finding->severity == STACK_SEVERITY_ERROR)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_WRONG_VALUES, finding->message);
      return FALSE;
    }
  if (finding != NULL)
    cli_printer_warning (cli_invocation_get_printer (invocation), cli_finding_get_label (finding),
                         finding->message);

  stack_running_set_image (running, image);

  return TRUE;
}

static void
set_image_run (CliInvocation *invocation,
               GTask         *task)
{
  if (cli_invocation_get_options (invocation)->operands == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "No image was named. It is what the pods shall run. Write "
                               "“hackystackctl set-image hackystack:v2”.");
      g_object_unref (task);
      return;
    }

  cli_change_run (invocation, task, change_image, NULL, NULL);
}

const CliCommand CLI_COMMAND_SET_IMAGE = {
  .name = "set-image",
  .summary = "run another image, by a rolling update",
  .operands = "IMAGE",
  .max_operands = 1,
  .options = set_image_options,
  .description =
      "Changes the image of what is deployed and nothing else: new pods take the place\n"
      "of the old ones, a few at a time. Shows what will change, asks, and waits until\n"
      "the pods are ready and the app is healthy. The remembered image is changed, too,\n"
      "unless --namespace names another place.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl set-image hackystack:v2\n"
      "  hackystackctl set-image registry.example.org/hackystack:v2 --yes\n"
      "\n"
      "Exit status: 0 it runs and is healthy, 1 failed (\"undo\" brings back what ran\n"
      "before), 2 wrong usage, 3 the pods were not ready in time, 130 cancelled.\n",
  .run = set_image_run,
};
