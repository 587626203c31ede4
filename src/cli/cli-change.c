/* cli-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-change.h"

#include "cli-error.h"
#include "cli-json.h"
#include "cli-prompt.h"
#include "cli-rollout.h"

#include "stack-error.h"

#define NOTHING_SENT "Nothing was sent to the cluster."

/* What the verbs do that change something of what is deployed: connect → read what is deployed →
 * make the changes → show them → ask → remember them → carry them out. */

typedef struct
{
  CliChangeFunc  func;
  gpointer       data; /* (owned) */
  GDestroyNotify destroy;

  StackRunning  *running;  /* (owned) (nullable) */
  StackDeployer *deployer; /* (owned) (nullable) */
  guint          replicas; /* before the change */
  gboolean       resumed;  /* it was begun before: there is something to wait for */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  if (change->destroy != NULL)
    change->destroy (change->data);
  g_clear_object (&change->deployer);
  g_clear_object (&change->running);
  g_free (change);
}

/**
 * cli_change_check_asking:
 * @invocation: an invocation
 * @error: where to put an error
 *
 * Refuses a run that would have to ask and cannot.
 *
 * Returns: whether somebody can be asked, or `--yes` was given; or else %CLI_ERROR_USAGE
 */
gboolean
cli_change_check_asking (CliInvocation *invocation,
                         GError       **error)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (invocation), FALSE);

  if (cli_invocation_get_options (invocation)->yes || cli_invocation_can_ask (invocation))
    return TRUE;

  g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE,
                       "Nobody can be asked whether to go on. There is no terminal. Add --yes to "
                       "go on without being asked.");

  return FALSE;
}

/* Ends a run in which nothing was sent yet. Takes @error. */
static void
return_early (GTask  *task,
              GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_SENT);
    }
  else
    {
      g_task_return_error (task, error);
    }
}

/* The end: carrying it out. */

static void
print_result (CliInvocation *invocation,
              StackDeployer *deployer)
{
  CliPrinter    *printer = cli_invocation_get_printer (invocation);
  StackRevision *revision = stack_deployer_get_revision (deployer);
  const char    *health = stack_deployer_get_health (deployer);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("result");

  cli_printer_line (printer, "%s", "");
  if (health != NULL)
    cli_printer_line (printer, "The app answers: %s", health);
  if (revision != NULL)
    cli_printer_line (printer, "This is revision %u.", stack_revision_get_number (revision));

  cli_json_add_boolean (builder, "changed", stack_deployer_get_changed (deployer));
  cli_json_add_string (builder, "health", health);
  cli_json_add_int (builder, "revision",
                    revision != NULL ? stack_revision_get_number (revision) : 0);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
change_deploy_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Change *change = g_task_get_task_data (task);

  if (!cli_rollout_run_finish (result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  print_result (g_task_get_source_object (task), change->deployer);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
start (GTask *task)
{
  Change        *change = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  change->deployer = stack_running_new_deployer (change->running);
  cli_rollout_run_async (invocation, change->deployer, g_task_get_cancellable (task),
                         change_deploy_cb, g_object_ref (task));
}

/* Values that cannot be remembered are no reason not to go on. */
static void
change_save_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);

  if (stack_settings_save_finish (STACK_SETTINGS (object), result, &error))
    {
      start (task);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      return_early (task, g_steal_pointer (&error));
      return;
    }

  cli_printer_warning (cli_invocation_get_printer (invocation), "warning", error->message);
  start (task);
}

/* The profile remembers what is true of the app that it is about: one that --namespace names may
 * be another. */
static void
save (GTask *task)
{
  Change        *change = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);
  StackSession  *session = cli_invocation_get_session (invocation);

  if (change->func == NULL || options->no_save || options->namespace_ != NULL)
    {
      start (task);
      return;
    }

  stack_settings_save_async (stack_session_get_settings (session),
                             stack_session_get_vault (session), g_task_get_cancellable (task),
                             change_save_cb, g_object_ref (task));
}

static void
change_confirm_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, &error);
  const char *text = answer != NULL ? vault_secret_get_text (answer) : "";

  if (answer == NULL)
    return_early (task, g_steal_pointer (&error));
  else if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    save (task);
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_SENT);
}

/* What will change. */

static void
print_names (CliPrinter *printer,
             const char *title,
             GPtrArray  *names)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len > 0)
    cli_printer_line (printer, "  %-9s %s", title, list->str);
}

static void
print_text (CliInvocation             *invocation,
            Change                    *change,
            const StackRevisionChange *difference)
{
  CliPrinter  *printer = cli_invocation_get_printer (invocation);
  KubeContext *context = stack_session_get_context (cli_invocation_get_session (invocation));
  guint        replicas = stack_running_get_replicas (change->running);

  cli_printer_line (printer, "Changing namespace %s of context %s (server %s)",
                    cli_invocation_get_namespace (invocation), kube_context_get_name (context),
                    kube_context_get_server (context));
  if (difference->image_after != NULL)
    cli_printer_line (printer, "  %-9s %s %s %s", "Image", difference->image_before,
                      cli_printer_symbol (printer, "→", "->"), difference->image_after);
  print_names (printer, "Settings", difference->settings);
  print_names (printer, "Secrets", difference->secrets);
  if (difference->template)
    cli_printer_line (printer, "  %-9s %s", "Pods", "their template");
  if (replicas != change->replicas)
    cli_printer_line (printer, "  %-9s %u %s %u", "Replicas", change->replicas,
                      cli_printer_symbol (printer, "→", "->"), replicas);
}

