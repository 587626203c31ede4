/* cli-command-export.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-json.h"
#include "cli-prompt.h"
#include "cli-provision.h"

#include "stack-export.h"

#define NOTHING_WRITTEN "Nothing was written."

static const CliOption export_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "take values from this YAML file (- for standard input)" },
  { "with-secrets", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, with_secrets), NULL,
    "write passwords and keys, too, into files for you only" },
  { NULL },
};

static void export(GTask           *task,
                   StackExportFlags flags);

static CliOptions *
get_options (GTask *task)
{
  return cli_invocation_get_options (g_task_get_source_object (task));
}

static StackExportFlags
get_flags (GTask *task)
{
  CliOptions *options = get_options (task);

  return (options->with_secrets ? STACK_EXPORT_SECRETS : STACK_EXPORT_NONE) |
         (options->yes ? STACK_EXPORT_OVERWRITE : STACK_EXPORT_NONE);
}

static void
print_json (GTask *task,
            GStrv  names)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("export");
  CliInvocation *invocation = g_task_get_source_object (task);

  cli_json_add_string (builder, "directory", get_options (task)->operands[0]);
  cli_json_add_boolean (builder, "secrets", get_options (task)->with_secrets);
  cli_json_begin_array (builder, "files");
  for (guint i = 0; names[i] != NULL; i++)
    json_builder_add_string_value (builder, names[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
print_text (GTask *task,
            GStrv  names)
{
  CliOptions *options = get_options (task);
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));

  cli_printer_line (printer, "Written to %s:", options->operands[0]);
  for (guint i = 0; names[i] != NULL; i++)
    cli_printer_line (printer, "  %s", names[i]);
  if (options->with_secrets)
    cli_printer_note (printer, "The files hold passwords and keys. Keep them to yourself, and out "
                               "of version control.");
  else
    cli_printer_note (printer, "The values of Secrets are left out: the files that end in .example "
                               "say how to fill them. --with-secrets writes them, too.");
  cli_printer_note (printer, "Apply them with: kubectl apply -k %s", options->operands[0]);
}

static void
export_confirm_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, &error);
  const char *text = answer != NULL ? vault_secret_get_text (answer) : "";

  if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    export(task, get_flags (task) | STACK_EXPORT_OVERWRITE);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_WRITTEN);
}

static void
export_write_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = stack_export_finish (result, &error);
  CliInvocation *invocation = g_task_get_source_object (task);
  CliPrinter    *printer = cli_invocation_get_printer (invocation);

  if (names != NULL)
    {
      if (cli_printer_is_json (printer))
        print_json (task, names);
      else
        print_text (task, names);
      g_task_return_int (task, CLI_EXIT_DONE);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) &&
           cli_invocation_can_ask (invocation))
    {
      cli_printer_note (printer, "%s", error->message);
      cli_prompt_ask_async (printer, "Replace these files? [y/N]", FALSE,
                            g_task_get_cancellable (task), export_confirm_cb, g_object_ref (task));
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void export(GTask           *task,
                   StackExportFlags flags)
{
  StackSession *session = cli_invocation_get_session (g_task_get_source_object (task));

  stack_export_async (stack_session_get_manifests (session), stack_session_get_settings (session),
                      get_options (task)->operands[0], flags, g_task_get_cancellable (task),
                      export_write_cb, g_object_ref (task));
}

static void
export_provision_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (cli_provision_finish (CLI_INVOCATION (object), result, NULL, &error))
    export(task, get_flags (task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
export_run (CliInvocation *invocation,
            GTask         *task)
{
  if (cli_invocation_get_options (invocation)->operands == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "No folder was named. The files need a place to go to. Write "
                               "\"hackystackctl export DIR\"; the folder is made if it is not "
                               "there.");
      g_object_unref (task);
      return;
    }

  cli_provision_async (invocation, g_task_get_cancellable (task), export_provision_cb, task);
}

const CliCommand CLI_COMMAND_EXPORT = {
  .name = "export",
  .summary = "write the manifests as files for kubectl",
  .operands = "DIR",
  .max_operands = 1,
  .options = export_options,
  .description =
      "Writes what deploy would apply into the folder DIR, as YAML files with a word\n"
      "about each, and a list for kustomize: \"kubectl apply -k DIR\" and \"kubectl apply\n"
      "-f DIR\" make the same objects as deploy. The values of Secrets are left out unless\n"
      "--with-secrets asks for them: then only you may read the files (0600, the folder\n"
      "0700). Files that are there already are replaced only with your word or --yes.\n"
      "\n"
      "The cluster is asked for its certificate and its Ingress classes, so that what is\n"
      "right already stays. If it does not answer, the files are written all the same.\n"
      "Nothing is changed on the cluster.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl export ./manifests\n"
      "  hackystackctl export ./manifests --with-secrets --values values.yaml\n"
      "  kubectl diff -k ./manifests\n"
      "\n"
      "Exit status: 0 written, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = export_run,
};
