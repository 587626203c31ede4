/* cli-command-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-change.h"
#include "cli-config-import.h"
#include "cli-error.h"
#include "cli-finding.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-prompt.h"

#include "stack-doctor.h"
#include "stack-error.h"

#include <string.h>

/* import takes names; the others take one word. */
#define MAX_NAMES 1000

static const CliOption config_options[] = {
  { "timeout", 0, CLI_OPTION_NUMBER, G_STRUCT_OFFSET (CliOptions, timeout), "SECONDS",
    "set: how long to wait for the pods (default: 600; 0: no end)" },
  { "no-save", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, no_save), NULL,
    "set: do not remember the value for the next deployment" },
  { NULL },
};

/* A setting: one of the questions, or a further variable of the app. */
typedef struct
{
  const StackField *field; /* (nullable) */
  const char       *name;  /* of the variable; (nullable) the question is none */
} Setting;

static StackSettings *
get_settings (CliInvocation *invocation)
{
  return stack_session_get_settings (cli_invocation_get_session (invocation));
}

/* By its key in values files, or by the name of the app's variable. */
static const StackField *
find_field (const char *name)
{
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const StackField *field = stack_field_get (id);

      if (g_str_equal (field->key, name) || g_strcmp0 (field->variable, name) == 0)
        return field;
    }

  return NULL;
}

/* get */

static gboolean
is_secret (const Setting *setting,
           StackRunning  *running)
{
  if (setting->field != NULL)
    return setting->field->secret;

  return running != NULL && stack_running_is_secret (running, setting->name);
}

static const char *
get_remembered (CliInvocation *invocation,
                const Setting *setting)
{
  StackSettings *settings = get_settings (invocation);
  const char    *text;

  if (setting->field == NULL)
    return g_hash_table_lookup (stack_settings_get_extra (settings), setting->name);

  text = stack_settings_get_text (settings, setting->field->id);

  return *text != '\0' ? text : NULL;
}

/* Where a remembered value comes from. */
static const char *
get_source (CliInvocation *invocation,
            const Setting *setting)
{
  const StackField *field = setting->field;
  const char       *text = get_remembered (invocation, setting);
  g_autofree char  *name = NULL;
  const char       *variable = NULL;

  if (text == NULL)
    return NULL;
  if (field == NULL)
    return "profile";
  if (field->variable != NULL)
    {
      name = g_strconcat ("HACKYSTACK_", field->variable, NULL);
      variable = g_getenv (name);
    }

  if (variable != NULL && *variable != '\0')
    return "environment";
  if (field->id == STACK_FIELD_NAMESPACE &&
      cli_invocation_get_options (invocation)->namespace_ != NULL)
    return "command line";
  if (g_strcmp0 (text, field->fallback) == 0)
    return "default";

  return field->secret || field->id == STACK_FIELD_GITHUB_CLIENT_ID ? "keyring" : "profile";
}

static char *
dup_deployed (const Setting *setting,
              StackRunning  *running)
{
  StackFieldId id = setting->field != NULL ? setting->field->id : N_STACK_FIELDS;

  if (running == NULL)
    return NULL;
  if (setting->name != NULL)
    return stack_running_dup_variable (running, setting->name);
  if (id == STACK_FIELD_IMAGE)
    return g_strdup (stack_revision_get_image (stack_running_get_revision (running)));
  if (id == STACK_FIELD_REPLICAS)
    return g_strdup_printf ("%u", stack_running_get_replicas (running));

  return NULL;
}

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

static GStrv
new_row (CliInvocation *invocation,
         const Setting *setting,
         StackRunning  *running)
{
  g_autoptr(GStrvBuilder) cells = g_strv_builder_new ();
  gboolean    secret = is_secret (setting, running);
  const char *remembered = get_remembered (invocation, setting);
  const char *source = get_source (invocation, setting);
  char       *deployed = dup_deployed (setting, running);
  const char *difference;

  difference = remembered == NULL || deployed == NULL  ? ""
               : g_strcmp0 (remembered, deployed) == 0 ? "same"
                                                       : "differs";
  g_strv_builder_add_many (cells, setting->field != NULL ? setting->field->key : setting->name,
                           remembered == NULL ? (secret ? "not set" : "-")
                           : secret           ? "set"
                                              : remembered,
                           source != NULL ? source : "-",
                           deployed == NULL ? (secret ? "not set" : "-")
                           : secret         ? "set"
                                            : deployed,
                           difference, NULL);
  wipe (deployed);

  return g_strv_builder_end (cells);
}

