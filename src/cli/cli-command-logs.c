/* cli-command-logs.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-log-target.h"
#include "cli-log-writer.h"

#include "stack-status.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-duration.h"
#include "kube-error.h"
#include "kube-log-group.h"
#include "kube-pod.h"
#include "kube-selector.h"

/* What kubectl begins with where a selector chooses the pods. */
#define SELECTOR_TAIL 10

static const CliOption logs_options[] = {
  { "follow", 'f', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, follow), NULL,
    "go on until Ctrl+C; the log is followed across lost connections" },
  { "tail", 0, CLI_OPTION_COUNT, G_STRUCT_OFFSET (CliOptions, tail), "N",
    "begin with the last N lines (default: all; with -l 10)" },
  { "since", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, since), "LENGTH",
    "only lines of so long, such as 90s, 5m or 2h30m" },
  { "since-time", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, since_time), "TIME",
    "only lines from then on, such as 2024-05-01T12:00:00Z" },
  { "limit-bytes", 0, CLI_OPTION_COUNT, G_STRUCT_OFFSET (CliOptions, limit_bytes), "N",
    "end each log after N bytes" },
  { "previous", 'p', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, previous), NULL,
    "show what the container said before it was last restarted" },
  { "container", 'c', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, container), "NAME",
    "the container of the pod (default: the pod's default)" },
  { "all-containers", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, all_containers), NULL,
    "every container of the pod, those that prepare it and debug it too" },
  { "all-pods", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, all_pods), NULL,
    "every pod of KIND/NAME, or of the app; implies --prefix" },
  { "selector", 'l', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, selector), "SELECTOR",
    "the pods with these labels, such as app=web,tier!=old" },
  { "timestamps", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, timestamps), NULL,
    "put the time before each line" },
  { "prefix", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, prefix), NULL,
    "put the pod and the container before each line" },
  { "merge", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, merge), NULL,
    "without -f, too: several logs in the order of time (default: one by one)" },
  { "max-log-requests", 0, CLI_OPTION_COUNT, G_STRUCT_OFFSET (CliOptions, max_log_requests), "N",
    "how many logs to follow at once (default: 5)" },
  { NULL },
};

/* One container's log. */
typedef struct
{
  const char *pod; /* of the target */
  char       *container;
} Part;

typedef struct
{
  /* Input */
  KubeLogOptions part;

  /* In progress */
  CliLogTarget  *target;    /* (nullable) */
  CliLogWriter  *writer;    /* (nullable) */
  GArray        *parts;     /* (element-type Part): to be shown one by one */
  guint          next;      /* of them */
  KubeLogStream *stream;    /* (nullable): of one … */
  KubeLogGroup  *group;     /* (nullable): … or of all at once */
  GSource       *cancelled; /* (nullable) */
  char          *said;      /* (nullable): the last words about the state */
  gboolean       lost;      /* the connection: it was told */
} Logs;

static void show_next (GTask *task);

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_free (part->container);
}

