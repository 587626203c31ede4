/* cli-command-reset.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-progress.h"
#include "cli-prompt.h"

#include "stack-inventory.h"

#define NOTHING_DELETED "Nothing was deleted."

static const CliOption reset_options[] = {
  { "delete-volumes", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, delete_volumes), NULL,
    "delete volumes and the database, too: their data is lost" },
  { "delete-volume", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, delete_volume), "NAME[,NAME…]",
    "delete these of them only, by name or KIND/NAME" },
  { "confirm", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, confirm), "NAMESPACE",
    "the namespace's name, in place of typing it (--yes is not enough)" },
  { NULL },
};

typedef struct
{
  StackInventory *inventory; /* (owned) (nullable) */
  CliProgress    *progress;  /* (owned) (nullable) */
  guint           index;     /* of the item that is asked about */
  gboolean        shown;     /* the list, as it is now */
} Reset;

static void
reset_free (gpointer data)
{
  Reset *reset = data;

  g_clear_object (&reset->progress);
  g_clear_object (&reset->inventory);
  g_free (reset);
}

static void
print_items (CliInvocation *invocation,
             GPtrArray     *items,
             const char    *type)
{
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  g_autoptr(JsonBuilder) builder = cli_json_begin (type);

  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_begin_array (builder, "objects");
  for (guint i = 0; i < items->len; i++)
    {
      const StackInventoryItem *item = g_ptr_array_index (items, i);

      if (item->kept != NULL)
        cli_printer_line (printer, "  keep    %s %s: %s", item->resource->kind, item->name,
                          item->kept);
      else
        cli_printer_line (printer, "  delete  %s %s", item->resource->kind, item->name);
      json_builder_begin_object (builder);
      cli_json_add_string (builder, "kind", item->resource->kind);
      cli_json_add_string (builder, "name", item->name);
      cli_json_add_boolean (builder, "delete", item->kept == NULL);
      cli_json_add_string (builder, "reason", item->kept);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
reset_left_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackInventory) left = stack_inventory_read_finish (result, &error);
  CliInvocation *invocation = g_task_get_source_object (task);
  GPtrArray     *items;

  if (left == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  items = stack_inventory_get_items (left);
  cli_printer_line (cli_invocation_get_printer (invocation), "%s",
                    items->len > 0 ? "What is left of the app:" : "Nothing is left of the app.");
  print_items (invocation, items, "left");
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
reset_delete_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Reset         *reset = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  gboolean       done = stack_inventory_delete_finish (reset->inventory, result, &error);

  cli_progress_stop (reset->progress);
  if (!done && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED,
                             "What was deleted before does not come back. Run it again to see "
                             "what is left.");
  else if (!done)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    stack_inventory_read_async (cli_invocation_get_client (invocation),
                                cli_invocation_get_namespace (invocation), FALSE,
                                g_task_get_cancellable (task), reset_left_cb,
                                g_object_ref (task));
}

static void
start (GTask *task)
{
  Reset         *reset = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  reset->progress = cli_progress_new (cli_invocation_get_printer (invocation),
                                      stack_inventory_get_operations (reset->inventory));
  stack_inventory_delete_async (reset->inventory, g_task_get_cancellable (task), reset_delete_cb,
                                g_object_ref (task));
}

static void
reset_confirm_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, NULL);
  const char *ns = cli_invocation_get_namespace (g_task_get_source_object (task));

  if (answer != NULL && g_str_equal (vault_secret_get_text (answer), ns))
    start (task);
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_DELETED);
}

static void
show_inventory (GTask *task)
{
  Reset *reset = g_task_get_task_data (task);

  if (!reset->shown)
    print_items (g_task_get_source_object (task), stack_inventory_get_items (reset->inventory),
                 "inventory");
  reset->shown = TRUE;
}

/* What is to go is known: shows it, and asks whether it shall. */
static void
confirm (GTask *task)
{
  g_autofree char *question = NULL;
  Reset           *reset = g_task_get_task_data (task);
  CliInvocation   *invocation = g_task_get_source_object (task);
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  const char      *ns = cli_invocation_get_namespace (invocation);

  show_inventory (task);
  if (g_list_model_get_n_items (stack_inventory_get_operations (reset->inventory)) == 0)
    {
      cli_printer_line (printer, "There is nothing to delete in the namespace %s.", ns);
      g_task_return_int (task, CLI_EXIT_DONE);
      return;
    }
  if (cli_invocation_get_options (invocation)->confirm != NULL)
    {
      start (task);
      return;
    }

  question = g_strdup_printf ("Type the namespace's name (%s) to delete this:", ns);
  cli_prompt_ask_async (printer, question, FALSE, g_task_get_cancellable (task), reset_confirm_cb,
                        g_object_ref (task));
}

/* What holds data is decided about one by one: by name, or by somebody at the terminal. */

static void choose_next (GTask *task);

