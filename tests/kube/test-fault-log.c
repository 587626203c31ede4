/* test-fault-log.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Logs whose connection fails: every line comes, and comes once. */

#include "fault-fixture.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "kube-log-stream-private.h"

#define LOG "GET */log?*"
#define POD "GET */pods/web"
#define JSON "Content-Type: application/json\r\n"
#define STATUS(code, reason, words) JSON "\r\n{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{}," \
                                         "\"status\":\"Failure\",\"message\":\"" words "\",\"reason\":\"" reason "\",\"code\":" #code "}"
#define AT(action, place, nth, times) action, place, nth, 0, times, NULL, 0
#define ANSWER(text) FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, text, 0

static const struct
{
  const char *name;
  Fault       fault;
} cases[] = {
  { "cut/before-answer", { LOG, AT (FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 2) } },
  { "reset/in-status-line", { LOG, AT (FAULT_RESET, FAULT_IN_STATUS_LINE, 3, 2) } },
  { "close/in-header-name", { LOG, AT (FAULT_CLOSE, FAULT_IN_HEADER_NAME, 3, 2) } },
  { "cut/before-body", { LOG, AT (FAULT_CUT, FAULT_BEFORE_BODY, 0, 2) } },
  { "cut/in-chunk-size", { LOG, AT (FAULT_CUT, FAULT_IN_CHUNK_SIZE, 0, 2) } },
  { "cut/in-time", { LOG, AT (FAULT_CUT, FAULT_IN_BODY, 12, 2) } },
  { "close/in-utf8", { LOG, AT (FAULT_CLOSE, FAULT_IN_LINE, 41, 2) } },
  { "reset/in-line", { LOG, AT (FAULT_RESET, FAULT_IN_LINE, 48, 2) } },
  { "poison/in-line", { LOG, AT (FAULT_POISON, FAULT_IN_LINE, 200, 2) } },
  { "cut/between-lines", { LOG, AT (FAULT_CUT, FAULT_BETWEEN_LINES, 2, 2) } },
  { "close/in-chunk-end", { LOG, AT (FAULT_CLOSE, FAULT_IN_CHUNK_END, 2, 2) } },
  { "reset/between-chunks", { LOG, AT (FAULT_RESET, FAULT_BETWEEN_CHUNKS, 4, 2) } },
  { "close/between-chunks", { LOG, AT (FAULT_CLOSE, FAULT_BETWEEN_CHUNKS, 4, 2) } },
  { "drip", { LOG, AT (FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 1) } },
  { "stall/before-answer", { LOG, AT (FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 1) } },
  { "stall/in-header-value", { LOG, AT (FAULT_STALL, FAULT_IN_HEADER_VALUE, 0, 1) } },
  { "stall/in-line", { LOG, AT (FAULT_STALL, FAULT_IN_LINE, 48, 1) } },
  { "stall/between-chunks", { LOG, AT (FAULT_STALL, FAULT_BETWEEN_CHUNKS, 2, 1) } },
  { "busy", { LOG, ANSWER ("HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\n\r\nToo many requests") } },
  { "unavailable-page", { LOG, ANSWER ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<h1>503</h1>") } },
  { "internal-error", { LOG, ANSWER ("HTTP/1.1 500 Internal Server Error\r\n" STATUS (500, "InternalError", "Get \\\"https://10.0.0.4:10250/containerLogs\\\": dial tcp: i/o timeout")) } },
  { "not-ready", { LOG, ANSWER ("HTTP/1.1 400 Bad Request\r\n" STATUS (400, "BadRequest", "container \\\"main\\\" in pod \\\"web\\\" is waiting to start: ContainerCreating")) } },
  { "pod/cut", { POD, AT (FAULT_CUT, FAULT_IN_UTF8, 0, 2) } },
  { "pod/stall", { POD, AT (FAULT_STALL, FAULT_IN_STRING, 60, 1) } },
  { "pod/busy", { POD, ANSWER ("HTTP/1.1 429 Too Many Requests\r\n" STATUS (429, "TooManyRequests", "please wait")) } },
  { "pod/garbled", { POD, AT (FAULT_GARBLE, FAULT_IN_UTF8, 0, 1) } },
};

typedef struct
{
  FaultFixture   base;
  KubeLogStream *stream;
} Fixture;

static const KubeRetryTiming quick = { 10, 40, 20, 50 };

static void
on_stream_notify_error_cb (KubeLogStream *stream,
                           GParamSpec    *pspec,
                           gpointer       user_data)
{
  const GError *error = kube_log_stream_get_error (stream);

  if (error == NULL)
    return;
  g_assert_true (error->domain == KUBE_ERROR);
  fault_assert_for_people (error->message);
}

static void
set_up (Fixture *fixture,
        gboolean follow)
{
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;

  fault_fixture_set_up (&fixture->base, TRUE, g_test_get_path ());
  fixture->stream = kube_log_stream_new (fixture->base.client, "shop", "web", "main");
  _kube_log_stream_set_timing (fixture->stream, &quick, 500);
  options.follow = follow;
  kube_log_stream_set_options (fixture->stream, &options);
  g_signal_connect (fixture->stream, "notify::error", G_CALLBACK (on_stream_notify_error_cb),
                    fixture);
}

static void
tear_down (Fixture *fixture)
{
  g_assert_finalize_object (fixture->stream);
  fault_fixture_tear_down (&fixture->base);
}

static gboolean
is_true (Fixture *fixture)
{
  KubeLogBuffer   *buffer = kube_log_stream_get_buffer (fixture->stream);
  g_autofree char *truth = fault_cluster_dup_log (fixture->base.cluster);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (buffer)); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "",
                            kube_log_buffer_get_text (buffer, i, NULL, NULL));
  if (text->len > strlen (truth))
    g_error ("more than was said: %s", text->str);

  return g_str_equal (text->str, truth);
}

