/* test-reflector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "fake-server.h"
#include "kube-error.h"
#include "kube-reflector-private.h"
#include "kube-sleep-monitor.h"

#define JSON "application/json"
#define POD(name, version) "{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"shop\"," \
                           "\"uid\":\"" name "-uid\",\"resourceVersion\":\"" version "\"}}"
#define LIST(version, items) "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"" version "\"},\"items\":[" items "]}"
#define PAGE(version, next, items) "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"" version "\",\"continue\":\"" next "\"},\"items\":[" items "]}"
#define EVENT(type, object) "{\"type\":\"" type "\",\"object\":" object "}\n"
#define STATUS(code, reason) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\"," \
                             "\"code\":" #code ",\"reason\":\"" reason "\",\"message\":\"words\"}"

#define LISTS "/api/v1/namespaces/shop/pods?*limit=500*"
#define WATCHES "/api/v1/namespaces/shop/pods?*watch=1*"

typedef struct
{
  FakeServer    *server;
  KubeClient    *client;
  KubeReflector *reflector;
  guint          n_changed;
  guint          n_items_changed;
  guint          min_items; /* the fewest the model ever had after the first list */
} Fixture;

static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 30000, 180000 };

static void
on_reflector_changed_cb (KubeReflector *reflector,
                         gpointer       user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changed++;
}

static void
on_model_items_changed_cb (GListModel *model,
                           guint       position,
                           guint       removed,
                           guint       added,
                           gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->n_items_changed++;
  fixture->min_items = MIN (fixture->min_items, g_list_model_get_n_items (model));
}

static void
set_up_form (Fixture                   *fixture,
             KubeForm                   form,
             const KubeReflectorTiming *timing)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->reflector = kube_reflector_new (fixture->client, &KUBE_POD, "shop", form, NULL);
  fixture->min_items = G_MAXUINT;
  _kube_reflector_set_timing (fixture->reflector, timing);
  g_signal_connect (fixture->reflector, "changed", G_CALLBACK (on_reflector_changed_cb), fixture);
  g_signal_connect (kube_reflector_get_model (fixture->reflector), "items-changed",
                    G_CALLBACK (on_model_items_changed_cb), fixture);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  set_up_form (fixture, KUBE_FORM_OBJECT, &quick);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->reflector != NULL)
    g_assert_finalize_object (fixture->reflector);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, fake_server_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (kube_reflector_get_model (fixture->reflector));
}

/* The keys of the model, joined by spaces. */
static char *
dup_keys (Fixture *fixture)
{
  GListModel *model = kube_reflector_get_model (fixture->reflector);
  g_autoptr(GString) keys = g_string_new (NULL);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_string_append_printf (keys, "%s%s", i > 0 ? " " : "", kube_object_get_name (object));
    }

  return g_string_free (g_steal_pointer (&keys), FALSE);
}

static void
assert_keys (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *keys = dup_keys (fixture);

  g_assert_cmpstr (keys, ==, expected);
}

/* Starts the reflector and brings it to an open watch from version 10. */
static FakeExchange *
begin_watch (Fixture *fixture)
{
  FakeExchange *watch;

  kube_reflector_start (fixture->reflector);
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON,
                       LIST ("10", POD ("a", "3") "," POD ("b", "4")));
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "10");
  g_assert_cmpstr (fake_exchange_get_query (watch, "allowWatchBookmarks"), ==, "true");
  fake_exchange_begin (watch);
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_WATCHING);

  return watch;
}

static gboolean
has_version (Fixture    *fixture,
             const char *key,
             const char *version)
{
  KubeObject *object = kube_reflector_lookup (fixture->reflector, key);

  if (object == NULL)
    return version == NULL;

  return g_strcmp0 (kube_object_get_resource_version (object), version) == 0;
}

/* Sends events and waits until the last of them shows: a version of an object, NULL
 * when it is gone. */
