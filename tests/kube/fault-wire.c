/* fault-wire.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#define LOOK_MS 10
#define PIECE_SIZE 4096

struct _FaultWire
{
  char         *host; /* (owned) */
  guint16       server_port;
  guint16       port;
  GCancellable *cancellable; /* (owned): of everything */

  GMutex           mutex;     /* of the rest */
  GSocketListener *listener;  /* (owned) (nullable): no connection is accepted */
  GCancellable    *accepting; /* (owned) (nullable): likewise */
  GThread         *thread;    /* (owned) (nullable): likewise */
  GPtrArray       *sockets;   /* (element-type GSocket) (owned) */
  GPtrArray       *threads;   /* (element-type GThread) (owned) */
  gboolean         armed;
  FaultWireFault   fault;
  guint            n_armed;
  guint            n_hits;
  guint            n_released;
  guint64          passed[2]; /* of the latest connection: downstream, upstream */
};

/* A connection. Of its thread. */
typedef struct
{
  FaultWire     *wire;
  GSocket       *client; /* (owned) */
  GSocket       *server; /* (owned) (nullable) */
  gboolean       armed;
  FaultWireFault fault;
  guint64        passed[2];
  gboolean       ended[2];
  gboolean       dripping;
  gboolean       over;
} Connection;

static void
shut (Connection *connection)
{
  g_socket_close (connection->client, NULL);
  g_socket_close (connection->server, NULL);
  connection->over = TRUE;
}

static void
stay_mute (Connection *connection)
{
  FaultWire *wire = connection->wire;
  guint      n_released;

  g_mutex_lock (&wire->mutex);
  n_released = wire->n_released;
  while (wire->n_released == n_released && !g_cancellable_is_cancelled (wire->cancellable) &&
         (g_socket_condition_check (connection->client, G_IO_HUP | G_IO_ERR) & (G_IO_HUP | G_IO_ERR)) == 0)
    {
      g_mutex_unlock (&wire->mutex);
      g_usleep (LOOK_MS * 1000);
      g_mutex_lock (&wire->mutex);
    }
  g_mutex_unlock (&wire->mutex);
}

static void
strike (Connection *connection)
{
  struct linger now = { 1, 0 };
  FaultWire    *wire = connection->wire;

  connection->armed = FALSE;
  g_mutex_lock (&wire->mutex);
  wire->n_hits++;
  g_mutex_unlock (&wire->mutex);

  switch (connection->fault.action)
    {
    case FAULT_WIRE_MUTE:
      stay_mute (connection);
      break;
    case FAULT_WIRE_DRIP:
      connection->dripping = TRUE;
      break;
    case FAULT_WIRE_HALF:
      g_socket_shutdown (connection->client, FALSE, TRUE, NULL);
      connection->ended[0] = TRUE;
      break;
    case FAULT_WIRE_RESET:
      g_assert_cmpint (setsockopt (g_socket_get_fd (connection->client), SOL_SOCKET, SO_LINGER,
                                   &now, sizeof now),
                       ==, 0);
      shut (connection);
      break;
    case FAULT_WIRE_CUT:
    default:
      shut (connection);
    }
}

static void
send_on (Connection *connection,
         gboolean    upstream,
         const char *data,
         gsize       length)
{
  GSocket *target = upstream ? connection->server : connection->client;
  gsize    sent = 0;

  while (sent < length && !connection->over)
    {
      gsize  piece = connection->dripping ? 1 : length - sent;
      gssize n = g_socket_send (target, data + sent, piece, connection->wire->cancellable, NULL);

      if (n <= 0)
        shut (connection);
      else
        sent += (gsize) n;
    }
  connection->passed[upstream] += sent;
}

/* Up to the fault, and what comes after it. */
static void
pass (Connection *connection,
      gboolean    upstream,
      const char *data,
      gsize       length)
{
  gboolean mine = connection->armed && connection->fault.upstream == upstream;
  gsize    before = 0;

  if (mine && connection->passed[upstream] + length > connection->fault.after)
    {
      before = (gsize) (connection->fault.after - connection->passed[upstream]);
      send_on (connection, upstream, data, before);
      if (!connection->over)
        strike (connection);
    }
  if (!connection->over && !connection->ended[upstream])
    send_on (connection, upstream, data + before, length - before);
}

/* Takes what has come from one end. */
static void
take (Connection *connection,
      gboolean    upstream)
{
  GSocket *source = upstream ? connection->client : connection->server;
  GSocket *target = upstream ? connection->server : connection->client;
  char     piece[PIECE_SIZE];
  gssize   n = g_socket_receive (source, piece, sizeof piece, connection->wire->cancellable, NULL);

  if (n > 0)
    pass (connection, upstream, piece, (gsize) n);
  else if (n < 0)
    shut (connection);
  else if (!connection->ended[upstream])
    {
      g_socket_shutdown (target, FALSE, TRUE, NULL);
      connection->ended[upstream] = TRUE;
    }
}

