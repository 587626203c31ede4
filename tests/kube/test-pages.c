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
#define PAGE(next, name) "{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"" next "\"}," \
                         "\"items\":[{\"metadata\":{\"name\":\"" name "\"}}]}"
#define EXPIRED "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410,\"reason\":\"Expired\"," \
                "\"message\":\"too old\",\"metadata\":{\"continue\":\"other\"}}"
#define LISTS "/api/v1/namespaces/shop/pods?*"

typedef struct
{
  FakeServer   *server;
  KubeClient   *client;
  GAsyncResult *result;
} Fixture;

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
  kube_pages_read_async (fixture->client, &query, NULL, await_cb, &fixture->result);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->result);
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

static void
assert_names (GPtrArray  *pages,
              const char *expected)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < pages->len; i++)
    {
      JsonArray *items = base_json_get_array (g_ptr_array_index (pages, i), "items", NULL);

      for (guint j = 0; j < json_array_get_length (items); j++)
        g_string_append_printf (names, "%s ",
                                base_json_get_string (json_array_get_element (items, j),
                                                      "metadata", "name", NULL));
    }
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_pages (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GPtrArray) pages = NULL;
  g_autoptr(GError) error = NULL;

  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 200, PAGE ("two", "b"));
  answer (fixture, "two", 200, PAGE ("", "c"));
  pages = kube_pages_read_finish (fixture->client, await (&fixture->result), &error);
  g_assert_no_error (error);
  assert_names (pages, "a b c ");
}

static void
test_expired (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GPtrArray) pages = NULL;
  g_autoptr(GError) error = NULL;

  answer (fixture, NULL, 200, PAGE ("one", "a"));
  answer (fixture, "one", 410, EXPIRED);
  answer (fixture, NULL, 200, PAGE ("two", "x"));
  answer (fixture, "two", 200, PAGE ("", "y"));
  pages = kube_pages_read_finish (fixture->client, await (&fixture->result), &error);
  g_assert_no_error (error);
  assert_names (pages, "x y ");
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pages/pages", Fixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/pages/expired", Fixture, NULL, set_up, test_expired, tear_down);
  g_test_add ("/pages/never-ends", Fixture, NULL, set_up, test_never_ends, tear_down);

  return g_test_run ();
}
