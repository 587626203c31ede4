/* stack-session-select.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-session-private.h"

#include "base-json.h"
#include "kube-request.h"
#include "stack-error.h"

/* The connection and all that goes with it. */

static void
set_client (StackSession *self,
            KubeClient   *client)
{
  if (!g_set_object (&self->client, client))
    return;

  stack_session_forget_pods (self);
  g_object_notify (G_OBJECT (self), "client");
}

/* Takes @error. */
static void
set_connection (StackSession   *self,
                StackConnection connection,
                GError         *error,
                const char     *server_version)
{
  gboolean had_error = self->connection_error != NULL;

  g_object_freeze_notify (G_OBJECT (self));

  g_clear_error (&self->connection_error);
  self->connection_error = error;
  if (had_error || error != NULL)
    g_object_notify (G_OBJECT (self), "connection-error");
  if (g_strcmp0 (self->server_version, server_version) != 0)
    {
      g_free (self->server_version);
      self->server_version = g_strdup (server_version);
      g_object_notify (G_OBJECT (self), "server-version");
    }
  if (self->connection != connection)
    {
      self->connection = connection;
      g_object_notify (G_OBJECT (self), "connection");
    }

  g_object_thaw_notify (G_OBJECT (self));
}

/*
 * stack_session_stop_selecting:
 * @self: a session
 *
 * Cancels the selection under way.
 */
void
stack_session_stop_selecting (StackSession *self)
{
  if (self->selecting != NULL)
    g_cancellable_cancel (self->selecting);
  g_clear_object (&self->selecting);
}

/* Select: read the credentials → ask for the version. */

/* Takes @error. What another selection has overtaken changes nothing any more. */
static void
return_selection (GTask  *task,
                  GError *error)
{
  StackSession *self = g_task_get_source_object (task);

  if (self->selecting == g_task_get_task_data (task))
    {
      g_clear_object (&self->selecting);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_connection (self, STACK_CONNECTION_NONE, NULL, NULL);
      else
        set_connection (self, STACK_CONNECTION_FAILED, g_error_copy (error), NULL);
    }

  g_task_return_error (task, error);
}

static void
stack_session_select_version_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackSession *self = g_task_get_source_object (task);
  g_autoptr(JsonNode) version = NULL;
  GError *error = NULL;

  version = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (version == NULL)
    {
      return_selection (task, error);
      return;
    }

  if (self->selecting == g_task_get_task_data (task))
    {
      g_clear_object (&self->selecting);
      set_connection (self, STACK_CONNECTION_CONNECTED, NULL,
                      base_json_get_string (version, "gitVersion", NULL));
    }
  g_task_return_boolean (task, TRUE);
}

static void
stack_session_select_connect_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackSession *self = g_task_get_source_object (task);
  GCancellable *selecting = g_task_get_task_data (task);
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeRequest) request = NULL;
  GError *error = NULL;

  client = kube_client_connect_finish (result, &error);
  if (client == NULL || g_cancellable_set_error_if_cancelled (selecting, &error))
    {
      return_selection (task, error);
      return;
    }

  set_client (self, client);
  request = kube_request_new ("GET", "/version");
  kube_client_call_async (client, request, selecting, stack_session_select_version_cb,
                          g_steal_pointer (&task));
}

static void
on_caller_cancelled_cb (GCancellable *cancellable,
                        GCancellable *selecting)
{
  g_cancellable_cancel (selecting);
}

static KubeContext *
find_context (StackSession *self,
              const char   *name,
              GError      **error)
{
  if (self->config != NULL)
    return kube_config_get_context (self->config, name, error);

  if (self->config_error != NULL)
    g_propagate_error (error, g_error_copy (self->config_error));
  else
    g_set_error (error, STACK_ERROR, STACK_ERROR_NOT_CONNECTED,
                 "There is no cluster to connect to, since no kubeconfig was read. Load the "
                 "session first.");

  return NULL;
}

/**
 * stack_session_select_context_async:
 * @self: a loaded session
 * @name: (nullable): a context of the kubeconfig; %NULL for its current one
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Connects to the context's cluster: replaces [property@Session:client] and asks the cluster for
 * its version. When it does not answer the client stays all the same, so that what follows the
 * cluster can wait for it. A selection under way is cancelled by the next one.
 */
void
stack_session_select_context_async (StackSession       *self,
                                    const char         *name,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  KubeContext *context;
  GError      *error = NULL;

  g_return_if_fail (STACK_IS_SESSION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  stack_session_stop_selecting (self);
  self->selecting = g_cancellable_new ();
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_caller_cancelled_cb),
                             self->selecting, G_CONNECT_DEFAULT);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_session_select_context_async);
  g_task_set_task_data (task, g_object_ref (self->selecting), g_object_unref);

  set_client (self, NULL);
  set_connection (self, STACK_CONNECTION_CONNECTING, NULL, NULL);
  context = find_context (self, name, &error);
  if (g_set_object (&self->context, context))
    g_object_notify (G_OBJECT (self), "context");
  if (context == NULL)
    {
      return_selection (task, error);
      return;
    }

  kube_client_connect_async (context, self->selecting, stack_session_select_connect_cb,
                             g_steal_pointer (&task));
}

/**
 * stack_session_select_context_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * The same error also stands in [property@Session:connection-error]. Possible errors are those of
 * [error@Kube.Error], %STACK_ERROR_NOT_CONNECTED, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether the cluster answered
 */
gboolean
stack_session_select_context_finish (StackSession *self,
                                     GAsyncResult *result,
                                     GError      **error)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
