/* cli-command-deploy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-build.h"
#include "cli-deployment.h"
#include "cli-error.h"
#include "cli-interview.h"
#include "cli-invocation.h"
#include "cli-review.h"
#include "cli-rollout.h"

#include "stack-image-build.h"
#include "stack-undo.h"

#include "kube-error.h"
#include "stack-provision.h"

#define NOTHING_SENT "Nothing was sent to the cluster."

static const CliOption deploy_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "take values from this YAML file (- for standard input)" },
  { "build", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, build), "FOLDER",
    "build the image from this folder with a Dockerfile first (see build)" },
  { "builder", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, builder), "PROGRAM",
    "with --build: minikube (the default) or docker" },
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "how long to wait for the pods (default: 600; 0: no end)" },
  { "force-conflicts", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, force_conflicts), NULL,
    "take over fields that another program manages" },
  { "no-save", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, no_save), NULL,
    "do not remember the values for the next time" },
  { "rollback-on-failure", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, rollback_on_failure),
    NULL, "when it fails, bring the last revision back that was proven" },
  { NULL },
};

typedef struct
{
  StackDeployer *deployer; /* (owned) (nullable) */
  GError        *error;    /* (owned) (nullable) why it failed, while it is undone */
} Deploy;

static void
deploy_free (Deploy *deploy)
{
  g_clear_object (&deploy->deployer);
  g_clear_error (&deploy->error);
  g_free (deploy);
}

/* Ends a deployment in which nothing was sent yet. */
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

/* The failure, and what became of the way back. */
static void
return_rolled_back (GTask      *task,
                    const char *words)
{
  Deploy *deploy = g_task_get_task_data (task);

  g_task_return_new_error (task, deploy->error->domain, deploy->error->code, "%s %s",
                           deploy->error->message, words);
}

static void
deploy_undo_run_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;

  if (cli_rollout_run_finish (result, &error))
    words = g_strdup ("What ran before was brought back, and works.");
  else
    words = g_strdup_printf ("Bringing the last proven revision back failed, too: %s",
                             error->message);
  return_rolled_back (task, words);
}

static void
deploy_undo_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackUndo) undo = stack_undo_prepare_finish (result, &error);
  g_autofree char *words = NULL;
  Deploy          *deploy = g_task_get_task_data (task);
  CliInvocation   *invocation = g_task_get_source_object (task);

  if (undo == NULL)
    {
      words = g_strdup_printf ("Nothing was brought back. %s", error->message);
      return_rolled_back (task, words);
      return;
    }

  cli_printer_note (cli_invocation_get_printer (invocation),
                    "The deployment failed. Going back to revision %u.",
                    stack_revision_get_number (stack_undo_get_revision (undo)));
  g_clear_object (&deploy->deployer);
  deploy->deployer = stack_running_new_deployer (stack_undo_get_running (undo));
  cli_rollout_run_async (invocation, deploy->deployer, g_task_get_cancellable (task),
                         deploy_undo_run_cb, g_object_ref (task));
}

/* Only a deployment that has reached the pods has something to bring back. */
static gboolean
wants_rollback (GTask        *task,
                const GError *error)
{
  Deploy        *deploy = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  return cli_invocation_get_options (invocation)->rollback_on_failure &&
         stack_deployer_get_revision (deploy->deployer) != NULL &&
         !g_error_matches (error, CLI_ERROR, CLI_ERROR_CANCELLED);
}

static void
deploy_run_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Deploy        *deploy = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  gboolean       done = cli_rollout_run_finish (result, &error);

  if (!done && wants_rollback (task, error))
    {
      deploy->error = g_steal_pointer (&error);
      stack_undo_prepare_async (cli_invocation_get_client (invocation),
                                cli_invocation_get_namespace (invocation), 0,
                                g_task_get_cancellable (task), deploy_undo_cb,
                                g_object_ref (task));
      return;
    }
  if (!done)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cli_deployment_show_result (invocation, deploy->deployer);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
start (GTask *task)
{
  Deploy *deploy = g_task_get_task_data (task);

  cli_rollout_run_async (g_task_get_source_object (task), deploy->deployer,
                         g_task_get_cancellable (task), deploy_run_cb, task);
}

/* Values that cannot be remembered are no reason not to deploy. */
static void
deploy_save_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);

  if (!stack_settings_save_finish (STACK_SETTINGS (object), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          return_early (task, g_steal_pointer (&error));
          return;
        }
      cli_printer_warning (cli_invocation_get_printer (invocation), "warning", error->message);
    }

  start (g_steal_pointer (&task));
}

static void
save (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);
  StackSettings *settings = stack_session_get_settings (session);
  KubeContext   *context = stack_session_get_context (session);

  if (cli_invocation_get_options (invocation)->no_save)
    {
      start (task);
      return;
    }

  if (cli_invocation_can_ask (invocation) &&
      !vault_store_is_persistent (stack_session_get_vault (session)))
    cli_printer_warning (cli_invocation_get_printer (invocation), "hint",
                         "The secrets are not remembered, since there is no open keyring. "
                         "The other values are.");
  stack_settings_set_context (settings, kube_context_get_name (context));
  stack_settings_save_async (settings, stack_session_get_vault (session),
                             g_task_get_cancellable (task), deploy_save_cb, task);
}

/* Takes the deployer, or NULL with the error. */
static void
prepare (GTask         *task,
         StackDeployer *deployer,
         GError        *error)
{
  Deploy        *deploy = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);

  if (deployer == NULL)
    {
      return_early (task, error);
      return;
    }

  deploy->deployer = deployer;
  stack_deployer_set_force (deployer, options->yes && options->force_conflicts);
  cli_deployment_show_plan (invocation, deployer);
  save (g_object_ref (task));
}

