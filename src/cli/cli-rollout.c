/* cli-rollout.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-rollout.h"

#include "cli-deployment.h"
#include "cli-error.h"
#include "cli-json.h"
#include "cli-progress.h"

#include "base-json.h"

/* Runs a deployer before the eyes of the user: its steps while they go on, the pods afterwards,
 * and where the evidence of a failure is. */

typedef struct
{
  CliInvocation *invocation; /* (owned) */
  StackDeployer *deployer;   /* (owned) */
  CliProgress   *progress;   /* (owned) */
  GError        *error;      /* (owned) (nullable) why it failed */
} Rollout;

static void
rollout_free (gpointer data)
{
  Rollout *rollout = data;

  g_clear_object (&rollout->progress);
  g_clear_object (&rollout->deployer);
  g_clear_object (&rollout->invocation);
  g_clear_error (&rollout->error);
  g_free (rollout);
}

static void
print_evidence (Rollout    *rollout,
                const char *path)
{
  CliPrinter    *printer = cli_invocation_get_printer (rollout->invocation);
  StackEvidence *evidence = stack_deployer_get_evidence (rollout->deployer);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("evidence");

  if (path != NULL)
    cli_printer_note (printer, "Events, container states and the last lines of the pods are kept in %s",
                      path);
  cli_json_add_string (builder, "file", path);
  json_builder_set_member_name (builder, "document");
  json_builder_add_value (builder, base_json_copy (stack_evidence_get_document (evidence)));
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
cli_rollout_run_save_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  Rollout         *rollout = g_task_get_task_data (task);

  path = stack_evidence_save_finish (STACK_EVIDENCE (object), result, &error);
  if (path == NULL)
    cli_printer_warning (cli_invocation_get_printer (rollout->invocation), "warning",
                         error->message);
  print_evidence (rollout, path);
  g_task_return_error (task, g_steal_pointer (&rollout->error));
}

static void
cli_rollout_run_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Rollout       *rollout = g_task_get_task_data (task);
  gboolean       done = stack_deployer_run_finish (rollout->deployer, result, &error);
  StackEvidence *evidence;

  cli_progress_stop (rollout->progress);
  if (!done && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, "%s", error->message);
      return;
    }

  cli_deployment_show_pods (rollout->invocation, rollout->deployer);
  if (done)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  cli_deployment_show_details (rollout->invocation, rollout->deployer);
  evidence = stack_deployer_get_evidence (rollout->deployer);
  if (evidence == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  rollout->error = g_steal_pointer (&error);
  stack_evidence_save_async (evidence, NULL, cli_rollout_run_save_cb, g_steal_pointer (&task));
}

/**
 * cli_rollout_run_async:
 * @invocation: an invocation that is connected
 * @deployer: a deployer that has not run
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Runs @deployer and shows its steps, the pods and, when it fails, where the evidence is kept.
 */
void
cli_rollout_run_async (CliInvocation      *invocation,
                       StackDeployer      *deployer,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Rollout *rollout;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_DEPLOYER (deployer));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  rollout = g_new0 (Rollout, 1);
  rollout->invocation = g_object_ref (invocation);
  rollout->deployer = g_object_ref (deployer);
  rollout->progress = cli_progress_new (cli_invocation_get_printer (invocation),
                                        stack_deployer_get_operations (deployer));
  stack_deployer_set_timeout (deployer, cli_invocation_get_options (invocation)->timeout);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_rollout_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, rollout, rollout_free);
  stack_deployer_run_async (deployer, cancellable, cli_rollout_run_cb, g_steal_pointer (&task));
}

/**
 * cli_rollout_run_finish:
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@rollout_run_async].
 *
 * Returns: whether the run succeeded; or else %CLI_ERROR_CANCELLED or what
 *   [method@Stack.Deployer.run_finish] says
 */
gboolean
cli_rollout_run_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_rollout_run_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