static void
send_until (Fixture      *fixture,
            FakeExchange *watch,
            const char   *text,
            const char   *key,
            const char   *version)
{
  guint n_changed = fixture->n_changed;

  fake_exchange_send (watch, text);
  WAIT_UNTIL (fixture->n_changed > n_changed && has_version (fixture, key, version));
}

static void
test_pages (Fixture      *fixture,
            gconstpointer data)
{
  FakeExchange *page;

  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_IDLE);
  kube_reflector_start (fixture->reflector);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_LISTING);
  page = fake_server_expect (fixture->server, LISTS);
  g_assert_null (fake_exchange_get_query (page, "continue"));
  g_assert_null (fake_exchange_get_query (page, "resourceVersion"));
  fake_exchange_reply (page, 200, JSON, PAGE ("10", "second", POD ("a", "3")));

  page = fake_server_expect (fixture->server, LISTS);
  g_assert_cmpstr (fake_exchange_get_query (page, "continue"), ==, "second");
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_false (kube_reflector_get_synced (fixture->reflector));
  /* A page may be empty and still not be the last. */
  fake_exchange_reply (page, 200, JSON, PAGE ("10", "third", ""));

  page = fake_server_expect (fixture->server, LISTS);
  g_assert_cmpstr (fake_exchange_get_query (page, "continue"), ==, "third");
  fake_exchange_reply (page, 200, JSON, LIST ("10", POD ("c", "5") "," POD ("b", "4")));

  fake_server_expect (fixture->server, WATCHES);
  assert_keys (fixture, "a b c");
  g_assert_true (kube_reflector_get_synced (fixture->reflector));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (fixture->n_items_changed, ==, 1);
  g_assert_cmpint (kube_reflector_get_last_contact (fixture->reflector), >, 0);
}

static void
test_events (Fixture      *fixture,
             gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);
  KubeObject   *a = kube_reflector_lookup (fixture->reflector, "shop/a");
  guint         n_items_changed = fixture->n_items_changed;
  gint64        contact;

  send_until (fixture, watch, EVENT ("MODIFIED", POD ("a", "11")), "shop/a", "11");
  g_assert_true (kube_reflector_lookup (fixture->reflector, "shop/a") == a);
  g_assert_cmpstr (kube_object_get_resource_version (a), ==, "11");
  g_assert_cmpuint (fixture->n_items_changed, ==, n_items_changed);

  send_until (fixture, watch,
              EVENT ("ADDED", POD ("c", "12")) EVENT ("ADDED", POD ("d", "13"))
                  EVENT ("ADDED", POD ("e", "14")) EVENT ("MODIFIED", POD ("e", "15"))
                      EVENT ("DELETED", POD ("c", "16")) EVENT ("DELETED", POD ("b", "17")),
              "shop/b", NULL);
  assert_keys (fixture, "a d e");
  g_assert_cmpstr (kube_object_get_resource_version (
                       kube_reflector_lookup (fixture->reflector, "shop/e")),
                   ==, "15");

  contact = kube_reflector_get_last_contact (fixture->reflector);
  fake_exchange_send (watch, EVENT ("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"99\"}}"));
  WAIT_UNTIL (kube_reflector_get_last_contact (fixture->reflector) > contact);
  assert_keys (fixture, "a d e");

  /* A clean end: resumed from the bookmark, without a list. */
  fake_exchange_end (watch);
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "99");
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_WATCHING);
  g_assert_no_error (kube_reflector_get_error (fixture->reflector));
}

static void
test_cut_line (Fixture      *fixture,
               gconstpointer data)
{
  static const gboolean clean[] = { TRUE, FALSE };
  FakeExchange         *watch = begin_watch (fixture);
  guint                 i;

  for (i = 0; i < G_N_ELEMENTS (clean); i++)
    {
      send_until (fixture, watch, EVENT ("MODIFIED", POD ("a", "20")) "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"half", "shop/a", "20");
      if (clean[i])
        fake_exchange_end (watch);
      else
        fake_exchange_cut (watch);

      watch = fake_server_expect (fixture->server, WATCHES);
      g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "20");
      fake_exchange_begin (watch);
      send_until (fixture, watch, EVENT ("MODIFIED", POD ("a", "19")), "shop/a", "19");
      assert_keys (fixture, "a b");
    }
}