static void
serve (Connection *connection)
{
  while (!connection->over && !(connection->ended[0] && connection->ended[1]) &&
         !g_cancellable_is_cancelled (connection->wire->cancellable))
    {
      struct pollfd fds[2] = {
        { connection->ended[0] && connection->fault.action != FAULT_WIRE_HALF ? -1 : g_socket_get_fd (connection->server), POLLIN, 0 },
        { connection->ended[1] ? -1 : g_socket_get_fd (connection->client), POLLIN, 0 },
      };

      if (poll (fds, 2, LOOK_MS) <= 0)
        continue;
      for (guint upstream = 0; upstream < 2 && !connection->over; upstream++)
        if (fds[upstream].revents != 0)
          take (connection, upstream == 1);
      g_mutex_lock (&connection->wire->mutex);
      connection->wire->passed[0] = connection->passed[0];
      connection->wire->passed[1] = connection->passed[1];
      g_mutex_unlock (&connection->wire->mutex);
    }
  g_socket_close (connection->client, NULL);
  g_socket_close (connection->server, NULL);
}

static gpointer
connection_thread (gpointer data)
{
  Connection *connection = data;
  FaultWire  *wire = connection->wire;
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) outgoing = NULL;

  outgoing = g_socket_client_connect_to_host (client, wire->host, wire->server_port,
                                              wire->cancellable, NULL);
  if (outgoing != NULL)
    {
      connection->server = g_object_ref (g_socket_connection_get_socket (outgoing));
      g_socket_set_option (connection->server, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
      g_mutex_lock (&wire->mutex);
      g_ptr_array_add (wire->sockets, g_object_ref (connection->server));
      g_mutex_unlock (&wire->mutex);
      serve (connection);
    }
  g_socket_close (connection->client, NULL);
  g_clear_object (&connection->server);
  g_clear_object (&connection->client);
  g_free (connection);

  return NULL;
}

static void
add_connection (FaultWire *self,
                GSocket   *socket)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->wire = self;
  connection->client = socket;
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_mutex_lock (&self->mutex);
  connection->armed = self->armed;
  connection->fault = self->fault;
  if (self->armed && self->fault.times > 0 && ++self->n_armed >= self->fault.times)
    self->armed = FALSE;
  self->passed[0] = 0;
  self->passed[1] = 0;
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  g_ptr_array_add (self->threads, g_thread_new ("wire", connection_thread, connection));
  g_mutex_unlock (&self->mutex);
}

static gpointer
accept_thread (gpointer data)
{
  FaultWire *self = data;
  GSocket   *socket;

  while ((socket = g_socket_listener_accept_socket (self->listener, NULL, self->accepting,
                                                    NULL)) != NULL)
    add_connection (self, socket);

  return NULL;
}

/* Takes connections again, on the same port. */
void
fault_wire_accept (FaultWire *self)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, self->port);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (self->listener);
  self->listener = g_socket_listener_new ();
  self->accepting = g_cancellable_new ();
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->thread = g_thread_new ("fault-wire", accept_thread, self);
}

/* Nobody is let in any more; who is in stays. */
void
fault_wire_refuse (FaultWire *self)
{
  if (self->listener == NULL)
    return;

  g_cancellable_cancel (self->accepting);
  g_thread_join (g_steal_pointer (&self->thread));
  g_socket_listener_close (self->listener);
  g_clear_object (&self->listener);
  g_clear_object (&self->accepting);
}

FaultWire *
fault_wire_new (const char *host,
                guint16     port)
{
  FaultWire *self = g_new0 (FaultWire, 1);

  self->host = g_strdup (host);
  self->server_port = port;
  self->cancellable = g_cancellable_new ();
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->threads = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  fault_wire_accept (self);

  return self;
}

void
fault_wire_free (FaultWire *self)
{
  fault_wire_refuse (self);
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));

  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->sockets);
  g_mutex_clear (&self->mutex);
  g_object_unref (self->cancellable);
  g_free (self->host);
  g_free (self);
}

guint16
fault_wire_get_port (FaultWire *self)
{
  return self->port;
}

/* Of connections from now on. */
void
fault_wire_set (FaultWire            *self,
                const FaultWireFault *fault)
{
  g_mutex_lock (&self->mutex);
  self->fault = *fault;
  self->armed = TRUE;
  self->n_armed = 0;
  self->n_hits = 0;
  g_mutex_unlock (&self->mutex);
}

void
fault_wire_clear (FaultWire *self)
{
  g_mutex_lock (&self->mutex);
  self->armed = FALSE;
  g_mutex_unlock (&self->mutex);
}

void
fault_wire_release (FaultWire *self)
{
  g_mutex_lock (&self->mutex);
  self->n_released++;
  g_mutex_unlock (&self->mutex);
}

/* Every connection that stands. */
void
fault_wire_cut_all (FaultWire *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_shutdown (g_ptr_array_index (self->sockets, i), TRUE, TRUE, NULL);
  g_mutex_unlock (&self->mutex);
}

guint
fault_wire_count_hits (FaultWire *self)
{
  guint n_hits;

  g_mutex_lock (&self->mutex);
  n_hits = self->n_hits;
  g_mutex_unlock (&self->mutex);

  return n_hits;
}

/* How many bytes have passed in the latest connection. */
guint64
fault_wire_get_passed (FaultWire *self,
                       gboolean   upstream)
{
  guint64 passed;

  g_mutex_lock (&self->mutex);
  passed = self->passed[upstream ? 1 : 0];
  g_mutex_unlock (&self->mutex);

  return passed;
}
