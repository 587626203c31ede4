/* cli-invocation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-invocation.h"

#include "cli-error.h"
#include "cli-settings.h"

#include <glib-unix.h>

/**
 * CliInvocation:
 *
 * One run of hackystackctl: what the command line said, the session it works on,
 * and the main loop that the verb runs in. Ctrl+C and SIGTERM cancel the verb,
 * which then says how far it came; a second Ctrl+C ends the process at once.
 */
struct _CliInvocation
{
  GObject parent_instance;

  /* Owned */
  CliOptions   *options;
  CliPrinter   *printer;
  StackSession *session; /* (nullable): until a verb loads it */
  KubeClient   *client;  /* (nullable): until a verb opens or connects it */
  GCancellable *cancellable;
  GMainLoop    *loop;

  CliExit status;
};

G_DEFINE_FINAL_TYPE (CliInvocation, cli_invocation, G_TYPE_OBJECT)

static void
cli_invocation_finalize (GObject *object)
{
  CliInvocation *self = CLI_INVOCATION (object);

  g_clear_object (&self->client);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->printer);
  g_clear_pointer (&self->options, cli_options_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);

  G_OBJECT_CLASS (cli_invocation_parent_class)->finalize (object);
}

static void
cli_invocation_class_init (CliInvocationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cli_invocation_finalize;
}

static void
cli_invocation_init (CliInvocation *self)
{
  self->cancellable = g_cancellable_new ();
  self->loop = g_main_loop_new (NULL, FALSE);
}

/**
 * cli_invocation_new:
 * @options: (transfer full): what the command line said; with a verb
 *
 * Returns: (transfer full): an invocation
 */
CliInvocation *
cli_invocation_new (CliOptions *options)
{
  CliInvocation *self;

  g_return_val_if_fail (options != NULL && options->command != NULL, NULL);

  self = g_object_new (CLI_TYPE_INVOCATION, NULL);
  self->options = options;
  self->printer = cli_printer_new (options->json, options->verbose);

  return self;
}

/**
 * cli_invocation_get_options:
 * @self: an invocation
 *
 * Returns: (transfer none): what the command line said
 */
CliOptions *
cli_invocation_get_options (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  return self->options;
}

/**
 * cli_invocation_get_printer:
 * @self: an invocation
 *
 * Returns: (transfer none): the printer
 */
CliPrinter *
cli_invocation_get_printer (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  return self->printer;
}

/**
 * cli_invocation_get_session:
 * @self: an invocation that was loaded
 *
 * Returns: (transfer none): the session
 */
StackSession *
cli_invocation_get_session (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  return self->session;
}

/**
 * cli_invocation_can_ask:
 * @self: an invocation
 *
 * Returns: whether somebody can be asked: there is a terminal, and standard input
 *   is not taken by `--values -`
 */
gboolean
cli_invocation_can_ask (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), FALSE);

  return cli_printer_can_ask (self->printer) && g_strcmp0 (self->options->values, "-") != 0;
}

/**
 * cli_invocation_get_namespace:
 * @self: an invocation that was loaded
 *
 * Returns: (transfer none): the namespace the app lives in
 */
const char *
cli_invocation_get_namespace (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  return stack_settings_get_text (stack_session_get_settings (self->session),
                                  STACK_FIELD_NAMESPACE);
}

/* What stands nearest to the user counts: command line over environment over
 * values file over profile. The first two are meant for this run: the profile
 * does not remember them. */
static void
finish_load (GTask *task)
{
  CliInvocation *self = g_task_get_source_object (task);
  StackSettings *settings = stack_session_get_settings (self->session);

  cli_settings_read_environment (settings);
  if (self->options->namespace_ != NULL)
    stack_settings_lend_text (settings, STACK_FIELD_NAMESPACE, self->options->namespace_);

  g_task_return_boolean (task, TRUE);
}