/* 410 in either form: listed anew, with the same instances. */
static void
test_expired (Fixture      *fixture,
              gconstpointer data)
{
  gboolean      as_event = GPOINTER_TO_INT (data);
  FakeExchange *watch = begin_watch (fixture);
  KubeObject   *b = kube_reflector_lookup (fixture->reflector, "shop/b");

  send_until (fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  if (as_event)
    {
      fake_exchange_send (watch, EVENT ("ERROR", STATUS (410, "Expired")));
    }
  else
    {
      fake_exchange_end (watch);
      watch = fake_server_expect (fixture->server, WATCHES);
      fake_exchange_reply (watch, 410, JSON, STATUS (410, "Gone"));
    }

  watch = fake_server_expect (fixture->server, LISTS);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_LISTING);
  assert_keys (fixture, "a b c");
  fake_exchange_reply (watch, 200, JSON,
                       LIST ("50", POD ("b", "40") "," POD ("c", "11") "," POD ("d", "41")));
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "50");
  assert_keys (fixture, "b c d");
  g_assert_true (kube_reflector_lookup (fixture->reflector, "shop/b") == b);
  g_assert_cmpstr (kube_object_get_resource_version (b), ==, "40");
  g_assert_cmpuint (fixture->min_items, >=, 2);

  /* Expired again without a word in between: not at once. */
  fake_exchange_reply (watch, 410, JSON, STATUS (410, "Expired"));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR, KUBE_ERROR_EXPIRED);
  fake_server_expect (fixture->server, LISTS);
}

/* The watch cannot go on: what comes after the error is not known. */
static void
test_error_event (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  fake_exchange_send (watch, EVENT ("ADDED", POD ("c", "11"))
                                 EVENT ("ERROR", STATUS (500, "InternalError"))
                                     EVENT ("ADDED", POD ("d", "12")));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR, KUBE_ERROR_SERVER);
  assert_keys (fixture, "a b c");

  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON,
                       LIST ("20", POD ("a", "3") "," POD ("d", "12")));
  fake_exchange_begin (fake_server_expect (fixture->server, WATCHES));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_WATCHING);
  g_assert_no_error (kube_reflector_get_error (fixture->reflector));
  assert_keys (fixture, "a d");
}

/* Too much to do is no reason to list. */
static void
test_error_event_busy (Fixture      *fixture,
                       gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  fake_exchange_send (watch, EVENT ("ADDED", POD ("c", "11"))
                                 EVENT ("ERROR", STATUS (429, "TooManyRequests")));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "11");
}

/* A line that cannot be read may hide a change: everything is listed again. */
static void
test_unreadable (Fixture      *fixture,
                 gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  fake_exchange_send (watch, EVENT ("ADDED", POD ("c", "11")) "{\"type\":\n");
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  fake_server_expect (fixture->server, LISTS);
  assert_keys (fixture, "a b c");
}

static void
test_short_watch (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  fake_exchange_end (watch);
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "10");
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  FakeExchange *list;

  kube_reflector_start (fixture->reflector);
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 403, JSON,
                       STATUS (403, "Forbidden"));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_FAILED);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR,
                  KUBE_ERROR_FORBIDDEN);

  /* It stays failed while it asks again, until that works. */
  list = fake_server_expect (fixture->server, LISTS);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_FAILED);
  fake_exchange_reply (list, 200, JSON, LIST ("10", POD ("a", "3")));
  fake_exchange_begin (fake_server_expect (fixture->server, WATCHES));
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_WATCHING);
  g_assert_no_error (kube_reflector_get_error (fixture->reflector));
}

