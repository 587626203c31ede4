/* test-fault-call.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whole answers that fail: each is told as what it is, or asked for again. */

#include <string.h>

#include "base-json.h"
#include "client-fixture.h"
#include "fault-fixture.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "kube-pages.h"

#define SUCCESS -1
#define FILLER (4 * 1000 * 1000)
#define OK "HTTP/1.1 200 OK\r\n"
#define JSON "Content-Type: application/json\r\n"
#define BODY(length, text) "Content-Length: " #length "\r\n\r\n" text
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{}," \
                                    "\"status\":\"Failure\",\"message\":\"" words "\",\"reason\":\"" reason "\",\"code\":" #code "}"
#define HTML "<!DOCTYPE html><html><head><title>Sign in</title><style>p{}</style></head>" \
             "<body><h1>Hotel network</h1></body></html>"
#define TOO_MANY "HTTP/1.1 429 Too Many Requests\r\n"
#define VERSION "{\"gitVersion\":\"v1.36.3\"}"

/* Of GET /version, whose answer has a length. */
static const struct
{
  FaultPlace place;
  guint      nth;
} places[] = {
  { FAULT_BEFORE_ANSWER, 0 },
  { FAULT_IN_STATUS_LINE, 3 },
  { FAULT_IN_STATUS_LINE, 14 },
  { FAULT_IN_HEADER_NAME, 4 },
  { FAULT_IN_HEADER_VALUE, 8 },
  { FAULT_BEFORE_BODY, 0 },
  { FAULT_IN_BODY, 0 },
  { FAULT_IN_STRING, 5 },
  { FAULT_IN_ESCAPE, 3 },
  { FAULT_IN_UTF8, 0 },
  { FAULT_IN_UTF8, 3 },
  { FAULT_IN_NUMBER, 2 },
};

/* Of the second page of a list, which comes in chunks. */
static const struct
{
  FaultPlace place;
  guint      nth;
} chunked_places[] = {
  { FAULT_BEFORE_BODY, 0 },
  { FAULT_IN_CHUNK_SIZE, 0 },
  { FAULT_IN_CHUNK_SIZE, 4 },
  { FAULT_IN_CHUNK_DATA, 0 },
  { FAULT_IN_CHUNK_DATA, 299 },
  { FAULT_IN_CHUNK_END, 1 },
  { FAULT_BETWEEN_CHUNKS, 0 },
  { FAULT_IN_LAST_CHUNK, 0 },
  { FAULT_IN_LAST_CHUNK, 1 },
  { FAULT_IN_LAST_CHUNK, 2 },
  { FAULT_IN_UTF8, 1 },
  { FAULT_IN_ESCAPE, 5 },
  { FAULT_IN_NUMBER, 1 },
};

static const struct
{
  FaultAction action;
  const char *name;
} cuts[] = {
  { FAULT_CUT, "cut" },
  { FAULT_CLOSE, "close" },
  { FAULT_RESET, "reset" },
  { FAULT_POISON, "poison" },
};