static void
logs_free (Logs *logs)
{
  g_clear_pointer (&logs->cancelled, g_source_unref);
  g_clear_object (&logs->stream);
  g_clear_object (&logs->group);
  g_clear_pointer (&logs->parts, g_array_unref);
  g_clear_pointer (&logs->writer, cli_log_writer_free);
  g_clear_pointer (&logs->target, cli_log_target_free);
  g_free (logs->said);
  g_free (logs);
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

static CliOptions *
get_cli_options (GTask *task)
{
  return cli_invocation_get_options (g_task_get_source_object (task));
}

static void
drop_stream (GTask *task)
{
  Logs *logs = g_task_get_task_data (task);

  if (logs->stream == NULL)
    return;

  g_signal_handlers_disconnect_by_data (logs->stream, task);
  kube_log_stream_stop (logs->stream);
  g_clear_object (&logs->stream);
}

/* Takes the reference on @task that what is running holds. */
static GTask *
stop (GTask *task)
{
  Logs *logs = g_task_get_task_data (task);

  g_source_destroy (logs->cancelled);
  drop_stream (task);
  if (logs->group != NULL)
    {
      g_signal_handlers_disconnect_by_data (logs->group, task);
      kube_log_group_stop (logs->group);
    }

  return task;
}

/* Nobody reads any more: in a turn of its own, since whoever brings lines is not to be
 * stopped among them. */
static gboolean
on_closed_cb (gpointer user_data)
{
  g_autoptr(GTask) task = stop (G_TASK (user_data));

  g_task_return_int (task, CLI_EXIT_DONE);

  return G_SOURCE_REMOVE;
}

static void
on_lines_cb (const KubeLogEntry *entries,
             guint               n_entries,
             gpointer            user_data)
{
  GTask      *task = user_data;
  Logs       *logs = g_task_get_task_data (task);
  CliPrinter *printer = get_printer (task);

  if (!cli_printer_is_open (printer))
    return;

  cli_log_writer_write (logs->writer, entries, n_entries);
  if (cli_printer_is_open (printer))
    return;

  g_source_destroy (logs->cancelled);
  g_source_unref (logs->cancelled);
  logs->cancelled = g_idle_source_new ();
  g_source_set_callback (logs->cancelled, on_closed_cb, task, NULL);
  g_source_attach (logs->cancelled, NULL);
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

/* A lost connection is told once, however often the attempts to get it back fail in other
 * words, and of however many logs. */
static void
say_lost (GTask        *task,
          const GError *error)
{
  Logs            *logs = g_task_get_task_data (task);
  g_autofree char *text = NULL;

  if (logs->lost)
    return;

  logs->lost = TRUE;
  text = g_strdup_printf ("Connection lost, following again as soon as it is back. %s",
                          error->message);
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
say_waiting (GTask         *task,
             KubeLogStream *stream)
{
  const char      *detail = kube_log_stream_get_detail (stream);
  g_autofree char *text = NULL;

  if (kube_log_stream_get_error (stream) != NULL)
    {
      say_lost (task, kube_log_stream_get_error (stream));
      return;
    }

  text = g_strdup_printf ("Waiting. %s", detail != NULL ? detail : "");
  say (task, text);
}

static void
end_stream (GTask         *task,
            KubeLogStream *stream)
{
  Logs *logs = g_task_get_task_data (task);

  if (logs->part.follow && kube_log_stream_get_detail (stream) != NULL)
    say (task, kube_log_stream_get_detail (stream));
  drop_stream (task);
  show_next (task);
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
      end_stream (task, stream);
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

/* Shows the next log, or ends: what is running owns @task until then. */
static void
show_next (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  Logs          *logs = g_task_get_task_data (task);
  const Part    *part;

  if (logs->next == logs->parts->len)
    {
      g_autoptr(GTask) ended = stop (task);

      g_task_return_int (ended, CLI_EXIT_DONE);
      return;
    }

  part = &g_array_index (logs->parts, Part, logs->next++);
  cli_log_writer_begin (logs->writer);
  if (get_cli_options (task)->prefix)
    cli_log_writer_set_prefix (logs->writer, 0, part->pod, part->container);
  logs->stream = kube_log_stream_new (cli_invocation_get_client (invocation),
                                      cli_invocation_get_namespace (invocation), part->pod,
                                      part->container);
  kube_log_stream_set_options (logs->stream, &logs->part);
  kube_log_stream_set_sink (logs->stream, on_lines_cb, task);
  g_signal_connect (logs->stream, "notify::state", G_CALLBACK (on_stream_notify_cb), task);
  g_signal_connect (logs->stream, "notify::detail", G_CALLBACK (on_stream_notify_cb), task);
  kube_log_stream_start (logs->stream);
}

/* Tells when one of several waits, is read or has ended. */
static void
on_source_changed_cb (KubeLogGroup  *group,
                      KubeLogSource *source,
                      GTask         *task)
{
  const GError    *error = kube_log_source_get_error (source);
  const char      *detail = kube_log_source_get_detail (source);
  KubeLogState     state = kube_log_source_get_state (source);
  g_autofree char *text = NULL;

  if (error != NULL && state == KUBE_LOG_WAITING)
    say_lost (task, error);
  else if (error != NULL)
    text = g_strdup (error->message);
  else if (state == KUBE_LOG_FOLLOWING)
    say_following (task);
  else if (state == KUBE_LOG_ENDED)
    text = g_strdup_printf ("Ended. %s", detail != NULL ? detail : "");
  else if (detail != NULL)
    text = g_strdup_printf ("Waiting. %s", detail);

  if (text != NULL)
    {
      g_autofree char *named = g_strdup_printf ("[pod/%s/%s] %s", kube_log_source_get_pod (source),
                                                kube_log_source_get_container (source), text);

      say (task, g_strchomp (named));
    }
}

static void
on_sources_changed_cb (GListModel *sources,
                       guint       position,
                       guint       n_removed,
                       guint       n_added,
                       GTask      *task)
{
  Logs *logs = g_task_get_task_data (task);

  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(KubeLogSource) source = g_list_model_get_item (sources, i);

      if (get_cli_options (task)->prefix)
        cli_log_writer_set_prefix (logs->writer, i, kube_log_source_get_pod (source),
                                   kube_log_source_get_container (source));
    }
}

static void
on_group_state_cb (KubeLogGroup *group,
                   GParamSpec   *pspec,
                   GTask        *task)
{
  KubeLogState  state = kube_log_group_get_state (group);
  const GError *error = kube_log_group_get_error (group);
  g_autoptr(GTask) ended = NULL;

  if (state == KUBE_LOG_WAITING && error != NULL)
    {
      say_lost (task, error);
    }
  else if (state == KUBE_LOG_FOLLOWING)
    {
      say_following (task);
    }
  else if (state == KUBE_LOG_ENDED)
    {
      ended = stop (task);
      g_task_return_int (ended, CLI_EXIT_DONE);
    }
  else if (state == KUBE_LOG_FAILED)
    {
      g_autoptr(GError) copy = g_error_copy (error);

      if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_INVALID))
        {
          g_free (copy->message);
          copy->message = g_strconcat (error->message, " That is --max-log-requests=N.", NULL);
        }
      ended = stop (task);
      g_task_return_error (ended, g_steal_pointer (&copy));
    }
}

static void
show_group (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  CliOptions    *options = get_cli_options (task);
  Logs          *logs = g_task_get_task_data (task);
  GListModel    *sources;

  logs->group = kube_log_group_new (cli_invocation_get_client (invocation),
                                    cli_invocation_get_namespace (invocation), &logs->part);
  kube_log_group_set_max_requests (logs->group, (guint) options->max_log_requests);
  if (options->all_containers)
    kube_log_group_set_containers (logs->group, KUBE_LOG_ALL_CONTAINERS, NULL);
  else if (options->container != NULL)
    kube_log_group_set_containers (logs->group, KUBE_LOG_NAMED_CONTAINER, options->container);
  kube_log_group_set_sink (logs->group, on_lines_cb, task);
  sources = kube_log_group_get_sources (logs->group);
  g_signal_connect (sources, "items-changed", G_CALLBACK (on_sources_changed_cb), task);
  g_signal_connect (logs->group, "source-changed", G_CALLBACK (on_source_changed_cb), task);
  g_signal_connect (logs->group, "notify::state", G_CALLBACK (on_group_state_cb), task);

  if (logs->target->selector != NULL && logs->part.follow &&
      (!logs->target->is_owner || options->all_pods))
    kube_log_group_set_selector (logs->group, logs->target->selector);
  else
    for (guint i = 0; i < logs->target->pods->len; i++)
      kube_log_group_add_pod (logs->group, g_ptr_array_index (logs->target->pods, i));
  kube_log_group_start (logs->group);
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

static void
add_part (Logs       *logs,
          const char *pod,
          const char *container)
{
  Part part = { pod, g_strdup (container) };

  g_array_append_val (logs->parts, part);
}

/* As kubectl: one container's, unless all are asked for. */
static void
add_parts (GTask    *task,
           JsonNode *pod)
{
  Logs       *logs = g_task_get_task_data (task);
  CliOptions *options = get_cli_options (task);
  const char *name = base_json_get_string (pod, "metadata", "name", NULL);
  g_auto(GStrv) names = kube_pod_dup_all_containers (pod);
  g_autofree char *chosen = kube_pod_dup_default_container (pod);

  for (guint i = 0; options->all_containers && names[i] != NULL; i++)
    add_part (logs, name, names[i]);
  if (options->all_containers)
    return;

  add_part (logs, name, options->container != NULL ? options->container : chosen);
  if (options->container == NULL && g_strv_length (names) > 1)
    {
      g_autofree char *list = g_strjoinv (", ", names);

      cli_printer_note (get_printer (task), "Pod %s has the containers %s. This is the log of %s.",
                        name, list, chosen);
    }
}

/* Takes the task. */
static void
show (GTask *task)
{
  CliOptions *options = get_cli_options (task);
  Logs       *logs = g_task_get_task_data (task);
  GPtrArray  *pods = logs->target->pods;
  gboolean    joined;

  if (logs->target->is_owner && !options->all_pods)
    {
      if (pods->len > 1)
        cli_printer_note (get_printer (task), "Found %u pods, using pod/%s.", pods->len,
                          base_json_get_string (g_ptr_array_index (pods, 0), "metadata", "name",
                                                NULL));
      g_ptr_array_set_size (pods, 1);
    }
  for (guint i = 0; i < pods->len; i++)
    add_parts (task, g_ptr_array_index (pods, i));

  logs->writer = cli_log_writer_new (get_printer (task), options->timestamps);
  logs->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (logs->cancelled, G_SOURCE_FUNC (on_cancelled_cb), task, NULL);
  g_source_attach (logs->cancelled, NULL);

  joined = logs->target->selector != NULL && (!logs->target->is_owner || options->all_pods);
  if ((logs->part.follow && (joined || logs->parts->len > 1)) || options->merge)
    show_group (task);
  else if (logs->parts->len > 0)
    show_next (task);
  else
    {
      g_autoptr(GTask) ended = stop (task);

      cli_printer_note (get_printer (task), "There is no pod with the labels %s in namespace %s.",
                        logs->target->selector,
                        cli_invocation_get_namespace (g_task_get_source_object (task)));
      g_task_return_int (ended, CLI_EXIT_DONE);
    }
}

static void
logs_target_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Logs *logs = g_task_get_task_data (task);

  logs->target = cli_log_target_find_finish (CLI_INVOCATION (object), result, &error);
  if (logs->target == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    show (g_steal_pointer (&task));
}

/* Takes the task. */
static void
find_target (GTask      *task,
             const char *operand)
{
  cli_log_target_find_async (g_task_get_source_object (task), operand,
                             get_cli_options (task)->selector, g_task_get_cancellable (task),
                             logs_target_cb, task);
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

  if (get_cli_options (task)->all_pods)
    {
      find_target (g_steal_pointer (&task), "deployment/" STACK_APP_DEPLOYMENT);
      return;
    }
  cli_printer_note (get_printer (task), "Pod %s%s%s%s:", pod->name,
                    pod->ready ? "" : " (not ready: ", pod->ready ? "" : pod->status,
                    pod->ready ? "" : ")");
  find_target (g_steal_pointer (&task), pod->name);
}

static void
logs_open_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);
  CliOptions    *options = cli_invocation_get_options (invocation);
  const char    *operand = options->operands != NULL ? options->operands[0] : NULL;

  if (!cli_invocation_open_finish (invocation, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (operand != NULL || options->selector != NULL)
    find_target (g_steal_pointer (&task), operand);
  else
    stack_status_read_async (cli_invocation_get_client (invocation),
                             cli_invocation_get_namespace (invocation),
                             cancellable, logs_status_cb,
                             g_steal_pointer (&task));
}

/* Which options do not go together. */
static gboolean
check_together (CliOptions *options,
                GError    **error)
{
  gboolean    has_operand = options->operands != NULL && options->operands[0] != NULL;
  const char *problem = NULL;

  if (options->since != NULL && options->since_time != NULL)
    problem = "--since and --since-time exclude each other. Both say where to begin. Leave one away.";
  else if (options->container != NULL && options->all_containers)
    problem = "--container and --all-containers exclude each other. One names what the other "
              "includes. Leave one away.";
  else if (options->selector != NULL && has_operand)
    problem = "A name and --selector exclude each other. Both say which pods. Leave one away.";
  else if (options->follow && options->previous)
    problem = "--follow and --previous exclude each other. A container that has ended says "
              "nothing more. Leave one away.";
  else if (options->limit_bytes < 0)
    problem = "The limit of bytes is below 0. It counts what is shown. Give --limit-bytes a "
              "positive number.";
  else if (options->max_log_requests < 1 || options->max_log_requests > G_MAXUINT16)
    problem = "So many logs cannot be followed at once. It must be one at least. Give "
              "--max-log-requests a number from 1 on.";
  if (problem != NULL)
    g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, problem);

  return problem == NULL;
}

/* Reads what the options say about the part of the log to show. */
static gboolean
read_options (Logs       *logs,
              CliOptions *options,
              GError    **error)
{
  g_autoptr(KubeSelector) selector = NULL;
  g_autoptr(GError) cause = NULL;
  gint64 nanoseconds = 0;

  if (!check_together (options, error))
    return FALSE;
  if (options->selector != NULL)
    {
      selector = kube_selector_parse (options->selector, error);
      if (selector == NULL)
        return FALSE;
    }
  if (options->since != NULL && !kube_duration_parse (options->since, &nanoseconds, &cause))
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, cause->message);
      return FALSE;
    }
  if (options->since_time != NULL && base_time_parse (options->since_time) == 0)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "\"%s\" is not a time. It must be written as RFC 3339 does. Write it as "
                   "2024-05-01T12:00:00Z.",
                   options->since_time);
      return FALSE;
    }

  logs->part.follow = options->follow;
  logs->part.previous = options->previous;
  logs->part.tail_lines = options->tail != CLI_NO_TAIL ? options->tail
                          : options->selector != NULL  ? SELECTOR_TAIL
                                                       : -1;
  /* The API knows whole seconds; less than one would be none. */
  if (options->since != NULL)
    logs->part.since_seconds = MAX (1, (nanoseconds + 500000000) / 1000000000);
  logs->part.since_time = options->since_time;
  logs->part.limit_bytes = options->limit_bytes;
  logs->part.limit_stamps = options->timestamps;
  if (options->all_pods)
    options->prefix = TRUE;

  return TRUE;
}