static void
print_text (CliInvocation *invocation,
            GArray        *settings,
            StackRunning  *running)
{
  const char *titles[] = { "KEY", "REMEMBERED", "FROM", "ON THE CLUSTER", "", NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_ptr_array_add (rows, g_strdupv ((GStrv) titles));
  for (guint i = 0; i < settings->len; i++)
    g_ptr_array_add (rows, new_row (invocation, &g_array_index (settings, Setting, i), running));
  cli_printer_table (cli_invocation_get_printer (invocation), rows);
}

static void
add_setting (JsonBuilder   *builder,
             CliInvocation *invocation,
             const Setting *setting,
             StackRunning  *running)
{
  gboolean    secret = is_secret (setting, running);
  const char *remembered = get_remembered (invocation, setting);
  char       *deployed = dup_deployed (setting, running);

  json_builder_begin_object (builder);
  cli_json_add_string (builder, "key", setting->field != NULL ? setting->field->key : setting->name);
  cli_json_add_string (builder, "variable", setting->name);
  cli_json_add_boolean (builder, "secret", secret);
  cli_json_add_boolean (builder, "remembered", remembered != NULL);
  cli_json_add_string (builder, "value", secret ? NULL : remembered);
  cli_json_add_string (builder, "source", get_source (invocation, setting));
  cli_json_add_boolean (builder, "deployed", deployed != NULL);
  cli_json_add_string (builder, "deployedValue", secret ? NULL : deployed);
  cli_json_add_boolean (builder, "same", g_strcmp0 (remembered, deployed) == 0);
  json_builder_end_object (builder);
  wipe (deployed);
}

static void
print_json (CliInvocation *invocation,
            GArray        *settings,
            StackRunning  *running)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("config");

  cli_json_add_string (builder, "profile", cli_invocation_get_options (invocation)->profile);
  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_begin_array (builder, "settings");
  for (guint i = 0; i < settings->len; i++)
    add_setting (builder, invocation, &g_array_index (settings, Setting, i), running);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
add_variable (GArray     *settings,
              const char *name)
{
  Setting setting = { NULL, name };

  for (guint i = 0; i < settings->len; i++)
    {
      if (g_strcmp0 (g_array_index (settings, Setting, i).name, name) == 0)
        return;
    }

  g_array_append_val (settings, setting);
}

/* Every question, then every other variable that is remembered or deployed. */
static GArray *
list_settings (CliInvocation *invocation,
               const char    *wanted,
               GStrv          deployed)
{
  GArray *settings = g_array_new (FALSE, FALSE, sizeof (Setting));
  g_autoptr(GList) extra = NULL;

  extra = g_hash_table_get_keys (stack_settings_get_extra (get_settings (invocation)));
  extra = g_list_sort (extra, (GCompareFunc) (gpointer) strcmp);
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const StackField *field = stack_field_get (id);
      Setting           setting = { field, field->variable };

      g_array_append_val (settings, setting);
    }
  for (GList *l = extra; l != NULL; l = l->next)
    add_variable (settings, l->data);
  for (guint i = 0; deployed != NULL && deployed[i] != NULL; i++)
    add_variable (settings, deployed[i]);

  for (guint i = settings->len; wanted != NULL && i > 0; i--)
    {
      const Setting *setting = &g_array_index (settings, Setting, i - 1);

      if ((setting->field == NULL || !g_str_equal (setting->field->key, wanted)) &&
          g_strcmp0 (setting->name, wanted) != 0)
        g_array_remove_index (settings, i - 1);
    }

  return settings;
}

static void
config_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) settings = NULL;
  g_auto(GStrv) deployed = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  const char    *wanted = cli_invocation_get_options (invocation)->operands[1];
  g_autoptr(StackRunning) running = stack_running_read_finish (result, &error);

  if (running == NULL && !g_error_matches (error, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (running != NULL)
    deployed = stack_running_list_variables (running);
  else
    cli_printer_note (cli_invocation_get_printer (invocation), "%s", error->message);

  settings = list_settings (invocation, wanted, deployed);
  if (settings->len == 0)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                               "There is no setting “%s”. It is none of the questions, and no "
                               "variable of that name is remembered or deployed. Run "
                               "“hackystackctl config get” to see them all.",
                               wanted);
      return;
    }

  if (cli_printer_is_json (cli_invocation_get_printer (invocation)))
    print_json (invocation, settings, running);
  else
    print_text (invocation, settings, running);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
