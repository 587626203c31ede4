/* cli-command-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "stack-history.h"

static char *
dup_time (StackRevision *revision,
          gboolean       for_people)
{
  gint64 time = stack_revision_get_time (revision) / G_USEC_PER_SEC;
  g_autoptr(GDateTime) date = NULL;

  if (time == 0)
    return NULL;

  date = for_people ? g_date_time_new_from_unix_local (time) : g_date_time_new_from_unix_utc (time);

  return for_people ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S")
                    : g_date_time_format_iso8601 (date);
}

/* A deployment that another one came after will not come to an end any more. */
static const char *
get_result (StackRevision *revision,
            gboolean       latest)
{
  StackRevisionOutcome outcome = stack_revision_get_outcome (revision);

  if (outcome == STACK_REVISION_DEPLOYING && !latest)
    return "not finished";

  return stack_revision_outcome_get_word (outcome);
}

static GStrv
new_row (StackRevision *revision,
         gboolean       latest)
{
  g_autoptr(GStrvBuilder) cells = g_strv_builder_new ();
  g_autofree char *number = g_strdup_printf ("%u", stack_revision_get_number (revision));
  g_autofree char *time = dup_time (revision, TRUE);
  const char      *author = stack_revision_get_author (revision);

  g_strv_builder_add_many (cells, number, time != NULL ? time : "-", *author != '\0' ? author : "-",
                           get_result (revision, latest), stack_revision_get_image (revision),
                           stack_revision_get_summary (revision), NULL);

  return g_strv_builder_end (cells);
}

static void
print_text (CliInvocation *invocation,
            GListModel    *history)
{
  const char *titles[] = { "REVISION", "WHEN", "WHO", "RESULT", "IMAGE", "CHANGE", NULL };
  CliPrinter *printer = cli_invocation_get_printer (invocation);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (g_list_model_get_n_items (history) == 0)
    {
      cli_printer_note (printer, "No revision is kept in the namespace %s. Each deployment makes "
                                 "one.",
                        cli_invocation_get_namespace (invocation));
      return;
    }

  g_ptr_array_add (rows, g_strdupv ((GStrv) titles));
  for (guint i = 0; i < g_list_model_get_n_items (history); i++)
    {
      g_autoptr(StackRevision) revision = g_list_model_get_item (history, i);

      g_ptr_array_add (rows, new_row (revision, i == 0));
    }
  cli_printer_table (printer, rows);
}

static void
add_revision (JsonBuilder   *builder,
              StackRevision *revision)
{
  g_autofree char *time = dup_time (revision, FALSE);

  json_builder_begin_object (builder);
  cli_json_add_int (builder, "number", stack_revision_get_number (revision));
  cli_json_add_string (builder, "time", time);
  cli_json_add_string (builder, "author", stack_revision_get_author (revision));
  cli_json_add_string (builder, "image", stack_revision_get_image (revision));
  cli_json_add_string (builder, "change", stack_revision_get_summary (revision));
  cli_json_add_string (builder, "outcome",
                       stack_revision_outcome_get_word (stack_revision_get_outcome (revision)));
  json_builder_end_object (builder);
}

static void
print_json (CliInvocation *invocation,
            GListModel    *history)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("history");

  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_begin_array (builder, "revisions");
  for (guint i = 0; i < g_list_model_get_n_items (history); i++)
    {
      g_autoptr(StackRevision) revision = g_list_model_get_item (history, i);

      add_revision (builder, revision);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
history_read_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);

  if (!stack_history_load_finish (STACK_HISTORY (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_printer_is_json (cli_invocation_get_printer (invocation)))
    print_json (invocation, G_LIST_MODEL (object));
  else
    print_text (invocation, G_LIST_MODEL (object));
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
history_open_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackHistory) history = NULL;
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  history = stack_history_new (cli_invocation_get_client (invocation),
                               cli_invocation_get_namespace (invocation));
  stack_history_load_async (history, g_task_get_cancellable (task), history_read_cb,
                            g_object_ref (task));
}

static void
history_run (CliInvocation *invocation,
             GTask         *task)
{
  cli_invocation_open_async (invocation, g_task_get_cancellable (task), history_open_cb, task);
}

const CliCommand CLI_COMMAND_HISTORY = {
  .name = "history",
  .summary = "list what was deployed before",
  .operands = "",
  .description =
      "Lists the revisions that the cluster keeps, newest first: when and by whom each\n"
      "was deployed, what it changed, and whether it was proven to work. A revision is\n"
      "settings, secrets and pod template together; \"undo\" brings one back. The last\n"
      "ten are kept. Values are not shown.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl history\n"
      "  hackystackctl history -n hackystack --json\n"
      "\n"
      "Exit status: 0 the revisions could be read, even if there are none, 1 they could\n"
      "not, 2 wrong usage, 130 cancelled.\n",
  .run = history_run,
};
