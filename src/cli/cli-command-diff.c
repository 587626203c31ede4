/* cli-command-diff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-deployment.h"
#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-plan.h"

#include "stack-provision.h"

static const CliOption diff_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "take values from this YAML file (- for standard input)" },
  { "force-conflicts", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, force_conflicts), NULL,
    "show what taking over fields of other programs would lead to" },
  { "exit-code", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, exit_code), NULL,
    "end with exit status 4 if anything differs" },
  { NULL },
};

static void
print_text (CliInvocation *invocation,
            StackPlan     *plan)
{
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  g_autofree char *list = cli_plan_dup_list (printer, plan, TRUE);
  g_autofree char *diffs = cli_plan_dup_diffs (printer, plan, TRUE, TRUE);
  g_autofree char *summary = stack_plan_dup_summary (plan);

  cli_printer_line (printer, "%s%s\n%s.", list, diffs, summary);
}

static void
print_json (CliInvocation *invocation,
            StackPlan     *plan)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("diff");
  KubeContext *context = stack_session_get_context (cli_invocation_get_session (invocation));

  cli_json_add_string (builder, "context", kube_context_get_name (context));
  cli_json_add_string (builder, "server", kube_context_get_server (context));
  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_add_int (builder, "changes", stack_plan_get_n_changes (plan));
  cli_plan_add_json (plan, builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

/* The list has each refusal; the error is the first. In JSON all are in the one document. */
static void
return_refused (GTask     *task,
                StackPlan *plan)
{
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));
  g_autoptr(GError) error = NULL;

  if (!cli_printer_is_json (printer) && !stack_plan_check_refusals (plan, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, CLI_EXIT_FAILED);
}

static void
diff_make_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(StackPlan) plan = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);
  GError        *error = NULL;
  gboolean       differs;

  plan = stack_plan_make_finish (result, &error);
  if (plan == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (cli_printer_is_json (cli_invocation_get_printer (invocation)))
    print_json (invocation, plan);
  else
    print_text (invocation, plan);

  differs = stack_plan_count (plan, STACK_ACTION_UNCHANGED) <
            g_list_model_get_n_items (G_LIST_MODEL (plan));
  if (stack_plan_count (plan, STACK_ACTION_REFUSED) > 0)
    return_refused (task, plan);
  else
    g_task_return_int (task, differs && options->exit_code ? CLI_EXIT_FINDING : CLI_EXIT_DONE);
}

/* Certificate and Ingress class belong to what would be deployed. */
static void
diff_provision_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GPtrArray) objects = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);
  GError        *error = NULL;

  if (stack_provision_finish (result, NULL, &error))
    objects = stack_session_fill_objects (session, &error);
  if (objects == NULL)
    g_task_return_error (task, error);
  else
    stack_plan_make_async (stack_session_get_client (session), objects,
                           cli_invocation_get_options (invocation)->force_conflicts, cancellable,
                           diff_make_cb, g_steal_pointer (&task));
}

static void
diff_connect_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  StackSession  *session = cli_invocation_get_session (invocation);
  GError        *error = NULL;

  if (!cli_invocation_connect_finish (invocation, result, &error))
    g_task_return_error (task, error);
  else
    stack_provision_async (stack_session_get_manifests (session),
                           stack_session_get_settings (session),
                           stack_session_get_client (session), stack_session_get_vault (session),
                           cancellable, diff_provision_cb, g_steal_pointer (&task));
}

static void
diff_load_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  GError        *error = NULL;

  if (!cli_invocation_load_finish (invocation, result, &error) ||
      cli_invocation_find_context (invocation, &error) == NULL ||
      !cli_deployment_check_missing (invocation, &error) ||
      !cli_deployment_check_values (invocation, FALSE, &error))
    g_task_return_error (task, error);
  else
    cli_invocation_connect_async (invocation, cancellable, diff_connect_cb, g_steal_pointer (&task));
}

static void
diff_run (CliInvocation *invocation,
          GTask         *task)
{
  cli_invocation_load_async (invocation, g_task_get_cancellable (task), diff_load_cb, task);
}

const CliCommand CLI_COMMAND_DIFF = {
  .name = "diff",
  .summary = "show what deploy would change, without changing it",
  .operands = "",
  .options = diff_options,
  .description =
      "Asks the cluster what deploying with these values would do: which objects would\n"
      "be created or changed, which are as they shall be, which have fields that other\n"
      "programs own, and which would be refused. The cluster tries each object and\n"
      "keeps nothing of it. Values of Secrets are never shown: only whether they differ.\n"
      "Beside each object stands the kubectl command that does the same.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl diff\n"
      "  hackystackctl diff --values values.yaml --exit-code\n"
      "  hackystackctl diff --json\n"
      "\n"
      "Exit status: 0 shown, whether or not anything differs; 1 it cannot be told, or\n"
      "an object would be refused; 2 wrong usage; with --exit-code 4 if anything differs.\n",
  .run = diff_run,
};
