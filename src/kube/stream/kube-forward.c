/* kube-forward.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-forward.h"

#include <string.h>

#include "base-copy.h"
#include "kube-channels.h"
#include "kube-connection-error.h"
#include "kube-error.h"

#define DATA_CHANNEL 0
#define ERROR_CHANNEL 1
/* Each channel begins with the number of the port. */
#define PRELUDE_SIZE 2
#define QUIET_SECONDS 30

/* The newer SPDY/3.1+portforward.k8s.io is SPDY within WebSocket, for many connections at once;
 * this one is for one, and every server knows it. */
static const char *const protocols[] = { "v4.channel.k8s.io", NULL };

/* One connection of a program of this computer, and its way into the pod. */
typedef struct
{
  char              *pod;
  guint16            port;
  GSocketConnection *connection;

  KubeChannels *channels;  /* (nullable) until it is open */
  GCancellable *copying;   /* of both directions */
  guint         n_pending; /* directions */
  GSource      *cancelled; /* (nullable) */
  GSource      *quiet;     /* (nullable) */
  guint64       received;
  GError       *error; /* (nullable) */
} Forward;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
forward_free (Forward *forward)
{
  clear_source (&forward->cancelled);
  clear_source (&forward->quiet);
  g_free (forward->pod);
  g_clear_object (&forward->connection);
  g_clear_object (&forward->channels);
  g_clear_object (&forward->copying);
  g_clear_error (&forward->error);
  g_free (forward);
}

static GError *
build_refusal (Forward *forward)
{
  const char *words = kube_channels_get_text (forward->channels);

  if (strstr (words, "connection refused") != NULL)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                        "Nothing listens on port %u of the pod “%s”. Its program may still be "
                        "starting, use another port, or listen on another address than "
                        "localhost. The cluster said: %s",
                        forward->port, forward->pod, words);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_SERVER,
                      "The cluster cannot lead to port %u of the pod “%s”. The pod may have "
                      "ended. The cluster said: %s",
                      forward->port, forward->pod, words);
}

/* Both directions have ended. */
static void
finish (GTask *task)
{
  Forward    *forward = g_task_get_task_data (task);
  KubeClient *client = g_task_get_source_object (task);

  clear_source (&forward->cancelled);
  clear_source (&forward->quiet);
  g_io_stream_close_async (G_IO_STREAM (forward->connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  if (*kube_channels_get_text (forward->channels) != '\0')
    g_task_return_error (task, build_refusal (forward));
  else if (forward->error != NULL)
    g_task_return_error (task, kube_connection_error_new (kube_client_get_context (client),
                                                          forward->error, 0, NULL));
  else
    g_task_return_boolean (task, TRUE);
}

static void
give_up (Forward *forward)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                  "The connection was given up.");

  g_cancellable_cancel (forward->copying);
  kube_channels_close (forward->channels, error);
}

/* From the pod. Its end is the end of all: the connection cannot be half closed. */
static void
kube_forward_back_cb (GObject      *source_object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Forward *forward = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* A program that leaves before it has heard everything is in its right. */
  if (!base_copy_finish (result, &error) && forward->error == NULL &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) &&
      !g_cancellable_is_cancelled (forward->copying))
    forward->error = g_steal_pointer (&error);
  give_up (forward);
  if (--forward->n_pending == 0)
    finish (task);
}

/* The pod cannot be told that its client says no more, but it may still have something to say;
 * when it is quiet, too, nobody needs the connection. */
static gboolean
on_quiet_cb (gpointer user_data)
{
  Forward *forward = user_data;
  guint64  received = kube_channels_get_received (forward->channels);

  if (received != forward->received)
    {
      forward->received = received;
      return G_SOURCE_CONTINUE;
    }

  give_up (forward);

  return G_SOURCE_REMOVE;
}