static void
cli_invocation_load_values_cb (GObject      *object,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!cli_settings_read_file_finish (STACK_SETTINGS (object), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    finish_load (task);
}

static void
cli_invocation_load_session_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *self = g_task_get_source_object (task);

  if (!stack_session_load_finish (STACK_SESSION (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->options->values == NULL)
    {
      finish_load (task);
      return;
    }

  cli_settings_read_file_async (stack_session_get_settings (self->session),
                                self->options->values, cancellable,
                                cli_invocation_load_values_cb, g_steal_pointer (&task));
}

/**
 * cli_invocation_load_async:
 * @self: an invocation
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when everything is read
 * @user_data: data for @callback
 *
 * Makes the session and reads the profile with its secrets, the kubeconfig and
 * the manifests, then the values file and the environment. Nobody is contacted.
 */
void
cli_invocation_load_async (CliInvocation      *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (CLI_IS_INVOCATION (self));
  g_return_if_fail (self->session == NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_invocation_load_async);
  self->session = stack_session_new (self->options->kubeconfig, self->options->profile);
  stack_session_set_may_prompt (self->session, cli_invocation_can_ask (self));
  stack_session_load_async (self->session, cancellable, cli_invocation_load_session_cb,
                            g_steal_pointer (&task));
}

/**
 * cli_invocation_load_finish:
 * @self: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [method@Invocation.load_async]. A kubeconfig that cannot be used is not an
 * error yet: [method@Invocation.find_context] tells it.
 *
 * Returns: whether the session is loaded; or else an error of %STACK_ERROR,
 *   %CLI_ERROR or %G_IO_ERROR
 */
gboolean
cli_invocation_load_finish (CliInvocation *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_invocation_load_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * cli_invocation_find_context:
 * @self: an invocation that was loaded
 * @error: where to put an error
 *
 * Finds the context to use: the one of `--context`, or the one that the profile
 * remembers (unless `--kubeconfig` names another file than usual, or the
 * kubeconfig has it no longer), or the kubeconfig's current one.
 *
 * Returns: (transfer none) (nullable): the context, or %NULL with an error of
 *   %KUBE_ERROR
 */
KubeContext *
cli_invocation_find_context (CliInvocation *self,
                             GError       **error)
{
  KubeConfig  *config;
  KubeContext *context = NULL;
  const char  *remembered;

  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  config = stack_session_get_config (self->session);
  if (config == NULL)
    {
      g_propagate_error (error, g_error_copy (stack_session_get_config_error (self->session)));
      return NULL;
    }

  remembered = stack_settings_get_context (stack_session_get_settings (self->session));
  if (self->options->context == NULL && self->options->kubeconfig == NULL &&
      remembered != NULL && remembered[0] != '\0')
    context = kube_config_get_context (config, remembered, NULL);
  if (context == NULL)
    context = kube_config_get_context (config, self->options->context, error);

  return context;
}

static void
on_client_warning_cb (KubeClient    *client,
                      const char    *text,
                      CliInvocation *self)
{
  g_assert (CLI_IS_INVOCATION (self));

  cli_printer_warning (self->printer, "warning", text);
}

static void
take_client (CliInvocation *self,
             KubeClient    *client)
{
  g_set_object (&self->client, client);
  g_signal_connect_object (client, "warning", G_CALLBACK (on_client_warning_cb), self,
                           G_CONNECT_DEFAULT);
}

static void
cli_invocation_open_connect_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeClient) client = kube_client_connect_finish (result, &error);

  if (client == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take_client (g_task_get_source_object (task), client);
  g_task_return_boolean (task, TRUE);
}

/* Said with every verb, as the window shows it all the time. */
static void
warn_if_insecure (CliInvocation *self,
                  KubeContext   *context)
{
  g_autofree char *words = NULL;

  if (!kube_context_get_insecure (context))
    return;

  words = g_strdup_printf ("the context “%s” switches the check of the server’s certificate off "
                           "(insecure-skip-tls-verify): anybody in between can read and change "
                           "what is sent.",
                           kube_context_get_name (context));
  cli_printer_warning (self->printer, "warning", words);
}

static void
begin_open (GTask *task)
{
  CliInvocation *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  KubeContext *context = cli_invocation_find_context (self, &error);

  if (context == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  warn_if_insecure (self, context);
  kube_client_connect_async (context, g_task_get_cancellable (task),
                             cli_invocation_open_connect_cb, g_object_ref (task));
}

static void
cli_invocation_open_load_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (cli_invocation_load_finish (CLI_INVOCATION (object), result, &error))
    begin_open (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * cli_invocation_open_async:
 * @self: an invocation
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the credentials are read
 * @user_data: data for @callback
 *
 * Loads @self if it is not, and makes the client for the context that
 * [method@Invocation.find_context] finds, without asking the cluster anything: for verbs whose
 * first question tells whether it answers. The API server's warnings are printed from then on, and
 * one of ours if the kubeconfig switches the check of the server's certificate off.
 */
void
cli_invocation_open_async (CliInvocation      *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (CLI_IS_INVOCATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_invocation_open_async);
  if (self->session == NULL)
    cli_invocation_load_async (self, cancellable, cli_invocation_open_load_cb,
                               g_steal_pointer (&task));
  else
    begin_open (task);
}

/**
 * cli_invocation_open_finish:
 * @self: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [method@Invocation.open_async].
 *
 * Returns: whether there is a client; or else an error of %KUBE_ERROR or %G_IO_ERROR, or of
 *   [method@Invocation.load_finish]
 */
gboolean
cli_invocation_open_finish (CliInvocation *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_invocation_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * cli_invocation_get_client:
 * @self: an invocation
 *
 * Returns: (transfer none) (nullable): the client, once it is open or connected
 */
KubeClient *
cli_invocation_get_client (CliInvocation *self)
{
  g_return_val_if_fail (CLI_IS_INVOCATION (self), NULL);

  return self->client;
}

static void
cli_invocation_connect_select_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  CliInvocation *self = g_task_get_source_object (task);
  StackSession  *session = STACK_SESSION (object);

  if (!stack_session_select_context_finish (session, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (stack_session_get_connection (session) == STACK_CONNECTION_FAILED)
    {
      g_task_return_error (task, g_error_copy (stack_session_get_connection_error (session)));
      return;
    }

  take_client (self, stack_session_get_client (session));
  g_task_return_boolean (task, TRUE);
}

static void
begin_connect (GTask *task)
{
  CliInvocation *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  KubeContext *context = cli_invocation_find_context (self, &error);

  if (context == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  warn_if_insecure (self, context);
  stack_session_select_context_async (self->session, kube_context_get_name (context),
                                      g_task_get_cancellable (task),
                                      cli_invocation_connect_select_cb, g_object_ref (task));
}

static void
cli_invocation_connect_load_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (cli_invocation_load_finish (CLI_INVOCATION (object), result, &error))
    begin_connect (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * cli_invocation_connect_async:
 * @self: an invocation
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the cluster has answered
 * @user_data: data for @callback
 *
 * Loads @self if it is not, and connects to the cluster of the context that
 * [method@Invocation.find_context] finds. The API server's warnings are printed from then on, and
 * one of ours if the kubeconfig switches the check of the server's certificate off.
 */
void
cli_invocation_connect_async (CliInvocation      *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (CLI_IS_INVOCATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_invocation_connect_async);
  if (self->session == NULL)
    cli_invocation_load_async (self, cancellable, cli_invocation_connect_load_cb,
                               g_steal_pointer (&task));
  else
    begin_connect (task);
}

/**
 * cli_invocation_connect_finish:
 * @self: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [method@Invocation.connect_async].
 *
 * Returns: whether the cluster answers; or else an error of %KUBE_ERROR, %STACK_ERROR or
 *   %G_IO_ERROR, or of [method@Invocation.load_finish]
 */
gboolean
cli_invocation_connect_finish (CliInvocation *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_invocation_connect_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
report (CliInvocation *self,
        const GError  *error)
{
  self->status = cli_error_to_exit (error);
  if (self->status == CLI_EXIT_CANCELLED)
    cli_printer_cancelled (self->printer, error);
  else
    cli_printer_error (self->printer, error);
}

static void
cli_invocation_run_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  CliInvocation *self = CLI_INVOCATION (object);
  g_autoptr(GError) error = NULL;
  gssize status;

  status = g_task_propagate_int (G_TASK (result), &error);
  if (error != NULL)
    report (self, error);
  else
    self->status = (CliExit) status;

  g_main_loop_quit (self->loop);
}

/* Removing the source gives the signal its default meaning back, so that a second
 * one ends a process that does not come to its end. */
static gboolean
on_signal_cb (gpointer user_data)
{
  CliInvocation *self = CLI_INVOCATION (user_data);

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static GSource *
watch_signal (CliInvocation *self,
              int            number)
{
  GSource *source = g_unix_signal_source_new (number);

  g_source_set_callback (source, on_signal_cb, self, NULL);
  g_source_attach (source, NULL);

  return source;
}

/**
 * cli_invocation_run:
 * @self: an invocation
 *
 * Runs the verb to its end. An error is printed.
 *
 * Returns: the exit status of the process
 */
int
cli_invocation_run (CliInvocation *self)
{
  g_autoptr(GSource) interrupt = NULL;
  g_autoptr(GSource) terminate = NULL;
  GTask *task;

  g_return_val_if_fail (CLI_IS_INVOCATION (self), CLI_EXIT_FAILED);

  interrupt = watch_signal (self, SIGINT);
  terminate = watch_signal (self, SIGTERM);
  task = g_task_new (self, self->cancellable, cli_invocation_run_cb, NULL);
  g_task_set_source_tag (task, cli_invocation_run);
  /* A verb that is cancelled says how far it came: its words must get through. */
  g_task_set_check_cancellable (task, FALSE);
  self->options->command->run (self, task);
  g_main_loop_run (self->loop);
  g_source_destroy (interrupt);
  g_source_destroy (terminate);

  return self->status;
}
