/* cli-command-logs.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"

#include "stack-status.h"

#include "kube-log-stream.h"

static const CliOption logs_options[] = {
  { "follow", 'f', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, follow), NULL,
    "go on until Ctrl+C; the log is followed across lost connections" },
  { "tail", 0, CLI_OPTION_COUNT, G_STRUCT_OFFSET (CliOptions, tail), "N",
    "begin with the last N lines (default: all)" },
  { "previous", 'p', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, previous), NULL,
    "show what the container said before it was last restarted" },
  { "container", 'c', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, container), "NAME",
    "the container of the pod (default: the first)" },
  { "timestamps", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, timestamps), NULL,
    "put the time (UTC) before each line" },
  { NULL },
};

typedef struct
{
  KubeLogStream *stream;    /* (owned) (nullable) */
  GSource       *cancelled; /* (owned) (nullable) */
  char          *said;      /* (nullable): the last words about the state */
  gboolean       lost;      /* the connection: it was told */
} Logs;

static void
logs_free (Logs *logs)
{
  g_clear_pointer (&logs->cancelled, g_source_unref);
  g_clear_object (&logs->stream);
  g_free (logs->said);
  g_free (logs);
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

/* Takes the reference on @task that the running stream holds. */
static GTask *
stop (GTask *task)
{
  Logs *logs = g_task_get_task_data (task);

  g_source_destroy (logs->cancelled);
  g_signal_handlers_disconnect_by_data (logs->stream, task);
  kube_log_stream_stop (logs->stream);

  return task;
}

static void
append_time (GString *text,
             gint64   time_us)
{
  g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *formatted = NULL;

  if (time_us == 0 || seconds == NULL)
    return;

  formatted = g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S");
  g_string_append_printf (text, "%s.%06dZ ", formatted, (int) (time_us % G_USEC_PER_SEC));
}

static void
on_stream_lines_cb (KubeLogStream *stream,
                    guint          first,
                    guint          n_lines,
                    GTask         *task)
{
  g_autoptr(GString) text = g_string_new (NULL);
  CliPrinter    *printer = get_printer (task);
  KubeLogBuffer *buffer = kube_log_stream_get_buffer (stream);
  CliOptions    *options = cli_invocation_get_options (g_task_get_source_object (task));

  for (guint i = first; i < first + n_lines; i++)
    {
      gsize       length;
      gint64      time_us;
      const char *line = kube_log_buffer_get_text (buffer, i, &length, &time_us);

      if (options->timestamps)
        append_time (text, time_us);
      g_string_append_len (text, line, length);
      g_string_append_c (text, '\n');
    }
  cli_printer_raw (printer, text->str, text->len);

  if (!cli_printer_is_open (printer))
    {
      g_autoptr(GTask) ended = stop (task);

      g_task_return_int (ended, CLI_EXIT_DONE);
    }
}

static void
say (GTask      *task,
     const char *text)
{
  Logs *logs = g_task_get_task_data (task);

  if (g_strcmp0 (logs->said, text) == 0)
    return;

  g_free (logs->said);
  logs->said = g_strdup (text);
  cli_printer_note (get_printer (task), "%s", text);
}

/* A container that has nothing to say yet tells why; a lost connection is told
 * once, however often the attempts to get it back fail in other words. */
static void
say_waiting (GTask         *task,
             KubeLogStream *stream)
{
  Logs            *logs = g_task_get_task_data (task);
  const char      *detail = kube_log_stream_get_detail (stream);
  const GError    *error = kube_log_stream_get_error (stream);
  g_autofree char *text = NULL;

  if (error != NULL && !logs->lost)
    text = g_strdup_printf ("Connection lost, following again as soon as it is back. %s",
                            error->message);
  else if (error == NULL)
    text = g_strdup_printf ("Waiting. %s", detail != NULL ? detail : "");

  logs->lost = error != NULL;
  if (text != NULL)
    say (task, text);
}

static void
say_following (GTask *task)
{
  Logs *logs = g_task_get_task_data (task);

  if (logs->lost)
    say (task, "Connected again, following.");
  logs->lost = FALSE;
}

static void
on_stream_notify_cb (KubeLogStream *stream,
                     GParamSpec    *pspec,
                     GTask         *task)
{
  g_autoptr(GTask) ended = NULL;
  g_autoptr(GError) error = NULL;

  switch (kube_log_stream_get_state (stream))
    {
    case KUBE_LOG_WAITING:
      say_waiting (task, stream);
      break;

    case KUBE_LOG_FOLLOWING:
      say_following (task);
      break;

    case KUBE_LOG_ENDED:
      if (kube_log_stream_get_detail (stream) != NULL)
        say (task, kube_log_stream_get_detail (stream));
      ended = stop (task);
      g_task_return_int (ended, CLI_EXIT_DONE);
      break;

    case KUBE_LOG_FAILED:
      error = g_error_copy (kube_log_stream_get_error (stream));
      ended = stop (task);
      g_task_return_error (ended, g_steal_pointer (&error));
      break;

    case KUBE_LOG_IDLE:
    case KUBE_LOG_CONNECTING:
    default:
      break;
    }
}

/* Ctrl+C is how following ends: it needs no words, only its exit status. */
static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = stop (G_TASK (user_data));

  g_task_return_int (task, CLI_EXIT_CANCELLED);

  return G_SOURCE_REMOVE;
}

