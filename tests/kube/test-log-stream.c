/* test-log-stream.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-server.h"
#include "kube-error.h"
#include "kube-log-line.h"
#include "kube-log-stream-private.h"

#define JSON "application/json"
#define TEXT "text/plain"
#define PODS "/api/v1/namespaces/shop/pods/app?*"
#define LOGS "/api/v1/namespaces/shop/pods/app/log?*"
#define WATCHES "/api/v1/namespaces/shop/pods?*watch=1*"

#define POD(version, status)                                                               \
  "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"app\",\"resourceVersion\":\"" version "\"}," \
  "\"spec\":{\"restartPolicy\":\"Always\",\"containers\":[{\"name\":\"web\"},"             \
  "{\"name\":\"log\"}]},"                                                                  \
  "\"status\":{" status "}}"
#define STATE(restarts, state, last) "\"phase\":\"Running\",\"containerStatuses\":[{" \
                                     "\"name\":\"web\",\"restartCount\":" restarts ",\"state\":{" state "},\"lastState\":{" last "}}]"
#define RUN "\"running\":{}"
#define WAIT(reason) "\"waiting\":{\"reason\":\"" reason "\"}"
#define END(code) "\"terminated\":{\"exitCode\":" code "}"
#define STARTED(restarts) STATE (restarts, RUN, "")
#define CRASHED(restarts) STATE (restarts, WAIT ("CrashLoopBackOff"), END ("1"))
#define DONE "\"phase\":\"Succeeded\",\"containerStatuses\":[{\"name\":\"web\"," \
             "\"restartCount\":0,\"state\":{" END ("0") "}}]"
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\"," \
                                    "\"status\":\"Failure\",\"code\":" #code ",\"reason\":\"" reason "\",\"message\":\"" words "\"}"

#define ONE "2024-05-01T12:00:01.100000001Z one\n"
#define TWO "2024-05-01T12:00:01.100000001Z two\n"
#define THREE "2024-05-01T12:00:02.5Z three\n"
#define FOUR "2024-05-01T12:00:09Z four\n"

typedef struct
{
  FakeServer    *server;
  KubeClient    *client;
  KubeLogStream *stream;
  guint          n_lines; /* as told by the signal */
} Fixture;

static const KubeRetryTiming quick = { 10, 40, 20, 50 };

static void
on_stream_lines_cb (KubeLogStream *stream,
                    guint          first,
                    guint          n,
                    gpointer       user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (first, ==, fixture->n_lines);
  fixture->n_lines += n;
  g_assert_cmpuint (fixture->n_lines, ==,
                    g_list_model_get_n_items (
                        G_LIST_MODEL (kube_log_stream_get_buffer (stream))));
}

static void
set_options (KubeLogStream *stream,
             gboolean       follow,
             gboolean       previous,
             gint64         tail_lines)
{
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;

  options.follow = follow;
  options.previous = previous;
  options.tail_lines = tail_lines;
  kube_log_stream_set_options (stream, &options);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->stream = kube_log_stream_new (fixture->client, "shop", "app", "web");
  _kube_log_stream_set_timing (fixture->stream, &quick, 60000);
  set_options (fixture->stream, TRUE, FALSE, -1);
  g_signal_connect (fixture->stream, "lines", G_CALLBACK (on_stream_lines_cb), fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->stream != NULL)
    g_assert_finalize_object (fixture->stream);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, fake_server_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_lines (Fixture    *fixture,
              const char *expected)
{
  KubeLogBuffer *buffer = kube_log_stream_get_buffer (fixture->stream);
  g_autoptr(GString) lines = g_string_new (NULL);
  guint i;

  for (i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (buffer)); i++)
    g_string_append_printf (lines, "%s%s", i > 0 ? " " : "",
                            kube_log_buffer_get_text (buffer, i, NULL, NULL));
  g_assert_cmpstr (lines->str, ==, expected);
}

static void
wait_for_state (Fixture     *fixture,
                KubeLogState state)
{
  WAIT_UNTIL (kube_log_stream_get_state (fixture->stream) == state);
}

static void
tell_pod (Fixture    *fixture,
          const char *pod)
{
  fake_exchange_reply (fake_server_expect (fixture->server, PODS), 200, JSON, pod);
}

