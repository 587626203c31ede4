/* cli-config-import.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-config-import.h"

#include "cli-error.h"
#include "cli-finding.h"
#include "cli-json.h"
#include "cli-prompt.h"

#include "stack-doctor.h"
#include "stack-env-import.h"

#include <string.h>

#define NOTHING_TAKEN "Nothing was taken over."

typedef struct
{
  char           *path;   /* (owned) how messages call the file */
  StackEnvImport *import; /* (owned) (nullable) */
} Config;

static void
config_free (Config *config)
{
  g_clear_pointer (&config->import, stack_env_import_free);
  g_free (config->path);
  g_free (config);
}

static StackSettings *
get_settings (CliInvocation *invocation)
{
  return stack_session_get_settings (cli_invocation_get_session (invocation));
}

static const char *
get_target (const StackEnvItem *item)
{
  if (item->refusal != NULL)
    return "-";

  return item->field != NULL ? item->field->key : "extra";
}

static char *
describe (const StackEnvItem *item)
{
  if (item->refusal != NULL)
    return g_strconcat ("not taken. ", item->refusal, NULL);
  if (!item->chosen && !item->differs)
    return g_strdup ("is the same already");
  if (!item->chosen && item->remark != NULL)
    return g_strconcat ("not taken. ", item->remark, NULL);
  if (!item->chosen)
    return g_strdup ("not taken");

  return item->remark != NULL ? g_strconcat ("is taken. ", item->remark, NULL)
                              : g_strdup ("is taken");
}

static void
print_text (CliPrinter *printer,
            Config     *config)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  GPtrArray  *items = stack_env_import_get_items (config->import);
  GArray     *lines = stack_env_import_get_passed_over (config->import);
  const char *titles[] = { "NAME", "BECOMES", "REMARK", NULL };

  g_ptr_array_add (rows, g_strdupv ((GStrv) titles));
  for (guint i = 0; i < items->len; i++)
    {
      const StackEnvItem *item = g_ptr_array_index (items, i);
      g_autofree char    *words = describe (item);
      const char         *cells[] = { item->name, get_target (item), words, NULL };

      g_ptr_array_add (rows, g_strdupv ((GStrv) cells));
    }
  cli_printer_table (printer, rows);
  for (guint i = 0; i < lines->len; i++)
    cli_printer_note (printer, "Line %u of the file is no variable and was passed over.",
                      g_array_index (lines, guint, i));
}

static void
print_json (CliInvocation *invocation,
            Config        *config)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("configImport");
  GPtrArray *items = stack_env_import_get_items (config->import);

  cli_json_add_string (builder, "profile", cli_invocation_get_options (invocation)->profile);
  cli_json_begin_array (builder, "variables");
  for (guint i = 0; i < items->len; i++)
    {
      const StackEnvItem *item = g_ptr_array_index (items, i);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "name", item->name);
      cli_json_add_string (builder, "becomes", item->refusal == NULL ? get_target (item) : NULL);
      cli_json_add_boolean (builder, "differs", item->differs);
      cli_json_add_boolean (builder, "taken", item->chosen);
      cli_json_add_string (builder, "refusal", item->refusal);
      cli_json_add_string (builder, "remark", item->remark);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

/* What the doctor has to say about what was taken. */
static void
warn (CliInvocation *invocation,
      Config        *config)
{
  GPtrArray *items = stack_env_import_get_items (config->import);

  for (guint i = 0; i < items->len; i++)
    {
      const StackEnvItem *item = g_ptr_array_index (items, i);
      g_autoptr(StackFinding) finding = NULL;
      g_autofree char *text = NULL;

      if (!item->chosen || item->field == NULL)
        continue;
      finding = stack_doctor_check_field (get_settings (invocation), item->field->id);
      if (finding == NULL)
        continue;
      text = cli_finding_dup_text (finding);
      cli_printer_warning (cli_invocation_get_printer (invocation),
                           cli_finding_get_label (finding), text);
    }
}

