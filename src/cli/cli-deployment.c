/* cli-deployment.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-deployment.h"

#include "cli-error.h"
#include "cli-finding.h"
#include "cli-json.h"
#include "cli-pods.h"
#include "cli-settings.h"

#include "stack-doctor.h"

static StackSettings *
get_settings (CliInvocation *invocation)
{
  return stack_session_get_settings (cli_invocation_get_session (invocation));
}

static const char *
get_text (CliInvocation *invocation,
          StackFieldId   id)
{
  return stack_settings_get_text (get_settings (invocation), id);
}

static char *
dup_url (CliInvocation *invocation)
{
  return stack_settings_dup_address (get_settings (invocation));
}

/**
 * cli_deployment_check_missing:
 * @invocation: an invocation that was loaded
 * @error: where to put an error
 *
 * Refuses settings in which something is missing: for a run that can ask nobody.
 *
 * Returns: whether everything is there; or else %CLI_ERROR_MISSING_VALUES, which
 *   names every key
 */
gboolean
cli_deployment_check_missing (CliInvocation *invocation,
                              GError       **error)
{
  g_autoptr(GPtrArray) missing = NULL;
  g_autoptr(GString) keys = g_string_new (NULL);
  g_autoptr(GString) variables = g_string_new (NULL);

  g_return_val_if_fail (CLI_IS_INVOCATION (invocation), FALSE);

  missing = cli_settings_list_missing (get_settings (invocation));
  if (missing->len == 0)
    return TRUE;

  for (guint i = 0; i < missing->len; i++)
    {
      const StackField *field = g_ptr_array_index (missing, i);

      g_string_append_printf (keys, "%s%s", i > 0 ? ", " : "", field->key);
      if (field->variable != NULL)
        g_string_append_printf (variables, "%sHACKYSTACK_%s", variables->len > 0 ? ", " : "",
                                field->variable);
    }
  g_set_error (error, CLI_ERROR, CLI_ERROR_MISSING_VALUES,
               "Values are missing: %s. There is no terminal to ask for them. Put them into a "
               "file and name it with --values FILE, or set them in the environment (%s).",
               keys->str, variables->str);

  return FALSE;
}

static gboolean
is_open_question (CliInvocation      *invocation,
                  const StackFinding *finding)
{
  return stack_field_get (finding->field)->required &&
         get_text (invocation, finding->field)[0] == '\0';
}

/* Prints @findings to standard error. Returns the keys of the fields that stop a
 * deployment, "" for none. */
static char *
print_findings (CliInvocation *invocation,
                GPtrArray     *findings,
                gboolean       complete)
{
  GString *keys = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (findings, i);
      gboolean            stops = finding->severity == STACK_SEVERITY_ERROR;
      g_autofree char    *text = cli_finding_dup_text (finding);

      if (!complete && (!stops || is_open_question (invocation, finding)))
        continue;
      cli_printer_warning (cli_invocation_get_printer (invocation),
                           cli_finding_get_label (finding), text);
      if (stops)
        g_string_append_printf (keys, "%s%s", keys->len > 0 ? ", " : "",
                                stack_field_get (finding->field)->key);
    }

  return g_string_free (keys, FALSE);
}

/**
 * cli_deployment_check_values:
 * @invocation: an invocation that was loaded
 * @complete: whether every question has its answer; if not, what is missing is
 *   passed over, and only what stops a deployment is said
 * @error: where to put an error
 *
 * Prints what the doctor finds.
 *
 * Returns: whether the values can be deployed; or else %CLI_ERROR_WRONG_VALUES
 */
gboolean
cli_deployment_check_values (CliInvocation *invocation,
                             gboolean       complete,
                             GError       **error)
{
  g_autoptr(GPtrArray) findings = NULL;
  g_autofree char *keys = NULL;

  g_return_val_if_fail (CLI_IS_INVOCATION (invocation), FALSE);

  findings = stack_doctor_check (get_settings (invocation));
  keys = print_findings (invocation, findings, complete);
  if (keys[0] == '\0')
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_WRONG_VALUES,
               "Nothing was sent to the cluster. These values cannot work: %s. "
               "Correct them as said above and run deploy again.",
               keys);

  return FALSE;
}

static void
print_plan_event (CliInvocation *invocation,
                  GListModel    *operations)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("plan");
  KubeContext *context = stack_session_get_context (cli_invocation_get_session (invocation));

  cli_json_add_string (builder, "context", kube_context_get_name (context));
  cli_json_add_string (builder, "server", kube_context_get_server (context));
  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_add_string (builder, "image", get_text (invocation, STACK_FIELD_IMAGE));
  cli_json_add_string (builder, "host", get_text (invocation, STACK_FIELD_HOST));
  cli_json_add_string (builder, "replicas", get_text (invocation, STACK_FIELD_REPLICAS));
  cli_json_begin_array (builder, "operations");
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(StackOperation) operation = g_list_model_get_item (operations, i);

      json_builder_add_string_value (builder, stack_operation_get_title (operation));
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_event (cli_invocation_get_printer (invocation), builder);
}