/* Takes the next request for the log and answers with the beginning of one. */
static FakeExchange *
tell_log (Fixture    *fixture,
          const char *since,
          const char *text)
{
  FakeExchange *log = fake_server_expect (fixture->server, LOGS);

  g_assert_cmpstr (fake_exchange_get_query (log, "container"), ==, "web");
  g_assert_cmpstr (fake_exchange_get_query (log, "timestamps"), ==, "true");
  g_assert_cmpstr (fake_exchange_get_query (log, "sinceTime"), ==, since);
  fake_exchange_begin (log);
  if (text[0] != '\0')
    fake_exchange_send (log, text);

  return log;
}

static FakeExchange *
begin_log (Fixture    *fixture,
           const char *text,
           guint       n_lines)
{
  FakeExchange *log;

  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  log = tell_log (fixture, NULL, text);
  g_assert_cmpstr (fake_exchange_get_query (log, "follow"), ==, "true");
  WAIT_UNTIL (fixture->n_lines == n_lines);

  return log;
}

static void
test_follow (Fixture      *fixture,
             gconstpointer data)
{
  KubeLogBuffer *buffer = kube_log_stream_get_buffer (fixture->stream);
  FakeExchange  *log;
  gint64         time_us;

  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_IDLE);
  log = begin_log (fixture, ONE, 1);
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_FOLLOWING);
  kube_log_buffer_get_text (buffer, 0, NULL, &time_us);
  g_assert_cmpint (time_us, ==, G_GINT64_CONSTANT (1714564801100000));

  fake_exchange_send (log, TWO "2024-05-01T12:00:02Z thr");
  WAIT_UNTIL (fixture->n_lines == 2);
  fake_exchange_send (log, "ee\n2024-05-01T12:00:02Z \xff\xfe\n");
  WAIT_UNTIL (fixture->n_lines == 4);
  assert_lines (fixture, "one two three \xff\xfe");
}

/* The server is quiet before the first line: that is following, too. */
static void
test_quiet (Fixture      *fixture,
            gconstpointer data)
{
  kube_log_stream_start (fixture->stream);
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_CONNECTING);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  fake_server_expect (fixture->server, LOGS);
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_FOLLOWING);
}

static void
test_cut (Fixture      *fixture,
          gconstpointer data)
{
  gboolean      clean = GPOINTER_TO_INT (data);
  FakeExchange *log = begin_log (fixture, ONE TWO "2024-05-01T12:00:02.5Z th", 2);

  if (clean)
    fake_exchange_end (log);
  else
    fake_exchange_cut (log);

  tell_pod (fixture, POD ("5", STARTED ("0")));
  log = tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO THREE);
  WAIT_UNTIL (fixture->n_lines == 3);

  /* And once more, at the same place. */
  fake_exchange_cut (log);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  log = tell_log (fixture, "2024-05-01T12:00:01Z", ONE TWO THREE FOUR);
  WAIT_UNTIL (fixture->n_lines == 4);
  assert_lines (fixture, "one two three four");
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_FOLLOWING);
  g_assert_no_error (kube_log_stream_get_error (fixture->stream));
}

/* What was written between the cut and the end of the container is read, too. */
static void
test_completed (Fixture      *fixture,
                gconstpointer data)
{
  FakeExchange *log = begin_log (fixture, ONE, 1);

  fake_exchange_end (log);
  tell_pod (fixture, POD ("6", DONE));
  log = tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO "2024-05-01T12:00:03Z last words");
  fake_exchange_end (log);
  tell_pod (fixture, POD ("6", DONE));
  wait_for_state (fixture, KUBE_LOG_ENDED);
  assert_lines (fixture, "one two last words");
  g_assert_nonnull (kube_log_stream_get_detail (fixture->stream));
  g_assert_no_error (kube_log_stream_get_error (fixture->stream));
}

static void
test_gone (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *log = begin_log (fixture, ONE, 1);

  fake_exchange_end (log);
  fake_exchange_reply (fake_server_expect (fixture->server, PODS), 404, JSON,
                       STATUS (404, "NotFound", "pods app not found"));
  wait_for_state (fixture, KUBE_LOG_ENDED);
  g_assert_no_error (kube_log_stream_get_error (fixture->stream));
}

