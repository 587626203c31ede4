/* test-log-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-server.h"
#include "kube-error.h"
#include "kube-log-group-private.h"
#include "quoted.h"

#define JSON "application/json"
#define LIST "/api/v1/namespaces/shop/pods?*limit*"
#define WATCH "/api/v1/namespaces/shop/pods?*watch=1*"

#define CONTAINER_STATE(name, state) "{'name':'" name "','restartCount':0,'state':{" state "}}"
#define RUN "'running':{}"
#define END "'terminated':{'exitCode':0}"
/* A pod with one container, its own name as its uid. */
#define POD(name, state)                                                              \
  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'" name "','namespace':'shop'," \
  "'uid':'" name "','resourceVersion':'5'},'spec':{'restartPolicy':'Never',"          \
  "'containers':[{'name':'web'}]},'status':{'phase':'Running','containerStatuses':[" CONTAINER_STATE ("web", state) "]}}"
/* One with containers of every sort, all ended. */
#define MIXED                                                                                                                                                                               \
  "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'mixed','namespace':'shop',"                                                                                                          \
  "'uid':'m','annotations':{'kubectl.kubernetes.io/default-container':'web'}},'spec':{"                                                                                                     \
  "'restartPolicy':'Never','initContainers':[{'name':'prepare'}],'containers':["                                                                                                            \
  "{'name':'proxy'},{'name':'web'}],'ephemeralContainers':[{'name':'debug'}]},"                                                                                                             \
  "'status':{'phase':'Succeeded','initContainerStatuses':[" CONTAINER_STATE ("prepare", END) "],'containerStatuses':[" CONTAINER_STATE ("proxy", END) "," CONTAINER_STATE ("web", END) "]," \
                                                                                                                                                                                       "'ephemeralContainerStatuses':[" CONTAINER_STATE ("debug", END) "]}}"
#define GONE "{'kind':'Status','apiVersion':'v1','status':'Failure','code':404," \
             "'reason':'NotFound','message':'pods not found'}"

#define LINE(second, text) "2024-05-01T12:00:" second ".000000000Z " text "\n"

typedef struct
{
  FakeServer   *server;
  KubeClient   *client;
  KubeLogGroup *group;
} Fixture;

static const KubeRetryTiming quick = { 10, 40, 20, 50 };

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->group != NULL)
    g_assert_finalize_object (fixture->group);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, fake_server_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
make_group (Fixture *fixture,
            gboolean follow)
{
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;

  options.follow = follow;
  fixture->group = kube_log_group_new (fixture->client, "shop", &options);
  _kube_log_group_set_timing (fixture->group, &quick, 60000, 100);
}

static void
add_pod (Fixture    *fixture,
         const char *quoted)
{
  g_autoptr(JsonNode) pod = parse_quoted (quoted);

  kube_log_group_add_pod (fixture->group, pod);
}

static void
reply (Fixture    *fixture,
       const char *pattern,
       guint       status,
       const char *quoted)
{
  g_autofree char *text = g_strdelimit (g_strdup (quoted), "'", '"');

  fake_exchange_reply (fake_server_expect (fixture->server, pattern), status, JSON, text);
}

static void
tell_pod (Fixture    *fixture,
          const char *name,
          const char *quoted)
{
  g_autofree char *pattern = g_strdup_printf ("/api/v1/namespaces/shop/pods/%s", name);
  g_autofree char *with_query = g_strconcat (pattern, "?*", NULL);

  reply (fixture, with_query, 200, quoted);
}

/* Answers the next request for a log; it goes on. */
static FakeExchange *
begin_log (Fixture    *fixture,
           const char *name,
           const char *container,
           gboolean    follow,
           const char *text)
{
  g_autofree char *pattern = g_strdup_printf ("/api/v1/namespaces/shop/pods/%s/log?container=%s&*",
                                              name, container);
  FakeExchange    *log = fake_server_expect (fixture->server, pattern);

  g_assert_cmpstr (fake_exchange_get_query (log, "follow"), ==, follow ? "true" : NULL);
  fake_exchange_begin (log);
  if (*text != '\0')
    fake_exchange_send (log, text);

  return log;
}

/* Each line with the pod and the container that it is of. */
static char *
dup_lines (Fixture *fixture)
{
  KubeLogBuffer *buffer = kube_log_group_get_buffer (fixture->group);
  GString       *text = g_string_new (NULL);
  KubeLogEntry   entry;
  guint          i;

  for (i = 0; kube_log_buffer_get_entry (buffer, i, &entry); i++)
    {
      KubeLogSource *source = kube_log_group_get_source (fixture->group, entry.source);

      g_string_append_printf (text, "%s%s/%s:%s", i > 0 ? " " : "", kube_log_source_get_pod (source),
                              kube_log_source_get_container (source), entry.text);
    }

  return g_string_free (text, FALSE);
}