/* What stands in for the answer to GET /version; and what comes of it. */
static const struct
{
  const char *name;
  const char *answer;
  int         code;
  const char *text;
} answers[] = {
  { "gone", "HTTP/1.1 410 Gone\r\n" JSON "Connection: close\r\n\r\n" STATUS (410, "Expired", "The resourceVersion is too old."),
    KUBE_ERROR_EXPIRED, "The resourceVersion is too old" },
  { "internal-error", "HTTP/1.1 500 Internal Server Error\r\n" JSON "\r\n" STATUS (500, "InternalError", "etcdserver: request timed out"),
    KUBE_ERROR_SERVER, "etcdserver: request timed out" },
  { "unavailable-page", "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n" HTML,
    KUBE_ERROR_UNAVAILABLE, "Hotel network" },
  { "gateway-timeout-empty", "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n",
    KUBE_ERROR_TIMEOUT, "HTTP 504" },
  { "sign-in-page", OK "Content-Type: text/html; charset=utf-8\r\n\r\n" HTML, KUBE_ERROR_PROTOCOL,
    "“Sign in Hotel network”" },
  { "page-as-json", OK JSON "\r\n" HTML, KUBE_ERROR_PROTOCOL, "“Sign in Hotel network”" },
  { "text-as-json", OK JSON "\r\nplease wait", KUBE_ERROR_PROTOCOL, "damaged" },
  { "page-without-type", OK "\r\n" HTML, KUBE_ERROR_PROTOCOL, "Hotel network" },
  { "nothing-as-json", OK JSON BODY (0, ""), KUBE_ERROR_UNREACHABLE, "is empty" },
  { "no-content", "HTTP/1.1 204 No Content\r\n\r\n", KUBE_ERROR_PROTOCOL, "" },
  { "length-too-long", OK JSON BODY (9999, VERSION), KUBE_ERROR_UNREACHABLE, "was cut" },
  { "length-too-short", OK JSON BODY (12, VERSION), KUBE_ERROR_UNREACHABLE, "ends in the middle" },
  { "length-no-number", OK JSON BODY (some, VERSION), KUBE_ERROR_PROTOCOL, "not HTTP" },
  { "chunk-size-no-number", OK JSON "Transfer-Encoding: chunked\r\n\r\nzz\r\n" VERSION, KUBE_ERROR_UNREACHABLE, "is empty" },
  { "chunk-size-vast", OK JSON "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" VERSION, KUBE_ERROR_UNREACHABLE, "is empty" },
  { "encoding-unknown", OK JSON "Content-Encoding: zstd\r\n\r\n\x28\xb5\x2f\xfd\x04", KUBE_ERROR_PROTOCOL, "compressed in a way that nobody asked for" },
  { "another-protocol", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", KUBE_ERROR_PROTOCOL, "not HTTP" },
  { "status-no-number", "HTTP/1.1 fine\r\n" JSON "\r\n" VERSION, KUBE_ERROR_PROTOCOL, "not HTTP" },
  { "status-999", "HTTP/1.1 999 Odd\r\n" JSON "\r\n" VERSION, KUBE_ERROR_SERVER, "999" },
  { "header-without-colon", OK JSON "nonsense\r\n\r\n" VERSION, SUCCESS, "v1.36.3" },
  { "http-1.0", "HTTP/1.0 200 OK\r\n" JSON "\r\n" VERSION, SUCCESS, "v1.36.3" },
  { "continue-first", "HTTP/1.1 100 Continue\r\n\r\n" OK JSON "\r\n" VERSION, SUCCESS, "v1.36.3" },
  { "upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: spdy\r\nConnection: Upgrade\r\n\r\n",
    KUBE_ERROR_UNREACHABLE, "was cut" },
  { "redirect", "HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\n" BODY (0, ""),
    KUBE_ERROR_FAILED, "302" },
  { "not-utf8", OK JSON "\r\n{\"gitVersion\":\"\xff\xfe\"}", KUBE_ERROR_PROTOCOL, "damaged" },
  { "two-values", OK JSON "\r\n" VERSION VERSION, KUBE_ERROR_PROTOCOL, "damaged" },
  { "drip", NULL, SUCCESS, "v1.36.3" },
};

static char *
describe (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) ? json_node_dup_string (node)
                                      : base_json_print (node, FALSE);
}

static void
check_outcome (FaultFixture *fixture,
               JsonNode     *node,
               const GError *error,
               int           code,
               const char   *text)
{
  g_autofree char *answer = node != NULL ? describe (node) : NULL;

  g_assert_cmpuint (fault_proxy_count_hits (fixture->proxy), >, 0);
  if (code == SUCCESS)
    {
      g_assert_no_error (error);
      g_assert_nonnull (strstr (answer, text));
      return;
    }

  if (error == NULL)
    g_error ("succeeded: %s", answer);
  if (!g_error_matches (error, KUBE_ERROR, code) || strstr (error->message, text) == NULL)
    g_error ("not error %d with “%s”: %s %d: %s", code, text, g_quark_to_string (error->domain),
             error->code, error->message);
  fault_assert_for_people (error->message);
}