/* Restarted while the connection was down: the rest of the instance before, then the next. */
static void
test_restarted_unseen (Fixture      *fixture,
                       gconstpointer data)
{
  FakeExchange *log = begin_log (fixture, ONE, 1);

  fake_exchange_cut (log);
  tell_pod (fixture, POD ("7", STARTED ("1")));
  log = tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO);
  g_assert_cmpstr (fake_exchange_get_query (log, "previous"), ==, "true");
  g_assert_null (fake_exchange_get_query (log, "follow"));
  fake_exchange_end (log);

  tell_pod (fixture, POD ("7", STARTED ("1")));
  log = tell_log (fixture, "2024-05-01T12:00:00Z", THREE);
  g_assert_null (fake_exchange_get_query (log, "previous"));
  g_assert_cmpstr (fake_exchange_get_query (log, "follow"), ==, "true");
  WAIT_UNTIL (fixture->n_lines == 3);
  assert_lines (fixture, "one two three");
}

static void
test_previous_lost (Fixture      *fixture,
                    gconstpointer data)
{
  FakeExchange *log = begin_log (fixture, ONE, 1);

  fake_exchange_cut (log);
  tell_pod (fixture, POD ("7", STARTED ("1")));
  log = fake_server_expect (fixture->server, LOGS);
  g_assert_cmpstr (fake_exchange_get_query (log, "previous"), ==, "true");
  fake_exchange_reply (log, 400, JSON, STATUS (400, "BadRequest", "previous container not found"));
  tell_pod (fixture, POD ("7", STARTED ("1")));
  tell_log (fixture, "2024-05-01T12:00:00Z", THREE);
  WAIT_UNTIL (fixture->n_lines == 2);
  assert_lines (fixture, "one three");
}

static void
test_crash_loop (Fixture      *fixture,
                 gconstpointer data)
{
  FakeExchange *exchange = begin_log (fixture, ONE, 1);

  fake_exchange_end (exchange);
  tell_pod (fixture, POD ("7", CRASHED ("0")));
  fake_exchange_end (tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO));
  tell_pod (fixture, POD ("7", CRASHED ("0")));

  exchange = fake_server_expect (fixture->server, WATCHES);
  g_assert_cmpstr (fake_exchange_get_query (exchange, "fieldSelector"), ==, "metadata.name=app");
  g_assert_cmpstr (fake_exchange_get_query (exchange, "resourceVersion"), ==, "7");
  wait_for_state (fixture, KUBE_LOG_WAITING);
  g_assert_nonnull (strstr (kube_log_stream_get_detail (fixture->stream), "CrashLoopBackOff"));
  fake_exchange_begin (exchange);
  fake_exchange_send (exchange, "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{}}}\n");
  fake_exchange_send (exchange, "{\"type\":\"MODIFIED\",\"object\":" POD ("8", "") "}\n");

  tell_pod (fixture, POD ("8", STARTED ("1")));
  exchange = tell_log (fixture, "2024-05-01T12:00:00Z", THREE);
  g_assert_null (fake_exchange_get_query (exchange, "previous"));
  WAIT_UNTIL (fixture->n_lines == 3);
  assert_lines (fixture, "one two three");
  g_assert_null (kube_log_stream_get_detail (fixture->stream));
}

static void
test_not_started (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *watch;

  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STATE ("0", WAIT ("ContainerCreating"), "")));
  watch = fake_server_expect (fixture->server, WATCHES);
  wait_for_state (fixture, KUBE_LOG_WAITING);
  g_assert_nonnull (strstr (kube_log_stream_get_detail (fixture->stream), "ContainerCreating"));

  /* The version may be too old by now: the pod is looked at again. */
  fake_exchange_reply (watch, 410, JSON, STATUS (410, "Expired", "too old"));
  tell_pod (fixture, POD ("6", "\"phase\":\"Pending\""));
  watch = fake_server_expect (fixture->server, WATCHES);
  fake_exchange_begin (watch);
  fake_exchange_send (watch, "{\"type\":\"MODIFIED\",\"object\":" POD ("7", "") "}\n");

  /* The kubelet may still say no. */
  tell_pod (fixture, POD ("7", STARTED ("0")));
  fake_exchange_reply (fake_server_expect (fixture->server, LOGS), 400, JSON,
                       STATUS (400, "BadRequest", "container web is waiting to start"));
  wait_for_state (fixture, KUBE_LOG_WAITING);
  g_assert_nonnull (strstr (kube_log_stream_get_detail (fixture->stream), "waiting to start"));
  tell_pod (fixture, POD ("7", STARTED ("0")));
  tell_log (fixture, NULL, ONE);
  WAIT_UNTIL (fixture->n_lines == 1);
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_FOLLOWING);
}

