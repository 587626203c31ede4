/* cli-interview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-interview.h"

#include "cli-finding.h"
#include "cli-prompt.h"
#include "cli-settings.h"

#include "stack-doctor.h"

typedef struct
{
  CliPrinter    *printer;  /* (owned) */
  StackSettings *settings; /* (owned) */
  GPtrArray     *missing;  /* (element-type StackField) (owned) */
  guint          next;     /* index of the question that is open */
} Interview;

static void ask_next (GTask *task);

static void
interview_free (Interview *interview)
{
  g_clear_object (&interview->printer);
  g_clear_object (&interview->settings);
  g_clear_pointer (&interview->missing, g_ptr_array_unref);
  g_free (interview);
}

/* Takes an answer over if the doctor lets it pass; says why if not. */
static void
take_answer (Interview        *interview,
             const StackField *field,
             const char       *answer)
{
  g_autoptr(StackFinding) finding = NULL;

  stack_settings_set_text (interview->settings, field->id, answer);
  finding = stack_doctor_check_field (interview->settings, field->id);
  if (finding != NULL)
    cli_printer_warning (interview->printer, cli_finding_get_label (finding), finding->message);

  if (finding != NULL && finding->severity == STACK_SEVERITY_ERROR)
    stack_settings_set_text (interview->settings, field->id, "");
  else
    interview->next++;
}

static gboolean
generate (Interview *interview,
          GError   **error)
{
  if (!stack_settings_generate (interview->settings, error))
    return FALSE;

  cli_printer_note (interview->printer, "A new secret was made.");
  interview->next++;

  return TRUE;
}

static void
cli_interview_run_answer_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(VaultSecret) answer = NULL;
  g_autoptr(GError) error = NULL;
  Interview        *interview = g_task_get_task_data (task);
  const StackField *field = g_ptr_array_index (interview->missing, interview->next);

  answer = cli_prompt_ask_finish (result, &error);
  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (vault_secret_get_text (answer)[0] != '\0')
    {
      take_answer (interview, field, vault_secret_get_text (answer));
    }
  else if (field->id != STACK_FIELD_NEXTAUTH_SECRET)
    {
      cli_printer_note (interview->printer, "The app does not start without it. "
                                            "Type the value, or press Ctrl+C to leave.");
    }
  else if (!generate (interview, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  ask_next (g_steal_pointer (&task));
}

/* Asks for the field whose turn it is. It owns @task. */
static void
ask_next (GTask *task)
{
  g_autoptr(GTask) owned = task;
  g_autofree char  *question = NULL;
  Interview        *interview = g_task_get_task_data (task);
  const StackField *field;

  if (interview->next >= interview->missing->len)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  field = g_ptr_array_index (interview->missing, interview->next);
  cli_printer_note (interview->printer, "\n%s", field->explanation);
  question = g_strdup_printf ("%s%s:", field->title,
                              field->id == STACK_FIELD_NEXTAUTH_SECRET
                                  ? " (is not shown; Enter alone makes a new one)"
                              : field->secret ? " (is not shown)"
                                              : "");
  cli_prompt_ask_async (interview->printer, question, field->secret,
                        g_task_get_cancellable (task), cli_interview_run_answer_cb,
                        g_steal_pointer (&owned));
}

/**
 * cli_interview_run_async:
 * @printer: the printer, which can ask
 * @settings: settings
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when nothing is missing any more
 * @user_data: data for @callback
 *
 * Asks on the terminal for every value that @settings needs and does not have.
 * An answer that cannot work is refused at once, with the reason. An empty answer
 * to the question for NEXTAUTH_SECRET makes a random one.
 */
void
cli_interview_run_async (CliPrinter         *printer,
                         StackSettings      *settings,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Interview *interview;

  g_return_if_fail (CLI_IS_PRINTER (printer));
  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_interview_run_async);
  interview = g_new0 (Interview, 1);
  interview->printer = g_object_ref (printer);
  interview->settings = g_object_ref (settings);
  interview->missing = cli_settings_list_missing (settings);
  g_task_set_task_data (task, interview, (GDestroyNotify) interview_free);

  ask_next (g_steal_pointer (&task));
}

/**
 * cli_interview_run_finish:
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@interview_run_async].
 *
 * Returns: whether nothing is missing now; or else an error:
 *   %G_IO_ERROR_CANCELLED when the questions were left, an error of %VAULT_ERROR
 *   or %STACK_ERROR when no secret could be made
 */
gboolean
cli_interview_run_finish (GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_interview_run_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