static void
kube_forward_there_cb (GObject      *source_object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Forward *forward = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!base_copy_finish (result, &error))
    give_up (forward);
  else if (forward->n_pending > 1)
    {
      forward->received = kube_channels_get_received (forward->channels);
      forward->quiet = g_timeout_source_new_seconds (QUIET_SECONDS);
      g_source_set_callback (forward->quiet, on_quiet_cb, forward, NULL);
      g_source_attach (forward->quiet, g_task_get_context (task));
    }
  if (--forward->n_pending == 0)
    finish (task);
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  Forward *forward = user_data;

  if (forward->error == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &forward->error);
  give_up (forward);

  return G_SOURCE_REMOVE;
}

static void
kube_forward_connect_cb (GObject      *source_object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Forward      *forward = g_task_get_task_data (task);
  GIOStream    *local = G_IO_STREAM (forward->connection);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(KubeSocket) socket = NULL;
  GInputStream  *input;
  GOutputStream *output;
  GError        *error = NULL;

  socket = kube_client_connect_socket_finish (KUBE_CLIENT (source_object), result, &error);
  if (socket == NULL)
    {
      g_io_stream_close_async (local, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
      g_task_return_error (task, error);
      return;
    }

  forward->channels = kube_channels_new (socket, PRELUDE_SIZE);
  input = kube_channels_add_input (forward->channels, DATA_CHANNEL);
  output = kube_channels_add_output (forward->channels, DATA_CHANNEL);
  kube_channels_set_text_channel (forward->channels, ERROR_CHANNEL);
  kube_channels_start (forward->channels);
  if (cancellable != NULL)
    {
      forward->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (forward->cancelled, G_SOURCE_FUNC (on_cancelled_cb), forward, NULL);
      g_source_attach (forward->cancelled, g_task_get_context (task));
    }
  forward->n_pending = 2;
  base_copy_async (input, g_io_stream_get_output_stream (local), forward->copying,
                   kube_forward_back_cb, g_object_ref (task));
  base_copy_async (g_io_stream_get_input_stream (local), output, forward->copying,
                   kube_forward_there_cb, g_object_ref (task));
}

/**
 * kube_forward_async:
 * @client: a client
 * @namespace_: the namespace of the pod
 * @pod: the name of the pod
 * @port: a port of the pod
 * @connection: a connection that a program of this computer has opened
 * @cancellable: (nullable): ends the connection
 * @callback: called when the connection has ended, whoever ended it
 * @user_data: data for @callback
 *
 * Leads a connection into a pod, to what listens there on its localhost. One WebSocket carries one
 * connection. It is closed at the end.
 */
void
kube_forward_async (KubeClient         *client,
                    const char         *namespace_,
                    const char         *pod,
                    guint16             port,
                    GSocketConnection  *connection,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *path = NULL;
  g_autofree char *port_text = NULL;
  Forward         *forward;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (namespace_ != NULL && pod != NULL && port != 0);
  g_return_if_fail (G_IS_SOCKET_CONNECTION (connection));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  forward = g_new0 (Forward, 1);
  forward->pod = g_strdup (pod);
  forward->port = port;
  forward->connection = g_object_ref (connection);
  forward->copying = g_cancellable_new ();
  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_forward_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, forward, (GDestroyNotify) forward_free);

  path = kube_resource_build_path (&KUBE_POD, namespace_, pod, "portforward");
  port_text = g_strdup_printf ("%u", port);
  request = kube_request_new ("GET", path);
  kube_request_add_query (request, "ports", port_text);
  kube_client_connect_socket_async (client, request, protocols, cancellable,
                                    kube_forward_connect_cb, g_steal_pointer (&task));
}

/**
 * kube_forward_finish:
 * @client: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes a connection.
 *
 * Possible errors: all of %KUBE_ERROR, such as %KUBE_ERROR_NOT_FOUND if nothing listens on the
 * port; %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE if one side has ended the connection in an orderly way
 */
gboolean
kube_forward_finish (KubeClient   *client,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_forward_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