static void
test_away (Fixture      *fixture,
           gconstpointer data)
{
  begin_log (fixture, ONE TWO, 2);
  fake_server_go_away (fixture->server);
  wait_for_state (fixture, KUBE_LOG_WAITING);
  WAIT_UNTIL (g_error_matches (kube_log_stream_get_error (fixture->stream), KUBE_ERROR,
                               KUBE_ERROR_UNREACHABLE));
  fake_server_come_back (fixture->server);

  /* A server that has just started refuses what it allows later. */
  fake_exchange_reply (fake_server_expect (fixture->server, PODS), 403, JSON,
                       STATUS (403, "Forbidden", "not yet"));
  tell_pod (fixture, POD ("5", STARTED ("0")));
  tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO THREE);
  WAIT_UNTIL (fixture->n_lines == 3);
  assert_lines (fixture, "one two three");
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_FOLLOWING);
  g_assert_no_error (kube_log_stream_get_error (fixture->stream));
}

static void
test_once (Fixture      *fixture,
           gconstpointer data)
{
  FakeExchange *log;

  set_options (fixture->stream, FALSE, FALSE, 2);
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  log = tell_log (fixture, NULL, ONE "2024-05-01T12:00:03Z open");
  g_assert_null (fake_exchange_get_query (log, "follow"));
  g_assert_cmpstr (fake_exchange_get_query (log, "tailLines"), ==, "2");
  fake_exchange_end (log);
  wait_for_state (fixture, KUBE_LOG_ENDED);
  assert_lines (fixture, "one open");
}

static void
test_previous (Fixture      *fixture,
               gconstpointer data)
{
  FakeExchange *log;

  set_options (fixture->stream, FALSE, TRUE, -1);
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("1")));
  log = tell_log (fixture, NULL, ONE);
  g_assert_cmpstr (fake_exchange_get_query (log, "previous"), ==, "true");
  g_assert_null (fake_exchange_get_query (log, "follow"));
  fake_exchange_end (log);
  wait_for_state (fixture, KUBE_LOG_ENDED);
  assert_lines (fixture, "one");
}

/* Ends in FAILED, with the words that the person needs. */
static void
check_failed (Fixture    *fixture,
              KubeError   code,
              const char *words)
{
  GError *error;

  wait_for_state (fixture, KUBE_LOG_FAILED);
  error = kube_log_stream_get_error (fixture->stream);
  g_assert_error (error, KUBE_ERROR, (int) code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
test_no_pod (Fixture      *fixture,
             gconstpointer data)
{
  kube_log_stream_start (fixture->stream);
  fake_exchange_reply (fake_server_expect (fixture->server, PODS), 404, JSON,
                       STATUS (404, "NotFound", "pods app not found"));
  check_failed (fixture, KUBE_ERROR_NOT_FOUND, "pods app not found");
}

static void
test_forbidden (Fixture      *fixture,
                gconstpointer data)
{
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  fake_exchange_reply (fake_server_expect (fixture->server, LOGS), 403, JSON,
                       STATUS (403, "Forbidden", "you may not read logs"));
  check_failed (fixture, KUBE_ERROR_FORBIDDEN, "you may not read logs");
}

static void
test_no_previous (Fixture      *fixture,
                  gconstpointer data)
{
  set_options (fixture->stream, FALSE, TRUE, -1);
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  fake_exchange_reply (fake_server_expect (fixture->server, LOGS), 400, JSON,
                       STATUS (400, "BadRequest", "previous container not found"));
  check_failed (fixture, KUBE_ERROR_BAD_REQUEST, "previous container not found");
}

static void
test_nothing_yet (Fixture      *fixture,
                  gconstpointer data)
{
  set_options (fixture->stream, FALSE, FALSE, -1);
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STATE ("0", WAIT ("ContainerCreating"), "")));
  check_failed (fixture, KUBE_ERROR_BAD_REQUEST, "ContainerCreating");
}