static void
test_overloaded (Fixture      *fixture,
                 gconstpointer data)
{
  static const guint statuses[] = { 429, 503, 500, 429, 429 };
  FakeExchange      *watch = begin_watch (fixture);
  guint              i;

  send_until (fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  fake_exchange_end (watch);
  for (i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      watch = fake_server_expect (fixture->server, WATCHES);
      g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "11");
      fake_exchange_reply (watch, statuses[i], "text/plain", "please wait");
      WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
    }
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "11");

  /* It may be this version that the server cannot go on from. */
  fake_exchange_reply (watch, 500, "text/plain", "cannot decode");
  fake_server_expect (fixture->server, LISTS);
}

/* A version that the server has not reached yet, after it was set back: list anew. */
static void
test_too_new (Fixture      *fixture,
              gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  send_until (fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  fake_exchange_end (watch);
  fake_exchange_reply (fake_server_expect (fixture->server, WATCHES), 504, JSON,
                       "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":504,"
                       "\"reason\":\"Timeout\",\"message\":\"Too large resource version\","
                       "\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\"}]}}");
  fake_server_expect (fixture->server, LISTS);
}

static void
test_away (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);
  KubeObject   *a = kube_reflector_lookup (fixture->reflector, "shop/a");

  send_until (fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  fake_server_go_away (fixture->server);
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR,
                  KUBE_ERROR_UNREACHABLE);
  assert_keys (fixture, "a b c");

  fake_server_come_back (fixture->server);
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "11");
  fake_exchange_begin (watch);
  send_until (fixture, watch, EVENT ("DELETED", POD ("b", "12")), "shop/b", NULL);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_WATCHING);
  assert_keys (fixture, "a c");
  g_assert_true (kube_reflector_lookup (fixture->reflector, "shop/a") == a);
}

static void
assert_resumes_after_silence (Fixture      *fixture,
                              FakeExchange *watch,
                              const char   *version)
{
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR,
                  KUBE_ERROR_UNREACHABLE);
  WAIT_UNTIL (fake_exchange_is_closed (watch));
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, version);
}

static void
test_silence (void)
{
  static const KubeReflectorTiming brief = { { 10, 40, 20, 50 }, 1, 200, 30000, 180000 };
  Fixture                          fixture = { 0 };
  FakeExchange                    *watch;

  set_up_form (&fixture, KUBE_FORM_OBJECT, &brief);
  watch = begin_watch (&fixture);
  g_assert_cmpstr (fake_exchange_get_query (watch, "timeoutSeconds"), ==, "1");
  assert_resumes_after_silence (&fixture, watch, "10");
  tear_down (&fixture, NULL);
}

/* Where bookmarks come, their absence shows a dead connection long before the watch should end. */
static void
test_silence_after_bookmark (void)
{
  static const KubeReflectorTiming brief = { { 10, 40, 20, 50 }, 300, 5000, 30000, 100 };
  Fixture                          fixture = { 0 };
  FakeExchange                    *watch;

  set_up_form (&fixture, KUBE_FORM_OBJECT, &brief);
  watch = begin_watch (&fixture);
  fake_exchange_send (watch, EVENT ("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"99\"}}"));
  assert_resumes_after_silence (&fixture, watch, "99");
  tear_down (&fixture, NULL);
}