static void
config_save_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  CliPrinter    *printer = cli_invocation_get_printer (invocation);
  Config        *config = g_task_get_task_data (task);

  if (!stack_settings_save_finish (STACK_SETTINGS (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_printer_is_json (printer))
    print_json (invocation, config);
  else
    cli_printer_line (printer, "Variables taken into profile %s: %u.",
                      cli_invocation_get_options (invocation)->profile,
                      stack_env_import_count_chosen (config->import));
  g_task_return_int (task, CLI_EXIT_DONE);
}

/* It owns @task. */
static void
take (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);
  Config        *config = g_task_get_task_data (task);

  if (!vault_store_is_persistent (stack_session_get_vault (session)))
    cli_printer_warning (cli_invocation_get_printer (invocation), "warning",
                         "The secrets of the file are not remembered, since there is no open "
                         "keyring. Open it, and import the file again.");
  stack_env_import_take (config->import);
  warn (invocation, config);
  stack_settings_save_async (get_settings (invocation), stack_session_get_vault (session),
                             g_task_get_cancellable (task), config_save_cb, task);
}

static void
config_confirm_cb (GObject      *object,
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
    take (g_steal_pointer (&task));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_TAKEN);
}

/* Shows names, never values, and asks. It owns @task. */
static void
confirm (GTask *task)
{
  g_autoptr(GTask) owned = task;
  CliInvocation   *invocation = g_task_get_source_object (task);
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  CliOptions      *options = cli_invocation_get_options (invocation);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  Config          *config = g_task_get_task_data (task);
  guint            n = stack_env_import_count_chosen (config->import);
  g_autofree char *question = NULL;

  if (!cli_printer_is_json (printer))
    print_text (printer, config);
  if (n == 0)
    {
      if (cli_printer_is_json (printer))
        print_json (invocation, config);
      else
        cli_printer_line (printer, "There is nothing to take over.");
      g_task_return_int (task, CLI_EXIT_DONE);
      return;
    }
  if (options->yes)
    {
      take (g_steal_pointer (&owned));
      return;
    }

  question = g_strdup_printf ("Take %u %s into profile %s? [y/N]", n,
                              n == 1 ? "variable" : "variables", options->profile);
  cli_prompt_ask_async (printer, question, FALSE, cancellable, config_confirm_cb,
                        g_steal_pointer (&owned));
}

static void
config_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  Config        *config = g_task_get_task_data (task);
  GStrv          operands = cli_invocation_get_options (invocation)->operands;
  char          *text = NULL;
  gsize          length = 0;

  if (!g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_error (task, g_steal_pointer (&error));
      else
        g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                                 "The file %s cannot be read. %s. Check the name and that you may "
                                 "read it.",
                                 config->path, error->message);
      return;
    }

  config->import = stack_env_import_new (get_settings (invocation), text, length, &error);
  explicit_bzero (text, length);
  g_free (text);
  if (config->import == NULL)
    g_prefix_error (&error, "The file %s cannot be used. ", config->path);
  else if (operands[2] != NULL)
    stack_env_import_choose (config->import, (const char *const *) operands + 2, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    confirm (g_steal_pointer (&task));
}

static void
config_load_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);
  GCancellable  *cancellable = g_task_get_cancellable (task);

  if (!cli_invocation_load_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  file = g_file_new_for_commandline_arg (cli_invocation_get_options (invocation)->operands[1]);
  g_file_load_contents_async (file, cancellable, config_read_cb, g_steal_pointer (&task));
}

/**
 * cli_config_import_run:
 * @invocation: an invocation whose operands are "import", a file, and names of variables
 * @task: (transfer full): ended with an exit status, or an error
 *
 * Shows what becomes of the variables of a .env file, by name only, asks, and takes them into the
 * profile.
 */
void
cli_config_import_run (CliInvocation *invocation,
                       GTask         *task)
{
  g_autoptr(GTask) owned = task;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CliOptions   *options = cli_invocation_get_options (invocation);
  Config       *config;

  if (options->operands[1] == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "No file was named. A .env file is needed. Run \"hackystackctl "
                               "config import FILE\".");
      return;
    }
  if (!options->yes && !cli_invocation_can_ask (invocation))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "Nobody can be asked whether to take the values. There is no "
                               "terminal. Add --yes to take them without being asked.");
      return;
    }

  config = g_new0 (Config, 1);
  config->path = g_filename_display_name (options->operands[1]);
  g_task_set_task_data (task, config, (GDestroyNotify) config_free);
  cli_invocation_load_async (invocation, cancellable, config_load_cb, g_steal_pointer (&owned));
}