static void
add_names (JsonBuilder *builder,
           const char  *name,
           GPtrArray   *names)
{
  cli_json_begin_array (builder, name);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (names, i));
  json_builder_end_array (builder);
}

static void
print_event (CliInvocation             *invocation,
             Change                    *change,
             const StackRevisionChange *difference)
{
  KubeContext *context = stack_session_get_context (cli_invocation_get_session (invocation));
  g_autoptr(JsonBuilder) builder = cli_json_begin ("change");

  cli_json_add_string (builder, "context", kube_context_get_name (context));
  cli_json_add_string (builder, "server", kube_context_get_server (context));
  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_add_string (builder, "imageBefore", difference->image_before);
  cli_json_add_string (builder, "imageAfter", difference->image_after);
  add_names (builder, "settings", difference->settings);
  add_names (builder, "secrets", difference->secrets);
  cli_json_add_boolean (builder, "template", difference->template);
  cli_json_add_int (builder, "replicasBefore", change->replicas);
  cli_json_add_int (builder, "replicasAfter", stack_running_get_replicas (change->running));
  json_builder_end_object (builder);
  cli_printer_event (cli_invocation_get_printer (invocation), builder);
}

static gboolean
check_paused (Change  *change,
              GError **error)
{
  if (!stack_running_get_paused (change->running))
    return TRUE;

  g_set_error_literal (error, STACK_ERROR, STACK_ERROR_NOT_READY,
                       "Nothing was changed, since the rollout is paused. The change would not "
                       "reach the pods, and nobody would see whether it works. Run "
                       "“hackystackctl resume” first.");

  return FALSE;
}

static void
confirm (GTask *task)
{
  g_autofree char *question = NULL;
  CliInvocation   *invocation = g_task_get_source_object (task);
  KubeContext     *context = stack_session_get_context (cli_invocation_get_session (invocation));

  if (cli_invocation_get_options (invocation)->yes)
    {
      save (task);
      return;
    }

  question = g_strdup_printf ("Change it on context %s (server %s)? [y/N]",
                              kube_context_get_name (context), kube_context_get_server (context));
  cli_prompt_ask_async (cli_invocation_get_printer (invocation), question, FALSE,
                        g_task_get_cancellable (task), change_confirm_cb, g_object_ref (task));
}

static void
return_nothing (GTask *task)
{
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));
  g_autoptr(JsonBuilder) builder = cli_json_begin ("result");

  cli_printer_line (printer, "Nothing had to change.");
  cli_json_add_boolean (builder, "changed", FALSE);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
show (GTask *task)
{
  g_autoptr(StackRevisionChange) difference = NULL;
  Change        *change = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  GError        *error = NULL;
  gboolean       empty;

  difference = stack_running_build_change (change->running);
  empty = stack_revision_change_is_empty (difference) &&
          change->replicas == stack_running_get_replicas (change->running);
  if (empty && !change->resumed)
    return_nothing (task);
  else if (!check_paused (change, &error))
    g_task_return_error (task, error);
  else if (empty)
    start (task);
  else
    {
      print_text (invocation, change, difference);
      print_event (invocation, change, difference);
      confirm (task);
    }
}

/**
 * cli_change_carry_out:
 * @invocation: an invocation that is connected
 * @task: (transfer full): the verb's task
 * @running: what is deployed, with the changes in it
 * @replicas: how many pods there were before
 * @resumed: whether it was begun before, and not seen to its end: then it is even when nothing has
 *   to change
 *
 * Shows the changes, asks, carries them out and ends the verb.
 */
void
cli_change_carry_out (CliInvocation *invocation,
                      GTask         *task,
                      StackRunning  *running,
                      guint          replicas,
                      gboolean       resumed)
{
  g_autoptr(GTask) owned = task;
  Change *change;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (STACK_IS_RUNNING (running));

  change = g_new0 (Change, 1);
  change->running = g_object_ref (running);
  change->replicas = replicas;
  change->resumed = resumed;
  g_task_set_task_data (owned, change, change_free);
  show (owned);
}

/* The beginning: what is deployed. */

static void
change_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError        *error = NULL;
  Change        *change = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  change->running = stack_running_read_finish (result, &error);
  if (change->running == NULL)
    {
      return_early (task, error);
      return;
    }

  change->replicas = stack_running_get_replicas (change->running);
  if (change->func (invocation, change->running, change->data, &error))
    show (task);
  else
    g_task_return_error (task, error);
}

static void
change_connect_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError        *error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      return_early (task, error);
      return;
    }

  stack_running_read_async (cli_invocation_get_client (invocation),
                            cli_invocation_get_namespace (invocation),
                            g_task_get_cancellable (task), change_read_cb, g_object_ref (task));
}

/**
 * cli_change_run:
 * @invocation: an invocation
 * @task: (transfer full): the verb's task
 * @func: makes the changes
 * @data: (transfer full) (nullable): data for @func
 * @destroy: (nullable): frees @data
 *
 * Runs a verb that changes something of what is deployed, from its beginning to its end.
 */
void
cli_change_run (CliInvocation *invocation,
                GTask         *task,
                CliChangeFunc  func,
                gpointer       data,
                GDestroyNotify destroy)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;
  Change *change;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (func != NULL);

  change = g_new0 (Change, 1);
  change->func = func;
  change->data = data;
  change->destroy = destroy;
  g_task_set_task_data (owned, change, change_free);

  if (cli_change_check_asking (invocation, &error))
    cli_invocation_connect_async (invocation, g_task_get_cancellable (owned), change_connect_cb,
                                  g_object_ref (owned));
  else
    g_task_return_error (owned, error);
}
