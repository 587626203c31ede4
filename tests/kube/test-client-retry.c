/* test-client-retry.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "await.h"
#include "base-json.h"
#include "fake-server.h"
#include "kube-error.h"

typedef struct
{
  FakeServer   *server;
  KubeClient   *client;
  GCancellable *cancellable;
  GAsyncResult *result; /* (nullable) of the call under way */
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->cancellable = g_cancellable_new ();
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&fixture->client);
  fake_server_free (fixture->server);
}

/* Takes the request. */
static void
begin (Fixture     *fixture,
       KubeRequest *request)
{
  g_autoptr(KubeRequest) owned = request;

  kube_client_call_async (fixture->client, request, fixture->cancellable, await_cb,
                          &fixture->result);
}

static JsonNode *
finish (Fixture *fixture,
        GError **error)
{
  return kube_client_call_finish (fixture->client, await (&fixture->result), error);
}

static void
reply_busy (Fixture    *fixture,
            guint       status,
            const char *retry_after)
{
  FakeExchange *exchange = fake_server_expect (fixture->server, "*");

  if (retry_after != NULL)
    fake_exchange_add_header (exchange, "Retry-After", retry_after);
  fake_exchange_reply (exchange, status, "text/plain", "busy");
}

static void
reply_well (Fixture *fixture)
{
  fake_exchange_reply (fake_server_expect (fixture->server, "*"), 200, "application/json", "{}");
}

static void
test_again (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  begin (fixture, kube_request_new ("GET", "/a"));
  reply_busy (fixture, 429, "0");
  reply_busy (fixture, 503, "Sun, 06 Nov 1994 08:49:37 GMT");
  reply_busy (fixture, 500, "0");
  reply_well (fixture);
  node = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 4);
}

/* What changes something is put off, too, and sent once more as it was. */
static void
test_change (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr(JsonNode) node = NULL;
  KubeRequest  *request = kube_request_new ("POST", "/a");
  FakeExchange *exchange;

  kube_request_set_body (request, "application/json", body);
  begin (fixture, request);
  reply_busy (fixture, 429, "0");
  exchange = fake_server_expect (fixture->server, "/a*");
  g_assert_cmpstr (fake_exchange_get_method (exchange), ==, "POST");
  g_assert_cmpuint (fake_exchange_get_body_size (exchange), ==, 7);
  fake_exchange_reply (exchange, 201, "application/json", "{}");
  node = finish (fixture, &error);
  g_assert_no_error (error);
}

static void
test_no_time (Fixture      *fixture,
              gconstpointer data)
{
  static const guint       statuses[] = { 429, 500, 503, 429 };
  static const char *const times[] = { NULL, NULL, NULL, "soon" };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GError) error = NULL;

      begin (fixture, kube_request_new ("GET", "/a"));
      reply_busy (fixture, statuses[i], times[i]);
      g_assert_null (finish (fixture, &error));
      g_assert_cmpuint (kube_error_get_http_status (error), ==, statuses[i]);
      g_assert_null (strstr (error->message, "It was tried"));
      g_clear_object (&fixture->result);
      g_assert_cmpuint (fake_server_count (fixture->server), ==, i + 1);
    }
}

/* The second answer asks for more time than people would wait. */
static void
test_end (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  begin (fixture, kube_request_new ("GET", "/a"));
  reply_busy (fixture, 429, "0");
  reply_busy (fixture, 429, "3600");
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_TOO_MANY_REQUESTS);
  g_assert_cmpstr (error->message, ==,
                   "The cluster is busy: busy. Try again in 3600 seconds. It was tried 2 times, "
                   "with 1 second of waiting.");
  g_assert_cmpuint (kube_error_get_retry_after (error), ==, 3600);
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 2);
}

/* In the middle of the waiting. */
static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  FakeExchange *exchange;

  begin (fixture, kube_request_new ("GET", "/a"));
  exchange = fake_server_expect (fixture->server, "/a*");
  fake_exchange_add_header (exchange, "Retry-After", "40");
  fake_exchange_reply (exchange, 429, "text/plain", "busy");
  WAIT_UNTIL (fake_exchange_is_finished (exchange));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture->result);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 1);
}

/* An app that is busy is what people want to know; but the API server before it is asked again. */
static void
test_relayed (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  FakeExchange *exchange;

  begin (fixture, kube_request_new_service_proxy ("n", "app", NULL, "/busy"));
  reply_busy (fixture, 503, "0");
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE);
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 1);

  g_clear_error (&error);
  g_clear_object (&fixture->result);
  begin (fixture, kube_request_new_service_proxy ("n", "app", NULL, "/busy"));
  exchange = fake_server_expect (fixture->server, "*");
  fake_exchange_add_header (exchange, "Retry-After", "0");
  fake_exchange_reply (exchange, 429, "application/json",
                       "{\"kind\":\"Status\",\"reason\":\"TooManyRequests\",\"code\":429}");
  reply_well (fixture);
  node = finish (fixture, &error);
  g_assert_no_error (error);
}

/* The app's words are whole for whoever can read them, and short for people. */
static void
test_relayed_at_length (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char *words = g_strnfill (1500, 'x');
  g_autofree char *text = g_strdup_printf ("{\"database\":\"unhealthy\",\n\"error\":\"%s\"}", words);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = NULL;

  begin (fixture, kube_request_new_service_proxy ("n", "app", NULL, "/health"));
  fake_exchange_reply (fake_server_expect (fixture->server, "*"), 503, "application/json", text);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE);
  answer = base_json_parse (kube_error_get_text (error), -1, NULL);
  g_assert_cmpstr (base_json_get_string (answer, "error", NULL), ==, words);
  g_assert_true (g_str_has_suffix (kube_error_get_excerpt (error), "xxx…"));
  g_assert_cmpuint (strlen (error->message), <, 400);
}

static void
test_cut (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  begin (fixture, kube_request_new ("GET", "/a"));
  fake_exchange_cut (fake_server_expect (fixture->server, "/a*"));
  reply_well (fixture);
  node = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 2);
}

/* Nobody knows whether it was done. */
static void
test_cut_change (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  begin (fixture, kube_request_new ("DELETE", "/a"));
  fake_exchange_cut (fake_server_expect (fixture->server, "/a*"));
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_true (kube_error_get_cut (error));
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 1);
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/client-retry/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("again", test_again);
  add ("change", test_change);
  add ("no-time", test_no_time);
  add ("end", test_end);
  add ("cancelled", test_cancelled);
  add ("relayed", test_relayed);
  add ("relayed-at-length", test_relayed_at_length);
  add ("cut", test_cut);
  add ("cut-change", test_cut_change);

  return g_test_run ();
}
