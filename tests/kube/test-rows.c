/* test-rows.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "await.h"
#include "base-json.h"
#include "fake-server.h"
#include "kube-error.h"
#include "kube-rows.h"

#define JSON "application/json"
#define COLUMNS "\"columnDefinitions\":[{\"name\":\"Name\",\"format\":\"name\"}]"
#define TABLE(metadata, rows) "{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"7\"" metadata "}," COLUMNS ",\"rows\":[" rows "]}"
#define WHOLE(ns, name) "{\"cells\":[\"" name "\"],\"object\":{\"metadata\":{\"namespace\":\"" ns "\",\"name\":\"" name "\"}}}"
#define BARE(name) "{\"cells\":[\"" name "\"],\"object\":null}"
#define MANY ",\"continue\":\"one\",\"remainingItemCount\":102"
#define ALL "/api/v1/pods?*"
#define NAMESPACES "/api/v1/namespaces?*"
#define FORBIDDEN "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"no\"}"
#define EXPIRED "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410,\"reason\":\"Expired\",\"message\":\"old\"}"

typedef struct
{
  FakeServer   *server;
  KubeClient   *client;
  GAsyncResult *result;
  GString      *rows; /* what came, "namespace/name " each */
} Fixture;

static void
take_columns (JsonArray *definitions,
              gpointer   rows)
{
}

static void
take_row (const KubeListRow *row,
          const char        *namespace_,
          gpointer           rows)
{
  const char *own = base_json_get_string (row->object, "metadata", "namespace", NULL);

  g_assert_true ((own == NULL) != (namespace_ == NULL));
  g_string_append_printf (rows, "%s/%s ", own != NULL ? own : namespace_, row->cells[0]);
}

static void
take_item (JsonNode *item,
           gpointer  rows)
{
  g_string_append_printf (rows, "item/%s ", base_json_get_string (item, "metadata", "name", NULL));
}

static void
restart (gpointer rows)
{
  g_string_truncate (rows, 0);
}

static const KubeRowsFuncs funcs = { take_columns, take_row, take_item, restart };

static void
set_up (Fixture      *fixture,
        gconstpointer selector)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->rows = g_string_new (NULL);
  kube_rows_read_async (fixture->client, &KUBE_POD, selector, NULL, &funcs, fixture->rows, NULL, await_cb,
                        &fixture->result);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_string_free (fixture->rows, TRUE);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, fake_server_free);
}

/* Answers the next request for @pattern, whose query must have @token and @version. */
static void
answer (Fixture    *fixture,
        const char *pattern,
        const char *token,
        const char *version,
        guint       status,
        const char *body)
{
  FakeExchange *exchange = fake_server_expect (fixture->server, pattern);

  g_assert_cmpstr (fake_exchange_get_query (exchange, "continue"), ==, token);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "resourceVersion"), ==, version);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "resourceVersionMatch"), ==, version != NULL ? "Exact" : NULL);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "includeObject"), ==,
                   version != NULL || g_str_equal (pattern, NAMESPACES) ? "None" : NULL);
  fake_exchange_reply (exchange, status, JSON, body);
}

static void
assert_rows (Fixture    *fixture,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *version = kube_rows_read_finish (fixture->client, await (&fixture->result), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (version, ==, "7");
  g_assert_cmpstr (fixture->rows->str, ==, expected);
}

static void
test_few (Fixture      *fixture,
          gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE ("", WHOLE ("a", "x") "," WHOLE ("b", "x")));
  assert_rows (fixture, "a/x b/x ");
}

/* The table of a namespace's rows, numbered from 0 on. */
static char *
build_part (guint n)
{
  g_autoptr(GString) rows = g_string_new (BARE ("0"));

  for (guint i = 1; i < n; i++)
    g_string_append_printf (rows, "," BARE ("%u"), i);

  return g_strconcat ("{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"7\"}," COLUMNS ",\"rows\":[",
                      rows->str, "]}", NULL);
}

/* The first page ends in namespace b: what is before that one is known, and so are two of its
 * rows. The other 102 are given by it and c without metadata. */