/* A head that ends in good order, but too early, is not HTTP to libsoup. */
static int
get_cut_code (const Fault *fault)
{
  return fault->action == FAULT_CLOSE && fault->place > FAULT_BEFORE_ANSWER &&
                 fault->place < FAULT_BEFORE_BODY
             ? KUBE_ERROR_PROTOCOL
             : KUBE_ERROR_UNREACHABLE;
}

/* A connection that has served before is one that a server may have closed in the meantime. */
static void
try_cut (const Fault *fault,
         gboolean     kept_alive)
{
  FaultFixture fixture = { NULL };
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  if (kept_alive)
    {
      g_autoptr(JsonNode) first = call_path (fixture.client, "/version", &error);

      g_assert_no_error (error);
    }
  fault_proxy_add (fixture.proxy, fault);
  node = call_path (fixture.client, "/version", &error);
  check_outcome (&fixture, node, error, get_cut_code (fault), "127.0.0.1");

  /* The next one is as good as any. */
  fault_proxy_clear (fixture.proxy);
  g_clear_error (&error);
  g_clear_pointer (&node, json_node_unref);
  node = call_path (fixture.client, "/version", &error);
  check_outcome (&fixture, node, error, SUCCESS, "v1.36.3");
  fault_fixture_tear_down (&fixture);
}

static void
test_cut (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      Fault fault = { "GET /version", cuts[i].action, places[index].place, places[index].nth,
                      0, 0, NULL, 0 };

      g_test_message ("%s", cuts[i].name);
      try_cut (&fault, FALSE);
      try_cut (&fault, TRUE);
    }
}

static void
test_stall (gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  FaultFixture fixture = { NULL };
  Fault        fault = { "GET /version", FAULT_STALL, places[index].place, places[index].nth, 0, 0,
                         NULL, 0 };
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  _kube_client_set_silence (fixture.client, 1);
  fault_proxy_add (fixture.proxy, &fault);
  node = call_path (fixture.client, "/version", &error);
  check_outcome (&fixture, node, error, KUBE_ERROR_TIMEOUT, "within 1 second");
  fault_fixture_tear_down (&fixture);
}

static void
on_call_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  await_cb (source_object, result, user_data);
}

/* Somebody gives up while it stalls. */
static void
test_cancel (gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  FaultFixture fixture = { NULL };
  Fault        fault = { "GET /version", FAULT_STALL, places[index].place, places[index].nth, 0, 0,
                         NULL, 0 };
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/version");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  fault_proxy_add (fixture.proxy, &fault);
  kube_client_call_async (fixture.client, request, cancellable, on_call_cb, &result);
  FAULT_WAIT (fault_proxy_count_hits (fixture.proxy) > 0);
  g_cancellable_cancel (cancellable);
  node = kube_client_call_finish (fixture.client, await (&result), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  fault_fixture_tear_down (&fixture);
}

static void
test_answer (gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  FaultFixture fixture = { NULL };
  Fault        fault = { "GET /version", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0,
                         answers[index].answer, 0 };
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  if (answers[index].answer == NULL)
    fault.action = FAULT_DRIP;
  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  fault_proxy_add (fixture.proxy, &fault);
  node = call_path (fixture.client, "/version", &error);
  check_outcome (&fixture, node, error, answers[index].code, answers[index].text);
  fault_fixture_tear_down (&fixture);
}

static GByteArray *
compress (const char *text)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GError) error = NULL;
  gsize n_read;
  gsize n_written;

  g_byte_array_set_size (bytes, 4096);
  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), text, strlen (text), bytes->data,
                                        bytes->len, G_CONVERTER_INPUT_AT_END, &n_read, &n_written,
                                        &error),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_set_size (bytes, (guint) n_written);

  return g_steal_pointer (&bytes);
}

/* @damage: 0: none, 1: the end is missing, 2: the sum is wrong, 3: a byte is another one,
 * 4: more comes after the end */