static void
reset_choose_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, NULL);
  Reset      *reset = g_task_get_task_data (task);
  const char *text;

  if (answer == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, NOTHING_DELETED);
      return;
    }

  text = vault_secret_get_text (answer);
  if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    {
      stack_inventory_set_deleted (reset->inventory, reset->index, TRUE);
      reset->shown = FALSE;
    }
  reset->index++;
  choose_next (task);
}

static void
choose_next (GTask *task)
{
  Reset         *reset = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  CliPrinter    *printer = cli_invocation_get_printer (invocation);
  GPtrArray     *items = stack_inventory_get_items (reset->inventory);

  for (; reset->index < items->len; reset->index++)
    {
      const StackInventoryItem *item = g_ptr_array_index (items, reset->index);
      g_autofree char          *question = NULL;

      if (!item->database || item->kept == NULL)
        continue;
      question = g_strdup_printf ("Delete %s %s, too? What is in it is lost. [y/N]",
                                  item->resource->kind, item->name);
      cli_prompt_ask_async (printer, question, FALSE, g_task_get_cancellable (task),
                            reset_choose_cb, g_object_ref (task));
      return;
    }

  confirm (task);
}

static gboolean
is_named (const StackInventoryItem *item,
          const char               *name)
{
  g_autofree char *full = g_strdup_printf ("%s/%s", item->resource->kind, item->name);

  return g_str_equal (name, item->name) || g_ascii_strcasecmp (name, full) == 0;
}

/* A name that fits nothing is a mistake, and stops it. */
static gboolean
choose_named (StackInventory *inventory,
              const char     *names,
              GError        **error)
{
  GPtrArray *items = stack_inventory_get_items (inventory);
  g_auto(GStrv) list = g_strsplit (names, ",", -1);

  for (guint n = 0; list[n] != NULL; n++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < items->len; i++)
        {
          const StackInventoryItem *item = g_ptr_array_index (items, i);

          if (!item->database || !is_named (item, list[n]))
            continue;
          found = TRUE;
          stack_inventory_set_deleted (inventory, i, TRUE);
        }
      if (found)
        continue;
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "Nothing was deleted. There is no volume and nothing of a database called %s. "
                   "Run it without --delete-volume to see what there is.",
                   list[n]);
      return FALSE;
    }

  return TRUE;
}

static void
reset_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Reset         *reset = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);

  reset->inventory = stack_inventory_read_finish (result, &error);
  if (reset->inventory == NULL ||
      (options->delete_volume != NULL &&
       !choose_named (reset->inventory, options->delete_volume, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (options->confirm != NULL || options->delete_volume != NULL)
    confirm (task);
  else
    {
      show_inventory (task);
      choose_next (task);
    }
}

static void
reset_connect_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_inventory_read_async (cli_invocation_get_client (invocation),
                              cli_invocation_get_namespace (invocation),
                              cli_invocation_get_options (invocation)->delete_volumes,
                              g_task_get_cancellable (task), reset_read_cb, g_object_ref (task));
}

static void
reset_load_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);
  CliOptions    *options = cli_invocation_get_options (invocation);

  if (!cli_invocation_load_finish (invocation, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (options->confirm == NULL && !cli_invocation_can_ask (invocation))
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                             "Nobody can be asked for the namespace's name. There is no terminal. "
                             "Add --confirm %s to delete what is in it.",
                             cli_invocation_get_namespace (invocation));
  else if (options->confirm != NULL &&
           !g_str_equal (options->confirm, cli_invocation_get_namespace (invocation)))
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                             "Nothing was deleted. --confirm says %s, but the namespace is %s. "
                             "Name the one that you mean by --namespace and by --confirm.",
                             options->confirm, cli_invocation_get_namespace (invocation));
  else
    cli_invocation_connect_async (invocation, g_task_get_cancellable (task), reset_connect_cb,
                                  g_object_ref (task));
}

static void
reset_run (CliInvocation *invocation,
           GTask         *task)
{
  g_task_set_task_data (task, g_new0 (Reset, 1), reset_free);
  cli_invocation_load_async (invocation, g_task_get_cancellable (task), reset_load_cb, task);
}

const CliCommand CLI_COMMAND_RESET = {
  .name = "reset",
  .summary = "take the app off a cluster",
  .operands = "",
  .options = reset_options,
  .description =
      "Lists every object of the app in its namespace, found by labels, and deletes them\n"
      "in order, each until it is gone. On a terminal you are asked about each volume and\n"
      "about what belongs to a database; elsewhere they stay unless --delete-volume names\n"
      "them, or --delete-volumes is given. The namespace goes if it was made for the app\n"
      "and nothing else is in it. Asks for the namespace's name to be typed, or takes it\n"
      "from --confirm. What is remembered on this machine stays.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl reset\n"
      "  hackystackctl reset -n hackystack --confirm hackystack\n"
      "  hackystackctl reset --delete-volume postgres-data --confirm hackystack\n"
      "\n"
      "Exit status: 0 deleted, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = reset_run,
};
