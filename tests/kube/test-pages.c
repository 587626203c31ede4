/* test-pages.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "await.h"
#include "base-json.h"
#include "fake-server.h"
#include "kube-error.h"
#include "kube-pages.h"

#define JSON "application/json"
#define PAGE(next, name) "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"" next "\"}," \
                         "\"items\":[{\"metadata\":{\"name\":\"" name "\"}}]}"
#define EXPIRED "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410,\"reason\":\"Expired\"," \
                "\"message\":\"too old\",\"metadata\":{\"continue\":\"other\"}}"
#define LISTS "/api/v1/namespaces/shop/pods?*"

typedef struct
{
  FakeServer   *server;
  KubeClient   *client;
  GAsyncResult *result;
  GString      *names; /* of what came */
} Fixture;

static void
take_item (JsonNode *item,
           gpointer  names)
{
  g_string_append_printf (names, "%s ", base_json_get_string (item, "metadata", "name", NULL));
}

static void
restart (gpointer names)
{
  g_string_truncate (names, 0);
}

static const KubeListFuncs whole_funcs = { .item = take_item, .restart = restart };
static const KubeListFuncs lasting_funcs = { .item = take_item };

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  const KubePagesQuery query = {
    .resource = &KUBE_POD,
    .namespace_ = "shop",
    .form = KUBE_FORM_TABLE,
    .no_metadata = TRUE,
    .label_selector = "app=web",
    .field_selector = "status.phase!=Running",
  };

  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->names = g_string_new (NULL);
  kube_pages_read_async (fixture->client, &query, data != NULL ? data : &whole_funcs, fixture->names,
                         NULL, await_cb, &fixture->result);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_string_free (fixture->names, TRUE);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, fake_server_free);
}

/* Answers the next request, which must have asked for the page of @token. */
static void
answer (Fixture    *fixture,
        const char *token,
        guint       status,
        const char *body)
{
  FakeExchange *exchange = fake_server_expect (fixture->server, LISTS);

  g_assert_cmpstr (fake_exchange_get_query (exchange, "continue"), ==, token);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "limit"), ==, "500");
  g_assert_cmpstr (fake_exchange_get_query (exchange, "labelSelector"), ==, "app=web");
  g_assert_cmpstr (fake_exchange_get_query (exchange, "fieldSelector"), ==,
                   "status.phase!=Running");
  g_assert_cmpstr (fake_exchange_get_query (exchange, "includeObject"), ==, "None");
  fake_exchange_reply (exchange, status, JSON, body);
}

/* The reading is at its end, and @expected came. */
static void
assert_names (Fixture    *fixture,
              const char *version,
              const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *seen = kube_pages_read_finish (fixture->client, await (&fixture->result), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (seen, ==, version);
  g_assert_cmpstr (fixture->names->str, ==, expected);
}

static void
test_pages (Fixture      *fixture,
            gconstpointer data)
{
  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 200, PAGE ("two", "b"));
  answer (fixture, "two", 200, PAGE ("", "c"));
  assert_names (fixture, "7", "a b c ");
}

static void
test_expired (Fixture      *fixture,
              gconstpointer data)
{
  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 410, EXPIRED);
  answer (fixture, NULL, 200, PAGE ("two", "x"));
  answer (fixture, "two", 200, PAGE ("", "y"));
  assert_names (fixture, "7", "x y ");
}

static void
test_never_ends (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    {
      answer (fixture, NULL, 200, PAGE ("one", "a"));
      answer (fixture, "one", 410, EXPIRED);
    }
  g_assert_null (kube_pages_read_finish (fixture->client, await (&fixture->result), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_EXPIRED);
}

/* What has been printed cannot be taken back: the rest comes as it is by now. */
static void
test_goes_on (Fixture      *fixture,
              gconstpointer data)
{
  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 410, EXPIRED);
  answer (fixture, "other", 200, PAGE ("", "x"));
  assert_names (fixture, "7", "a x ");
}

/* The next page is asked for before this one is at its end, and waits for its turn. */
static void
test_ahead (Fixture      *fixture,
            gconstpointer data)
{
  static const char early[] = "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"one\"},\"items\":[";
  static const char late[] = "{\"metadata\":{\"name\":\"a\"}}]}";
  FakeExchange     *exchange = fake_server_expect (fixture->server, LISTS);

  fake_exchange_begin (exchange);
  fake_exchange_send (exchange, early);
  answer (fixture, "one", 200, PAGE ("", "b"));
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (fixture->names->str, ==, "");
  fake_exchange_send (exchange, late);
  fake_exchange_end (exchange);
  assert_names (fixture, "7", "a b ");
}

static void
test_broken (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 200, "{\"items\":[");
  g_assert_null (kube_pages_read_finish (fixture->client, await (&fixture->result), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pages/pages", Fixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/pages/expired", Fixture, NULL, set_up, test_expired, tear_down);
  g_test_add ("/pages/goes-on", Fixture, &lasting_funcs, set_up, test_goes_on, tear_down);
  g_test_add ("/pages/ahead", Fixture, NULL, set_up, test_ahead, tear_down);
  g_test_add ("/pages/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add ("/pages/never-ends", Fixture, NULL, set_up, test_never_ends, tear_down);

  return g_test_run ();
}
