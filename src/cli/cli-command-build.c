/* cli-command-build.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-build.h"
#include "cli-error.h"
#include "cli-json.h"

static const CliOption build_options[] = {
  { "builder", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, builder), "PROGRAM",
    "minikube (on the cluster, the default) or docker (on this computer)" },
  { "tag", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, tag), "TAG",
    "call it hackystack:TAG (default: a tag made from its contents)" },
  { NULL },
};

static void
print_result (CliInvocation *invocation,
              const char    *reference)
{
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("result");

  cli_json_add_string (builder, "image", reference);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);

  cli_printer_line (printer, "%s", reference);
  if (!cli_printer_is_json (printer))
    cli_printer_note (printer, "The cluster has it. Run it with: hackystackctl set-image %s",
                      reference);
}

static void
build_run_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError          *error = NULL;
  CliInvocation   *invocation = CLI_INVOCATION (object);
  g_autofree char *reference = cli_build_run_finish (invocation, result, &error);

  if (reference != NULL)
    {
      print_result (invocation, reference);
      g_task_return_int (task, CLI_EXIT_DONE);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED,
                               "The build was ended, with all that it had started.");
    }
  else
    g_task_return_error (task, error);
}

static void
build_load_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError        *error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);
  GCancellable  *cancellable = g_task_get_cancellable (task);

  if (cli_invocation_load_finish (invocation, result, &error))
    cli_build_run_async (invocation, cli_invocation_get_options (invocation)->operands[0],
                         cancellable, build_run_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
build_run (CliInvocation *invocation,
           GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  if (cli_invocation_get_options (invocation)->operands == NULL)
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                             "No folder was named. The image is made from its Dockerfile. Write "
                             "“hackystackctl build FOLDER”.");
  else if (!cli_build_check_options (invocation, &error))
    g_task_return_error (task, error);
  else
    cli_invocation_load_async (invocation, g_task_get_cancellable (task), build_load_cb,
                               g_steal_pointer (&owned));
}

const CliCommand CLI_COMMAND_BUILD = {
  .name = "build",
  .summary = "build the app's image for a cluster of Minikube's",
  .operands = "FOLDER",
  .max_operands = 1,
  .options = build_options,
  .description =
      "Builds an image from a folder with a Dockerfile and sees to it that the cluster\n"
      "has it: with \"minikube image build\" on the cluster, or with \"docker build\" on\n"
      "this computer and \"minikube image load\". What these say is shown while they run;\n"
      "Ctrl+C ends them. The last line is the image's name: \"hackystack:\" and digits\n"
      "that are made from its contents, so that a changed image has another name and an\n"
      "undo finds the one from before. .dockerignore counts as usual.\n"
      "\n"
      "Only clusters of Minikube's can be built for. For others, push the image to a\n"
      "registry.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl build ./hacky-stack\n"
      "  hackystackctl deploy --build ./hacky-stack\n"
      "  hackystackctl set-image \"$(hackystackctl build ./hacky-stack)\"\n"
      "\n"
      "Exit status: 0 the cluster has it, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = build_run,
};
