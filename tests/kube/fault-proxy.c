/* fault-proxy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_HEAD (64 * 1024)
#define LOOK_MS 10

/* An alert, as the session before encryption has them. */
static const char poison[] = { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50 };

typedef struct
{
  Fault fault;
  guint n_matched;
} Entry;

struct _FaultProxy
{
  FaultAnswerFunc  answer;
  gpointer         user_data;
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GSocketListener *listener;    /* (owned) */
  GCancellable    *cancellable; /* (owned): of everything */
  GThread         *thread;      /* (owned): accepts */
  guint            port;

  GMutex     mutex; /* of the rest */
  GCond      cond;
  GPtrArray *connections; /* (element-type GSocket) (owned) */
  GPtrArray *threads;     /* (element-type GThread) (owned) */
  GArray    *entries;     /* (element-type Entry) (owned) */
  GPtrArray *requests;    /* (element-type utf8) (owned): "METHOD /path?query" */
  guint      n_released;
  guint      n_hits;
};

/* One request and its answer. Of the thread of its connection, but for the proxy. */
struct _FaultExchange
{
  FaultProxy  *proxy;
  GSocket     *socket; /* (owned) */
  GIOStream   *stream; /* (owned) */
  FaultScanner scanner;

  char   *head;   /* (owned) */
  char   *method; /* (owned) */
  char   *target; /* (owned) */
  GBytes *body;   /* (owned) (nullable) */

  gboolean armed; /* @fault is to come */
  Fault    fault;
  guint    n_places; /* those of the fault's kind so far */
  gboolean dripping;
  gboolean garbling;
  gboolean over; /* the connection has ended */
};

static gboolean
send_all (FaultExchange *exchange,
          const char    *data,
          gsize          length)
{
  GOutputStream *output = g_io_stream_get_output_stream (exchange->stream);

  if (!exchange->over && length > 0 &&
      !g_output_stream_write_all (output, data, length, NULL, exchange->proxy->cancellable, NULL))
    exchange->over = TRUE;

  return !exchange->over;
}

/* A client that says something before it has its answer is one that leaves. */
static gboolean
has_left (FaultExchange *exchange)
{
  return g_socket_is_closed (exchange->socket) ||
         g_socket_condition_check (exchange->socket, G_IO_IN | G_IO_HUP | G_IO_ERR) != 0;
}

static void
stall (FaultExchange *exchange)
{
  FaultProxy *proxy = exchange->proxy;
  guint       n_released;

  g_mutex_lock (&proxy->mutex);
  n_released = proxy->n_released;
  while (proxy->n_released == n_released && !g_cancellable_is_cancelled (proxy->cancellable) &&
         !has_left (exchange))
    g_cond_wait_until (&proxy->cond, &proxy->mutex,
                       g_get_monotonic_time () + LOOK_MS * G_TIME_SPAN_MILLISECOND);
  g_mutex_unlock (&proxy->mutex);
}

static void
end_connection (FaultExchange *exchange,
                FaultAction    action)
{
  struct linger now = { 1, 0 };
  int           fd = g_socket_get_fd (exchange->socket);

  if (action == FAULT_CLOSE || action == FAULT_REPLACE)
    g_io_stream_close (exchange->stream, exchange->proxy->cancellable, NULL);
  if (action == FAULT_RESET)
    g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), ==, 0);
  if (action == FAULT_POISON)
    g_socket_send (exchange->socket, poison, sizeof poison, NULL, NULL);
  g_socket_close (exchange->socket, NULL);
  exchange->over = TRUE;
}

static gsize
get_text_length (const Fault *fault)
{
  return fault->length > 0 ? (gsize) fault->length : strlen (fault->text);
}

static void
inject (FaultExchange *exchange)
{
  gsize length = get_text_length (&exchange->fault);
  g_autoptr(GString) chunk = g_string_new (NULL);

  g_string_append_printf (chunk, "%" G_GSIZE_MODIFIER "x\r\n", length);
  g_string_append_len (chunk, exchange->fault.text, (gssize) length);
  g_string_append (chunk, "\r\n");
  send_all (exchange, chunk->str, chunk->len);
}

static void
strike (FaultExchange *exchange)
{
  FaultProxy *proxy = exchange->proxy;

  exchange->armed = FALSE;
  g_mutex_lock (&proxy->mutex);
  proxy->n_hits++;
  g_mutex_unlock (&proxy->mutex);

  switch (exchange->fault.action)
    {
    case FAULT_REPLACE:
      send_all (exchange, exchange->fault.text, get_text_length (&exchange->fault));
      end_connection (exchange, FAULT_REPLACE);
      break;
    case FAULT_STALL:
      stall (exchange);
      break;
    case FAULT_DRIP:
      exchange->dripping = TRUE;
      break;
    case FAULT_GARBLE:
      exchange->garbling = TRUE;
      break;
    case FAULT_INJECT:
      inject (exchange);
      break;
    case FAULT_CUT:
    case FAULT_CLOSE:
    case FAULT_RESET:
    case FAULT_POISON:
    default:
      end_connection (exchange, exchange->fault.action);
    }
}