static void
wait_for_lines (Fixture    *fixture,
                const char *expected)
{
  GListModel *buffer = G_LIST_MODEL (kube_log_group_get_buffer (fixture->group));
  g_auto(GStrv) words = g_strsplit (expected, " ", -1);
  guint            n = g_strv_length (words);
  g_autofree char *lines = NULL;

  WAIT_UNTIL (g_list_model_get_n_items (buffer) >= n);
  lines = dup_lines (fixture);
  g_assert_cmpstr (lines, ==, expected);
}

static void
wait_for_state (Fixture     *fixture,
                KubeLogState state)
{
  WAIT_UNTIL (kube_log_group_get_state (fixture->group) == state);
}

/* Two pods that are there: their logs are one, in order. */
static void
test_past (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *one, *two;

  make_group (fixture, FALSE);
  add_pod (fixture, POD ("one", RUN));
  add_pod (fixture, POD ("two", RUN));
  kube_log_group_start (fixture->group);
  tell_pod (fixture, "one", POD ("one", RUN));
  tell_pod (fixture, "two", POD ("two", RUN));
  two = begin_log (fixture, "two", "web", FALSE, LINE ("02", "b") LINE ("04", "d"));
  fake_exchange_end (two);
  one = begin_log (fixture, "one", "web", FALSE, LINE ("01", "a") LINE ("03", "c"));
  fake_exchange_send (one, LINE ("05", "e") "2024-05-01T12:00:06Z open");
  fake_exchange_end (one);
  wait_for_lines (fixture, "one/web:a two/web:b one/web:c two/web:d one/web:e one/web:open");
  wait_for_state (fixture, KUBE_LOG_ENDED);
  g_assert_no_error (kube_log_group_get_error (fixture->group));
}

static void
test_containers (Fixture      *fixture,
                 gconstpointer data)
{
  static const struct
  {
    KubeLogContainers containers;
    const char       *name;
    const char       *expected;
  } rows[] = {
    { KUBE_LOG_DEFAULT_CONTAINER, NULL, "web" },
    { KUBE_LOG_NAMED_CONTAINER, "proxy", "proxy" },
    { KUBE_LOG_NAMED_CONTAINER, "debug", "debug" },
    { KUBE_LOG_NAMED_CONTAINER, "none", "" },
    { KUBE_LOG_ALL_CONTAINERS, NULL, "prepare proxy web debug" },
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GString) names = g_string_new (NULL);
      GListModel *sources;

      make_group (fixture, FALSE);
      kube_log_group_set_containers (fixture->group, rows[i].containers, rows[i].name);
      add_pod (fixture, MIXED);
      sources = kube_log_group_get_sources (fixture->group);
      for (j = 0; j < g_list_model_get_n_items (sources); j++)
        g_string_append_printf (names, "%s%s", j > 0 ? " " : "",
                                kube_log_source_get_container (kube_log_group_get_source (fixture->group, j)));
      g_assert_cmpstr (names->str, ==, rows[i].expected);
      g_assert_finalize_object (g_steal_pointer (&fixture->group));
    }
}

/* A reading that is bounded takes one after the other, and is merged all the same. */
static void
test_one_at_a_time (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const names[] = { "prepare", "proxy", "web", "debug" };
  static const char *const logs[] = { LINE ("04", "d"), LINE ("03", "c"), LINE ("02", "b"), LINE ("01", "a") };
  guint                    i;

  make_group (fixture, FALSE);
  kube_log_group_set_containers (fixture->group, KUBE_LOG_ALL_CONTAINERS, NULL);
  kube_log_group_set_max_requests (fixture->group, 1);
  add_pod (fixture, MIXED);
  kube_log_group_start (fixture->group);
  g_assert_nonnull (strstr (kube_log_source_get_detail (kube_log_group_get_source (fixture->group, 1)), "waiting"));
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      tell_pod (fixture, "mixed", MIXED);
      fake_exchange_end (begin_log (fixture, "mixed", names[i], FALSE, logs[i]));
    }
  wait_for_lines (fixture, "mixed/debug:a mixed/web:b mixed/proxy:c mixed/prepare:d");
  wait_for_state (fixture, KUBE_LOG_ENDED);
}

