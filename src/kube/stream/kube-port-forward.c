/* kube-port-forward.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-port-forward.h"

#include <string.h>

#include "kube-error.h"
#include "kube-forward.h"
#include "kube-pod-target.h"

#define LOOPBACK "127.0.0.1"

/**
 * KubePortForward:
 *
 * A port of this computer that leads to a port of a pod. Only programs of this computer can use
 * it. Where a Service, a Deployment or the like was named, every new connection goes to a pod that
 * is ready at that moment: when one is replaced, the next connection goes to the new one.
 *
 * Open connections keep it: [method@Kube.PortForward.stop] ends them.
 */
struct _KubePortForward
{
  GObject parent_instance;

  KubeClient         *client;
  char               *namespace_;
  const KubeResource *resource;
  char               *name;
  char               *port; /* as it was named */

  /* This side */
  char           *address;
  guint16         local_port;
  GSocketService *service; /* (nullable) while it does not listen */

  /* The other side, as it was found last */
  char   *pod; /* (nullable) */
  guint16 pod_port;

  GCancellable *cancellable; /* of all connections */
  guint         n_connections;
};

G_DEFINE_FINAL_TYPE (KubePortForward, kube_port_forward, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_POD,
  PROP_N_CONNECTIONS,
  PROP_RUNNING,
  N_PROPS
};

enum
{
  ACCEPTED,
  FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

/* A connection. */
typedef struct
{
  KubePortForward   *self; /* (owned) */
  GSocketConnection *connection;
  GCancellable      *cancellable;
} Accepted;

static void
accepted_free (Accepted *accepted)
{
  g_object_unref (accepted->self);
  g_object_unref (accepted->connection);
  g_object_unref (accepted->cancellable);
  g_free (accepted);
}

static void
set_n_connections (KubePortForward *self,
                   guint            n_connections)
{
  self->n_connections = n_connections;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CONNECTIONS]);
}

/* Takes what was accepted. @error may be NULL. */
static void
end_connection (Accepted     *accepted,
                const GError *error)
{
  KubePortForward *self = accepted->self;

  set_n_connections (self, self->n_connections - 1);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
  accepted_free (accepted);
}

static gboolean
take_target (KubePortForward *self,
             KubePodTarget   *target,
             GError         **error)
{
  guint16 port = kube_pod_target_find_port (target, self->port, error);

  if (port == 0)
    return FALSE;

  self->pod_port = port;
  if (g_strcmp0 (self->pod, kube_pod_target_get_pod (target)) != 0)
    {
      g_free (self->pod);
      self->pod = g_strdup (kube_pod_target_get_pod (target));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POD]);
    }

  return TRUE;
}

static void
kube_port_forward_forward_cb (GObject      *source_object,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  kube_forward_finish (KUBE_CLIENT (source_object), result, &error);
  end_connection (user_data, error);
}

static void
forward (Accepted *accepted)
{
  KubePortForward *self = accepted->self;

  kube_forward_async (self->client, self->namespace_, self->pod, self->pod_port,
                      accepted->connection, accepted->cancellable, kube_port_forward_forward_cb,
                      accepted);
}

static void
kube_port_forward_find_cb (GObject      *source_object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  Accepted *accepted = user_data;
  g_autoptr(KubePodTarget) target = NULL;
  g_autoptr(GError) error = NULL;

  target = kube_pod_target_find_finish (KUBE_CLIENT (source_object), result, &error);
  if (target == NULL || !take_target (accepted->self, target, &error))
    end_connection (accepted, error);
  else
    forward (accepted);
}

static gboolean
on_service_incoming_cb (GSocketService    *service,
                        GSocketConnection *connection,
                        GObject           *source_object,
                        gpointer           user_data)
{
  KubePortForward *self = KUBE_PORT_FORWARD (user_data);
  Accepted        *accepted = g_new0 (Accepted, 1);

  accepted->self = g_object_ref (self);
  accepted->connection = g_object_ref (connection);
  accepted->cancellable = g_object_ref (self->cancellable);
  set_n_connections (self, self->n_connections + 1);
  g_signal_emit (self, signals[ACCEPTED], 0);
  /* A pod that was named itself has nobody to take its place. */
  if (self->resource == &KUBE_POD)
    forward (accepted);
  else
    kube_pod_target_find_async (self->client, self->namespace_, self->resource, self->name,
                                accepted->cancellable, kube_port_forward_find_cb, accepted);

  return TRUE;
}

static void
kube_port_forward_dispose (GObject *object)
{
  KubePortForward *self = KUBE_PORT_FORWARD (object);

  kube_port_forward_stop (self);
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (kube_port_forward_parent_class)->dispose (object);
}