/* Sends a piece of the answer, up to where it fails.
 *
 * Returns: FALSE when there is no use in more */
gboolean
fault_exchange_write (FaultExchange *exchange,
                      const char    *data,
                      gssize         length)
{
  gsize size = length < 0 ? strlen (data) : (gsize) length;
  gsize sent = 0;

  for (gsize i = 0; i < size && !exchange->over; i++)
    {
      guint    places = fault_scanner_feed (&exchange->scanner, (guint8) data[i]);
      char     other = (char) (data[i] ^ 0x9f);
      gsize    ready = i + 1;
      gboolean struck = exchange->armed && (places & 1u << exchange->fault.place) != 0 &&
                        exchange->n_places++ == exchange->fault.nth;

      if (exchange->garbling)
        {
          send_all (exchange, data + sent, i - sent);
          send_all (exchange, &other, 1);
          exchange->garbling = FALSE;
          sent = ready;
        }
      if (struck || exchange->dripping)
        {
          send_all (exchange, data + sent, ready - sent);
          sent = ready;
        }
      if (struck && !exchange->over)
        strike (exchange);
    }

  return send_all (exchange, data + sent, size - sent);
}

/* Whether somebody still waits for more of the answer. */
gboolean
fault_exchange_is_open (FaultExchange *exchange)
{
  return !exchange->over && !g_cancellable_is_cancelled (exchange->proxy->cancellable) &&
         !has_left (exchange);
}

const char *
fault_exchange_get_method (FaultExchange *exchange)
{
  return exchange->method;
}

/* Path and query. */
const char *
fault_exchange_get_target (FaultExchange *exchange)
{
  return exchange->target;
}

/* Of the request, the empty line included. */
const char *
fault_exchange_get_head (FaultExchange *exchange)
{
  return exchange->head;
}

/* Returns: (transfer none) (nullable) */
GBytes *
fault_exchange_get_body (FaultExchange *exchange)
{
  return exchange->body;
}

static void
clear_request (FaultExchange *exchange)
{
  g_clear_pointer (&exchange->head, g_free);
  g_clear_pointer (&exchange->method, g_free);
  g_clear_pointer (&exchange->target, g_free);
  g_clear_pointer (&exchange->body, g_bytes_unref);
}

static char *
dup_header (const char *head,
            const char *name)
{
  g_auto(GStrv) lines = g_strsplit (head, "\r\n", -1);

  for (guint i = 1; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0 && lines[i][strlen (name)] == ':')
      return g_strstrip (g_strdup (lines[i] + strlen (name) + 1));

  return NULL;
}

/* Byte by byte, so that nothing of a next request is lost. */
static gboolean
read_head (FaultExchange *exchange)
{
  GInputStream *input = g_io_stream_get_input_stream (exchange->stream);
  g_autoptr(GString) head = g_string_new (NULL);
  g_auto(GStrv) words = NULL;
  char byte;

  while (!g_str_has_suffix (head->str, "\r\n\r\n"))
    {
      if (head->len > MAX_HEAD ||
          g_input_stream_read (input, &byte, 1, exchange->proxy->cancellable, NULL) <= 0)
        return FALSE;
      g_string_append_c (head, byte);
    }

  words = g_strsplit (head->str, " ", 3);
  if (g_strv_length (words) < 3)
    return FALSE;
  exchange->method = g_strdup (words[0]);
  exchange->target = g_strdup (words[1]);
  exchange->head = g_string_free (g_steal_pointer (&head), FALSE);

  return TRUE;
}

static gboolean
read_request (FaultExchange *exchange)
{
  GInputStream    *input = g_io_stream_get_input_stream (exchange->stream);
  g_autofree char *length = NULL;
  g_autofree char *data = NULL;
  gsize            size = 0;

  clear_request (exchange);
  if (!read_head (exchange))
    return FALSE;

  length = dup_header (exchange->head, "Content-Length");
  if (length != NULL)
    size = (gsize) g_ascii_strtoull (length, NULL, 10);
  data = g_malloc (size + 1);
  if (size > 0 &&
      !g_input_stream_read_all (input, data, size, NULL, exchange->proxy->cancellable, NULL))
    return FALSE;
  exchange->body = g_bytes_new_take (g_steal_pointer (&data), size);

  return TRUE;
}

/* Notes the request and finds out whether its answer fails. */
static void
arm (FaultExchange *exchange)
{
  FaultProxy *proxy = exchange->proxy;
  char       *request = g_strconcat (exchange->method, " ", exchange->target, NULL);

  exchange->armed = FALSE;
  exchange->dripping = FALSE;
  exchange->garbling = FALSE;
  exchange->n_places = 0;

  g_mutex_lock (&proxy->mutex);
  g_ptr_array_add (proxy->requests, request);
  for (guint i = 0; i < proxy->entries->len && !exchange->armed; i++)
    {
      Entry *entry = &g_array_index (proxy->entries, Entry, i);
      guint  times = entry->fault.times;

      if (!g_pattern_match_simple (entry->fault.pattern, request))
        continue;
      entry->n_matched++;
      exchange->armed = entry->n_matched > entry->fault.skip &&
                        (times == 0 || entry->n_matched <= entry->fault.skip + times);
      exchange->fault = entry->fault;
    }
  g_mutex_unlock (&proxy->mutex);
}

