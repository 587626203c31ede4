/* kube-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-exec.h"

#include "kube-channels.h"
#include "kube-connection-error.h"
#include "kube-error.h"
#include "kube-exec-status.h"
#include "kube-waiting-task.h"

#define STDIN_CHANNEL 0
#define STDOUT_CHANNEL 1
#define STDERR_CHANNEL 2
#define STATUS_CHANNEL 3
#define RESIZE_CHANNEL 4
#define MAX_SIZE G_MAXUINT16

/* The first says when stdin has ended, since Kubernetes 1.30; the other one cannot. */
static const char *const input_protocols[] = { "v5.channel.k8s.io", "v4.channel.k8s.io", NULL };
/* What speaks the first is not the container runtime, but the API server or, since 1.36, the
 * kubelet, which speaks SPDY with the runtime. When that connection is cut, the end of the output
 * and the exit status are lost, and it says that all went well: no status is a success for
 * watchErrorStream (client-go, tools/remotecommand/errorstream.go). And it is cut when one of its
 * pings, every five seconds, meets a runtime that has closed and not yet sent everything. So
 * without stdin the runtime itself is spoken to. */
static const char *const output_protocols[] = { "v4.channel.k8s.io", NULL };

/**
 * KubeExec:
 *
 * A command that runs in a container, or the program of the container itself that one has attached
 * to, with its streams. All streams share one connection and have back-pressure: what is not read
 * holds up everything else, and a program that reads nothing makes writing wait. Dropping the last
 * reference ends the connection; the command then gets no more input, but is not killed.
 *
 * Ask for stdin only where something is written: without it, the container runtime itself says how
 * the command ended, and an output that was cut is an error. With it, `v5.channel.k8s.io` is
 * translated on its way, and the translator takes a cut for an exit status of 0.
 */
struct _KubeExec
{
  GObject parent_instance;

  KubeContext  *context;
  KubeChannels *channels;
  char         *command; /* (nullable) */

  /* Owned by the channels */
  GOutputStream *stdin_;
  GInputStream  *stdout_;
  GInputStream  *stderr_;

  gboolean        ended;
  GError         *error; /* (nullable) of the connection */
  KubeWaitingTask waiting;
};

G_DEFINE_FINAL_TYPE (KubeExec, kube_exec, G_TYPE_OBJECT)

typedef struct
{
  gboolean has_stdin;
  gboolean tty;
  char    *command; /* (nullable) */
} Start;

static void
start_free (Start *start)
{
  g_free (start->command);
  g_free (start);
}

