/* cli-command-check.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-finding.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "cli-prompt.h"
#include "stack-database-probe.h"
#include "stack-doctor-cluster.h"
#include "stack-doctor.h"

static const CliOption check_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "check with the values of this YAML file (- for standard input)" },
  { "cluster", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, cluster), NULL,
    "ask the cluster, too: image, Ingress class, quota, rights" },
  { "database", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, database), NULL,
    "look for the database from a short-lived pod" },
  { NULL },
};

typedef struct
{
  GPtrArray         *findings; /* (element-type StackFinding) (owned) (nullable) */
  StackDatabaseState state;
  char              *message; /* (owned) (nullable) what was found of the database */
} Check;

static void
check_free (Check *check)
{
  g_clear_pointer (&check->findings, g_ptr_array_unref);
  g_free (check->message);
  g_free (check);
}

static StackSettings *
get_settings (CliInvocation *invocation)
{
  return stack_session_get_settings (cli_invocation_get_session (invocation));
}

static void
print_text (CliInvocation *invocation,
            Check         *check)
{
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  GPtrArray       *findings = check->findings;
  g_autofree char *callback = stack_settings_dup_callback_url (get_settings (invocation));
  guint            n_problems = cli_finding_count (findings, STACK_SEVERITY_ERROR);
  guint            n_warnings = cli_finding_count (findings, STACK_SEVERITY_WARNING) - n_problems;
  guint            n_hints = findings->len - n_problems - n_warnings;

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

  if (check->message != NULL && check->state == STACK_DATABASE_ANSWERS)
    cli_printer_line (printer, "%s", check->message);
  if (callback != NULL)
    cli_printer_line (printer, "Callback URL for GitHub: %s", callback);
  if (findings->len == 0)
    cli_printer_line (printer, "Nothing is wrong with the values of profile %s.",
                      cli_invocation_get_options (invocation)->profile);
  else
    cli_printer_line (printer, "Problems: %u, warnings: %u, hints: %u.", n_problems, n_warnings,
                      n_hints);
}

static const char *
get_state_word (StackDatabaseState state)
{
  static const char *const words[] = {
    [STACK_DATABASE_ANSWERS] = "answers",
    [STACK_DATABASE_NAME] = "nameNotFound",
    [STACK_DATABASE_REFUSED] = "refused",
    [STACK_DATABASE_TIMED_OUT] = "timedOut",
    [STACK_DATABASE_OTHER] = "notPostgresql",
    [STACK_DATABASE_UNREACHABLE] = "unreachable",
    [STACK_DATABASE_UNKNOWN] = "unknown",
  };

  return words[state];
}

static void
print_json (CliInvocation *invocation,
            Check         *check)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("check");
  g_autofree char *callback = stack_settings_dup_callback_url (get_settings (invocation));

  cli_json_add_string (builder, "profile", cli_invocation_get_options (invocation)->profile);
  cli_json_add_string (builder, "callbackUrl", callback);
  cli_json_begin_array (builder, "findings");
  for (guint i = 0; i < check->findings->len; i++)
    {
      json_builder_begin_object (builder);
      cli_finding_add_json (g_ptr_array_index (check->findings, i), builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (check->message != NULL)
    {
      json_builder_set_member_name (builder, "database");
      json_builder_begin_object (builder);
      cli_json_add_string (builder, "state", get_state_word (check->state));
      cli_json_add_string (builder, "message", check->message);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

/* Prints all that was found and ends the verb. */
static void
finish (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  Check         *check = g_task_get_task_data (task);

  if (cli_printer_is_json (cli_invocation_get_printer (invocation)))
    print_json (invocation, check);
  else
    print_text (invocation, check);

  g_task_return_int (task, cli_finding_count (check->findings, STACK_SEVERITY_WARNING) > 0
                               ? CLI_EXIT_FINDING
                               : CLI_EXIT_DONE);
}

static void
check_probe_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Check *check = g_task_get_task_data (task);

  if (!stack_database_probe_finish (result, &check->state, &check->message, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (check->state != STACK_DATABASE_ANSWERS)
    g_ptr_array_add (check->findings,
                     stack_finding_new (STACK_FIELD_DATABASE_URL,
                                        check->state == STACK_DATABASE_UNKNOWN
                                            ? STACK_SEVERITY_WARNING
                                            : STACK_SEVERITY_ERROR,
                                        check->message, NULL));
  finish (task);
}

/* It owns @task. */
static void
probe (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);

  cli_printer_note (cli_invocation_get_printer (invocation),
                    "A pod looks for the database; it is removed at once. Ctrl+C leaves.");
  stack_database_probe_async (get_settings (invocation), cli_invocation_get_client (invocation),
                              g_task_get_cancellable (task), check_probe_cb, task);
}

static void
check_confirm_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, &error);
  const char *text = answer != NULL ? vault_secret_get_text (answer) : "";

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    probe (g_steal_pointer (&task));
  else
    finish (task);
}

/* Has the user's word that a pod may be made, or finishes without it. It owns @task. */
static void
confirm_probe (GTask *task)
{
  g_autoptr(GTask) owned = task;
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);
  GCancellable  *cancellable = g_task_get_cancellable (task);

  if (!options->database)
    finish (task);
  else if (options->yes)
    probe (g_steal_pointer (&owned));
  else
    cli_prompt_ask_async (cli_invocation_get_printer (invocation),
                          "Start a pod in the cluster that looks for the database, and remove it "
                          "again? [y/N]",
                          FALSE, cancellable, check_confirm_cb,
                          g_steal_pointer (&owned));
}

