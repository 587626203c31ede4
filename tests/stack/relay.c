/* relay.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "relay.h"

struct _Relay
{
  GSocketService *service; /* (nullable): cut */
  GSocketClient  *client;
  char           *target;
  guint16         port;
  GPtrArray      *streams; /* (element-type GIOStream) */
};

typedef struct
{
  Relay     *relay;
  GIOStream *incoming;
} Join;

static void
on_connected_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autofree Join *join = user_data;
  g_autoptr(GIOStream) incoming = join->incoming;
  g_autoptr(GSocketConnection) outgoing = NULL;

  outgoing = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, NULL);
  if (outgoing == NULL)
    {
      g_io_stream_close (incoming, NULL, NULL);
      return;
    }

  g_ptr_array_add (join->relay->streams, g_object_ref (outgoing));
  g_io_stream_splice_async (incoming, G_IO_STREAM (outgoing),
                            G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
                            G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static gboolean
on_incoming_cb (GSocketService    *service,
                GSocketConnection *connection,
                GObject           *source,
                gpointer           user_data)
{
  Relay *self = user_data;
  Join  *join = g_new0 (Join, 1);

  g_ptr_array_add (self->streams, g_object_ref (connection));
  join->relay = self;
  join->incoming = g_object_ref (G_IO_STREAM (connection));
  g_socket_client_connect_to_host_async (self->client, self->target, 0, NULL, on_connected_cb,
                                         join);

  return TRUE;
}

/* Closes all connections and refuses new ones. */
void
relay_cut (Relay *self)
{
  if (self->service == NULL)
    return;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  for (guint i = 0; i < self->streams->len; i++)
    {
      GSocketConnection *connection = g_ptr_array_index (self->streams, i);

      g_socket_shutdown (g_socket_connection_get_socket (connection), TRUE, TRUE, NULL);
    }
  g_ptr_array_set_size (self->streams, 0);
}

/* Takes connections again, on the same port. */
void
relay_mend (Relay *self)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, self->port);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming_cb), self);
  g_socket_service_start (self->service);
}

Relay *
relay_new (const char *host_and_port)
{
  Relay *self = g_new0 (Relay, 1);

  self->client = g_socket_client_new ();
  self->target = g_strdup (host_and_port);
  self->streams = g_ptr_array_new_with_free_func (g_object_unref);
  relay_mend (self);

  return self;
}

void
relay_free (Relay *self)
{
  relay_cut (self);
  /* The connections under way end in the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->client);
  g_ptr_array_unref (self->streams);
  g_free (self->target);
  g_free (self);
}

guint16
relay_get_port (Relay *self)
{
  return self->port;
}