static void
test_follow (gconstpointer data)
{
  guint   index = GPOINTER_TO_UINT (data);
  Fixture fixture = { .stream = NULL };

  set_up (&fixture, TRUE);
  if (cases[index].fault.action == FAULT_STALL)
    _kube_client_set_silence (fixture.base.client, 1);
  fault_cluster_log (fixture.base.cluster, 7);
  fault_proxy_add (fixture.base.proxy, &cases[index].fault);
  kube_log_stream_start (fixture.stream);
  FAULT_WAIT (fault_proxy_count_hits (fixture.base.proxy) > 0);
  fault_cluster_log (fixture.base.cluster, 6);
  FAULT_WAIT (is_true (&fixture));
  fault_cluster_log (fixture.base.cluster, 1);
  FAULT_WAIT (is_true (&fixture) &&
              kube_log_stream_get_state (fixture.stream) == KUBE_LOG_FOLLOWING);
  g_assert_no_error (kube_log_stream_get_error (fixture.stream));
  tear_down (&fixture);
}

/* A log that is not followed ends when all of it is there, not when its connection does. */
static void
test_once (void)
{
  static const FaultAction cuts[] = { FAULT_CUT, FAULT_CLOSE, FAULT_RESET, FAULT_POISON };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    for (guint nth = 5; nth < 160; nth += 30)
      {
        Fault   fault = { LOG, cuts[i], FAULT_IN_LINE, nth, 0, 1, NULL, 0 };
        Fixture fixture = { .stream = NULL };

        set_up (&fixture, FALSE);
        fault_cluster_log (fixture.base.cluster, 7);
        fault_proxy_add (fixture.base.proxy, &fault);
        kube_log_stream_start (fixture.stream);
        FAULT_WAIT (kube_log_stream_get_state (fixture.stream) == KUBE_LOG_ENDED);
        g_assert_true (is_true (&fixture));
        g_assert_cmpuint (fault_proxy_count_hits (fixture.base.proxy), ==, 1);
        tear_down (&fixture);
      }
}

/* Cuts at places that nobody has thought of. */
static void
test_anywhere (void)
{
  Fixture fixture = { .stream = NULL };

  set_up (&fixture, TRUE);
  kube_log_stream_start (fixture.stream);
  for (guint i = 0; i < 40; i++)
    {
      Fault fault = { LOG, g_test_rand_int_range (FAULT_CUT, FAULT_POISON + 1), FAULT_IN_BODY,
                      g_test_rand_int_range (0, 600), 0, 1, NULL, 0 };

      fault_proxy_add (fixture.base.proxy, &fault);
      fault_cluster_log (fixture.base.cluster, g_test_rand_int_range (1, 9));
      if (i % 4 == 3)
        fault_proxy_cut_all (fixture.base.proxy);
      if (i % 3 == 2)
        FAULT_WAIT (is_true (&fixture));
    }
  FAULT_WAIT (is_true (&fixture));
  g_assert_cmpuint (fault_proxy_count_hits (fixture.base.proxy), >, 10);
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!fault_fixture_begin ())
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/log/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_follow);
    }
  g_test_add_func ("/fault/log/once", test_once);
  g_test_add_func ("/fault/log/anywhere", test_anywhere);
  status = g_test_run ();
  fault_fixture_end ();

  return status;
}