static void
test_gzip (gconstpointer data)
{
  static const char *const texts[] = { "v1.36.3", "in the middle", "damaged", "damaged", "damaged" };
  static const int         codes[] = { SUCCESS, KUBE_ERROR_UNREACHABLE, KUBE_ERROR_PROTOCOL,
                                       KUBE_ERROR_PROTOCOL, KUBE_ERROR_PROTOCOL };
  guint                    damage = GPOINTER_TO_UINT (data);
  FaultFixture             fixture = { NULL };
  g_autoptr(GByteArray) body = compress (VERSION);
  g_autoptr(GString) answer = g_string_new (OK JSON "Content-Encoding: gzip\r\n");
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  Fault fault = { "GET /version", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0, NULL, 0 };

  if (damage == 1)
    g_byte_array_set_size (body, body->len / 2);
  else if (damage == 2)
    body->data[body->len - 6] ^= 0x55;
  else if (damage == 3)
    body->data[body->len / 2] ^= 0xff;
  else if (damage == 4)
    g_byte_array_append (body, (const guint8 *) "more", 4);
  g_string_append_printf (answer, "Content-Length: %u\r\n\r\n", body->len);
  g_string_append_len (answer, (const char *) body->data, body->len);
  fault.text = answer->str;
  fault.length = (gssize) answer->len;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  fault_proxy_add (fixture.proxy, &fault);
  node = call_path (fixture.client, "/version", &error);
  if (damage == 4 && node != NULL)
    damage = 0;
  check_outcome (&fixture, node, error, codes[damage], texts[damage]);
  fault_fixture_tear_down (&fixture);
}

/* What takes more memory or stack than an answer should. */
static void
test_vast (gconstpointer data)
{
  gboolean     header = GPOINTER_TO_INT (data);
  FaultFixture fixture = { NULL };
  g_autoptr(GString) answer = g_string_new (OK JSON);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  Fault fault = { "GET /version", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0, NULL, 0 };

  if (header)
    g_string_append (answer, "X-Filler: ");
  else
    g_string_append (answer, "\r\n");
  for (guint i = 0; i < FILLER; i++)
    g_string_append_c (answer, header ? 'x' : '[');
  for (guint i = 0; i < FILLER && !header; i++)
    g_string_append_c (answer, ']');
  if (header)
    g_string_append (answer, "\r\n\r\n" VERSION);
  fault.text = answer->str;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  fault_proxy_add (fixture.proxy, &fault);
  node = call_path (fixture.client, "/version", &error);
  check_outcome (&fixture, node, error, header ? KUBE_ERROR_UNREACHABLE : KUBE_ERROR_PROTOCOL, "");
  fault_fixture_tear_down (&fixture);
}

