/* cli-command-profiles.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-prompt.h"

#include "stack-profiles.h"

static const char *
get_name (CliInvocation *invocation)
{
  return cli_invocation_get_options (invocation)->operands[1];
}

static void
print_json (CliPrinter *printer,
            GStrv       names,
            const char *current)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("profiles");

  cli_json_add_string (builder, "current", current);
  cli_json_begin_array (builder, "profiles");
  for (guint i = 0; names[i] != NULL; i++)
    {
      json_builder_begin_object (builder);
      cli_json_add_string (builder, "name", names[i]);
      cli_json_add_boolean (builder, "current", g_str_equal (names[i], current));
      cli_json_add_boolean (builder, "saved", stack_profiles_exists (names[i]));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (printer, builder);
}

/* It owns @task. */
static void
list (CliInvocation *invocation,
      GTask         *task)
{
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  g_autofree char *current = stack_profiles_dup_current ();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = stack_profiles_list (&error);

  if (names == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_printer_is_json (printer))
    print_json (printer, names, current);
  else
    for (guint i = 0; names[i] != NULL; i++)
      cli_printer_line (printer, "%s %s", g_str_equal (names[i], current) ? "*" : " ", names[i]);
  g_task_return_int (task, CLI_EXIT_DONE);
}

/* Refuses a name that is not that of a profile. */
static gboolean
check_exists (const char *name,
              GError    **error)
{
  if (!stack_profiles_check_name (name, error))
    return FALSE;
  if (stack_profiles_exists (name) || g_str_equal (name, STACK_DEFAULT_PROFILE))
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_INPUT,
               "There is no profile “%s”. Nothing was saved under that name. Run \"hackystackctl "
               "profiles list\" to see them, or create it.",
               name);

  return FALSE;
}

static void
use (CliInvocation *invocation,
     GTask         *task)
{
  g_autoptr(GError) error = NULL;
  const char *name = get_name (invocation);

  if (!check_exists (name, &error) || !stack_profiles_use (name, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cli_printer_note (cli_invocation_get_printer (invocation),
                    "Profile %s is used from now on, when none is named.", name);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
profiles_save_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);

  if (!stack_settings_save_finish (STACK_SETTINGS (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cli_printer_note (cli_invocation_get_printer (invocation), "Profile %s was created.",
                    get_name (invocation));
  g_task_return_int (task, CLI_EXIT_DONE);
}

/* A new profile has the usual answers and no secrets, and its own context and namespace. */
static void
create (CliInvocation *invocation,
        GTask         *task)
{
  g_autoptr(StackSettings) settings = stack_settings_new (get_name (invocation));
  CliOptions   *options = cli_invocation_get_options (invocation);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (options->namespace_ != NULL)
    stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, options->namespace_);
  stack_settings_set_context (settings, options->context);
  stack_settings_save_async (settings, stack_session_get_vault (cli_invocation_get_session (invocation)),
                             cancellable, profiles_save_cb, g_object_ref (task));
}

static void
profiles_delete_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *current = stack_profiles_dup_current ();
  CliInvocation   *invocation = g_task_get_source_object (task);
  const char      *name = get_name (invocation);

  if (!stack_profiles_delete_finish (result, &error) ||
      (g_str_equal (current, name) && !stack_profiles_use (STACK_DEFAULT_PROFILE, &error)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cli_printer_note (cli_invocation_get_printer (invocation),
                    "Profile %s was deleted. What was deployed with it stays.", name);
  g_task_return_int (task, CLI_EXIT_DONE);
}

/* It owns @task. */
static void delete (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);

  stack_profiles_delete_async (get_name (invocation),
                               stack_session_get_vault (cli_invocation_get_session (invocation)),
                               g_task_get_cancellable (task), profiles_delete_cb, task);
}

static void
profiles_confirm_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, &error);
  const char *text = answer != NULL ? vault_secret_get_text (answer) : "";

  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    delete (g_steal_pointer (&task));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, "Nothing was deleted.");
}

/* Without the vault neither secrets can be kept nor removed, so the session is loaded first. */
static void
profiles_load_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation   *invocation = CLI_INVOCATION (object);
  CliOptions      *options = cli_invocation_get_options (invocation);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  g_autofree char *question = NULL;

  if (!cli_invocation_load_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_str_equal (options->operands[0], "create"))
    {
      create (invocation, task);
      return;
    }
  if (options->yes)
    {
      delete (g_steal_pointer (&task));
      return;
    }

  question = g_strdup_printf ("Delete profile %s with its secrets? [y/N]", get_name (invocation));
  cli_prompt_ask_async (cli_invocation_get_printer (invocation), question, FALSE, cancellable,
                        profiles_confirm_cb, g_steal_pointer (&task));
}

static gboolean
check_operands (CliInvocation *invocation,
                GError       **error)
{
  static const char *const actions[] = { "list", "create", "delete", "use", NULL };
  CliOptions              *options = cli_invocation_get_options (invocation);
  const char              *action = options->operands != NULL ? options->operands[0] : NULL;
  gboolean                 named = action != NULL && options->operands[1] != NULL;

  if (action == NULL || !g_strv_contains (actions, action) || named == g_str_equal (action, "list"))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "It was not said what to do with which profile. Profiles can be listed, created, "
                 "deleted and used. Run \"hackystackctl profiles --help\" to see how.");
  else if (g_str_equal (action, "delete") && !options->yes && !cli_invocation_can_ask (invocation))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "Nobody can be asked whether to delete the profile. There is no terminal. Add "
                 "--yes to delete it without being asked.");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_name (const char *action,
            const char *name,
            GError    **error)
{
  if (g_str_equal (action, "delete"))
    return check_exists (name, error);

  return stack_profiles_check_new (name, error);
}

static void
profiles_run (CliInvocation *invocation,
              GTask         *task)
{
  g_autoptr(GTask) owned = task;
  g_autoptr(GError) error = NULL;
  CliOptions   *options = cli_invocation_get_options (invocation);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const char   *action;

  if (!check_operands (invocation, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  action = options->operands[0];
  if (g_str_equal (action, "list"))
    list (invocation, task);
  else if (g_str_equal (action, "use"))
    use (invocation, task);
  else if (check_name (action, options->operands[1], &error))
    cli_invocation_load_async (invocation, cancellable, profiles_load_cb, g_steal_pointer (&owned));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

const CliCommand CLI_COMMAND_PROFILES = {
  .name = "profiles",
  .summary = "list, create, delete and choose sets of remembered values",
  .operands = "list | create NAME | delete NAME | use NAME",
  .max_operands = 2,
  .description =
      "A profile is a set of answers with a context, a namespace and secrets of its\n"
      "own, such as one for this machine and one for a test server. Every verb takes\n"
      "--profile NAME; without it the profile chosen by \"use\" counts, at first the one\n"
      "called default.\n"
      "\n"
      "create takes the context and the namespace from --context and --namespace, and\n"
      "the usual answers for the rest. delete removes the answers and their secrets\n"
      "from the keyring; what was deployed stays.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl profiles create staging --context staging -n hackystack\n"
      "  hackystackctl --profile staging deploy\n"
      "  hackystackctl profiles use staging\n"
      "\n"
      "Exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = profiles_run,
};