static void
kube_port_forward_finalize (GObject *object)
{
  KubePortForward *self = KUBE_PORT_FORWARD (object);

  g_free (self->namespace_);
  g_free (self->name);
  g_free (self->port);
  g_free (self->address);
  g_free (self->pod);

  G_OBJECT_CLASS (kube_port_forward_parent_class)->finalize (object);
}

static void
kube_port_forward_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  KubePortForward *self = KUBE_PORT_FORWARD (object);

  switch (prop_id)
    {
    case PROP_POD:
      g_value_set_string (value, kube_port_forward_get_pod (self));
      break;

    case PROP_N_CONNECTIONS:
      g_value_set_uint (value, kube_port_forward_get_n_connections (self));
      break;

    case PROP_RUNNING:
      g_value_set_boolean (value, kube_port_forward_is_running (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_port_forward_class_init (KubePortForwardClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kube_port_forward_dispose;
  object_class->finalize = kube_port_forward_finalize;
  object_class->get_property = kube_port_forward_get_property;

  /**
   * KubePortForward:pod:
   *
   * The pod that the last connection went to, %NULL before the first.
   */
  properties[PROP_POD] = g_param_spec_string ("pod", NULL, NULL, NULL, flags);
  /**
   * KubePortForward:n-connections:
   *
   * How many connections are open.
   */
  properties[PROP_N_CONNECTIONS] = g_param_spec_uint ("n-connections", NULL, NULL, 0, G_MAXUINT, 0,
                                                      flags);
  /**
   * KubePortForward:running:
   *
   * Whether the port is open.
   */
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubePortForward::accepted:
   * @self: the port
   *
   * A program has opened a connection.
   */
  signals[ACCEPTED] = g_signal_new ("accepted", KUBE_TYPE_PORT_FORWARD, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  /**
   * KubePortForward::failed:
   * @self: the port
   * @error: why
   *
   * A connection could not be led to the pod, or broke off. The port stays open.
   */
  signals[FAILED] = g_signal_new ("failed", KUBE_TYPE_PORT_FORWARD, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kube_port_forward_init (KubePortForward *self)
{
  self->address = g_strdup (LOOPBACK);
}

/**
 * kube_port_forward_new:
 * @client: a client
 * @namespace_: a namespace
 * @resource: what kind @name is of: pods, services, deployments …
 * @name: the name of an object
 * @port: a number or a name: a port of the Service if that is named, else one of the pod
 *
 * Creates a port. It is opened by [method@Kube.PortForward.start_async].
 *
 * Returns: (transfer full): a new port
 */
KubePortForward *
kube_port_forward_new (KubeClient         *client,
                       const char         *namespace_,
                       const KubeResource *resource,
                       const char         *name,
                       const char         *port)
{
  KubePortForward *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (namespace_ != NULL && resource != NULL && name != NULL, NULL);
  g_return_val_if_fail (port != NULL, NULL);

  self = g_object_new (KUBE_TYPE_PORT_FORWARD, NULL);
  self->client = g_object_ref (client);
  self->namespace_ = g_strdup (namespace_);
  self->resource = resource;
  self->name = g_strdup (name);
  self->port = g_strdup (port);

  return self;
}

/**
 * kube_port_forward_set_local:
 * @self: a port that is not open
 * @address: an address of this computer: 127.0.0.1, ::1 or another one that begins with 127.
 * @port: a port, or 0 for any that is free
 * @error: return location for an error
 *
 * Sets where programs find the port. Addresses that other computers reach are refused: whoever
 * comes would be the user of this client to the app.
 *
 * Possible errors: %KUBE_ERROR_BAD_REQUEST.
 *
 * Returns: %TRUE if the address can be used
 */
gboolean
kube_port_forward_set_local (KubePortForward *self,
                             const char      *address,
                             guint16          port,
                             GError         **error)
{
  g_autoptr(GInetAddress) parsed = NULL;

  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), FALSE);
  g_return_val_if_fail (self->service == NULL, FALSE);
  g_return_val_if_fail (address != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (strcmp (address, "localhost") == 0)
    address = LOOPBACK;
  parsed = g_inet_address_new_from_string (address);
  if (parsed == NULL || !g_inet_address_get_is_loopback (parsed))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                   "“%s” is not an address that only this computer reaches. A forwarded port would "
                   "be open to others without a password. Use 127.0.0.1 or ::1.",
                   address);
      return FALSE;
    }

  g_free (self->address);
  self->address = g_inet_address_to_string (parsed);
  self->local_port = port;

  return TRUE;
}

static GSocketService *
try_to_listen (KubePortForward *self,
               guint16         *port,
               GError         **error)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string (self->address, *port);
  g_autoptr(GSocketAddress) actual = NULL;

  g_socket_service_stop (service);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &actual, error))
    return NULL;

  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));

  return g_steal_pointer (&service);
}