/* Follows "one" and "two", both with a line behind them. */
static void
follow_two (Fixture       *fixture,
            FakeExchange **one,
            FakeExchange **two,
            FakeExchange **watch)
{
  make_group (fixture, TRUE);
  kube_log_group_set_selector (fixture->group, "app=shop");
  kube_log_group_start (fixture->group);
  reply (fixture, LIST, 200, "{'kind':'PodList','apiVersion':'v1','metadata':{'resourceVersion':'5'},'items':[" POD ("one", RUN) "," POD ("two", RUN) "]}");
  *watch = fake_server_expect (fixture->server, WATCH);
  g_assert_cmpstr (fake_exchange_get_query (*watch, "labelSelector"), ==, "app=shop");
  fake_exchange_begin (*watch);

  /* What there is, to its end; then what comes. */
  tell_pod (fixture, "one", POD ("one", RUN));
  tell_pod (fixture, "two", POD ("two", RUN));
  fake_exchange_end (begin_log (fixture, "one", "web", FALSE, LINE ("02", "b")));
  fake_exchange_end (begin_log (fixture, "two", "web", FALSE, LINE ("01", "a")));
  tell_pod (fixture, "one", POD ("one", RUN));
  tell_pod (fixture, "two", POD ("two", RUN));
  *one = begin_log (fixture, "one", "web", TRUE, LINE ("02", "b"));
  *two = begin_log (fixture, "two", "web", TRUE, LINE ("01", "a"));
  wait_for_lines (fixture, "two/web:a one/web:b");
  g_assert_cmpint (kube_log_group_get_state (fixture->group), ==, KUBE_LOG_FOLLOWING);
}

static void
send_event (FakeExchange *watch,
            const char   *type,
            const char   *quoted)
{
  g_autofree char *text = g_strdup_printf ("{'type':'%s','object':%s}\n", type, quoted);

  fake_exchange_send (watch, g_strdelimit (text, "'", '"'));
}

static void
test_follow (Fixture      *fixture,
             gconstpointer data)
{
  FakeExchange *one, *two, *three, *watch;

  follow_two (fixture, &one, &two, &watch);

  /* They arrive in the wrong order, but within the window. */
  fake_exchange_send (two, LINE ("04", "d"));
  fake_exchange_send (one, LINE ("03", "c"));
  wait_for_lines (fixture, "two/web:a one/web:b one/web:c two/web:d");

  /* Another pod joins. */
  send_event (watch, "ADDED", POD ("three", RUN));
  tell_pod (fixture, "three", POD ("three", RUN));
  fake_exchange_end (begin_log (fixture, "three", "web", FALSE, LINE ("05", "e")));
  tell_pod (fixture, "three", POD ("three", RUN));
  three = begin_log (fixture, "three", "web", TRUE, LINE ("05", "e"));
  fake_exchange_send (three, LINE ("06", "f"));
  wait_for_lines (fixture, "two/web:a one/web:b one/web:c two/web:d three/web:e three/web:f");

  /* One goes; its lines stay, and it is said to have ended. */
  send_event (watch, "DELETED", POD ("one", RUN));
  fake_exchange_send (one, LINE ("07", "g"));
  fake_exchange_end (one);
  reply (fixture, "/api/v1/namespaces/shop/pods/one?*", 404, GONE);
  WAIT_UNTIL (kube_log_source_get_state (kube_log_group_get_source (fixture->group, 0)) == KUBE_LOG_ENDED);
  g_assert_nonnull (kube_log_source_get_detail (kube_log_group_get_source (fixture->group, 0)));
  wait_for_lines (fixture, "two/web:a one/web:b one/web:c two/web:d three/web:e three/web:f one/web:g");
  g_assert_cmpint (kube_log_group_get_state (fixture->group), ==, KUBE_LOG_FOLLOWING);
}

/* One connection is cut: no line is lost or doubled, and the other goes on. */
static void
test_cut (Fixture      *fixture,
          gconstpointer data)
{
  FakeExchange *one, *two, *watch;

  follow_two (fixture, &one, &two, &watch);
  fake_exchange_send (one, LINE ("03", "c"));
  wait_for_lines (fixture, "two/web:a one/web:b one/web:c");
  fake_exchange_cut (one);
  fake_exchange_send (two, LINE ("04", "d"));
  tell_pod (fixture, "one", POD ("one", RUN));
  one = begin_log (fixture, "one", "web", TRUE, LINE ("02", "b") LINE ("03", "c") LINE ("05", "e"));
  wait_for_lines (fixture, "two/web:a one/web:b one/web:c two/web:d one/web:e");
}

static void
test_stop (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *one, *two, *watch;

  follow_two (fixture, &one, &two, &watch);
  kube_log_group_stop (fixture->group);
  g_assert_cmpint (kube_log_group_get_state (fixture->group), ==, KUBE_LOG_IDLE);
  WAIT_UNTIL (fake_exchange_is_closed (one));
  WAIT_UNTIL (fake_exchange_is_closed (two));
  WAIT_UNTIL (fake_exchange_is_closed (watch));
}

