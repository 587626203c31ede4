/* test-compression.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "await.h"
#include "base-json.h"
#include "fake-server.h"
#include "kube-error.h"

/* Every address of this machine, which is none of the loopback network by its number. */
#define ELSEWHERE "0.0.0.0"

static GBytes *
compress (const char *text)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autofree guint8 *buffer = g_malloc (65536);
  g_autoptr(GError) error = NULL;
  gsize n_read;
  gsize n_written;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), text, strlen (text), buffer, 65536,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, &error),
                   ==, G_CONVERTER_FINISHED);

  return g_bytes_new (buffer, n_written);
}

static JsonNode *
finish_text (KubeClient    *client,
             FakeExchange  *exchange,
             GBytes        *body,
             GAsyncResult **result,
             GError       **error)
{
  fake_exchange_add_header (exchange, "Content-Encoding", "gzip");
  fake_exchange_reply_bytes (exchange, 200, "text/plain", body);

  return kube_client_call_finish (client, await (result), error);
}

static JsonNode *
finish (KubeClient    *client,
        FakeExchange  *exchange,
        GBytes        *body,
        GAsyncResult **result,
        GError       **error)
{
  fake_exchange_add_header (exchange, "Content-Encoding", "gzip");
  fake_exchange_reply_bytes (exchange, 200, "application/json", body);

  return kube_client_call_finish (client, await (result), error);
}

/* What is asked for, by where the server is and what the kubeconfig says. */
static void
test_choice (void)
{
  static const struct
  {
    const char *host;
    const char *settings;
    const char *encoding;
  } rows[] = {
    { "127.0.0.1", "", "identity" },
    { "localhost", "", "identity" },
    { ELSEWHERE, "", "gzip" },
    { ELSEWHERE, ", disable-compression: true", "identity" },
    { ELSEWHERE, ", disable-compression: false", "gzip" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(FakeServer) server = fake_server_new ();
      g_autoptr(KubeClient) client = fake_server_connect_at (server, rows[i].host, rows[i].settings);
      g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
      g_autoptr(GBytes) body = compress ("{\"a\":1}");
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;
      FakeExchange *exchange;

      g_test_message ("%s%s", rows[i].host, rows[i].settings);
      kube_client_call_async (client, request, NULL, await_cb, &result);
      exchange = fake_server_expect (server, "/a*");
      g_assert_cmpstr (fake_exchange_get_header (exchange, "Accept-Encoding"), ==, rows[i].encoding);

      /* Somebody may compress who was not asked to. */
      node = finish (client, exchange, body, &result, &error);
      g_assert_no_error (error);
      g_assert_cmpint (base_json_get_int (node, 0, "a", NULL), ==, 1);
    }
}

static void
test_streams (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect_at (server, ELSEWHERE, "");
  KubeRequest *requests[] = {
    kube_request_new_watch (&KUBE_POD, "n", KUBE_FORM_OBJECT, NULL, NULL, 0),
    kube_request_new_log ("n", "p", NULL, TRUE, FALSE, FALSE, -1, NULL),
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(KubeRequest) request = requests[i];
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GInputStream) stream = NULL;
      g_autoptr(GError) error = NULL;
      FakeExchange *exchange;

      kube_client_stream_async (client, request, NULL, await_cb, &result);
      exchange = fake_server_expect (server, "*");
      g_assert_cmpstr (fake_exchange_get_header (exchange, "Accept-Encoding"), ==, "identity");
      fake_exchange_reply (exchange, 200, "application/json", "{}");
      stream = kube_client_stream_finish (client, await (&result), &error);
      g_assert_no_error (error);
    }
}

/* An answer that ends too early is never taken for a whole one, wherever it ends: not even where
 * only the sum at the end is missing. */
static void
test_cut_short (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect_at (server, ELSEWHERE, "");
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
  g_autoptr(GBytes) body = compress ("{\"kind\":\"PodList\",\"items\":[{},{},{}]}");
  gsize size = g_bytes_get_size (body);

  for (gsize length = 0; length <= size; length++)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (body, 0, length);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;

      kube_client_call_async (client, request, NULL, await_cb, &result);
      node = finish (client, fake_server_expect (server, "/a*"), part, &result, &error);
      if (length == size)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (json_array_get_length (base_json_get_array (node, "items", NULL)), ==, 3);
          continue;
        }
      g_test_message ("%u of %u bytes: %s", (guint) length, (guint) size,
                      error != NULL ? error->message : "no error");
      g_assert_null (node);
      g_assert_true (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
                     g_error_matches (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL));
    }
}

/* As before, of an answer whose own form does not tell that something is missing. */
static void
test_text_cut_short (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect_at (server, ELSEWHERE, "");
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
  g_autoptr(GBytes) body = compress ("[+]ping ok\n[+]etcd ok\nreadyz check passed\n");
  gsize size = g_bytes_get_size (body);

  for (gsize length = 0; length < size; length++)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (body, 0, length);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;

      kube_client_call_async (client, request, NULL, await_cb, &result);
      node = finish_text (client, fake_server_expect (server, "/a*"), part, &result, &error);
      g_test_message ("%u of %u bytes", (guint) length, (guint) size);
      g_assert_null (node);
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
    }
}

/* Members one after the other are one text (RFC 1952, 2.2). */
static void
test_members (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect_at (server, ELSEWHERE, "");
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
  g_autoptr(GBytes) first = compress ("{\"a\":");
  g_autoptr(GBytes) second = compress ("12}");
  g_autoptr(GByteArray) both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  g_byte_array_append (both, g_bytes_get_data (second, NULL), g_bytes_get_size (second));
  g_byte_array_append (both, (const guint8 *) "x", 1);
  for (guint rest = 0; rest < 2; rest++)
    {
      g_autoptr(GBytes) body = g_bytes_new (both->data, both->len - 1 + rest);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;

      kube_client_call_async (client, request, NULL, await_cb, &result);
      node = finish (client, fake_server_expect (server, "/a*"), body, &result, &error);
      if (rest == 0)
        g_assert_no_error (error);
      else
        g_assert_true (error->domain == KUBE_ERROR);
      g_assert_cmpint (base_json_get_int (node, 0, "a", NULL), ==, rest == 0 ? 12 : 0);
    }
}

static void
test_other_encoding (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect (server);
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  FakeExchange *exchange;

  kube_client_call_async (client, request, NULL, await_cb, &result);
  exchange = fake_server_expect (server, "/a*");
  fake_exchange_add_header (exchange, "Content-Encoding", "br");
  fake_exchange_reply (exchange, 200, "application/json", "{}");
  g_assert_null (kube_client_call_finish (client, await (&result), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "“br”"));
}

/* Larger than any piece that is read at once. */
static void
test_large (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect_at (server, ELSEWHERE, "");
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/a");
  g_autofree char *words = g_strnfill (3000000, 'x');
  g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", words);
  g_autoptr(GBytes) body = compress (text);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  kube_client_call_async (client, request, NULL, await_cb, &result);
  node = finish (client, fake_server_expect (server, "/a*"), body, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (node, "a", NULL), ==, words);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/compression/choice", test_choice);
  g_test_add_func ("/kube/compression/streams", test_streams);
  g_test_add_func ("/kube/compression/cut-short", test_cut_short);
  g_test_add_func ("/kube/compression/text-cut-short", test_text_cut_short);
  g_test_add_func ("/kube/compression/members", test_members);
  g_test_add_func ("/kube/compression/other-encoding", test_other_encoding);
  g_test_add_func ("/kube/compression/large", test_large);

  return g_test_run ();
}