static void
logs_run (CliInvocation *invocation,
          GTask         *owned)
{
  g_autoptr(GTask) task = owned;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Logs         *logs = g_new0 (Logs, 1);
  g_autoptr(GError) error = NULL;

  logs->part = (KubeLogOptions) KUBE_LOG_OPTIONS_INIT;
  logs->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (logs->parts, part_clear);
  g_task_set_task_data (task, logs, (GDestroyNotify) logs_free);
  if (!read_options (logs, cli_invocation_get_options (invocation), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    cli_invocation_open_async (invocation, cancellable, logs_open_cb, g_steal_pointer (&task));
}

const CliCommand CLI_COMMAND_LOGS = {
  .name = "logs",
  .summary = "show what the app says",
  .operands = "[POD | KIND/NAME]",
  .max_operands = 1,
  .options = logs_options,
  .no_json = TRUE,
  .description =
      "Prints the log of a pod as it is. Without POD, the first pod of Hacky Stack that\n"
      "is ready is chosen; KIND/NAME means a pod of a Deployment, StatefulSet, Job,\n"
      "Service and so on. With -f the log goes on while the app runs; it survives a\n"
      "lost connection and a restarted container without losing or repeating a line,\n"
      "several logs are put in the order of time, and new pods of a selector join.\n"
      "What is no line of the log (\"waiting\", \"following\") goes to standard error.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl logs --tail 20\n"
      "  hackystackctl logs -f --all-pods\n"
      "  hackystackctl logs --previous hackystack-app-6d5f7c9b8-x2x7k\n"
      "  hackystackctl logs -f --prefix -l app=web --since 5m\n"
      "\n"
      "Exit status: 0 the log has ended, 1 it cannot be read, 2 wrong usage,\n"
      "130 ended by Ctrl+C.\n",
  .run = logs_run,
};