config_open_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_running_read_async (cli_invocation_get_client (invocation),
                            cli_invocation_get_namespace (invocation),
                            g_task_get_cancellable (task), config_read_cb, g_object_ref (task));
}

/* set */

typedef struct
{
  char        *name; /* (owned) as it was typed */
  VaultSecret *text; /* (owned) (nullable) */
} Assignment;

static void
assignment_free (gpointer data)
{
  Assignment *assignment = data;

  g_clear_pointer (&assignment->text, vault_secret_unref);
  g_free (assignment->name);
  g_free (assignment);
}

static gboolean
change_field (CliInvocation    *invocation,
              StackRunning     *running,
              const StackField *field,
              const char       *text,
              GError          **error)
{
  StackSession *session = cli_invocation_get_session (invocation);
  g_autoptr(StackFinding) finding = NULL;

  stack_settings_set_text (get_settings (invocation), field->id, text);
  finding = stack_doctor_check_field (get_settings (invocation), field->id);
  if (finding != NULL && finding->severity == STACK_SEVERITY_ERROR)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_WRONG_VALUES, finding->message);
      return FALSE;
    }
  if (finding != NULL)
    cli_printer_warning (cli_invocation_get_printer (invocation), cli_finding_get_label (finding),
                         finding->message);
  if (stack_running_set_field (running, stack_session_get_manifests (session), field->id, text))
    return TRUE;

  g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
               "%s was not changed: no variable of the manifests takes it alone. Deploy again to "
               "change it.",
               field->key);

  return FALSE;
}

static gboolean
change_setting (CliInvocation *invocation,
                StackRunning  *running,
                gpointer       data,
                GError       **error)
{
  Assignment       *assignment = data;
  const StackField *field = find_field (assignment->name);
  const char       *text = vault_secret_get_text (assignment->text);

  if (field != NULL)
    return change_field (invocation, running, field, text, error);
  if (!stack_settings_set_variable (get_settings (invocation), assignment->name, text, error))
    return FALSE;

  stack_running_set_variable (running, assignment->name, text);

  return TRUE;
}

static void
config_secret_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  Assignment    *assignment;

  assignment = g_new0 (Assignment, 1);
  assignment->name = g_strdup (cli_invocation_get_options (invocation)->operands[1]);
  assignment->text = cli_prompt_ask_finish (result, &error);
  if (assignment->text == NULL)
    {
      assignment_free (assignment);
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED,
                               "Nothing was sent to the cluster.");
      return;
    }

  cli_change_run (invocation, g_steal_pointer (&task), change_setting, assignment,
                  assignment_free);
}

static const char *
find_verb_instead (const StackField *field)
{
  if (field->id == STACK_FIELD_IMAGE)
    return "“hackystackctl set-image”";
  if (field->id == STACK_FIELD_REPLICAS)
    return "“hackystackctl scale”";

  return field->variable == NULL ? "“hackystackctl deploy --values FILE”" : NULL;
}

static gboolean
check_assignment (const char *name,
                  const char *text,
                  GError    **error)
{
  const StackField *field = find_field (name);

  if (field != NULL && field->secret && text != NULL)
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "%s is a secret and was not set. Everybody on this machine can read the command "
                 "line; count this value as known to others. Write “hackystackctl config set %s” "
                 "with a new one and type it when you are asked.",
                 name, name);
  else if (field != NULL && find_verb_instead (field) != NULL)
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "%s is no variable of the app. More than a setting changes with it. Use %s.",
                 name, find_verb_instead (field));
  else if (text == NULL && (field == NULL || !field->secret))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "There is no value for %s. Only secrets are asked for. Write “hackystackctl "
                 "config set %s=VALUE”.",
                 name, name);
  else
    return TRUE;

  return FALSE;
}

