/* kube-upgrade.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-upgrade.h"

#include <string.h>
#include <sys/random.h>

#include "kube-error.h"

/* RFC 6455, 1.3 */
#define ACCEPT_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_SIZE 16
#define END_OF_HEAD "\r\n\r\n"
#define MAX_HEAD_SIZE (64 * 1024)
/* As much as an error can use. */
#define MAX_BODY_SIZE (256 * 1024)
#define MAX_LINE_SIZE 64
#define SWITCHING_PROTOCOLS 101

/**
 * KubeUpgrade:
 *
 * Turns a connection of HTTP/1.1 into a WebSocket (RFC 6455, section 4): writes the request and
 * judges the answer. It reads and writes nothing by itself.
 */
struct _KubeUpgrade
{
  GStrv protocols; /* (owned) */
  char *key;

  GByteArray         *received; /* (owned) from the head's begin; of a refusal, the body alone */
  SoupMessageHeaders *headers;  /* (owned) (nullable) until the head is there */
  guint               status;
  char               *protocol; /* (nullable) */
};

/**
 * kube_upgrade_new: (skip)
 * @protocols: (array zero-terminated=1): the subprotocols to offer, the best first
 *
 * Creates an upgrade with a key of its own.
 *
 * Returns: (transfer full): a new upgrade
 */
KubeUpgrade *
kube_upgrade_new (const char *const *protocols)
{
  KubeUpgrade *self;
  guint8       key[KEY_SIZE];

  g_return_val_if_fail (protocols != NULL && protocols[0] != NULL, NULL);

  while (getrandom (key, sizeof key, 0) != sizeof key)
    continue;
  self = g_new0 (KubeUpgrade, 1);
  self->protocols = g_strdupv ((GStrv) protocols);
  self->key = g_base64_encode (key, sizeof key);
  self->received = g_byte_array_new ();

  return self;
}

/**
 * kube_upgrade_free:
 * @self: (transfer full): an upgrade
 *
 * Frees @self.
 */
void
kube_upgrade_free (KubeUpgrade *self)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->protocols);
  g_free (self->key);
  g_free (self->protocol);
  g_byte_array_unref (self->received);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_free (self);
}

static void
append_host (GString *text,
             GUri    *uri)
{
  const char *host = g_uri_get_host (uri);
  gboolean    is_ipv6 = strchr (host, ':') != NULL;

  g_string_append_printf (text, is_ipv6 ? "Host: [%s]" : "Host: %s", host);
  if (g_uri_get_port (uri) >= 0)
    g_string_append_printf (text, ":%d", g_uri_get_port (uri));
  g_string_append (text, "\r\n");
}

/**
 * kube_upgrade_dup_request:
 * @self: an upgrade
 * @uri: what to ask for, parsed with %G_URI_FLAGS_ENCODED
 * @headers: the headers that say who asks
 *
 * Writes the request. It may hold secrets.
 *
 * Returns: (transfer full): what to send to the server
 */
char *
kube_upgrade_dup_request (KubeUpgrade        *self,
                          GUri               *uri,
                          SoupMessageHeaders *headers)
{
  GString               *text;
  g_autofree char       *protocols = NULL;
  SoupMessageHeadersIter iter;
  const char            *name;
  const char            *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (headers != NULL, NULL);

  /* Large enough, so that nothing secret stays behind where it has grown from. */
  text = g_string_sized_new (MAX_HEAD_SIZE);
  g_string_append (text, "GET ");
  protocols = g_strjoinv (", ", self->protocols);
  g_string_append (text, *g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/");
  if (g_uri_get_query (uri) != NULL)
    g_string_append_printf (text, "?%s", g_uri_get_query (uri));
  g_string_append (text, " HTTP/1.1\r\n");
  append_host (text, uri);
  g_string_append_printf (text,
                          "Connection: Upgrade\r\n"
                          "Upgrade: websocket\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: %s\r\n"
                          "Sec-WebSocket-Protocol: %s\r\n",
                          self->key, protocols);
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append (text, "\r\n");

  return g_string_free (text, FALSE);
}

static KubeUpgradeState
fail (GError    **error,
      const char *what)
{
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The server did not open a stream: %s. A proxy that does not know WebSockets may "
               "stand in between. Go around it, or let it pass WebSockets.",
               what);

  return KUBE_UPGRADE_FAILED;
}

static gboolean
is_accepted (KubeUpgrade *self)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *wanted = NULL;
  const char      *accept;
  guint8           digest[20];
  gsize            size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) self->key, -1);
  g_checksum_update (checksum, (const guchar *) ACCEPT_GUID, -1);
  g_checksum_get_digest (checksum, digest, &size);
  wanted = g_base64_encode (digest, size);
  accept = soup_message_headers_get_one (self->headers, "Sec-WebSocket-Accept");

  return g_strcmp0 (accept, wanted) == 0;
}

static KubeUpgradeState
judge (KubeUpgrade *self,
       GError     **error)
{
  const char *protocol = soup_message_headers_get_one (self->headers, "Sec-WebSocket-Protocol");
  const char *upgrade = soup_message_headers_get_one (self->headers, "Upgrade");

  if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0 ||
      !soup_message_headers_header_contains (self->headers, "Connection", "Upgrade"))
    return fail (error, "it switched to something else than a WebSocket");
  if (!is_accepted (self))
    return fail (error, "its answer belongs to another request");
  if (soup_message_headers_get_one (self->headers, "Sec-WebSocket-Extensions") != NULL)
    return fail (error, "it uses an extension that was not offered");
  if (protocol == NULL)
    return fail (error, "it knows none of the subprotocols of this program");
  if (!g_strv_contains ((const char *const *) self->protocols, protocol))
    return fail (error, "it chose a subprotocol that was not offered");

  self->protocol = g_strdup (protocol);

  return KUBE_UPGRADE_DONE;
}