/* Shows the log of @pod. The running stream owns @task until stop(). */
static void
show_log (GTask      *task,
          const char *pod)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = cli_invocation_get_options (invocation);
  Logs          *logs = g_task_get_task_data (task);
  KubeLogOptions part = KUBE_LOG_OPTIONS_INIT;

  logs->stream = kube_log_stream_new (
      stack_session_get_client (cli_invocation_get_session (invocation)),
      cli_invocation_get_namespace (invocation), pod, options->container);
  part.follow = options->follow;
  part.tail_lines = options->tail;
  part.previous = options->previous;
  kube_log_stream_set_options (logs->stream, &part);
  g_signal_connect (logs->stream, "lines", G_CALLBACK (on_stream_lines_cb), task);
  g_signal_connect (logs->stream, "notify", G_CALLBACK (on_stream_notify_cb), task);

  logs->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (logs->cancelled, G_SOURCE_FUNC (on_cancelled_cb), task, NULL);
  g_source_attach (logs->cancelled, NULL);
  kube_log_stream_start (logs->stream);
}

static const StackPodStatus *
choose_pod (StackStatus *status)
{
  for (guint i = 0; i < status->pods->len; i++)
    {
      const StackPodStatus *pod = g_ptr_array_index (status->pods, i);

      if (pod->ready)
        return pod;
    }

  return status->pods->len > 0 ? g_ptr_array_index (status->pods, 0) : NULL;
}

static void
logs_status_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackStatus) status = NULL;
  const StackPodStatus *pod;

  status = stack_status_read_finish (result, &error);
  if (status == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  pod = choose_pod (status);
  if (pod == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_NOT_DEPLOYED,
                               "There is no log in namespace %s. No pod of Hacky Stack is there. "
                               "Run \"hackystackctl deploy\" first, or name another namespace "
                               "with -n.",
                               cli_invocation_get_namespace (g_task_get_source_object (task)));
      return;
    }

  cli_printer_note (get_printer (task), "Pod %s%s%s%s:", pod->name,
                    pod->ready ? "" : " (not ready: ", pod->ready ? "" : pod->status,
                    pod->ready ? "" : ")");
  show_log (g_steal_pointer (&task), pod->name);
}

static void
logs_connect_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  CliOptions    *options = cli_invocation_get_options (invocation);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (options->operands != NULL && options->operands[0] != NULL)
    show_log (g_steal_pointer (&task), options->operands[0]);
  else
    stack_status_read_async (stack_session_get_client (cli_invocation_get_session (invocation)),
                             cli_invocation_get_namespace (invocation),
                             cancellable, logs_status_cb,
                             g_steal_pointer (&task));
}

static void
logs_load_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_load_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cli_invocation_connect_async (invocation, cancellable, logs_connect_cb,
                                g_steal_pointer (&task));
}

static void
logs_run (CliInvocation *invocation,
          GTask         *task)
{
  g_task_set_task_data (task, g_new0 (Logs, 1), (GDestroyNotify) logs_free);
  cli_invocation_load_async (invocation, g_task_get_cancellable (task), logs_load_cb, task);
}

const CliCommand CLI_COMMAND_LOGS = {
  .name = "logs",
  .summary = "show what the app says",
  .operands = "[POD]",
  .max_operands = 1,
  .options = logs_options,
  .no_json = TRUE,
  .description =
      "Prints the log of a pod as it is. Without POD, the first pod of Hacky Stack that\n"
      "is ready is chosen. With -f the log goes on while the app runs; it survives a\n"
      "lost connection and a restarted container without losing or repeating a line.\n"
      "What is no line of the log (\"waiting\", \"following\") goes to standard error.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl logs --tail 20\n"
      "  hackystackctl logs -f\n"
      "  hackystackctl logs --previous hackystack-app-6d5f7c9b8-x2x7k\n"
      "\n"
      "Exit status: 0 the log has ended, 1 it cannot be read, 2 wrong usage,\n"
      "130 ended by Ctrl+C.\n",
  .run = logs_run,
};
