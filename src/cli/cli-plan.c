/* cli-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-plan.h"

#include "cli-json.h"

#define CONTEXT_LINES 3

/* How a plan reads in a terminal: a line for each object, and then what differs. */

static const struct
{
  const char *word;
  const char *sign;
  CliStyle    style;
} actions[] = {
  [STACK_ACTION_CREATE] = { "create", "+", CLI_STYLE_GOOD },
  [STACK_ACTION_CHANGE] = { "change", "~", CLI_STYLE_WARNING },
  [STACK_ACTION_UNCHANGED] = { "unchanged", "=", CLI_STYLE_DIM },
  [STACK_ACTION_CONFLICT] = { "conflict", "!", CLI_STYLE_BAD },
  [STACK_ACTION_REFUSED] = { "refused", "x", CLI_STYLE_BAD },
};

static char *
paint (CliPrinter *printer,
       gboolean    colour,
       CliStyle    style,
       const char *text)
{
  return colour ? cli_printer_paint (printer, style, text) : g_strdup (text);
}

/**
 * cli_plan_dup_list:
 * @printer: where it will be printed
 * @plan: a plan
 * @colour: whether colours may be used
 *
 * Returns: (transfer full): a line for each object: what is done with it, and its name
 */
char *
cli_plan_dup_list (CliPrinter *printer,
                   StackPlan  *plan,
                   gboolean    colour)
{
  GString *text;

  g_return_val_if_fail (CLI_IS_PRINTER (printer), NULL);
  g_return_val_if_fail (STACK_IS_PLAN (plan), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (plan)); i++)
    {
      g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (plan), i);
      StackAction      action = stack_change_get_action (change);
      g_autofree char *sign = paint (printer, colour, actions[action].style, actions[action].sign);
      g_autofree char *word = paint (printer, colour, CLI_STYLE_DIM, actions[action].word);

      g_string_append_printf (text, "  %s %s  %s\n", sign, stack_change_get_title (change), word);
    }

  return g_string_free (text, FALSE);
}

static void
append_line (GString    *text,
             CliPrinter *printer,
             gboolean    colour,
             CliStyle    style,
             const char *line)
{
  g_autofree char *painted = paint (printer, colour, style, line);

  g_string_append_printf (text, "%s\n", painted);
}

static void
append_diff (GString     *text,
             CliPrinter  *printer,
             gboolean     colour,
             StackChange *change)
{
  g_autofree char *printed = stack_diff_print (stack_change_get_diff (change), CONTEXT_LINES);
  g_auto(GStrv) lines = g_strsplit (printed, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      if (lines[i][0] == '+')
        append_line (text, printer, colour, CLI_STYLE_GOOD, lines[i]);
      else if (lines[i][0] == '-')
        append_line (text, printer, colour, CLI_STYLE_BAD, lines[i]);
      else if (lines[i][0] == '@')
        append_line (text, printer, colour, CLI_STYLE_DIM, lines[i]);
      else
        g_string_append_printf (text, "%s\n", lines[i]);
    }
}

static void
append_change (GString     *text,
               CliPrinter  *printer,
               gboolean     colour,
               StackChange *change)
{
  StackAction      action = stack_change_get_action (change);
  const GError    *error = stack_change_get_error (change);
  g_autofree char *head = g_strdup_printf ("%s: %s", stack_change_get_title (change),
                                           actions[action].word);
  g_autofree char *command = stack_change_dup_command (change);

  g_string_append_c (text, '\n');
  append_line (text, printer, colour, CLI_STYLE_BOLD, head);
  if (error != NULL)
    g_string_append_printf (text, "%s\n", error->message);
  if (*stack_change_get_note (change) != '\0')
    g_string_append_printf (text, "%s\n", stack_change_get_note (change));
  for (guint i = 0; stack_change_get_warnings (change)[i] != NULL; i++)
    g_string_append_printf (text, "The cluster warns: %s\n", stack_change_get_warnings (change)[i]);
  append_diff (text, printer, colour, change);
  append_line (text, printer, colour, CLI_STYLE_DIM, command);
}

/**
 * cli_plan_dup_diffs:
 * @printer: where it will be printed
 * @plan: a plan
 * @whole: whether objects that would be created are shown, too
 * @colour: whether colours may be used
 *
 * Returns: (transfer full): what differs in each object that is not right already, with the
 *   kubectl command that does the same; "" for nothing
 */
char *
cli_plan_dup_diffs (CliPrinter *printer,
                    StackPlan  *plan,
                    gboolean    whole,
                    gboolean    colour)
{
  GString *text;

  g_return_val_if_fail (CLI_IS_PRINTER (printer), NULL);
  g_return_val_if_fail (STACK_IS_PLAN (plan), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (plan)); i++)
    {
      g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (plan), i);
      StackAction action = stack_change_get_action (change);

      if (action != STACK_ACTION_UNCHANGED && (whole || action != STACK_ACTION_CREATE))
        append_change (text, printer, colour, change);
    }

  return g_string_free (text, FALSE);
}

static void
add_conflicts (StackChange *change,
               JsonBuilder *builder)
{
  cli_json_begin_array (builder, "conflicts");
  for (guint i = 0; i < stack_change_get_n_conflicts (change); i++)
    {
      const KubeFieldConflict *conflict = stack_change_get_conflict (change, i);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "field", conflict->field);
      cli_json_add_string (builder, "manager", conflict->manager);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_warnings (StackChange *change,
              JsonBuilder *builder)
{
  cli_json_begin_array (builder, "warnings");
  for (guint i = 0; stack_change_get_warnings (change)[i] != NULL; i++)
    json_builder_add_string_value (builder, stack_change_get_warnings (change)[i]);
  json_builder_end_array (builder);
}

/**
 * cli_plan_add_json:
 * @plan: a plan
 * @builder: an object that is being built
 *
 * Adds the member "objects": what would be done with each, and what differs.
 */
void
cli_plan_add_json (StackPlan   *plan,
                   JsonBuilder *builder)
{
  g_return_if_fail (STACK_IS_PLAN (plan));

  cli_json_begin_array (builder, "objects");
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (plan)); i++)
    {
      g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (plan), i);
      const GError    *error = stack_change_get_error (change);
      const char      *note = stack_change_get_note (change);
      g_autofree char *diff = stack_diff_print (stack_change_get_diff (change), CONTEXT_LINES);
      g_autofree char *command = stack_change_dup_command (change);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "kind", stack_change_get_kind (change));
      cli_json_add_string (builder, "name", stack_change_get_name (change));
      cli_json_add_string (builder, "action", actions[stack_change_get_action (change)].word);
      cli_json_add_string (builder, "note", *note != '\0' ? note : NULL);
      cli_json_add_string (builder, "error", error != NULL ? error->message : NULL);
      add_conflicts (change, builder);
      add_warnings (change, builder);
      cli_json_add_string (builder, "diff", diff);
      cli_json_add_string (builder, "command", command);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