static void
deploy_review_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(StackPlan) plan = NULL;
  GError *error = NULL;

  plan = cli_review_run_finish (result, &error);
  prepare (task, plan != NULL ? stack_deployer_new_for_plan (plan) : NULL, error);
}

/* Shows the plan and asks, unless that was agreed to beforehand. It owns @task. */
static void
confirm (GTask *task)
{
  g_autoptr(GTask) owned = task;
  GError        *error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);
  GCancellable  *cancellable = g_task_get_cancellable (task);

  if (!cli_deployment_check_values (invocation, TRUE, &error))
    {
      return_early (task, error);
    }
  else if (cli_invocation_get_options (invocation)->yes)
    {
      prepare (task, stack_session_new_deployer (session, &error), error);
    }
  else
    {
      cli_deployment_show_target (invocation);
      cli_review_run_async (invocation, cancellable, deploy_review_cb, g_steal_pointer (&owned));
    }
}

/* A cluster that does not answer now is waited for by the deployer, which looks again. */
static void
deploy_provision_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (stack_provision_finish (result, NULL, &error) || error->domain == KUBE_ERROR)
    confirm (g_steal_pointer (&task));
  else
    return_early (task, g_steal_pointer (&error));
}

/* What is found belongs to the plan. */
static void
provide (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);

  stack_provision_async (stack_session_get_manifests (session),
                         stack_session_get_settings (session),
                         cli_invocation_get_client (invocation), stack_session_get_vault (session),
                         g_task_get_cancellable (task), deploy_provision_cb, g_object_ref (task));
}

static void
deploy_build_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation   *invocation = CLI_INVOCATION (object);
  g_autofree char *reference = cli_build_run_finish (invocation, result, &error);

  if (reference == NULL)
    {
      return_early (task, g_steal_pointer (&error));
      return;
    }

  stack_image_use (reference, stack_session_get_settings (cli_invocation_get_session (invocation)));
  provide (task);
}

static void
deploy_interview_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  CliInvocation *invocation = g_task_get_source_object (task);
  const char    *folder = cli_invocation_get_options (invocation)->build;

  if (!cli_interview_run_finish (result, &error))
    return_early (task, g_steal_pointer (&error));
  else if (folder != NULL)
    cli_build_run_async (invocation, folder, g_task_get_cancellable (task), deploy_build_cb,
                         g_object_ref (task));
  else
    provide (task);
}

static void
deploy_connect_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  StackSession  *session = cli_invocation_get_session (invocation);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      return_early (task, g_steal_pointer (&error));
      return;
    }

  cli_interview_run_async (cli_invocation_get_printer (invocation),
                           stack_session_get_settings (session), cancellable,
                           deploy_interview_cb, g_steal_pointer (&task));
}

/* What can be told wrong is told before anybody is asked or contacted. */
static void
deploy_load_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_load_finish (invocation, result, &error) ||
      cli_invocation_find_context (invocation, &error) == NULL ||
      (!cli_invocation_can_ask (invocation) &&
       !cli_deployment_check_missing (invocation, &error)) ||
      !cli_deployment_check_values (invocation, FALSE, &error))
    {
      return_early (task, g_steal_pointer (&error));
      return;
    }

  cli_invocation_connect_async (invocation, cancellable, deploy_connect_cb,
                                g_steal_pointer (&task));
}

static void
deploy_run (CliInvocation *invocation,
            GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  if (!cli_build_check_options (invocation, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!cli_invocation_get_options (invocation)->yes && !cli_invocation_can_ask (invocation))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "Nobody can be asked whether to deploy. There is no terminal, or "
                               "standard input is used up by --values -. Add --yes to deploy "
                               "without being asked.");
      return;
    }

  g_task_set_task_data (task, g_new0 (Deploy, 1), (GDestroyNotify) deploy_free);
  cli_invocation_load_async (invocation, g_task_get_cancellable (task), deploy_load_cb,
                             g_steal_pointer (&owned));
}

const CliCommand CLI_COMMAND_DEPLOY = {
  .name = "deploy",
  .summary = "put the app on a cluster, or bring it up to date",
  .operands = "",
  .options = deploy_options,
  .description =
      "Deploys Hacky Stack: applies its namespace, settings, secrets, service, pods and\n"
      "address to the cluster, waits until the pods are ready, and asks the app for its\n"
      "health. Run it again at any time: only what differs is changed.\n"
      "\n"
      "Values are taken from the profile and the keyring, then from the file named by\n"
      "--values, then from the environment (HACKYSTACK_NEXTAUTH_URL,\n"
      "HACKYSTACK_NEXTAUTH_SECRET, HACKYSTACK_GITHUB_CLIENT_ID,\n"
      "HACKYSTACK_GITHUB_CLIENT_SECRET, HACKYSTACK_DATABASE_URL). On a terminal you are\n"
      "asked for what is still missing, about fields that other programs own, and before\n"
      "anything is changed.\n",
  .notes =
      "A values file is YAML; every key is optional:\n"
      "  namespace, host, image, replicas, nextauthUrl, nextauthSecret,\n"
      "  githubClientId, githubClientSecret, databaseUrl, ingressClass,\n"
      "  tls, pullPolicy, migrationImage, extra: {NAME: value}\n"
      "\n"
      "Examples:\n"
      "  hackystackctl deploy\n"
      "  hackystackctl deploy --values values.yaml --yes\n"
      "  hackystackctl deploy --context minikube -n hackystack --timeout 120\n"
      "\n"
      "Exit status: 0 deployed and healthy, 1 failed, 2 wrong usage, 3 the pods were not\n"
      "ready in time, 130 cancelled. What was applied before stays on the cluster.\n",
  .run = deploy_run,
};
