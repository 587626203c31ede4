/* test-upgrade.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-upgrade.h"

#define ACCEPT "\x01" /* stands for the right answer to the key */
#define SWITCH "HTTP/1.1 101 Switching Protocols\r\n"
#define GOOD "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " ACCEPT "\r\n"
#define V5 "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n"

static const char *const protocols[] = { "v5.channel.k8s.io", "v4.channel.k8s.io", NULL };

/* Answers; @detail is the subprotocol and what comes after it, the status and the body of a
 * refusal, or a part of the error. */
static const struct
{
  const char      *name;
  const char      *answer;
  KubeUpgradeState state;
  const char      *detail;
} cases[] = {
  { "good", SWITCH GOOD V5 "\r\n", KUBE_UPGRADE_DONE, "v5.channel.k8s.io " },
  { "first frame behind", SWITCH GOOD V5 "\r\n\x82\x01\x02", KUBE_UPGRADE_DONE,
    "v5.channel.k8s.io \x82\x01\x02" },
  { "older", SWITCH GOOD "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n", KUBE_UPGRADE_DONE,
    "v4.channel.k8s.io " },
  { "letters", "HTTP/1.1 101 x\r\nupgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n"
               "sec-websocket-accept: " ACCEPT "\r\n" V5 "\r\n",
    KUBE_UPGRADE_DONE, "v5.channel.k8s.io " },
  { "interim", "HTTP/1.1 100 Continue\r\n\r\n" SWITCH GOOD V5 "\r\n", KUBE_UPGRADE_DONE,
    "v5.channel.k8s.io " },
  { "no subprotocol", SWITCH GOOD "\r\n", KUBE_UPGRADE_FAILED, "none of the subprotocols" },
  { "other subprotocol", SWITCH GOOD "Sec-WebSocket-Protocol: chat\r\n\r\n", KUBE_UPGRADE_FAILED,
    "not offered" },
  { "extension", SWITCH GOOD V5 "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    KUBE_UPGRADE_FAILED, "extension" },
  { "wrong key", SWITCH "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" V5 "\r\n",
    KUBE_UPGRADE_FAILED, "another request" },
  { "no key", SWITCH "Upgrade: websocket\r\nConnection: Upgrade\r\n" V5 "\r\n",
    KUBE_UPGRADE_FAILED, "another request" },
  { "spdy", SWITCH "Upgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\n", KUBE_UPGRADE_FAILED,
    "something else" },
  { "refused", "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nhello", KUBE_UPGRADE_REFUSED,
    "403 hello" },
  { "empty", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", KUBE_UPGRADE_REFUSED, "403 " },
  { "chunks", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
              "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
    KUBE_UPGRADE_REFUSED, "404 hello world" },
  { "until the end", "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\nhello", KUBE_UPGRADE_REFUSED,
    "500 hello" },
  { "cut in the body", "HTTP/1.1 500 Oops\r\nContent-Length: 50\r\n\r\nhello",
    KUBE_UPGRADE_REFUSED, "500 hello" },
  { "cut in a chunk", "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhello",
    KUBE_UPGRADE_REFUSED, "500 hello" },
  { "broken chunk", "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
    KUBE_UPGRADE_REFUSED, "500 " },
  { "not upgraded", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", KUBE_UPGRADE_REFUSED,
    "200 hi" },
  { "cut in the head", "HTTP/1.1 101 Switch", KUBE_UPGRADE_FAILED, "cut" },
  { "nothing", "", KUBE_UPGRADE_FAILED, "cut" },
  { "no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", KUBE_UPGRADE_FAILED, "not HTTP" },
};

static GUri *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  GUri *uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, &error);

  g_assert_no_error (error);
  return uri;
}