static void
test_drop (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *one, *two, *watch;

  follow_two (fixture, &one, &two, &watch);
  fake_exchange_send (one, LINE ("03", "c"));
  g_assert_finalize_object (g_steal_pointer (&fixture->group));
  WAIT_UNTIL (fake_exchange_is_closed (one));
  WAIT_UNTIL (fake_exchange_is_closed (two));
  WAIT_UNTIL (fake_exchange_is_closed (watch));
}

static void
test_too_many (Fixture      *fixture,
               gconstpointer data)
{
  GError *error;

  make_group (fixture, TRUE);
  kube_log_group_set_max_requests (fixture->group, 1);
  add_pod (fixture, POD ("one", RUN));
  add_pod (fixture, POD ("two", RUN));
  kube_log_group_start (fixture->group);
  wait_for_state (fixture, KUBE_LOG_FAILED);
  error = kube_log_group_get_error (fixture->group);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "2 logs"));
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 0);
}

/* Pods that join when there is no place for them wait until there is one. */
static void
test_no_place (Fixture      *fixture,
               gconstpointer data)
{
  FakeExchange *one, *two, *watch;

  follow_two (fixture, &one, &two, &watch);
  kube_log_group_set_max_requests (fixture->group, 2);
  send_event (watch, "ADDED", POD ("three", RUN));
  WAIT_UNTIL (g_list_model_get_n_items (kube_log_group_get_sources (fixture->group)) == 3);
  g_assert_cmpint (kube_log_source_get_state (kube_log_group_get_source (fixture->group, 2)), ==, KUBE_LOG_WAITING);
  fake_exchange_end (one);
  reply (fixture, "/api/v1/namespaces/shop/pods/one?*", 404, GONE);
  tell_pod (fixture, "three", POD ("three", RUN));
  fake_exchange_end (begin_log (fixture, "three", "web", FALSE, LINE ("05", "e")));
  wait_for_lines (fixture, "two/web:a one/web:b three/web:e");
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  make_group (fixture, TRUE);
  kube_log_group_set_selector (fixture->group, "app=shop");
  kube_log_group_start (fixture->group);
  reply (fixture, LIST, 403, "{'kind':'Status','apiVersion':'v1','status':'Failure','code':403,'reason':'Forbidden','message':'you may not list pods'}");
  wait_for_state (fixture, KUBE_LOG_FAILED);
  g_assert_error (kube_log_group_get_error (fixture->group), KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
}

/* One log that cannot be read does not keep the others from being read. */
static void
test_one_fails (Fixture      *fixture,
                gconstpointer data)
{
  make_group (fixture, FALSE);
  add_pod (fixture, POD ("one", RUN));
  add_pod (fixture, POD ("two", RUN));
  kube_log_group_start (fixture->group);
  reply (fixture, "/api/v1/namespaces/shop/pods/one?*", 404, GONE);
  tell_pod (fixture, "two", POD ("two", RUN));
  fake_exchange_end (begin_log (fixture, "two", "web", FALSE, LINE ("01", "a")));
  wait_for_state (fixture, KUBE_LOG_FAILED);
  wait_for_lines (fixture, "two/web:a");
  g_assert_error (kube_log_group_get_error (fixture->group), KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

static void
stop_within_cb (KubeLogGroup *group)
{
  kube_log_group_stop (group);
}

static void
test_stop_within (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *log;

  make_group (fixture, TRUE);
  add_pod (fixture, POD ("one", RUN));
  g_signal_connect (fixture->group, "lines", G_CALLBACK (stop_within_cb), NULL);
  kube_log_group_start (fixture->group);
  tell_pod (fixture, "one", POD ("one", RUN));
  log = begin_log (fixture, "one", "web", FALSE, LINE ("01", "a"));
  wait_for_state (fixture, KUBE_LOG_IDLE);
  WAIT_UNTIL (fake_exchange_is_closed (log));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/kube/log-group/past", test_past },
    { "/kube/log-group/containers", test_containers },
    { "/kube/log-group/one-at-a-time", test_one_at_a_time },
    { "/kube/log-group/follow", test_follow },
    { "/kube/log-group/cut", test_cut },
    { "/kube/log-group/stop", test_stop },
    { "/kube/log-group/drop", test_drop },
    { "/kube/log-group/too-many", test_too_many },
    { "/kube/log-group/no-place", test_no_place },
    { "/kube/log-group/refused", test_refused },
    { "/kube/log-group/one-fails", test_one_fails },
    { "/kube/log-group/stop-within", test_stop_within },
  };
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