/* Takes the pieces out of a body in chunks (RFC 9112, 7.1), as far as they have come.
 * Returns whether the last one is there, or the rest cannot be read. */
static gboolean
is_chunked_whole (GByteArray *source,
                  GByteArray *target)
{
  gsize at = 0;

  while (at < source->len)
    {
      const char   *line = (const char *) source->data + at;
      const guint8 *end = memchr (line, '\n', source->len - at);
      char          number[MAX_LINE_SIZE] = { 0 };
      guint64       size;

      if (end == NULL)
        return source->len - at > MAX_LINE_SIZE;
      memcpy (number, line, MIN ((gsize) ((const char *) end - line), sizeof number - 1));
      size = g_ascii_strtoull (number, NULL, 16);
      at = (gsize) (end + 1 - source->data);
      if (size == 0 || size > MAX_BODY_SIZE)
        return TRUE;
      if (target != NULL)
        g_byte_array_append (target, source->data + at, (guint) MIN (size, source->len - at));
      at += size + 2;
    }

  return FALSE;
}

static gboolean
is_chunked (KubeUpgrade *self)
{
  return soup_message_headers_get_encoding (self->headers) == SOUP_ENCODING_CHUNKED;
}

static gboolean
is_body_whole (KubeUpgrade *self)
{
  if (self->received->len >= MAX_BODY_SIZE)
    return TRUE;
  if (is_chunked (self))
    return is_chunked_whole (self->received, NULL);

  return soup_message_headers_get_encoding (self->headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         (goffset) self->received->len >= soup_message_headers_get_content_length (self->headers);
}

/* Returns whether the head is there, and taken off what was received. */
static gboolean
read_head (KubeUpgrade *self,
           GError     **error)
{
  const guint8   *end;
  SoupHTTPVersion version;
  gsize           size;

  if (self->received->len == 0)
    return FALSE;
  end = memmem (self->received->data, self->received->len, END_OF_HEAD, strlen (END_OF_HEAD));
  if (end == NULL)
    {
      if (self->received->len > MAX_HEAD_SIZE)
        fail (error, "the head of its answer does not end");
      return FALSE;
    }

  size = (gsize) (end - self->received->data) + strlen (END_OF_HEAD);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  /* The parser wants the last line ended, and not the empty line behind it. */
  if (!soup_headers_parse_response ((const char *) self->received->data, (int) size - 2,
                                    self->headers, &version, &self->status, NULL))
    {
      fail (error, "what it said is not HTTP");
      return FALSE;
    }
  g_byte_array_remove_range (self->received, 0, (guint) size);

  return TRUE;
}

static gboolean
is_interim (KubeUpgrade *self)
{
  return self->headers == NULL ||
         (self->status < 200 && self->status != SWITCHING_PROTOCOLS);
}

/**
 * kube_upgrade_feed:
 * @self: an upgrade
 * @data: (nullable): bytes from the server
 * @length: how many they are; 0 at the end of the stream
 * @error: return location for an error
 *
 * Takes what the server answers, until the state is another one than %KUBE_UPGRADE_WAITING.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL with %KUBE_UPGRADE_FAILED.
 *
 * Returns: how far the upgrade is
 */
KubeUpgradeState
kube_upgrade_feed (KubeUpgrade  *self,
                   const guint8 *data,
                   gsize         length,
                   GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, KUBE_UPGRADE_FAILED);
  g_return_val_if_fail (data != NULL || length == 0, KUBE_UPGRADE_FAILED);

  g_byte_array_append (self->received, data, (guint) length);
  while (is_interim (self))
    if (!read_head (self, &local_error))
      {
        if (local_error == NULL && length == 0)
          fail (&local_error, "the connection was cut before it had answered");
        if (local_error == NULL)
          return KUBE_UPGRADE_WAITING;
        g_propagate_error (error, g_steal_pointer (&local_error));
        return KUBE_UPGRADE_FAILED;
      }

  if (self->status == SWITCHING_PROTOCOLS)
    return judge (self, error);

  return length == 0 || is_body_whole (self) ? KUBE_UPGRADE_REFUSED : KUBE_UPGRADE_WAITING;
}

/**
 * kube_upgrade_get_protocol:
 * @self: an upgrade that is done
 *
 * Returns: (transfer none): the subprotocol that the server chose
 */
const char *
kube_upgrade_get_protocol (KubeUpgrade *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->protocol;
}

/**
 * kube_upgrade_dup_rest:
 * @self: an upgrade that is done
 *
 * Returns: (transfer full): what the server sent after its answer: the begin of the first frames
 */
GBytes *
kube_upgrade_dup_rest (KubeUpgrade *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_bytes_new (self->received->data, self->received->len);
}

/**
 * kube_upgrade_dup_refusal:
 * @self: an upgrade that was refused
 *
 * Returns: (transfer full): the server's answer, its body in memory
 */
KubeResponse *
kube_upgrade_dup_refusal (KubeUpgrade *self)
{
  g_autoptr(GByteArray) body = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GInputStream) stream = NULL;

  g_return_val_if_fail (self != NULL && self->headers != NULL, NULL);

  body = g_byte_array_new ();
  if (is_chunked (self))
    is_chunked_whole (self->received, body);
  else
    g_byte_array_append (body, self->received->data, self->received->len);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  stream = g_memory_input_stream_new_from_bytes (bytes);

  return kube_response_new_from_headers (self->status, self->headers, stream);
}