static void
test_no_container (Fixture      *fixture,
                   gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->stream));
  fixture->stream = kube_log_stream_new (fixture->client, "shop", "app", "cache");
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  check_failed (fixture, KUBE_ERROR_NOT_FOUND, "web, log");
}

static void
test_first_container (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *container = NULL;

  g_assert_finalize_object (g_steal_pointer (&fixture->stream));
  fixture->stream = kube_log_stream_new (fixture->client, "shop", "app", NULL);
  g_assert_null (kube_log_stream_get_container (fixture->stream));
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  tell_log (fixture, NULL, ONE);
  g_object_get (fixture->stream, "container", &container, NULL);
  g_assert_cmpstr (container, ==, "web");
}

/* Nothing for long: the connection may be dead and is made anew, without loss. */
static void
test_silence (Fixture      *fixture,
              gconstpointer data)
{
  FakeExchange *log;

  _kube_log_stream_set_timing (fixture->stream, &quick, 300);
  log = begin_log (fixture, ONE, 1);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  WAIT_UNTIL (fake_exchange_is_closed (log));
  tell_log (fixture, "2024-05-01T12:00:00Z", ONE TWO);
  WAIT_UNTIL (fixture->n_lines == 2);
  assert_lines (fixture, "one two");
}

/* A container that has just ended is running for the server for a moment longer. */
static void
test_ends_at_once (Fixture      *fixture,
                   gconstpointer data)
{
  FakeExchange *log = begin_log (fixture, ONE, 1);
  guint         i;

  fake_exchange_end (log);
  for (i = 0; i < 3; i++)
    {
      tell_pod (fixture, POD ("5", STARTED ("0")));
      fake_exchange_end (tell_log (fixture, "2024-05-01T12:00:00Z", ONE));
    }
  tell_pod (fixture, POD ("6", DONE));
  fake_exchange_end (tell_log (fixture, "2024-05-01T12:00:00Z", ONE));
  tell_pod (fixture, POD ("6", DONE));
  wait_for_state (fixture, KUBE_LOG_ENDED);
  assert_lines (fixture, "one");
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
  KubeLogState  state = GPOINTER_TO_INT (data) / 2;
  gboolean      drop = GPOINTER_TO_INT (data) % 2;
  Fixture       fixture = { 0 };
  FakeExchange *exchange = NULL;

  set_up (&fixture, NULL);
  if (state == KUBE_LOG_FOLLOWING)
    {
      exchange = begin_log (&fixture, ONE, 1);
    }
  else if (state != KUBE_LOG_IDLE)
    {
      kube_log_stream_start (fixture.stream);
      exchange = fake_server_expect (fixture.server, PODS);
    }
  if (state == KUBE_LOG_WAITING)
    {
      fake_exchange_reply (exchange, 200, JSON, POD ("5", "\"phase\":\"Pending\""));
      exchange = fake_server_expect (fixture.server, WATCHES);
    }
  wait_for_state (&fixture, state);

  if (drop)
    {
      g_assert_finalize_object (g_steal_pointer (&fixture.stream));
    }
  else
    {
      kube_log_stream_stop (fixture.stream);
      g_assert_cmpint (kube_log_stream_get_state (fixture.stream), ==, KUBE_LOG_IDLE);
    }
  if (exchange != NULL)
    WAIT_UNTIL (fake_exchange_is_closed (exchange));
  settle ();

  /* It goes on where it was. */
  if (!drop && state == KUBE_LOG_FOLLOWING)
    {
      kube_log_stream_start (fixture.stream);
      tell_pod (&fixture, POD ("5", STARTED ("0")));
      tell_log (&fixture, "2024-05-01T12:00:00Z", ONE TWO);
      WAIT_UNTIL (fixture.n_lines == 2);
    }
  tear_down (&fixture, NULL);
}

static void
stop_within_cb (KubeLogStream *stream)
{
  kube_log_stream_stop (stream);
}