/* A server that takes the request and does not begin to answer. */
static void
test_silence_of_head (void)
{
  static const KubeReflectorTiming brief = { { 10, 40, 20, 50 }, 300, 5000, 100, 180000 };
  Fixture                          fixture = { 0 };
  FakeExchange                    *watch;

  set_up_form (&fixture, KUBE_FORM_OBJECT, &brief);
  watch = begin_watch (&fixture);
  send_until (&fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  fake_exchange_end (watch);
  watch = fake_server_expect (fixture.server, WATCHES);
  assert_resumes_after_silence (&fixture, watch, "11");
  tear_down (&fixture, NULL);
}

/* The computer was asleep: the connection is made again, and until then the model is not
 * up to date. */
static void
test_sleep (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(KubeSleepMonitor) monitor = kube_sleep_monitor_dup_default ();
  FakeExchange *watch = begin_watch (fixture);
  FakeExchange *again;

  kube_sleep_monitor_look (monitor, G_MAXINT64 / 2);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_BACKING_OFF);
  g_assert_error (kube_reflector_get_error (fixture->reflector), KUBE_ERROR,
                  KUBE_ERROR_UNREACHABLE);
  WAIT_UNTIL (fake_exchange_is_closed (watch));
  again = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (again, "resourceVersion"), ==, "10");
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_BACKING_OFF);
  fake_exchange_begin (again);
  WAIT_UNTIL (kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_WATCHING);
  g_assert_no_error (kube_reflector_get_error (fixture->reflector));

  /* The clock jumped, but nobody slept. */
  kube_sleep_monitor_look (monitor, G_MAXINT64 / 2 + 1000);
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_WATCHING);
  g_assert_false (fake_exchange_is_closed (again));
}

/* Where the network was changed under it, a watch may be dead: it is made again, without a word. */
static void
test_network_changed_under_watch (Fixture      *fixture,
                                  gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);

  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  WAIT_UNTIL (fake_exchange_is_closed (watch));
  watch = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (watch, "resourceVersion"), ==, "10");
  fake_exchange_begin (watch);
  send_until (fixture, watch, EVENT ("ADDED", POD ("c", "11")), "shop/c", "11");
  g_assert_cmpint (kube_reflector_get_state (fixture->reflector), ==, KUBE_REFLECTOR_WATCHING);
}

/* In the middle of a list, too: it starts anew. */
static void
test_network_changed_under_list (Fixture      *fixture,
                                 gconstpointer data)
{
  FakeExchange *page;

  kube_reflector_start (fixture->reflector);
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON,
                       PAGE ("10", "second", POD ("a", "3")));
  page = fake_server_expect (fixture->server, LISTS);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  WAIT_UNTIL (fake_exchange_is_closed (page));
  page = fake_server_expect (fixture->server, LISTS);
  g_assert_null (fake_exchange_get_query (page, "continue"));
}

static void
test_field_selector (Fixture      *fixture,
                     gconstpointer data)
{
  FakeExchange *exchange;

  kube_reflector_set_field_selector (fixture->reflector, "status.phase=Running");
  kube_reflector_start (fixture->reflector);
  exchange = fake_server_expect (fixture->server, LISTS);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "fieldSelector"), ==,
                   "status.phase=Running");
  fake_exchange_reply (exchange, 200, JSON, LIST ("10", POD ("a", "3")));
  exchange = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "fieldSelector"), ==,
                   "status.phase=Running");
}

static void
on_reflector_event_cb (KubeReflector     *reflector,
                       KubeWatchEventType type,
                       KubeObject        *object,
                       gpointer           user_data)
{
  g_string_append_printf (user_data, "%s %s %s\n", kube_watch_event_type_get_name (type),
                          kube_object_get_name (object),
                          kube_object_get_resource_version (object));
}

/* Every event, also those that lie so close that the model changes once; and the differences
 * of a later list. */
static void
test_event_signal (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GString) told = g_string_new (NULL);
  FakeExchange *watch;

  g_signal_connect (fixture->reflector, "event", G_CALLBACK (on_reflector_event_cb), told);
  watch = begin_watch (fixture);
  send_until (fixture, watch,
              EVENT ("ADDED", POD ("c", "12")) EVENT ("MODIFIED", POD ("c", "13"))
                  EVENT ("DELETED", POD ("c", "14")) EVENT ("MODIFIED", POD ("a", "15")),
              "shop/a", "15");
  g_assert_cmpstr (told->str, ==,
                   "ADDED a 3\nADDED b 4\nADDED c 12\nMODIFIED c 13\nDELETED c 14\n"
                   "MODIFIED a 15\n");

  g_string_truncate (told, 0);
  fake_exchange_send (watch, EVENT ("ERROR", STATUS (410, "Expired")));
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON,
                       LIST ("30", POD ("d", "21") "," POD ("b", "4") "," POD ("e", "22")));
  fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (told->str, ==, "DELETED a 15\nADDED d 21\nADDED e 22\n");
}