/* It owns @task. */
static void
run_set (CliInvocation *invocation,
         GTask         *task)
{
  g_autoptr(GTask) owned = task;
  const char      *operand = cli_invocation_get_options (invocation)->operands[1];
  const char      *equals = operand != NULL ? strchr (operand, '=') : NULL;
  g_autofree char *name = NULL;
  g_autofree char *question = NULL;
  GError          *error = NULL;
  Assignment      *assignment;

  name = operand == NULL  ? g_strdup ("KEY")
         : equals != NULL ? g_strndup (operand, (gsize) (equals - operand))
                          : g_strdup (operand);
  if (!check_assignment (name, equals != NULL ? equals + 1 : NULL, &error) ||
      !cli_change_check_asking (invocation, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (equals == NULL)
    {
      question = g_strdup_printf ("%s (it is not shown):", name);
      cli_prompt_ask_async (cli_invocation_get_printer (invocation), question, TRUE,
                            g_task_get_cancellable (task), config_secret_cb,
                            g_steal_pointer (&owned));
      return;
    }

  assignment = g_new0 (Assignment, 1);
  assignment->name = g_steal_pointer (&name);
  assignment->text = vault_secret_new (equals + 1);
  cli_change_run (invocation, g_steal_pointer (&owned), change_setting, assignment,
                  assignment_free);
}

static gboolean
check_words (GStrv    operands,
             GError **error)
{
  if (g_strv_length (operands) <= 2)
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "“%s” is one word too many for config %s. Write a value with spaces in quotation "
               "marks. Run “hackystackctl config --help” to see what it takes.",
               operands[2], operands[0]);

  return FALSE;
}

static void
config_run (CliInvocation *invocation,
            GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GStrv       operands = cli_invocation_get_options (invocation)->operands;
  const char *what = operands != NULL ? operands[0] : "";
  GError     *error = NULL;

  if (g_str_equal (what, "import"))
    cli_config_import_run (invocation, g_steal_pointer (&owned));
  else if (!g_str_equal (what, "get") && !g_str_equal (what, "set"))
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                             "It was not said what to do with the values. config can show them, "
                             "change one, or import a .env file. Run “hackystackctl config get”, "
                             "“hackystackctl config set KEY=VALUE” or “hackystackctl config import "
                             "FILE”.");
  else if (!check_words (operands, &error))
    g_task_return_error (task, error);
  else if (g_str_equal (what, "set"))
    run_set (invocation, g_steal_pointer (&owned));
  else
    cli_invocation_open_async (invocation, g_task_get_cancellable (task), config_open_cb,
                               g_steal_pointer (&owned));
}

const CliCommand CLI_COMMAND_CONFIG = {
  .name = "config",
  .summary = "show the app's settings, change one, or import a .env file",
  .operands = "get [KEY] | set KEY[=VALUE] | import FILE [NAME…]",
  .max_operands = MAX_NAMES,
  .options = config_options,
  .description =
      "get: shows every setting, what is remembered for the next deployment and where\n"
      "that comes from, and what is deployed. Of secrets it says whether they are set.\n"
      "\n"
      "set: changes one variable of what is deployed, without an interruption: new pods\n"
      "take the place of the old ones. KEY is a key of the values file, the name of the\n"
      "variable, or that of a further variable. A secret is asked for and not shown\n"
      "(without a terminal it is read from standard input), never taken from the\n"
      "command line. The value is remembered, too, unless --namespace names another\n"
      "place.\n"
      "\n"
      "import: reads a .env file, shows what becomes of each variable, by name only, and\n"
      "takes them into the profile after asking. Variables of the app's questions (and\n"
      "the names that Auth.js 5 has for them) become their answers; the others become\n"
      "further variables of the app. Those whose name sounds like a secret are taken\n"
      "only when you name them, since further variables are no place for secrets. With\n"
      "names, these are taken and no others. The file is read as dotenv reads it:\n"
      "quotes, comments, values of several lines, \\n in double quotes. A $NAME stays as\n"
      "it stands; nothing is put in its place.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl config get\n"
      "  hackystackctl config get DATABASE_URL\n"
      "  hackystackctl config set LOG_LEVEL=debug\n"
      "  hackystackctl config set databaseUrl\n"
      "  hackystackctl config import .env\n"
      "  hackystackctl config import .env DATABASE_URL GITHUB_CLIENT_ID --yes\n"
      "\n"
      "Exit status: 0 done, 1 failed (the values cannot be used, read or kept), 2 wrong\n"
      "usage, 3 the pods were not ready in time, 130 cancelled.\n",
  .run = config_run,
};