/**
 * cli_deployment_show_target:
 * @invocation: an invocation that is connected
 *
 * Shows where what will be deployed, to somebody who is about to be asked.
 */
void
cli_deployment_show_target (CliInvocation *invocation)
{
  CliPrinter      *printer;
  StackSession    *session;
  KubeContext     *context;
  g_autofree char *url = NULL;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));

  printer = cli_invocation_get_printer (invocation);
  session = cli_invocation_get_session (invocation);
  context = stack_session_get_context (session);
  url = dup_url (invocation);
  cli_printer_note (printer, "\nCluster    %s (context %s, Kubernetes %s)",
                    kube_context_get_server (context), kube_context_get_name (context),
                    stack_session_get_server_version (session));
  cli_printer_note (printer, "Namespace  %s", cli_invocation_get_namespace (invocation));
  cli_printer_note (printer, "Image      %s, %s running at a time",
                    get_text (invocation, STACK_FIELD_IMAGE),
                    get_text (invocation, STACK_FIELD_REPLICAS));
  cli_printer_note (printer, "Address    %s\n", url);
}

/**
 * cli_deployment_show_plan:
 * @invocation: an invocation that is connected
 * @deployer: a deployer that does not run yet
 *
 * Shows where @deployer will do what: in a line when it was agreed to by `--yes`, and as an event
 * in JSON mode.
 */
void
cli_deployment_show_plan (CliInvocation *invocation,
                          StackDeployer *deployer)
{
  KubeContext *context;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));

  print_plan_event (invocation, stack_deployer_get_operations (deployer));
  if (!cli_invocation_get_options (invocation)->yes)
    return;

  context = stack_session_get_context (cli_invocation_get_session (invocation));
  cli_printer_line (cli_invocation_get_printer (invocation),
                    "Deploying to namespace %s of context %s (server %s)",
                    cli_invocation_get_namespace (invocation), kube_context_get_name (context),
                    kube_context_get_server (context));
}

/**
 * cli_deployment_show_pods:
 * @invocation: an invocation that is connected
 * @deployer: a deployer that has run
 *
 * Shows the app's pods as they were last seen; nothing when there are none.
 */
void
cli_deployment_show_pods (CliInvocation *invocation,
                          StackDeployer *deployer)
{
  g_autoptr(GPtrArray) pods = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  CliPrinter *printer;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));

  printer = cli_invocation_get_printer (invocation);
  pods = cli_pods_new_from_model (stack_deployer_get_pods (deployer));
  if (pods->len == 0)
    return;

  cli_printer_line (printer, "%s", "");
  cli_pods_print (pods, printer);
  builder = cli_json_begin ("pods");
  cli_pods_add_json (pods, builder);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

/**
 * cli_deployment_show_details:
 * @invocation: an invocation that is connected
 * @deployer: a deployer that has failed
 *
 * Prints, if `--verbose` was given, what the API server said to each operation
 * that failed.
 */
void
cli_deployment_show_details (CliInvocation *invocation,
                             StackDeployer *deployer)
{
  GListModel *operations;
  CliPrinter *printer;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));

  if (!cli_invocation_get_options (invocation)->verbose)
    return;

  printer = cli_invocation_get_printer (invocation);
  operations = stack_deployer_get_operations (deployer);
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(StackOperation) operation = g_list_model_get_item (operations, i);
      const GError *error = stack_operation_get_error (operation);

      if (error == NULL)
        continue;
      cli_printer_note (printer, "%s:", stack_operation_get_title (operation));
      cli_printer_details (printer, error);
    }
}

static void
print_result_event (CliInvocation *invocation,
                    StackDeployer *deployer,
                    const char    *url)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("result");

  cli_json_add_boolean (builder, "changed", stack_deployer_get_changed (deployer));
  cli_json_add_string (builder, "health", stack_deployer_get_health (deployer));
  cli_json_add_string (builder, "url", url);
  json_builder_end_object (builder);
  cli_printer_event (cli_invocation_get_printer (invocation), builder);
}

/**
 * cli_deployment_show_result:
 * @invocation: an invocation that is connected
 * @deployer: a deployer that has succeeded
 *
 * Shows what came of it: whether anything changed, what the app answers, and
 * where it is.
 */
void
cli_deployment_show_result (CliInvocation *invocation,
                            StackDeployer *deployer)
{
  CliPrinter      *printer;
  g_autofree char *url = NULL;
  const char      *health;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));

  printer = cli_invocation_get_printer (invocation);
  url = dup_url (invocation);
  health = stack_deployer_get_health (deployer);

  cli_printer_line (printer, "%s", "");
  if (health != NULL)
    cli_printer_line (printer, "The app answers: %s", health);
  if (!stack_deployer_get_changed (deployer))
    cli_printer_line (printer, "Nothing had to change.");
  cli_printer_line (printer, "%s", url);
  print_result_event (invocation, deployer, url);
}