/* Made again under the same name while nobody watched: another object. */
static void
test_replaced (Fixture      *fixture,
               gconstpointer data)
{
  FakeExchange *watch = begin_watch (fixture);
  g_autoptr(KubeObject) old = g_object_ref (kube_reflector_lookup (fixture->reflector, "shop/a"));

  send_until (fixture, watch, EVENT ("MODIFIED", "{\"metadata\":{\"name\":\"a\","
                                                 "\"namespace\":\"shop\",\"uid\":\"other\",\"resourceVersion\":\"11\"}}"),
              "shop/a", "11");
  assert_keys (fixture, "a b");
  g_assert_true (kube_reflector_lookup (fixture->reflector, "shop/a") != old);
  g_assert_cmpstr (kube_object_get_resource_version (old), ==, "3");
}

static void
test_table (void)
{
  Fixture       fixture = { 0 };
  FakeExchange *watch;
  KubeObject   *a;

  set_up_form (&fixture, KUBE_FORM_TABLE, &quick);
  g_assert_null (kube_reflector_get_columns (fixture.reflector)[0]);
  g_assert_cmpint (kube_reflector_find_column (fixture.reflector, "Name"), ==, -1);
  kube_reflector_start (fixture.reflector);
  fake_exchange_reply (fake_server_expect (fixture.server, LISTS), 200, JSON,
                       "{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"10\"},\"columnDefinitions\":["
                       "{\"name\":\"Name\",\"priority\":0},{\"name\":\"IP\",\"priority\":1},"
                       "{\"name\":\"Status\",\"priority\":0}],\"rows\":[{\"cells\":[\"a\",\"10.0.0.1\",\"Pending\"],"
                       "\"object\":" POD ("a", "3") "}]}");
  watch = fake_server_expect (fixture.server, WATCHES);
  fake_exchange_begin (watch);

  a = kube_reflector_lookup (fixture.reflector, "shop/a");
  g_assert_cmpstr (kube_reflector_get_columns (fixture.reflector)[1], ==, "Status");
  g_assert_null (kube_reflector_get_columns (fixture.reflector)[2]);
  g_assert_cmpint (kube_reflector_find_column (fixture.reflector, "IP"), ==, 2);
  g_assert_cmpstr (kube_object_get_cell (a, 1), ==, "Pending");

  send_until (&fixture, watch,
              "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Table\",\"metadata\":{"
              "\"resourceVersion\":\"11\"},\"rows\":[{\"cells\":[\"a\",\"10.0.0.1\",\"Running\"],"
              "\"object\":" POD ("a", "11") "}]}}\n",
              "shop/a", "11");
  g_assert_true (kube_reflector_lookup (fixture.reflector, "shop/a") == a);
  g_assert_cmpstr (kube_object_get_cell (a, 1), ==, "Running");
  tear_down (&fixture, NULL);
}

/* A list that dies between two pages starts anew and nothing of it shows. */
static void
test_broken_list (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *page;

  kube_reflector_start (fixture->reflector);
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON,
                       PAGE ("10", "second", POD ("gone", "3")));
  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 410, JSON,
                       STATUS (410, "Expired"));
  page = fake_server_expect (fixture->server, LISTS);
  g_assert_null (fake_exchange_get_query (page, "continue"));
  fake_exchange_reply (page, 200, JSON, LIST ("20", POD ("a", "13")));
  fake_server_expect (fixture->server, WATCHES);
  assert_keys (fixture, "a");
}

