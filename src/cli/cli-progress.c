/* cli-progress.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-progress.h"

#include "cli-json.h"

/**
 * CliProgress:
 *
 * Shows a list of operations while they run. On a terminal each operation has
 * one line; the line of the running one is rewritten with the reason for waiting
 * and the seconds that have passed. Elsewhere every change is a line, and in JSON
 * mode an event.
 */
struct _CliProgress
{
  GObject parent_instance;

  /* Owned */
  CliPrinter *printer;
  GListModel *operations;
  GPtrArray  *shown;  /* (element-type utf8): what is known of each operation */
  guint       ticker; /* source id, 0 when stopped */
  guint       update; /* source id, 0 while nothing has changed */
};

G_DEFINE_FINAL_TYPE (CliProgress, cli_progress, G_TYPE_OBJECT)

static const char *const state_words[] = {
  [STACK_OPERATION_PENDING] = "pending",
  [STACK_OPERATION_RUNNING] = "running",
  [STACK_OPERATION_DONE] = "done",
  [STACK_OPERATION_FAILED] = "failed",
  [STACK_OPERATION_CANCELLED] = "cancelled",
};

static const char *const outcome_words[] = {
  [STACK_OUTCOME_NONE] = "",
  [STACK_OUTCOME_CREATED] = "created",
  [STACK_OUTCOME_CHANGED] = "changed",
  [STACK_OUTCOME_UNCHANGED] = "unchanged",
  [STACK_OUTCOME_READY] = "ready",
  [STACK_OUTCOME_UNCONFIRMED] = "unconfirmed",
};

static void
cli_progress_dispose (GObject *object)
{
  CliProgress *self = CLI_PROGRESS (object);

  if (self->operations != NULL)
    cli_progress_stop (self);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_object (&self->operations);
  g_clear_object (&self->printer);

  G_OBJECT_CLASS (cli_progress_parent_class)->dispose (object);
}

static void
cli_progress_class_init (CliProgressClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cli_progress_dispose;
}

static void
cli_progress_init (CliProgress *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_free);
}

static char *
dup_symbol (CliProgress    *self,
            StackOperation *operation)
{
  switch (stack_operation_get_state (operation))
    {
    case STACK_OPERATION_DONE:
      return cli_printer_paint (self->printer, CLI_STYLE_GOOD,
                                cli_printer_symbol (self->printer, "✓", "+"));
    case STACK_OPERATION_FAILED:
      return cli_printer_paint (self->printer, CLI_STYLE_BAD,
                                cli_printer_symbol (self->printer, "✗", "x"));
    case STACK_OPERATION_CANCELLED:
      return g_strdup (cli_printer_symbol (self->printer, "–", "-"));
    case STACK_OPERATION_PENDING:
    case STACK_OPERATION_RUNNING:
    default:
      return g_strdup (cli_printer_symbol (self->printer, "·", "."));
    }
}

/* What is said after the title: the outcome in one word, or in the words that go
 * with it; or what is waited for. Why an operation failed is the verb's error. */
static char *
dup_words (StackOperation *operation)
{
  const char         *detail = stack_operation_get_detail (operation);
  StackOperationState state = stack_operation_get_state (operation);
  StackOutcome        outcome = stack_operation_get_outcome (operation);
  const char         *word = outcome_words[outcome];

  if (state == STACK_OPERATION_FAILED || state == STACK_OPERATION_CANCELLED)
    return g_strdup (state_words[state]);
  if (detail == NULL || detail[0] == '\0' || g_str_equal (detail, word))
    return g_strdup (word);
  if (word[0] == '\0' || outcome == STACK_OUTCOME_READY)
    return g_strdup (detail);

  return g_strdup_printf ("%s: %s", word, detail);
}

/* How long a running operation has been at it, " (14 s)"; "" for less than a second. */
static char *
dup_elapsed (StackOperation *operation)
{
  gint64 started = stack_operation_get_started (operation);
  gint64 seconds = started > 0 ? (g_get_monotonic_time () - started) / G_USEC_PER_SEC : 0;

  return seconds > 0 ? g_strdup_printf (" (%" G_GINT64_FORMAT " s)", seconds) : g_strdup ("");
}

static char *
dup_line (CliProgress    *self,
          StackOperation *operation,
          const char     *elapsed)
{
  g_autofree char *symbol = dup_symbol (self, operation);
  g_autofree char *words = dup_words (operation);
  g_autofree char *dim = cli_printer_paint (self->printer, CLI_STYLE_DIM, words);

  return g_strdup_printf ("  %s %s%s%s%s", symbol, stack_operation_get_title (operation), elapsed,
                          words[0] != '\0' ? "  " : "", dim);
}

static void
rewrite_running (CliProgress    *self,
                 StackOperation *operation)
{
  g_autofree char *elapsed = dup_elapsed (operation);
  g_autofree char *line = dup_line (self, operation, elapsed);

  cli_printer_rewrite (self->printer, line);
}