static void
serve_requests (FaultExchange *exchange)
{
  FaultProxy *proxy = exchange->proxy;

  while (!exchange->over && read_request (exchange))
    {
      arm (exchange);
      fault_scanner_begin (&exchange->scanner);
      if (exchange->armed && (exchange->fault.place == FAULT_BEFORE_ANSWER))
        strike (exchange);
      if (!exchange->over)
        proxy->answer (exchange, proxy->user_data);
      /* An answer that stops half-way, or without saying where its end is. */
      if (!exchange->over && !fault_scanner_at_end (&exchange->scanner))
        end_connection (exchange, FAULT_CLOSE);
    }
}

static GIOStream *
secure (FaultProxy        *self,
        GSocketConnection *connection)
{
  g_autoptr(GIOStream) stream = NULL;

  if (self->certificate == NULL)
    return g_object_ref (G_IO_STREAM (connection));

  stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  if (stream == NULL ||
      !g_tls_connection_handshake (G_TLS_CONNECTION (stream), self->cancellable, NULL))
    return NULL;

  return g_steal_pointer (&stream);
}

static gpointer
connection_thread (gpointer data)
{
  FaultExchange *exchange = data;
  g_autoptr(GSocketConnection) connection = NULL;

  connection = g_socket_connection_factory_create_connection (exchange->socket);
  exchange->stream = secure (exchange->proxy, connection);
  if (exchange->stream != NULL)
    {
      serve_requests (exchange);
      g_io_stream_close (exchange->stream, NULL, NULL);
    }
  g_socket_close (exchange->socket, NULL);

  clear_request (exchange);
  fault_scanner_clear (&exchange->scanner);
  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->socket);
  g_free (exchange);

  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  FaultProxy *self = data;
  GSocket    *socket;

  while ((socket = g_socket_listener_accept_socket (self->listener, NULL, self->cancellable,
                                                    NULL)) != NULL)
    {
      FaultExchange *exchange = g_new0 (FaultExchange, 1);

      exchange->proxy = self;
      exchange->socket = socket;
      /* What is sent apart shall arrive apart. */
      g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
      g_mutex_lock (&self->mutex);
      g_ptr_array_add (self->connections, g_object_ref (socket));
      g_ptr_array_add (self->threads, g_thread_new ("connection", connection_thread, exchange));
      g_mutex_unlock (&self->mutex);
    }

  return NULL;
}

/* @certificate: (nullable): with its key; NULL to speak without TLS */
FaultProxy *
fault_proxy_new (FaultAnswerFunc  answer,
                 gpointer         user_data,
                 GTlsCertificate *certificate)
{
  FaultProxy *self = g_new0 (FaultProxy, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->answer = answer;
  self->user_data = user_data;
  g_set_object (&self->certificate, certificate);
  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->threads = g_ptr_array_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->requests = g_ptr_array_new_with_free_func (g_free);
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->thread = g_thread_new ("fault-proxy", accept_thread, self);

  return self;
}

void
fault_proxy_free (FaultProxy *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_socket_listener_close (self->listener);

  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->threads);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_clear_object (&self->certificate);
  g_free (self);
}

guint
fault_proxy_get_port (FaultProxy *self)
{
  return self->port;
}

/* The strings of @fault must outlive the proxy. The first that matches a request counts. */
void
fault_proxy_add (FaultProxy  *self,
                 const Fault *fault)
{
  Entry entry = { *fault, 0 };

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->entries, entry);
  g_mutex_unlock (&self->mutex);
}

/* Answers are whole from now on, but for those under way. */
void
fault_proxy_clear (FaultProxy *self)
{
  g_mutex_lock (&self->mutex);
  g_array_set_size (self->entries, 0);
  g_mutex_unlock (&self->mutex);
}

/* Lets go on what stalls. */
void
fault_proxy_release (FaultProxy *self)
{
  g_mutex_lock (&self->mutex);
  self->n_released++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Every connection goes dead, at whatever place it is. */
void
fault_proxy_cut_all (FaultProxy *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->connections->len; i++)
    g_socket_shutdown (g_ptr_array_index (self->connections, i), TRUE, TRUE, NULL);
  g_mutex_unlock (&self->mutex);
}

/* How many answers have failed so far. */
guint
fault_proxy_count_hits (FaultProxy *self)
{
  guint n_hits;

  g_mutex_lock (&self->mutex);
  n_hits = self->n_hits;
  g_mutex_unlock (&self->mutex);

  return n_hits;
}

/* How many requests there were like @pattern. */
guint
fault_proxy_count (FaultProxy *self,
                   const char *pattern)
{
  guint n = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->requests->len; i++)
    if (g_pattern_match_simple (pattern, g_ptr_array_index (self->requests, i)))
      n++;
  g_mutex_unlock (&self->mutex);

  return n;
}