static void
settle (void)
{
  guint i;

  for (i = 0; i < 20; i++)
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

/* Stopped in every state, by its function and by dropping it. */
static void
test_stop (gconstpointer data)
{
  KubeReflectorState state = GPOINTER_TO_INT (data) / 2;
  gboolean           drop = GPOINTER_TO_INT (data) % 2;
  Fixture            fixture = { 0 };
  FakeExchange      *exchange = NULL;
  guint              n_changed;

  set_up_form (&fixture, KUBE_FORM_OBJECT, &quick);
  if (state == KUBE_REFLECTOR_WATCHING)
    {
      exchange = begin_watch (&fixture);
    }
  else if (state != KUBE_REFLECTOR_IDLE)
    {
      kube_reflector_start (fixture.reflector);
      exchange = fake_server_expect (fixture.server, LISTS);
    }
  if (state == KUBE_REFLECTOR_BACKING_OFF)
    fake_exchange_reply (exchange, 500, JSON, STATUS (500, "InternalError"));
  if (state == KUBE_REFLECTOR_FAILED)
    fake_exchange_reply (exchange, 404, JSON, STATUS (404, "NotFound"));
  WAIT_UNTIL (kube_reflector_get_state (fixture.reflector) == state);

  n_changed = fixture.n_changed;
  if (drop)
    {
      g_assert_finalize_object (g_steal_pointer (&fixture.reflector));
    }
  else
    {
      kube_reflector_stop (fixture.reflector);
      g_assert_cmpint (kube_reflector_get_state (fixture.reflector), ==, KUBE_REFLECTOR_IDLE);
      g_assert_no_error (kube_reflector_get_error (fixture.reflector));
    }
  if (exchange != NULL)
    WAIT_UNTIL (fake_exchange_is_closed (exchange));
  settle ();
  g_assert_cmpuint (fixture.n_changed, ==, n_changed);

  /* It starts again from the beginning. */
  if (!drop)
    {
      kube_reflector_start (fixture.reflector);
      fake_server_expect (fixture.server, LISTS);
    }
  tear_down (&fixture, NULL);
}

static void
stop_cb (KubeReflector *reflector)
{
  kube_reflector_stop (reflector);
}

/* Stopped from within every signal that it emits. */
static void
test_stop_within (gconstpointer data)
{
  const char   *name = data;
  Fixture       fixture = { 0 };
  FakeExchange *watch;

  set_up_form (&fixture, KUBE_FORM_OBJECT, &quick);
  watch = begin_watch (&fixture);
  if (g_str_equal (name, "items-changed"))
    g_signal_connect_swapped (kube_reflector_get_model (fixture.reflector), name,
                              G_CALLBACK (stop_cb), fixture.reflector);
  else
    g_signal_connect (fixture.reflector, name, G_CALLBACK (stop_cb), NULL);
  fake_exchange_send (watch, EVENT ("ADDED", POD ("c", "11")) "{}\n");
  WAIT_UNTIL (kube_reflector_get_state (fixture.reflector) == KUBE_REFLECTOR_IDLE);
  settle ();
  g_assert_cmpint (kube_reflector_get_state (fixture.reflector), ==, KUBE_REFLECTOR_IDLE);
  g_assert_cmpuint (fake_server_count (fixture.server), ==, 2);

  /* It has no place to go on from: it lists. */
  g_signal_handlers_disconnect_by_func (fixture.reflector, stop_cb, NULL);
  kube_reflector_start (fixture.reflector);
  fake_server_expect (fixture.server, LISTS);
  tear_down (&fixture, NULL);
}

/* The network's change ends a wait that would be much too long for this test. */
static void
test_network_changed (void)
{
  static const KubeReflectorTiming slow = { { 600000, 600000, 600000, 600000 }, 300, 5000, 30000, 180000 };
  Fixture                          fixture = { 0 };

  set_up_form (&fixture, KUBE_FORM_OBJECT, &slow);
  kube_reflector_start (fixture.reflector);
  fake_exchange_reply (fake_server_expect (fixture.server, LISTS), 500, JSON,
                       STATUS (500, "InternalError"));
  WAIT_UNTIL (kube_reflector_get_state (fixture.reflector) == KUBE_REFLECTOR_BACKING_OFF);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  fake_server_expect (fixture.server, LISTS);
  tear_down (&fixture, NULL);
}

static void
test_properties (Fixture      *fixture,
                 gconstpointer data)
{
  FakeExchange      *watch = begin_watch (fixture);
  KubeReflectorState state = KUBE_REFLECTOR_IDLE;
  g_autoptr(GError) error = NULL;
  gboolean synced = FALSE;
  gint64   contact = 0;

  fake_exchange_send (watch, EVENT ("ERROR", STATUS (500, "InternalError")));
  WAIT_UNTIL (kube_reflector_get_error (fixture->reflector) != NULL);
  g_object_get (fixture->reflector, "state", &state, "synced", &synced, "error", &error,
                "last-contact", &contact, NULL);
  g_assert_cmpint (state, ==, KUBE_REFLECTOR_BACKING_OFF);
  g_assert_true (synced);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_SERVER);
  g_assert_cmpint (contact, ==, kube_reflector_get_last_contact (fixture->reflector));
}