/* 429 and its time to wait, which here is none or a second. */
static void
test_busy (void)
{
  static const struct
  {
    const char *answer;
    gboolean    repeated;
  } busy[] = {
    { TOO_MANY "Content-Type: text/plain\r\nRetry-After: 1\r\n\r\nToo many requests, please try again later.", TRUE },
    { TOO_MANY JSON "Retry-After: 1\r\n\r\n" STATUS (429, "TooManyRequests", "The request has been throttled."), TRUE },
    { "HTTP/1.1 503 Service Unavailable\r\n" JSON "Retry-After: 1\r\n\r\n" STATUS (503, "ServiceUnavailable", "not yet"), TRUE },
    { TOO_MANY "Content-Type: text/plain\r\nRetry-After: soon\r\n\r\nToo many requests", FALSE },
    { TOO_MANY "Content-Type: text/plain\r\n\r\nToo many requests", FALSE },
    { TOO_MANY "Content-Type: text/plain\r\nRetry-After: -7\r\n\r\nToo many requests", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (busy); i++)
    {
      FaultFixture fixture = { NULL };
      Fault        fault = { "GET /version", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1,
                             busy[i].answer, 0 };
      g_autoptr(JsonNode) node = NULL;
      g_autoptr(GError) error = NULL;

      fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
      fault_proxy_add (fixture.proxy, &fault);
      node = call_path (fixture.client, "/version", &error);
      check_outcome (&fixture, node, error,
                     busy[i].repeated ? SUCCESS : KUBE_ERROR_TOO_MANY_REQUESTS,
                     busy[i].repeated ? "v1.36.3" : "Too many requests");
      g_assert_cmpuint (fault_proxy_count (fixture.proxy, "GET /version"), ==,
                        busy[i].repeated ? 2 : 1);
      fault_fixture_tear_down (&fixture);
    }
}

static void
take_name (JsonNode *item,
           gpointer  names)
{
  g_string_append_printf (names, "%s ", base_json_get_string (item, "metadata", "name", NULL));
}

static void
forget_names (gpointer names)
{
  g_string_truncate (names, 0);
}

static const KubeListFuncs name_funcs = { .item = take_name, .restart = forget_names };

/* The names of the objects, each with a space behind it. */
static char *
read_pages (FaultFixture *fixture,
            GError      **error)
{
  const KubePagesQuery query = { .resource = &KUBE_POD, .namespace_ = "shop" };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  g_autofree char *version = NULL;

  kube_pages_read_async (fixture->client, &query, &name_funcs, names, NULL, await_cb, &result);
  version = kube_pages_read_finish (fixture->client, await (&result), error);

  return version != NULL ? g_strdup (names->str) : NULL;
}

static void
set_up_pods (FaultFixture *fixture)
{
  fault_fixture_set_up (fixture, TRUE, g_test_get_path ());
  fault_cluster_put (fixture->cluster, "a");
  fault_cluster_put (fixture->cluster, "b");
  fault_cluster_put (fixture->cluster, "c");
}

static void
test_page_cut (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      FaultFixture     fixture = { NULL };
      Fault            fault = { "GET *&continue=*", cuts[i].action, chunked_places[index].place,
                                 chunked_places[index].nth, 0, 0, NULL, 0 };
      g_autofree char *names = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cuts[i].name);
      set_up_pods (&fixture);
      fault_proxy_add (fixture.proxy, &fault);
      names = read_pages (&fixture, &error);
      /* Without the end of the last chunk all is there. */
      if (fault.place != FAULT_IN_LAST_CHUNK || names == NULL)
        check_outcome (&fixture, NULL, error, KUBE_ERROR_UNREACHABLE, "");
      else
        g_assert_cmpstr (names, ==, "a b c ");
      fault_fixture_tear_down (&fixture);
    }
}

/* The moment of the first page is forgotten when the second is asked for. */
static void
test_page_gone (void)
{
  FaultFixture         fixture = { NULL };
  Fault                fault = { "GET *&continue=*", FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 0, 1, NULL, 0 };
  const KubePagesQuery query = { .resource = &KUBE_POD, .namespace_ = "shop" };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *version = NULL;

  set_up_pods (&fixture);
  fault_proxy_add (fixture.proxy, &fault);
  kube_pages_read_async (fixture.client, &query, &name_funcs, names, NULL, await_cb, &result);
  FAULT_WAIT (fault_proxy_count_hits (fixture.proxy) > 0);
  fault_cluster_put (fixture.cluster, "d");
  fault_proxy_release (fixture.proxy);
  version = kube_pages_read_finish (fixture.client, await (&result), &error);
  g_assert_no_error (error);
  g_assert_nonnull (version);
  g_assert_cmpstr (names->str, ==, "a b c d ");
  g_clear_object (&result);
  fault_fixture_tear_down (&fixture);
}

/* What is no list must not pass as an empty one. */
static void
test_page_no_list (void)
{
  static const char *const odd[] = {
    OK "Content-Type: text/plain\r\n\r\nok",
    OK JSON "\r\n{}",
    OK JSON "\r\n[]",
    OK JSON "\r\nnull",
    OK JSON "\r\n{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}",
    OK JSON "\r\n{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":7}",
    OK JSON "\r\n{\"error\":\"Sign in first\"}",
    OK JSON "\r\n" STATUS (200, "", "fine"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      FaultFixture     fixture = { NULL };
      Fault            fault = { "GET *limit=*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, i % 2, 0,
                                 odd[i], 0 };
      g_autofree char *names = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", odd[i]);
      set_up_pods (&fixture);
      fault_proxy_add (fixture.proxy, &fault);
      names = read_pages (&fixture, &error);
      check_outcome (&fixture, NULL, error, KUBE_ERROR_PROTOCOL, "");
      fault_fixture_tear_down (&fixture);
    }
}

