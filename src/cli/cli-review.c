/* cli-review.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-review.h"

#include "cli-plan.h"
#include "cli-prompt.h"

#include <string.h>

/* Shows somebody at a terminal what a deployment would do, lets them decide about each field that
 * another program owns, and asks whether it shall be done. */

typedef struct
{
  StackPlan *plan;  /* (owned) (nullable) */
  guint      index; /* of the change whose field is asked about */
  guint      field; /* of its conflicts */
} Review;

static void
review_free (gpointer data)
{
  Review *review = data;

  g_clear_object (&review->plan);
  g_free (review);
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

static void
return_plan (GTask *task)
{
  Review *review = g_task_get_task_data (task);

  g_task_return_pointer (task, g_object_ref (review->plan), g_object_unref);
}

static void
return_left (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody said yes.");
}

static void
review_confirm_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(VaultSecret) answer = NULL;
  GError     *error = NULL;
  const char *text;

  answer = cli_prompt_ask_finish (result, &error);
  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  text = vault_secret_get_text (answer);
  if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    return_plan (task);
  else
    return_left (task);
}

/* Where nothing has to change there is nothing to agree to. */
static void
confirm (GTask *task)
{
  Review          *review = g_task_get_task_data (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  KubeContext     *context = kube_client_get_context (stack_plan_get_client (review->plan));
  guint            n = stack_plan_get_n_changes (review->plan);
  g_autofree char *question = NULL;

  if (n == 0)
    {
      cli_printer_note (get_printer (task), "Everything is there as it shall be.");
      return_plan (task);
      return;
    }

  question = g_strdup_printf ("Apply %u change%s to context %s (server %s)? [y/N]", n,
                              n == 1 ? "" : "s", kube_context_get_name (context),
                              kube_context_get_server (context));
  cli_prompt_ask_async (get_printer (task), question, FALSE, cancellable, review_confirm_cb,
                        g_object_ref (task));
}

static void go_on (GTask *task);

/* Whether there is a field that nobody has decided about; @review then points to it. */
static gboolean
find_question (Review *review)
{
  for (review->index = 0; review->index < g_list_model_get_n_items (G_LIST_MODEL (review->plan));
       review->index++)
    {
      g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (review->plan),
                                                              review->index);

      for (review->field = 0; review->field < stack_change_get_n_conflicts (change); review->field++)
        {
          if (stack_change_get_choice (change, review->field) == STACK_CHOICE_NONE)
            return TRUE;
        }
    }

  return FALSE;
}

static void decide (GTask *task);

static void
review_decide_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(VaultSecret) answer = NULL;
  g_autoptr(StackChange) change = NULL;
  Review     *review = g_task_get_task_data (task);
  GError     *error = NULL;
  const char *text;

  answer = cli_prompt_ask_finish (result, &error);
  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  change = g_list_model_get_item (G_LIST_MODEL (review->plan), review->index);
  text = vault_secret_get_text (answer);
  if (*text == '\0')
    {
      return_left (task);
      return;
    }
  if (g_ascii_strcasecmp (text, "k") == 0 || g_ascii_strcasecmp (text, "keep") == 0)
    stack_change_set_choice (change, review->field, STACK_CHOICE_KEEP);
  else if (g_ascii_strcasecmp (text, "t") == 0 || g_ascii_strcasecmp (text, "take") == 0)
    stack_change_set_choice (change, review->field, STACK_CHOICE_TAKE);
  decide (task);
}

static void
review_try_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (stack_plan_try_again_finish (STACK_PLAN (object), result, &error))
    go_on (task);
  else
    g_task_return_error (task, error);
}

/* Asks about the next field; when there is none left, what comes of it is asked of the cluster. */
static void
decide (GTask *task)
{
  Review       *review = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(StackChange) change = NULL;
  g_autofree char         *question = NULL;
  const KubeFieldConflict *conflict;

  if (!find_question (review))
    {
      stack_plan_try_again_async (review->plan, cancellable, review_try_cb, g_object_ref (task));
      return;
    }

  change = g_list_model_get_item (G_LIST_MODEL (review->plan), review->index);
  conflict = stack_change_get_conflict (change, review->field);
  question = g_strdup_printf ("%s: “%s” set the field %s. Keep theirs (k), take it over (t), or stop "
                              "(Enter)?",
                              stack_change_get_title (change),
                              conflict->manager != NULL ? conflict->manager : "another program",
                              conflict->field);
  cli_prompt_ask_async (get_printer (task), question, FALSE, cancellable, review_decide_cb,
                        g_object_ref (task));
}

static void
show (GTask *task)
{
  Review          *review = g_task_get_task_data (task);
  CliPrinter      *printer = get_printer (task);
  g_autofree char *list = cli_plan_dup_list (printer, review->plan, FALSE);
  g_autofree char *diffs = cli_plan_dup_diffs (printer, review->plan, FALSE, FALSE);
  g_autofree char *summary = stack_plan_dup_summary (review->plan);

  cli_printer_note (printer, "What will be done, in this order:\n%s%s\n%s.", list, diffs, summary);
}

static void
go_on (GTask *task)
{
  Review *review = g_task_get_task_data (task);
  GError *error = NULL;

  show (task);
  if (find_question (review))
    decide (task);
  else if (!stack_plan_check (review->plan, &error))
    g_task_return_error (task, error);
  else
    confirm (task);
}

static void
review_make_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Review *review = g_task_get_task_data (task);
  GError *error = NULL;

  review->plan = stack_plan_make_finish (result, &error);
  if (review->plan != NULL)
    go_on (task);
  else
    g_task_return_error (task, error);
}

/**
 * cli_review_run_async:
 * @invocation: an invocation that is connected, with somebody at the terminal
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there is a decision
 * @user_data: data for @callback
 *
 * Makes a plan, shows it, asks about each field of others, and asks whether to apply it. Where
 * nothing has to change, nothing is asked.
 */
void
cli_review_run_async (CliInvocation      *invocation,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  StackSession *session;
  GError       *error = NULL;
  gboolean      force;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));

  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_review_run_async);
  g_task_set_task_data (task, g_new0 (Review, 1), review_free);

  session = cli_invocation_get_session (invocation);
  force = cli_invocation_get_options (invocation)->force_conflicts;
  objects = stack_session_fill_objects (session, &error);
  if (objects == NULL)
    g_task_return_error (task, error);
  else
    stack_plan_make_async (stack_session_get_client (session), objects, force, cancellable,
                           review_make_cb, g_steal_pointer (&task));
}

/**
 * cli_review_run_finish:
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@review_run_async]. Possible errors are those of the plan, and %G_IO_ERROR_CANCELLED
 * also when the answer was no.
 *
 * Returns: (transfer full) (nullable): the plan to carry out
 */
StackPlan *
cli_review_run_finish (GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_review_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