static void
add_stop_tests (void)
{
  static const char *const states[] = { "idle", "listing", "watching", "backing-off", "failed" };
  static const char *const names[] = { "changed", "event", "notify::last-contact", "items-changed" };
  guint                    i;

  for (i = 0; i < 2 * G_N_ELEMENTS (states); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kube/reflector/%s/%s",
                                               i % 2 ? "drop" : "stop", states[i / 2]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stop);
    }
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kube/reflector/stop-within/%s", names[i]);

      g_test_add_data_func (path, names[i], test_stop_within);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    gpointer    data;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/kube/reflector/pages", NULL, test_pages },
    { "/kube/reflector/events", NULL, test_events },
    { "/kube/reflector/cut-line", NULL, test_cut_line },
    { "/kube/reflector/expired/status", GINT_TO_POINTER (FALSE), test_expired },
    { "/kube/reflector/expired/event", GINT_TO_POINTER (TRUE), test_expired },
    { "/kube/reflector/error-event", NULL, test_error_event },
    { "/kube/reflector/error-event/busy", NULL, test_error_event_busy },
    { "/kube/reflector/unreadable", NULL, test_unreadable },
    { "/kube/reflector/short-watch", NULL, test_short_watch },
    { "/kube/reflector/refused", NULL, test_refused },
    { "/kube/reflector/overloaded", NULL, test_overloaded },
    { "/kube/reflector/too-new", NULL, test_too_new },
    { "/kube/reflector/away", NULL, test_away },
    { "/kube/reflector/replaced", NULL, test_replaced },
    { "/kube/reflector/broken-list", NULL, test_broken_list },
    { "/kube/reflector/properties", NULL, test_properties },
    { "/kube/reflector/sleep", NULL, test_sleep },
    { "/kube/reflector/network-changed/watch", NULL, test_network_changed_under_watch },
    { "/kube/reflector/network-changed/list", NULL, test_network_changed_under_list },
    { "/kube/reflector/field-selector", NULL, test_field_selector },
    { "/kube/reflector/event-signal", NULL, test_event_signal },
  };
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].data, set_up, tests[i].test, tear_down);
  g_test_add_func ("/kube/reflector/silence", test_silence);
  g_test_add_func ("/kube/reflector/silence/bookmark", test_silence_after_bookmark);
  g_test_add_func ("/kube/reflector/silence/head", test_silence_of_head);
  g_test_add_func ("/kube/reflector/table", test_table);
  g_test_add_func ("/kube/reflector/network-changed/wait", test_network_changed);
  add_stop_tests ();
  return g_test_run ();
}
