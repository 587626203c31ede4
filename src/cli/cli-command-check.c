/* cli-command-check.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-finding.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "stack-doctor.h"

static const CliOption check_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "check with the values of this YAML file (- for standard input)" },
  { NULL },
};

static void
print_text (CliInvocation *invocation,
            GPtrArray     *findings)
{
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  guint       n_problems = cli_finding_count (findings, STACK_SEVERITY_ERROR);
  guint       n_warnings = cli_finding_count (findings, STACK_SEVERITY_WARNING) - n_problems;
  guint       n_hints = findings->len - n_problems - n_warnings;

  for (guint i = 0; i < findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char    *text = cli_finding_dup_text (finding);
      g_autofree char    *label = cli_printer_paint (printer,
                                                  finding->severity == STACK_SEVERITY_ERROR
                                                         ? CLI_STYLE_BAD
                                                         : CLI_STYLE_WARNING,
                                                     cli_finding_get_label (finding));

      cli_printer_line (printer, "%s: %s", label, text);
    }

  if (findings->len == 0)
    cli_printer_line (printer, "Nothing is wrong with the values of profile %s.",
                      cli_invocation_get_options (invocation)->profile);
  else
    cli_printer_line (printer, "Problems: %u, warnings: %u, hints: %u.", n_problems, n_warnings,
                      n_hints);
}

static void
print_json (CliInvocation *invocation,
            GPtrArray     *findings)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("check");

  cli_json_add_string (builder, "profile", cli_invocation_get_options (invocation)->profile);
  cli_json_begin_array (builder, "findings");
  for (guint i = 0; i < findings->len; i++)
    {
      json_builder_begin_object (builder);
      cli_finding_add_json (g_ptr_array_index (findings, i), builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
check_load_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);
  CliPrinter    *printer = cli_invocation_get_printer (invocation);
  StackSession  *session;

  if (!cli_invocation_load_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  session = cli_invocation_get_session (invocation);
  findings = stack_doctor_check (stack_session_get_settings (session));
  if (cli_printer_is_json (printer))
    print_json (invocation, findings);
  else
    print_text (invocation, findings);

  g_task_return_int (task, cli_finding_count (findings, STACK_SEVERITY_WARNING) > 0
                               ? CLI_EXIT_FINDING
                               : CLI_EXIT_DONE);
}

static void
check_run (CliInvocation *invocation,
           GTask         *task)
{
  cli_invocation_load_async (invocation, g_task_get_cancellable (task), check_load_cb, task);
}

const CliCommand CLI_COMMAND_CHECK = {
  .name = "check",
  .summary = "look for mistakes in the values before they are deployed",
  .operands = "",
  .options = check_options,
  .description =
      "Looks at the values that deploy would use (the remembered ones, those of\n"
      "--values and those of the environment) and says what is missing, what cannot\n"
      "work and what looks odd. No cluster is contacted and nothing is changed.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl check\n"
      "  hackystackctl check --values values.yaml --json\n"
      "\n"
      "Exit status: 0 nothing or only hints, 4 problems or warnings, 1 the values\n"
      "cannot be read, 2 wrong usage.\n",
  .run = check_run,
};