static void
check_cluster_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = stack_doctor_check_cluster_finish (result, &error);
  Check *check = g_task_get_task_data (task);

  if (findings == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_ptr_array_extend_and_steal (check->findings, g_steal_pointer (&findings));
  confirm_probe (g_steal_pointer (&task));
}

static void
check_open_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  GCancellable     *cancellable = g_task_get_cancellable (task);
  CliInvocation    *invocation = CLI_INVOCATION (object);
  StackManifestSet *manifests;

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (!cli_invocation_get_options (invocation)->cluster)
    {
      confirm_probe (g_steal_pointer (&task));
      return;
    }

  manifests = stack_session_get_manifests (cli_invocation_get_session (invocation));
  objects = stack_manifest_set_fill (manifests, get_settings (invocation), &error);
  if (objects == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    stack_doctor_check_cluster_async (get_settings (invocation), objects,
                                      cli_invocation_get_client (invocation), cancellable,
                                      check_cluster_cb, g_steal_pointer (&task));
}

/* Whether what the cluster is asked with cannot be a question. */
static gboolean
is_beyond_cluster (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == STACK_SEVERITY_ERROR &&
          (finding->field == STACK_FIELD_NAMESPACE || finding->field == STACK_FIELD_IMAGE ||
           finding->field == STACK_FIELD_REPLICAS))
        return TRUE;
    }

  return FALSE;
}

static void
check_load_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  CliOptions    *options = cli_invocation_get_options (invocation);
  Check         *check = g_task_get_task_data (task);

  if (!cli_invocation_load_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  check->findings = stack_doctor_check (get_settings (invocation));
  if (!options->cluster && !options->database)
    {
      finish (task);
    }
  else if (is_beyond_cluster (check->findings))
    {
      cli_printer_note (cli_invocation_get_printer (invocation),
                        "The cluster was not asked: the namespace, the image or the number of "
                        "replicas cannot be. Correct that first.");
      finish (task);
    }
  else
    {
      cli_invocation_open_async (invocation, cancellable, check_open_cb, g_steal_pointer (&task));
    }
}

static void
check_run (CliInvocation *invocation,
           GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CliOptions   *options = cli_invocation_get_options (invocation);

  if (options->database && !options->yes && !cli_invocation_can_ask (invocation))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "Nobody can be asked whether a pod may look for the database. There "
                               "is no terminal, or standard input is used up by --values -. Add "
                               "--yes to let it.");
      return;
    }

  g_task_set_task_data (task, g_new0 (Check, 1), (GDestroyNotify) check_free);
  cli_invocation_load_async (invocation, cancellable, check_load_cb, g_steal_pointer (&owned));
}

const CliCommand CLI_COMMAND_CHECK = {
  .name = "check",
  .summary = "look for mistakes in the values before they are deployed",
  .operands = "",
  .options = check_options,
  .description =
      "Looks at the values that deploy would use (the remembered ones, those of\n"
      "--values and those of the environment) and says what is missing, what cannot\n"
      "work and what looks odd. Nothing is changed, and no cluster is contacted unless\n"
      "one of these says so:\n"
      "\n"
      "With --cluster the cluster is asked, too: whether its nodes have the image, the\n"
      "Ingress class is there, quotas leave room, and you have the rights to deploy.\n"
      "With --database a pod of the app's image looks whether PostgreSQL answers where\n"
      "DATABASE_URL leads. It is told host and port only, and removed at once.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl check\n"
      "  hackystackctl check --values values.yaml --json\n"
      "  hackystackctl check --cluster --database\n"
      "\n"
      "Exit status: 0 nothing or only hints, 4 problems or warnings, 1 the values\n"
      "cannot be read or the cluster does not answer, 2 wrong usage, 130 cancelled.\n",
  .run = check_run,
};