static void
print_event (CliProgress    *self,
             StackOperation *operation,
             guint           index)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("operation");
  const char *outcome = outcome_words[stack_operation_get_outcome (operation)];
  const char *detail = stack_operation_get_detail (operation);

  cli_json_add_int (builder, "index", index);
  cli_json_add_string (builder, "title", stack_operation_get_title (operation));
  cli_json_add_string (builder, "state", state_words[stack_operation_get_state (operation)]);
  cli_json_add_string (builder, "outcome", outcome[0] != '\0' ? outcome : NULL);
  cli_json_add_string (builder, "detail", detail != NULL && detail[0] != '\0' ? detail : NULL);
  json_builder_end_object (builder);
  cli_printer_event (self->printer, builder);
}

/* Whether a line of @operation is worth to stay: its end, or, where no line can
 * be rewritten, also the reason for waiting. */
static gboolean
is_line (CliProgress    *self,
         StackOperation *operation)
{
  const char *detail = stack_operation_get_detail (operation);

  switch (stack_operation_get_state (operation))
    {
    case STACK_OPERATION_DONE:
    case STACK_OPERATION_FAILED:
      return TRUE;
    case STACK_OPERATION_RUNNING:
      return !cli_printer_is_live (self->printer) && detail != NULL && detail[0] != '\0';
    case STACK_OPERATION_PENDING:
    case STACK_OPERATION_CANCELLED:
    default:
      return FALSE;
    }
}

static char *
dup_key (CliProgress    *self,
         StackOperation *operation)
{
  g_autofree char *line = dup_line (self, operation, "");

  return g_strconcat (state_words[stack_operation_get_state (operation)], line, NULL);
}

static void
show (CliProgress    *self,
      StackOperation *operation,
      guint           index)
{
  g_autofree char *key = dup_key (self, operation);
  char           **shown = (char **) &g_ptr_array_index (self->shown, index);

  if (g_str_equal (*shown, key))
    return;

  g_free (*shown);
  *shown = g_steal_pointer (&key);
  if (cli_printer_is_json (self->printer))
    {
      print_event (self, operation, index);
    }
  else if (is_line (self, operation))
    {
      g_autofree char *line = dup_line (self, operation, "");

      cli_printer_line (self->printer, "%s", line);
    }
}

/* Shows what has changed: first the lines that stay, then the one that is
 * rewritten. */
static void
update (CliProgress *self)
{
  guint n_operations = g_list_model_get_n_items (self->operations);

  for (guint i = 0; i < n_operations; i++)
    {
      g_autoptr(StackOperation) item = g_list_model_get_item (self->operations, i);

      show (self, item, i);
    }
  for (guint i = 0; cli_printer_is_live (self->printer) && i < n_operations; i++)
    {
      g_autoptr(StackOperation) item = g_list_model_get_item (self->operations, i);

      if (stack_operation_get_state (item) == STACK_OPERATION_RUNNING)
        rewrite_running (self, item);
    }
}

static gboolean
cli_progress_update_cb (gpointer user_data)
{
  CliProgress *self = CLI_PROGRESS (user_data);

  self->update = 0;
  update (self);

  return G_SOURCE_REMOVE;
}

/* An operation notifies each of its properties; they are looked at together. */
static void
on_operation_notify_cb (StackOperation *operation,
                        GParamSpec     *pspec,
                        CliProgress    *self)
{
  g_assert (CLI_IS_PROGRESS (self));

  if (self->ticker != 0 && self->update == 0)
    self->update = g_idle_add (cli_progress_update_cb, self);
}

/* Takes note of operations that have come or gone. */
static void
on_items_changed_cb (CliProgress *self,
                     guint        position,
                     guint        removed,
                     guint        added)
{
  if (removed > 0)
    g_ptr_array_remove_range (self->shown, position, removed);
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(StackOperation) item = g_list_model_get_item (self->operations, i);

      g_ptr_array_insert (self->shown, i, dup_key (self, item));
      g_signal_connect_object (item, "notify", G_CALLBACK (on_operation_notify_cb), self,
                               G_CONNECT_DEFAULT);
    }
}

static gboolean
cli_progress_tick_cb (gpointer user_data)
{
  CliProgress *self = CLI_PROGRESS (user_data);

  update (self);

  return G_SOURCE_CONTINUE;
}

/**
 * cli_progress_new:
 * @printer: the printer
 * @operations: (transfer none): a list of [class@Stack.Operation]
 *
 * Starts to show @operations.
 *
 * Returns: (transfer full): a progress display
 */
CliProgress *
cli_progress_new (CliPrinter *printer,
                  GListModel *operations)
{
  CliProgress *self;

  g_return_val_if_fail (CLI_IS_PRINTER (printer), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (operations), NULL);

  self = g_object_new (CLI_TYPE_PROGRESS, NULL);
  self->printer = g_object_ref (printer);
  self->operations = g_object_ref (operations);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (on_items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  on_items_changed_cb (self, 0, 0, g_list_model_get_n_items (operations));
  self->ticker = g_timeout_add_seconds (1, cli_progress_tick_cb, self);

  return self;
}

/**
 * cli_progress_stop:
 * @self: a progress display
 *
 * Shows what is new and ends the display.
 */
void
cli_progress_stop (CliProgress *self)
{
  g_return_if_fail (CLI_IS_PROGRESS (self));

  if (self->ticker == 0)
    return;

  g_clear_handle_id (&self->ticker, g_source_remove);
  g_clear_handle_id (&self->update, g_source_remove);
  update (self);
}