/* Whether it was applied is not known, so it is for the caller to look. */
static void
test_apply (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      FaultFixture fixture = { NULL };
      Fault        fault = { "PATCH *", cuts[i].action, places[index].place, places[index].nth, 0, 0,
                             NULL, 0 };
      g_autoptr(JsonNode) object = NULL;
      g_autoptr(JsonNode) node = NULL;
      g_autoptr(JsonNode) kept = NULL;
      g_autoptr(GError) error = NULL;

      object = json_from_string ("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
                                 "\"name\":\"menu\",\"namespace\":\"shop\",\"generation\":123456},"
                                 "\"data\":{\"soup\":\"größe 🍝\",\"quote\":\"\\\"\\\"\\\"\\\"\"}}",
                                 NULL);
      fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
      /* On a connection that is kept, too: what changes something is sent once. */
      node = call_path (fixture.client, "/version", &error);
      g_assert_no_error (error);
      g_clear_pointer (&node, json_node_unref);
      fault_proxy_add (fixture.proxy, &fault);
      node = call (fixture.client, kube_request_new_apply (object, "test", 0, NULL), &error);
      check_outcome (&fixture, node, error, get_cut_code (&fault), "127.0.0.1");
      g_assert_cmpuint (fault_proxy_count (fixture.proxy, "PATCH *"), ==, 1);
      g_assert_nonnull (strstr (error->message, "look before you make it again"));

      g_clear_error (&error);
      kept = call_path (fixture.client, "/api/v1/namespaces/shop/configmaps/menu", &error);
      if (places[index].place == FAULT_BEFORE_ANSWER)
        g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
      else
        g_assert_cmpstr (base_json_get_string (kept, "metadata", "name", NULL), ==, "menu");
      fault_fixture_tear_down (&fixture);
    }
}

static void
add_places (const char       *prefix,
            GTestDataFunc     function,
            const FaultPlace *first,
            gsize             stride,
            guint             n)
{
  for (guint i = 0; i < n; i++)
    {
      FaultPlace       place = *(const FaultPlace *) ((const char *) first + i * stride);
      g_autofree char *path = g_strdup_printf ("/fault/call/%s/%s-%u", prefix,
                                               fault_place_get_name (place), i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), function);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const damages[] = { "whole", "truncated", "sum", "garbled", "more" };
  int                      status;

  g_test_init (&argc, &argv, NULL);
  if (!fault_fixture_begin ())
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  add_places ("cut", test_cut, &places[0].place, sizeof places[0], G_N_ELEMENTS (places));
  add_places ("stall", test_stall, &places[0].place, sizeof places[0], G_N_ELEMENTS (places));
  add_places ("cancel", test_cancel, &places[0].place, sizeof places[0], G_N_ELEMENTS (places));
  add_places ("apply", test_apply, &places[0].place, sizeof places[0], G_N_ELEMENTS (places));
  add_places ("page", test_page_cut, &chunked_places[0].place, sizeof chunked_places[0],
              G_N_ELEMENTS (chunked_places));
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/call/answer/", answers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_answer);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/call/gzip/", damages[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_gzip);
    }
  g_test_add_data_func ("/fault/call/vast/header", GINT_TO_POINTER (TRUE), test_vast);
  g_test_add_data_func ("/fault/call/vast/depth", GINT_TO_POINTER (FALSE), test_vast);
  g_test_add_func ("/fault/call/busy", test_busy);
  g_test_add_func ("/fault/call/page-gone", test_page_gone);
  g_test_add_func ("/fault/call/page-no-list", test_page_no_list);
  status = g_test_run ();
  fault_fixture_end ();

  return status;
}