static void
on_channels_ended_cb (KubeChannels *channels,
                      const GError *error,
                      KubeExec     *self)
{
  g_autoptr(GTask) task = kube_waiting_task_steal (&self->waiting);

  self->ended = TRUE;
  if (error != NULL)
    self->error = g_error_copy (error);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
kube_exec_dispose (GObject *object)
{
  KubeExec *self = KUBE_EXEC (object);

  if (self->channels != NULL)
    g_signal_handlers_disconnect_by_data (self->channels, self);
  g_clear_object (&self->channels);
  g_clear_object (&self->context);
  g_clear_object (&self->stdin_);
  g_clear_object (&self->stdout_);
  g_clear_object (&self->stderr_);

  G_OBJECT_CLASS (kube_exec_parent_class)->dispose (object);
}

static void
kube_exec_finalize (GObject *object)
{
  KubeExec *self = KUBE_EXEC (object);

  g_free (self->command);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (kube_exec_parent_class)->finalize (object);
}

static void
kube_exec_class_init (KubeExecClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_exec_dispose;
  object_class->finalize = kube_exec_finalize;
}

static void
kube_exec_init (KubeExec *self)
{
}

static KubeExec *
new_exec (KubeClient  *client,
          KubeSocket  *socket,
          const Start *start)
{
  KubeExec *self = g_object_new (KUBE_TYPE_EXEC, NULL);

  self->context = g_object_ref (kube_client_get_context (client));
  self->command = g_strdup (start->command);
  self->channels = kube_channels_new (socket, 0);
  if (start->has_stdin)
    self->stdin_ = g_object_ref (kube_channels_add_output (self->channels, STDIN_CHANNEL));
  self->stdout_ = g_object_ref (kube_channels_add_input (self->channels, STDOUT_CHANNEL));
  if (!start->tty)
    self->stderr_ = g_object_ref (kube_channels_add_input (self->channels, STDERR_CHANNEL));
  kube_channels_set_text_channel (self->channels, STATUS_CHANNEL);
  g_signal_connect (self->channels, "ended", G_CALLBACK (on_channels_ended_cb), self);
  kube_channels_start (self->channels);

  return self;
}

static KubeRequest *
build_request (const KubeExecOptions *options)
{
  const char        *subresource = options->command != NULL ? "exec" : "attach";
  g_autofree char   *path = kube_resource_build_path (&KUBE_POD, options->namespace_,
                                                      options->pod, subresource);
  KubeRequest       *request = kube_request_new ("GET", path);
  const char *const *command = options->command;

  for (guint i = 0; command != NULL && command[i] != NULL; i++)
    kube_request_add_query (request, "command", command[i]);
  if (options->container != NULL)
    kube_request_add_query (request, "container", options->container);
  if (options->has_stdin)
    kube_request_add_query (request, "stdin", "true");
  kube_request_add_query (request, "stdout", "true");
  /* A terminal has one stream for both. */
  kube_request_add_query (request, options->tty ? "tty" : "stderr", "true");

  return request;
}

static void
kube_exec_start_connect_cb (GObject      *source_object,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(KubeSocket) socket = NULL;
  KubeClient *client = KUBE_CLIENT (source_object);
  GError     *error = NULL;

  socket = kube_client_connect_socket_finish (client, result, &error);
  if (socket == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, new_exec (client, socket, g_task_get_task_data (task)),
                           g_object_unref);
}

/**
 * kube_exec_start_async:
 * @client: a client
 * @options: what to run, and where; needed until the function returns
 * @cancellable: (nullable): a cancellable
 * @callback: called when the cluster has begun
 * @user_data: data for @callback
 *
 * Runs a command in a container, or attaches to what it runs. The user needs the rights `get` and
 * `create` on `pods/exec` or `pods/attach`.
 */
void
kube_exec_start_async (KubeClient            *client,
                       const KubeExecOptions *options,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Start *start;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (options != NULL && options->namespace_ != NULL && options->pod != NULL);
  g_return_if_fail (options->command == NULL || options->command[0] != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start = g_new0 (Start, 1);
  start->has_stdin = options->has_stdin;
  start->tty = options->tty;
  start->command = options->command != NULL ? g_strdup (options->command[0]) : NULL;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_exec_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  request = build_request (options);
  kube_client_connect_socket_async (client, request,
                                    options->has_stdin ? input_protocols : output_protocols,
                                    cancellable, kube_exec_start_connect_cb,
                                    g_steal_pointer (&task));
}

/**
 * kube_exec_start_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes starting a command. That it cannot be started shows in part only when it is waited for.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the command, or %NULL with @error set
 */
KubeExec *
kube_exec_start_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_exec_start_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_exec_get_stdin:
 * @self: a command
 *
 * Gets the stream that the command reads. Closing it ends its input, if
 * [method@Kube.Exec.can_close_stdin]. To be written asynchronously only.
 *
 * Returns: (transfer none) (nullable): the stream, or %NULL if none was asked for
 */
GOutputStream *
kube_exec_get_stdin (KubeExec *self)
{
  g_return_val_if_fail (KUBE_IS_EXEC (self), NULL);

  return self->stdin_;
}

/**
 * kube_exec_get_stdout:
 * @self: a command
 *
 * Gets what the command says. To be read asynchronously only, to its end, or to be closed.
 *
 * Returns: (transfer none): the stream
 */
GInputStream *
kube_exec_get_stdout (KubeExec *self)
{
  g_return_val_if_fail (KUBE_IS_EXEC (self), NULL);

  return self->stdout_;
}

/**
 * kube_exec_get_stderr:
 * @self: a command
 *
 * Gets what the command says of its failures. To be read asynchronously only, to its end, or to be
 * closed.
 *
 * Returns: (transfer none) (nullable): the stream, or %NULL if the command has a terminal
 */
GInputStream *
kube_exec_get_stderr (KubeExec *self)
{
  g_return_val_if_fail (KUBE_IS_EXEC (self), NULL);

  return self->stderr_;
}

/**
 * kube_exec_can_close_stdin:
 * @self: a command
 *
 * Tells whether the command can learn that its input has ended. Before Kubernetes 1.30 it cannot:
 * what reads to the end, such as cat, then never ends.
 *
 * Returns: %TRUE if it can
 */
gboolean
kube_exec_can_close_stdin (KubeExec *self)
{
  g_return_val_if_fail (KUBE_IS_EXEC (self), FALSE);

  return kube_channels_can_close (self->channels);
}

/**
 * kube_exec_resize:
 * @self: a command that runs on a terminal
 * @columns: how many characters are in a line, at most 65535
 * @rows: how many lines there are, at most 65535
 *
 * Tells the command how large its terminal is.
 */
void
kube_exec_resize (KubeExec *self,
                  guint     columns,
                  guint     rows)
{
  g_autofree char *text = NULL;

  g_return_if_fail (KUBE_IS_EXEC (self));

  text = g_strdup_printf ("{\"Width\":%u,\"Height\":%u}", MIN (columns, MAX_SIZE),
                          MIN (rows, MAX_SIZE));
  kube_channels_send (self->channels, RESIZE_CHANNEL, text);
}

/**
 * kube_exec_get_queued:
 * @self: a command
 *
 * Returns: how many bytes of its output have come and wait to be read
 */
gsize
kube_exec_get_queued (KubeExec *self)
{
  g_return_val_if_fail (KUBE_IS_EXEC (self), 0);

  return kube_channels_get_queued (self->channels);
}

/**
 * kube_exec_wait_async:
 * @self: a command
 * @cancellable: (nullable): ends the waiting, not the command
 * @callback: called when the command has ended
 * @user_data: data for @callback
 *
 * Waits for the end of the command. It does not come before what the command has said is read, or
 * fits into memory that is set aside for it. Only one may wait at a time.
 */
void
kube_exec_wait_async (KubeExec           *self,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_EXEC (self));
  g_return_if_fail (self->waiting.task == NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_exec_wait_async);
  if (self->ended)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  kube_waiting_task_set (&self->waiting, g_steal_pointer (&task));
}

/**
 * kube_exec_wait_finish:
 * @self: a command
 * @result: the result that the callback was given
 * @exit_status: (out): the exit status of the command; 128 and the number of the signal that ended
 *   it. With an error it is 126 or 127 where the command could not be started, and else -1
 * @error: return location for an error
 *
 * Finishes waiting.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE if the command ran to its end, whatever its exit status
 */
gboolean
kube_exec_wait_finish (KubeExec     *self,
                       GAsyncResult *result,
                       int          *exit_status,
                       GError      **error)
{
  const char *text;

  g_return_val_if_fail (KUBE_IS_EXEC (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_exec_wait_async), FALSE);
  g_return_val_if_fail (exit_status != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *exit_status = -1;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  text = kube_channels_get_text (self->channels);
  if (*text != '\0')
    return kube_exec_status_parse (text, self->command, exit_status, error);

  if (self->error != NULL)
    g_propagate_error (error, kube_connection_error_new (self->context, self->error, 0, NULL));
  else
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                         "The cluster ended the stream without saying how the command ended. "
                         "Whether it did its work is not known. Look before you run it again.");

  return FALSE;
}

/**
 * kube_exec_close:
 * @self: a command
 *
 * Ends the connection. The command gets no more input, but is not killed.
 */
void
kube_exec_close (KubeExec *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (KUBE_IS_EXEC (self));

  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The command was given up.");
  kube_channels_close (self->channels, error);
}