static void
set_not_listening (KubePortForward *self,
                   const GError    *cause,
                   GError         **error)
{
  guint16 other = 0;
  g_autoptr(GSocketService) service = NULL;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      service = try_to_listen (self, &other, NULL);
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_ALREADY_EXISTS,
                   "Port %u of this computer is in use by another program. Choose another one; %u "
                   "is free now: %u:%s.",
                   self->local_port, other, other, self->port);
    }
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN,
                 "You may not open port %u of this computer: those below 1024 belong to the "
                 "administrator. Choose a higher one, such as %u:%s.",
                 self->local_port, 8000 + self->local_port % 1000, self->port);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_FAILED,
                 "Port %u of this computer cannot be opened on %s: %s. Choose another port or "
                 "address.",
                 self->local_port, self->address, cause->message);
}

static gboolean
start_listening (KubePortForward *self,
                 GError         **error)
{
  g_autoptr(GError) cause = NULL;
  guint16 port = self->local_port;

  self->service = try_to_listen (self, &port, &cause);
  if (self->service == NULL)
    {
      set_not_listening (self, cause, error);
      return FALSE;
    }

  self->local_port = port;
  self->cancellable = g_cancellable_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_service_incoming_cb), self);
  g_socket_service_start (self->service);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);

  return TRUE;
}

static void
kube_port_forward_start_find_cb (GObject      *source_object,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubePortForward *self = g_task_get_source_object (task);
  g_autoptr(KubePodTarget) target = NULL;
  GError *error = NULL;

  target = kube_pod_target_find_finish (KUBE_CLIENT (source_object), result, &error);
  if (target == NULL || !take_target (self, target, &error) || !start_listening (self, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * kube_port_forward_start_async:
 * @self: a port that is not open
 * @cancellable: (nullable): a cancellable, of the opening only
 * @callback: called when the port is open
 * @user_data: data for @callback
 *
 * Looks for the pod and opens the port.
 */
void
kube_port_forward_start_async (KubePortForward    *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_PORT_FORWARD (self));
  g_return_if_fail (self->service == NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_port_forward_start_async);
  kube_pod_target_find_async (self->client, self->namespace_, self->resource, self->name,
                              cancellable, kube_port_forward_start_find_cb,
                              g_steal_pointer (&task));
}

/**
 * kube_port_forward_start_finish:
 * @self: a port
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes opening a port.
 *
 * Possible errors: all of %KUBE_ERROR: %KUBE_ERROR_NOT_FOUND if there is no such object, port or
 * running pod, %KUBE_ERROR_ALREADY_EXISTS if the local port is in use (the message names a free
 * one); %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE if the port is open
 */
gboolean
kube_port_forward_start_finish (KubePortForward *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_port_forward_start_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kube_port_forward_stop:
 * @self: a port
 *
 * Closes the port and every connection. May be called again.
 */
void
kube_port_forward_stop (KubePortForward *self)
{
  g_return_if_fail (KUBE_IS_PORT_FORWARD (self));

  if (self->service == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/**
 * kube_port_forward_is_running:
 * @self: a port
 *
 * Returns: %TRUE if the port is open
 */
gboolean
kube_port_forward_is_running (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), FALSE);

  return self->service != NULL;
}

/**
 * kube_port_forward_get_address:
 * @self: a port
 *
 * Returns: (transfer none): the address of this computer on which it is open
 */
const char *
kube_port_forward_get_address (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), NULL);

  return self->address;
}

/**
 * kube_port_forward_get_local_port:
 * @self: a port
 *
 * Returns: the port of this computer; 0 if any will do and it is not open yet
 */
guint16
kube_port_forward_get_local_port (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), 0);

  return self->local_port;
}

/**
 * kube_port_forward_get_pod_port:
 * @self: a port
 *
 * Returns: the port of the pod, 0 until it is found
 */
guint16
kube_port_forward_get_pod_port (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), 0);

  return self->pod_port;
}

/**
 * kube_port_forward_get_pod:
 * @self: a port
 *
 * Returns: (transfer none) (nullable): the pod that the last connection went to, or the next one
 *   probably goes to
 */
const char *
kube_port_forward_get_pod (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), NULL);

  return self->pod;
}

/**
 * kube_port_forward_get_n_connections:
 * @self: a port
 *
 * Returns: how many connections are open
 */
guint
kube_port_forward_get_n_connections (KubePortForward *self)
{
  g_return_val_if_fail (KUBE_IS_PORT_FORWARD (self), 0);

  return self->n_connections;
}