static void
test_stop_within (Fixture      *fixture,
                  gconstpointer data)
{
  FakeExchange *log;

  g_signal_connect (fixture->stream, "lines", G_CALLBACK (stop_within_cb), NULL);
  log = begin_log (fixture, ONE, 1);
  g_assert_cmpint (kube_log_stream_get_state (fixture->stream), ==, KUBE_LOG_IDLE);
  WAIT_UNTIL (fake_exchange_is_closed (log));
  settle ();
  g_assert_cmpuint (fake_server_count (fixture->server), ==, 2);
}

#define N_FLOOD 20000

/* So much that it is taken apart in a thread; all of one second, so that after a cut all of it
 * comes once more. */
static char *
make_flood (guint n_lines)
{
  GString *log = g_string_new (NULL);
  guint    i;

  for (i = 0; i < n_lines; i++)
    g_string_append_printf (log, "2024-05-01T12:00:02.%09uZ line %u %0*u\n", i, i, i % 100 + 1, 0);

  return g_string_free (log, FALSE);
}

static void
test_flood (Fixture      *fixture,
            gconstpointer data)
{
  gboolean         stopped = GPOINTER_TO_INT (data);
  KubeLogBuffer   *buffer = kube_log_stream_get_buffer (fixture->stream);
  g_autofree char *half = make_flood (N_FLOOD / 2);
  g_autofree char *whole = make_flood (N_FLOOD);
  FakeExchange    *log;
  guint            i;

  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  log = tell_log (fixture, NULL, half);
  WAIT_UNTIL (stopped ? fixture->n_lines > 0 : fixture->n_lines == N_FLOOD / 2);
  if (stopped)
    kube_log_stream_stop (fixture->stream);
  else
    fake_exchange_cut (log);
  kube_log_stream_start (fixture->stream);
  tell_pod (fixture, POD ("5", STARTED ("0")));
  tell_log (fixture, "2024-05-01T12:00:01Z", whole);
  WAIT_UNTIL (fixture->n_lines == N_FLOOD);

  for (i = 0; i < N_FLOOD; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u %0*u", i, i % 100 + 1, 0);

      g_assert_cmpstr (kube_log_buffer_get_text (buffer, i, NULL, NULL), ==, text);
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
    { "/kube/log-stream/follow", NULL, test_follow },
    { "/kube/log-stream/quiet", NULL, test_quiet },
    { "/kube/log-stream/cut/broken", GINT_TO_POINTER (FALSE), test_cut },
    { "/kube/log-stream/cut/clean", GINT_TO_POINTER (TRUE), test_cut },
    { "/kube/log-stream/completed", NULL, test_completed },
    { "/kube/log-stream/gone", NULL, test_gone },
    { "/kube/log-stream/restarted-unseen", NULL, test_restarted_unseen },
    { "/kube/log-stream/previous-lost", NULL, test_previous_lost },
    { "/kube/log-stream/crash-loop", NULL, test_crash_loop },
    { "/kube/log-stream/not-started", NULL, test_not_started },
    { "/kube/log-stream/away", NULL, test_away },
    { "/kube/log-stream/once", NULL, test_once },
    { "/kube/log-stream/previous", NULL, test_previous },
    { "/kube/log-stream/no-pod", NULL, test_no_pod },
    { "/kube/log-stream/forbidden", NULL, test_forbidden },
    { "/kube/log-stream/no-previous", NULL, test_no_previous },
    { "/kube/log-stream/nothing-yet", NULL, test_nothing_yet },
    { "/kube/log-stream/no-container", NULL, test_no_container },
    { "/kube/log-stream/first-container", NULL, test_first_container },
    { "/kube/log-stream/silence", NULL, test_silence },
    { "/kube/log-stream/ends-at-once", NULL, test_ends_at_once },
    { "/kube/log-stream/stop-within", NULL, test_stop_within },
    { "/kube/log-stream/flood/cut", GINT_TO_POINTER (FALSE), test_flood },
    { "/kube/log-stream/flood/stopped", GINT_TO_POINTER (TRUE), test_flood },
  };
  static const char *const states[] = { "idle", "connecting", "following", "waiting" };
  guint                    i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].data, set_up, tests[i].test, tear_down);
  for (i = 0; i < 2 * G_N_ELEMENTS (states); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kube/log-stream/%s/%s",
                                               i % 2 ? "drop" : "stop", states[i / 2]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stop);
    }
  return g_test_run ();
}