static char *
build_request (KubeUpgrade *upgrade,
               const char  *text)
{
  g_autoptr(SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr(GUri) uri = parse (text);

  soup_message_headers_append (headers, "Authorization", "Bearer t");
  return kube_upgrade_dup_request (upgrade, uri, headers);
}

/* What a server answers to the key of @upgrade. */
static char *
get_accept (KubeUpgrade *upgrade)
{
  g_autofree char *request = build_request (upgrade, "https://h/");
  const char      *key = strstr (request, "Sec-WebSocket-Key: ") + strlen ("Sec-WebSocket-Key: ");
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize  size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, strstr (key, "\r\n") - key);
  g_checksum_update (checksum, (const guchar *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &size);

  return g_base64_encode (digest, size);
}

static KubeUpgradeState
feed (KubeUpgrade *upgrade,
      const char  *answer,
      gsize        size,
      GError     **error)
{
  KubeUpgradeState state = KUBE_UPGRADE_WAITING;
  gsize            length = strlen (answer);

  for (gsize at = 0; at < length && state == KUBE_UPGRADE_WAITING; at += size)
    {
      gsize              left = MIN (size, length - at);
      g_autofree guint8 *piece = g_memdup2 (answer + at, left);

      state = kube_upgrade_feed (upgrade, piece, left, error);
    }
  if (state == KUBE_UPGRADE_WAITING)
    state = kube_upgrade_feed (upgrade, NULL, 0, error);

  return state;
}

static char *
describe (KubeUpgrade     *upgrade,
          KubeUpgradeState state)
{
  g_autoptr(KubeResponse) refusal = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  if (state == KUBE_UPGRADE_DONE)
    {
      bytes = kube_upgrade_dup_rest (upgrade);
      return g_strdup_printf ("%s %.*s", kube_upgrade_get_protocol (upgrade),
                              (int) g_bytes_get_size (bytes),
                              g_bytes_get_size (bytes) > 0
                                  ? (const char *) g_bytes_get_data (bytes, NULL)
                                  : "");
    }

  refusal = kube_upgrade_dup_refusal (upgrade);
  bytes = g_input_stream_read_bytes (kube_response_get_body (refusal), 4096, NULL, &error);
  g_assert_no_error (error);
  return g_strdup_printf ("%u %.*s", kube_response_get_status (refusal),
                          (int) g_bytes_get_size (bytes),
                          g_bytes_get_size (bytes) > 0
                              ? (const char *) g_bytes_get_data (bytes, NULL)
                              : "");
}

static void
test_answer (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);

  for (gsize size = 1; size <= strlen (cases[index].answer) + 1; size += size < 40 ? 1 : 40)
    {
      g_autoptr(KubeUpgrade) upgrade = kube_upgrade_new (protocols);
      g_autofree char *accept = get_accept (upgrade);
      g_auto(GStrv) parts = g_strsplit (cases[index].answer, ACCEPT "\r\n", 2);
      g_autofree char *tail = parts[0] != NULL && parts[1] != NULL
                                  ? g_strconcat (accept, "\r\n", parts[1], NULL)
                                  : NULL;
      g_autofree char *answer = g_strconcat (parts[0] != NULL ? parts[0] : "", tail, NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *seen = NULL;
      KubeUpgradeState state = feed (upgrade, answer, size, &error);

      g_assert_cmpint (state, ==, cases[index].state);
      if (state == KUBE_UPGRADE_FAILED)
        {
          g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
          g_assert_nonnull (strstr (error->message, cases[index].detail));
          continue;
        }
      g_assert_no_error (error);
      seen = describe (upgrade, state);
      /* What lies behind the head may come later. */
      if (state == KUBE_UPGRADE_DONE)
        g_assert_true (g_str_has_prefix (cases[index].detail, seen));
      else
        g_assert_cmpstr (seen, ==, cases[index].detail);
      if (size > strlen (cases[index].answer))
        g_assert_cmpstr (seen, ==, cases[index].detail);
    }
}

static void
test_endless_head (void)
{
  g_autoptr(KubeUpgrade) upgrade = kube_upgrade_new (protocols);
  g_autoptr(GError) error = NULL;
  guint8           line[1024];
  KubeUpgradeState state;
  guint            n_lines = 0;

  memset (line, 'x', sizeof line);
  do
    state = kube_upgrade_feed (upgrade, line, sizeof line, &error);
  while (state == KUBE_UPGRADE_WAITING && ++n_lines < 1000);
  g_assert_cmpint (state, ==, KUBE_UPGRADE_FAILED);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_assert_cmpuint (n_lines, ==, 64);
}

static void
test_request (void)
{
  const struct
  {
    const char *uri;
    const char *line;
    const char *host;
  } requests[] = {
    { "https://h:6443/api/v1/x/exec?command=a%20b&command=%26", "GET /api/v1/x/exec?command=a%20b&"
                                                                "command=%26 HTTP/1.1\r\n",
      "\r\nHost: h:6443\r\n" },
    { "https://[::1]:6443/p", "GET /p HTTP/1.1\r\n", "\r\nHost: [::1]:6443\r\n" },
    { "https://h", "GET / HTTP/1.1\r\n", "\r\nHost: h\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(KubeUpgrade) upgrade = kube_upgrade_new (protocols);
      g_autofree char *request = build_request (upgrade, requests[i].uri);

      g_assert_true (g_str_has_prefix (request, requests[i].line));
      g_assert_nonnull (strstr (request, requests[i].host));
      g_assert_nonnull (strstr (request, "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"));
      g_assert_nonnull (strstr (request, "\r\nSec-WebSocket-Version: 13\r\n"));
      g_assert_nonnull (strstr (request, "\r\nSec-WebSocket-Protocol: v5.channel.k8s.io, "
                                         "v4.channel.k8s.io\r\n"));
      g_assert_true (g_str_has_suffix (request, "\r\nAuthorization: Bearer t\r\n\r\n"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/upgrade/answer/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_answer);
    }
  g_test_add_func ("/kube/upgrade/endless-head", test_endless_head);
  g_test_add_func ("/kube/upgrade/request", test_request);

  return g_test_run ();
}