static void
test_by_namespace (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GString) expected = g_string_new ("b/1 a/0 b-c/0 b/0 c/0 ");
  g_autofree char *body = build_part (103);
  FakeExchange    *slow;

  for (guint i = 2; i < 103; i++)
    g_string_append_printf (expected, "b/%u ", i);

  answer (fixture, ALL, NULL, NULL, 200,
          TABLE (MANY, WHOLE ("b", "1") "," WHOLE ("a", "0") "," WHOLE ("b-c", "0") "," WHOLE ("b", "0")));
  answer (fixture, NAMESPACES, NULL, NULL, 200, TABLE ("", BARE ("a") "," BARE ("b") "," BARE ("b-c") "," BARE ("c")));
  /* Both are asked for before one has been answered. */
  slow = fake_server_expect (fixture->server, "/api/v1/namespaces/b/pods?*");
  answer (fixture, "/api/v1/namespaces/c/pods?*", NULL, "7", 200, TABLE ("", BARE ("0")));
  WAIT_UNTIL (g_str_has_suffix (fixture->rows->str, "c/0 "));
  fake_exchange_reply (slow, 200, JSON, body);
  assert_rows (fixture, expected->str);
}

static void
test_order (void)
{
  /* In the order in which the server lists their objects */
  static const char *const namespaces[] = { "a", "b-", "b-c", "b", "b0", "bc" };

  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    for (guint j = 0; j < G_N_ELEMENTS (namespaces); j++)
      {
        int order = kube_rows_compare_namespaces (namespaces[i], namespaces[j]);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
}

/* Reads the rest with metadata, from where the first page ended. */
static void
finish_whole (Fixture    *fixture,
              const char *expected)
{
  answer (fixture, ALL, "one", NULL, 200, TABLE ("", WHOLE ("b", "x")));
  assert_rows (fixture, expected);
}

static void
test_forbidden (Fixture      *fixture,
                gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE (MANY, WHOLE ("a", "x")));
  answer (fixture, NAMESPACES, NULL, NULL, 403, FORBIDDEN);
  finish_whole (fixture, "a/x b/x ");
}

static void
test_many_namespaces (Fixture      *fixture,
                      gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE (MANY, WHOLE ("a", "x")));
  answer (fixture, NAMESPACES, NULL, NULL, 200,
          TABLE ("", BARE ("a") "," BARE ("b") "," BARE ("c") "," BARE ("d") "," BARE ("e")));
  finish_whole (fixture, "a/x b/x ");
}

/* With a selector the server does not say how many are left. */
static void
test_selector (Fixture      *fixture,
               gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE (",\"continue\":\"one\"", WHOLE ("a", "x")));
  finish_whole (fixture, "a/x b/x ");
}

/* What the namespaces give is not what the server counted: one of them has gone. */
static void
test_does_not_add_up (Fixture      *fixture,
                      gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE (MANY, WHOLE ("a", "x")));
  answer (fixture, NAMESPACES, NULL, NULL, 200, TABLE ("", BARE ("b")));
  answer (fixture, "/api/v1/namespaces/b/pods?*", NULL, "7", 200, TABLE ("", BARE ("x")));
  answer (fixture, ALL, NULL, NULL, 200, TABLE ("", WHOLE ("b", "y")));
  assert_rows (fixture, "b/y ");
}

static void
test_part_fails (Fixture      *fixture,
                 gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200, TABLE (MANY, WHOLE ("a", "x")));
  answer (fixture, NAMESPACES, NULL, NULL, 200, TABLE ("", BARE ("b")));
  answer (fixture, "/api/v1/namespaces/b/pods?*", NULL, "7", 410, EXPIRED);
  answer (fixture, ALL, NULL, NULL, 200, TABLE ("", WHOLE ("b", "y")));
  assert_rows (fixture, "b/y ");
}

/* A server that knows no tables. */
static void
test_items (Fixture      *fixture,
            gconstpointer data)
{
  answer (fixture, ALL, NULL, NULL, 200,
          "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"x\"}}]}");
  assert_rows (fixture, "item/x ");
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  answer (fixture, ALL, NULL, NULL, 403, FORBIDDEN);
  g_assert_null (kube_rows_read_finish (fixture->client, await (&fixture->result), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/rows/few", Fixture, NULL, set_up, test_few, tear_down);
  g_test_add ("/rows/by-namespace", Fixture, NULL, set_up, test_by_namespace, tear_down);
  g_test_add_func ("/rows/order", test_order);
  g_test_add ("/rows/forbidden", Fixture, NULL, set_up, test_forbidden, tear_down);
  g_test_add ("/rows/many-namespaces", Fixture, NULL, set_up, test_many_namespaces, tear_down);
  g_test_add ("/rows/selector", Fixture, "app=web", set_up, test_selector, tear_down);
  g_test_add ("/rows/does-not-add-up", Fixture, NULL, set_up, test_does_not_add_up, tear_down);
  g_test_add ("/rows/part-fails", Fixture, NULL, set_up, test_part_fails, tear_down);
  g_test_add ("/rows/items", Fixture, NULL, set_up, test_items, tear_down);
  g_test_add ("/rows/refused", Fixture, NULL, set_up, test_refused, tear_down);

  return g_test_run ();
}
