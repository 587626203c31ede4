/* test-fault-reflector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lists and watches that fail. Whatever happens, the model equals the cluster in the end; while
 * it does not, the state says so; and what is told on the way is for people. */

#include <string.h>

#include "base-json.h"
#include "fault-fixture.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "kube-reflector-private.h"

#define LIST "GET *limit=*"
#define NEXT_PAGE "GET *&continue=*"
#define WATCH "GET *watch=1*"
#define OK "HTTP/1.1 200 OK\r\n"
#define JSON "Content-Type: application/json\r\n"
#define HTML "<html><body><h1>Hotel network</h1></body></html>"
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{}," \
                                    "\"status\":\"Failure\",\"message\":\"" words "\",\"reason\":\"" reason "\",\"code\":" #code "}"
#define ERROR_EVENT(code, reason, words) "{\"type\":\"ERROR\",\"object\":" STATUS (code, reason, words) "}\n"
#define STRAY(kind, metadata) "{\"type\":\"ADDED\",\"object\":{\"kind\":\"" kind "\",\"apiVersion\":\"v1\"," \
                              "\"metadata\":{" metadata "}}}\n"
#define UNSEEN "\"namespace\":\"shop\",\"uid\":\"u\",\"resourceVersion\":\"101\""

/* No error may be seen; or one may, but need not. */
#define SILENT -1
#define PERHAPS(code) (1000 + (code))

typedef struct
{
  const char *name;
  Fault       fault;
  int         code; /* of the error that must be seen on the way */
} Case;

#define AT(action, place, nth, times) action, place, nth, 0, times, NULL, 0
#define ANSWER(text) FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, text, 0
#define EVENT(text) FAULT_INJECT, FAULT_BETWEEN_CHUNKS, 0, 0, 1, text, 0

/* The watch is cut at the first event after the list. libsoup takes a chunked answer for whole
 * when the connection ends between two chunks; that is what the end of a watch looks like.
 *
 * A reset takes with it what the client has not read yet, on a slow machine the head of a list
 * also. The list is then asked for again without a word, twice; the third time tells. */
static const Case cases[] = {
  { "list/cut/before-answer", { LIST, AT (FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/reset/before-answer", { LIST, AT (FAULT_RESET, FAULT_BEFORE_ANSWER, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/cut/in-status-line", { LIST, AT (FAULT_CUT, FAULT_IN_STATUS_LINE, 5, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/cut/in-header-value", { LIST, AT (FAULT_CUT, FAULT_IN_HEADER_VALUE, 5, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/close/in-header-name", { LIST, AT (FAULT_CLOSE, FAULT_IN_HEADER_NAME, 5, 2) }, KUBE_ERROR_PROTOCOL },
  { "list/cut/before-body", { LIST, AT (FAULT_CUT, FAULT_BEFORE_BODY, 0, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/close/in-chunk-size", { LIST, AT (FAULT_CLOSE, FAULT_IN_CHUNK_SIZE, 0, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/cut/in-chunk-data", { LIST, AT (FAULT_CUT, FAULT_IN_CHUNK_DATA, 100, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/cut/between-chunks", { LIST, AT (FAULT_CUT, FAULT_BETWEEN_CHUNKS, 0, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/poison/in-utf8", { LIST, AT (FAULT_POISON, FAULT_IN_UTF8, 1, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/close/in-escape", { LIST, AT (FAULT_CLOSE, FAULT_IN_ESCAPE, 3, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/reset/in-number", { LIST, AT (FAULT_RESET, FAULT_IN_NUMBER, 2, 3) }, KUBE_ERROR_UNREACHABLE },
  { "list/cut/in-last-chunk", { LIST, AT (FAULT_CUT, FAULT_IN_LAST_CHUNK, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/cut/next-page", { NEXT_PAGE, AT (FAULT_CUT, FAULT_IN_STRING, 9, 2) }, KUBE_ERROR_UNREACHABLE },
  { "list/garble/in-chunk-size", { LIST, AT (FAULT_GARBLE, FAULT_IN_CHUNK_SIZE, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "list/garble/in-utf8", { LIST, AT (FAULT_GARBLE, FAULT_IN_UTF8, 0, 1) }, KUBE_ERROR_PROTOCOL },
  { "list/drip", { LIST, AT (FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 1) }, PERHAPS (KUBE_ERROR_EXPIRED) },
  { "list/stall", { LIST, AT (FAULT_STALL, FAULT_IN_CHUNK_DATA, 50, 1) }, KUBE_ERROR_TIMEOUT },
  { "list/gone/next-page", { NEXT_PAGE, ANSWER ("HTTP/1.1 410 Gone\r\n" JSON "\r\n" STATUS (410, "Expired", "The provided continue parameter is too old.")) }, PERHAPS (KUBE_ERROR_EXPIRED) },
  { "list/busy", { LIST, ANSWER ("HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\n\r\nToo many requests, please try again later.") }, KUBE_ERROR_TOO_MANY_REQUESTS },
  { "list/unavailable-page", { LIST, ANSWER ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n" HTML) }, KUBE_ERROR_UNAVAILABLE },
  { "list/unauthorized", { LIST, ANSWER ("HTTP/1.1 401 Unauthorized\r\n" JSON "\r\n" STATUS (401, "Unauthorized", "Unauthorized")) }, KUBE_ERROR_UNAUTHORIZED },
  { "list/sign-in-page", { LIST, ANSWER (OK "Content-Type: text/html\r\n\r\n" HTML) }, KUBE_ERROR_PROTOCOL },
  { "list/text", { LIST, ANSWER (OK "Content-Type: text/plain\r\n\r\nok") }, KUBE_ERROR_PROTOCOL },
  { "list/no-list", { LIST, ANSWER (OK JSON "\r\n{\"message\":\"Sign in first\"}") }, KUBE_ERROR_PROTOCOL },
  { "list/no-list-as-next-page", { NEXT_PAGE, ANSWER (OK JSON "\r\n" STATUS (200, "", "fine")) }, KUBE_ERROR_PROTOCOL },

  { "watch/cut/before-answer", { WATCH, AT (FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/reset/in-status-line", { WATCH, AT (FAULT_RESET, FAULT_IN_STATUS_LINE, 5, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/in-header-name", { WATCH, AT (FAULT_CUT, FAULT_IN_HEADER_NAME, 5, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/before-body", { WATCH, AT (FAULT_CUT, FAULT_BEFORE_BODY, 0, 2) }, KUBE_ERROR_PROTOCOL },
  { "watch/cut/in-chunk-size", { WATCH, AT (FAULT_CUT, FAULT_IN_CHUNK_SIZE, 0, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/close/in-chunk-data", { WATCH, AT (FAULT_CLOSE, FAULT_IN_CHUNK_DATA, 10, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/in-string", { WATCH, AT (FAULT_CUT, FAULT_IN_STRING, 30, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/reset/in-escape", { WATCH, AT (FAULT_RESET, FAULT_IN_ESCAPE, 3, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/in-utf8", { WATCH, AT (FAULT_CUT, FAULT_IN_UTF8, 1, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/poison/in-number", { WATCH, AT (FAULT_POISON, FAULT_IN_NUMBER, 2, 2) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/between-lines", { WATCH, AT (FAULT_CUT, FAULT_BETWEEN_LINES, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "watch/reset/between-lines", { WATCH, AT (FAULT_RESET, FAULT_BETWEEN_LINES, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/in-chunk-end", { WATCH, AT (FAULT_CUT, FAULT_IN_CHUNK_END, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/close/between-chunks", { WATCH, AT (FAULT_CLOSE, FAULT_BETWEEN_CHUNKS, 0, 1) }, SILENT },
  { "watch/reset/between-chunks", { WATCH, AT (FAULT_RESET, FAULT_BETWEEN_CHUNKS, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/cut/second-event", { WATCH, AT (FAULT_CUT, FAULT_IN_UTF8, 9, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/garble/in-chunk-size", { WATCH, AT (FAULT_GARBLE, FAULT_IN_CHUNK_SIZE, 0, 1) }, PERHAPS (KUBE_ERROR_UNREACHABLE) },
  { "watch/garble/in-utf8", { WATCH, AT (FAULT_GARBLE, FAULT_IN_UTF8, 0, 1) }, KUBE_ERROR_PROTOCOL },
  { "watch/drip", { WATCH, AT (FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 1) }, SILENT },
  { "watch/stall/before-answer", { WATCH, AT (FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/stall/before-body", { WATCH, AT (FAULT_STALL, FAULT_BEFORE_BODY, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/stall/in-chunk-size", { WATCH, AT (FAULT_STALL, FAULT_IN_CHUNK_SIZE, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/stall/in-utf8", { WATCH, AT (FAULT_STALL, FAULT_IN_UTF8, 0, 1) }, KUBE_ERROR_UNREACHABLE },
  { "watch/stall/between-lines", { WATCH, AT (FAULT_STALL, FAULT_BETWEEN_LINES, 0, 1) }, KUBE_ERROR_UNREACHABLE },

  { "watch/gone", { WATCH, ANSWER ("HTTP/1.1 410 Gone\r\n" JSON "\r\n" STATUS (410, "Gone", "too old resource version: 1 (2)")) }, KUBE_ERROR_EXPIRED },
  { "watch/busy", { WATCH, ANSWER ("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n" JSON "\r\n" STATUS (429, "TooManyRequests", "storage is (re)initializing")) }, KUBE_ERROR_TOO_MANY_REQUESTS },
  { "watch/unavailable-page", { WATCH, ANSWER ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n" HTML) }, KUBE_ERROR_UNAVAILABLE },
  { "watch/forbidden", { WATCH, ANSWER ("HTTP/1.1 403 Forbidden\r\n" JSON "\r\n" STATUS (403, "Forbidden", "pods is forbidden: User \\\"u\\\" cannot watch resource \\\"pods\\\"")) }, KUBE_ERROR_FORBIDDEN },
  { "watch/sign-in-page", { WATCH, ANSWER (OK "Content-Type: text/html\r\n\r\n" HTML "\n") }, KUBE_ERROR_PROTOCOL },
  { "watch/sign-in-page-without-line-end", { WATCH, ANSWER (OK "Content-Type: text/html\r\n\r\n" HTML) }, KUBE_ERROR_PROTOCOL },
  { "watch/list-instead", { WATCH, ANSWER (OK JSON "\r\n{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}\n") }, KUBE_ERROR_PROTOCOL },
  { "watch/nothing", { WATCH, ANSWER (OK JSON "Content-Length: 0\r\n\r\n") }, KUBE_ERROR_PROTOCOL },
  { "watch/length-too-long", { WATCH, ANSWER (OK JSON "Content-Length: 99\r\n\r\n{\"type\":") }, KUBE_ERROR_UNREACHABLE },

  { "event/gone", { WATCH, EVENT (ERROR_EVENT (410, "Expired", "too old resource version: 1 (2)")) }, PERHAPS (KUBE_ERROR_EXPIRED) },
  { "event/internal-error", { WATCH, EVENT (ERROR_EVENT (500, "InternalError", "etcdserver: no leader")) }, KUBE_ERROR_SERVER },
  { "event/timeout", { WATCH, EVENT (ERROR_EVENT (504, "Timeout", "the server could not wait")) }, KUBE_ERROR_TIMEOUT },
  { "event/busy", { WATCH, EVENT (ERROR_EVENT (429, "TooManyRequests", "please wait")) }, KUBE_ERROR_TOO_MANY_REQUESTS },
  { "event/error-without-words", { WATCH, EVENT ("{\"type\":\"ERROR\",\"object\":{}}\n") }, KUBE_ERROR_SERVER },
  { "event/error-without-object", { WATCH, EVENT ("{\"type\":\"ERROR\"}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/unknown-type", { WATCH, EVENT ("{\"type\":\"RENAMED\",\"object\":{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"}}}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/no-type", { WATCH, EVENT ("{\"object\":{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\"}}}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/no-object", { WATCH, EVENT ("{\"type\":\"ADDED\"}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/object-null", { WATCH, EVENT ("{\"type\":\"ADDED\",\"object\":null}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/object-text", { WATCH, EVENT ("{\"type\":\"ADDED\",\"object\":\"pod\"}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/no-json", { WATCH, EVENT ("502 Bad Gateway\n") }, KUBE_ERROR_PROTOCOL },
  { "event/number", { WATCH, EVENT ("5\n") }, KUBE_ERROR_PROTOCOL },
  { "event/null", { WATCH, EVENT ("null\n") }, KUBE_ERROR_PROTOCOL },
  { "event/empty-line", { WATCH, EVENT ("\n") }, PERHAPS (KUBE_ERROR_PROTOCOL) },
  { "event/without-metadata", { WATCH, EVENT ("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/without-name", { WATCH, EVENT (STRAY ("Pod", UNSEEN)) }, KUBE_ERROR_PROTOCOL },
  { "event/another-kind", { WATCH, EVENT (STRAY ("Secret", "\"name\":\"zz\"," UNSEEN)) }, KUBE_ERROR_PROTOCOL },
  { "event/status-as-object", { WATCH, EVENT ("{\"type\":\"MODIFIED\",\"object\":" STATUS (500, "InternalError", "odd") "}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/table-without-rows", { WATCH, EVENT ("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"104\"},\"rows\":null}}\n") }, PERHAPS (KUBE_ERROR_PROTOCOL) },
  { "event/table-without-object", { WATCH, EVENT ("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"104\"},\"rows\":[{\"cells\":[\"zz\",\"\"]}]}}\n") }, KUBE_ERROR_PROTOCOL },
  { "event/bookmark-without-version", { WATCH, EVENT ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{}}}\n") }, SILENT },
  { "event/old-bookmark", { WATCH, EVENT ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"}}}\n") }, SILENT },
  { "event/cut-after-injected-half", { WATCH, FAULT_INJECT, FAULT_BETWEEN_CHUNKS, 0, 0, 1, "{\"type\":\"ADD", 0 }, KUBE_ERROR_PROTOCOL },
};

typedef struct
{
  FaultFixture   base;
  KubeReflector *reflector;
  KubeForm       form;
  GHashTable    *seen;      /* codes of errors */
  guint          min_items; /* the fewest after the first list */
  guint          n_contacts;
} Fixture;

static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 60000, 60000 };
static const KubeReflectorTiming impatient = { { 10, 40, 20, 50 }, 1, 200, 700, 700 };

static void
on_reflector_notify_error_cb (KubeReflector *reflector,
                              GParamSpec    *pspec,
                              gpointer       user_data)
{
  Fixture      *fixture = user_data;
  const GError *error = kube_reflector_get_error (reflector);

  if (error == NULL)
    return;
  g_assert_true (error->domain == KUBE_ERROR);
  fault_assert_for_people (error->message);
  g_hash_table_add (fixture->seen, GINT_TO_POINTER (error->code + 1));
}

static void
on_reflector_notify_last_contact_cb (KubeReflector *reflector,
                                     GParamSpec    *pspec,
                                     gpointer       user_data)
{
  Fixture *fixture = user_data;

  fixture->n_contacts++;
}

static void
on_model_items_changed_cb (GListModel *model,
                           guint       position,
                           guint       removed,
                           guint       added,
                           gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->min_items = MIN (fixture->min_items, g_list_model_get_n_items (model));
}

static void
set_up (Fixture                   *fixture,
        KubeForm                   form,
        const KubeReflectorTiming *timing)
{
  fault_fixture_set_up (&fixture->base, TRUE, g_test_get_path ());
  fault_cluster_put (fixture->base.cluster, "a");
  fault_cluster_put (fixture->base.cluster, "b");
  fault_cluster_put (fixture->base.cluster, "c");
  fixture->form = form;
  fixture->seen = g_hash_table_new (NULL, NULL);
  fixture->min_items = G_MAXUINT;
  fixture->reflector = kube_reflector_new (fixture->base.client, &KUBE_POD, "shop", form, NULL);
  _kube_reflector_set_timing (fixture->reflector, timing);
  g_signal_connect (fixture->reflector, "notify::error",
                    G_CALLBACK (on_reflector_notify_error_cb), fixture);
  g_signal_connect (fixture->reflector, "notify::last-contact",
                    G_CALLBACK (on_reflector_notify_last_contact_cb), fixture);
  g_signal_connect (kube_reflector_get_model (fixture->reflector), "items-changed",
                    G_CALLBACK (on_model_items_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture)
{
  g_assert_finalize_object (fixture->reflector);
  g_hash_table_unref (fixture->seen);
  fault_fixture_tear_down (&fixture->base);
}

static const char *
get_note (Fixture    *fixture,
          KubeObject *object)
{
  int column = kube_reflector_find_column (fixture->reflector, "Note");

  if (fixture->form == KUBE_FORM_TABLE)
    return kube_object_get_cell (object, (guint) column);

  return base_json_get_string (kube_object_get_node (object), "metadata", "annotations", "note",
                               NULL);
}

/* As fault_cluster_dup_truth() has it. */
static char *
dup_model (Fixture *fixture)
{
  GListModel *model = kube_reflector_get_model (fixture->reflector);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%s %s %s", i > 0 ? ", " : "",
                              kube_object_get_name (object),
                              kube_object_get_resource_version (object),
                              get_note (fixture, object));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_true (Fixture *fixture)
{
  g_autofree char *model = dup_model (fixture);
  g_autofree char *truth = fault_cluster_dup_truth (fixture->base.cluster);

  return g_str_equal (model, truth);
}

/* What people may take for the present. */
static gboolean
is_fresh (Fixture *fixture)
{
  return kube_reflector_get_synced (fixture->reflector) &&
         kube_reflector_get_state (fixture->reflector) == KUBE_REFLECTOR_WATCHING &&
         kube_reflector_get_error (fixture->reflector) == NULL;
}

static guint
count_requests (Fixture *fixture)
{
  return fault_proxy_count (fixture->base.proxy, "GET *");
}

static gboolean
has_seen (Fixture *fixture,
          int      code)
{
  return g_hash_table_contains (fixture->seen, GINT_TO_POINTER (code + 1));
}

/* What the test itself changes between two pages of a list makes the next page too old: that may
 * be seen besides. */
static void
check_seen (Fixture    *fixture,
            const Case *item)
{
  gboolean lists = !g_str_equal (item->fault.pattern, WATCH);
  gboolean maybe = item->code >= PERHAPS (0);
  int      code = maybe ? item->code - PERHAPS (0) : item->code;
  guint    n_allowed = 0;

  if (code != SILENT && has_seen (fixture, code))
    n_allowed++;
  if (lists && code != KUBE_ERROR_EXPIRED && has_seen (fixture, KUBE_ERROR_EXPIRED))
    n_allowed++;
  if (code == SILENT || maybe)
    g_assert_cmpuint (g_hash_table_size (fixture->seen), ==, n_allowed);
  else
    g_assert_true (has_seen (fixture, code));
}

static void
wait_for_truth (Fixture *fixture)
{
  FAULT_WAIT (is_fresh (fixture) && is_true (fixture));
  /* It stays so: nothing that was to come undoes it. */
  fault_cluster_put (fixture->base.cluster, "e");
  FAULT_WAIT (is_fresh (fixture) && is_true (fixture));
}

static void
run_case (const Case *item,
          KubeForm    form)
{
  gboolean stalls = item->fault.action == FAULT_STALL;
  gboolean on_watch = g_str_equal (item->fault.pattern, WATCH);
  Fixture  fixture = { .form = form };
  guint    n_requests;

  set_up (&fixture, form, stalls ? &impatient : &quick);
  if (stalls && !on_watch)
    _kube_client_set_silence (fixture.base.client, 1);
  fault_proxy_add (fixture.base.proxy, &item->fault);
  kube_reflector_start (fixture.reflector);
  if (on_watch)
    {
      FAULT_WAIT (kube_reflector_get_synced (fixture.reflector));
      g_assert_cmpuint (g_list_model_get_n_items (kube_reflector_get_model (fixture.reflector)),
                        ==, 3);
      /* A reset that comes before the head is read is one that libsoup says nothing of. */
      FAULT_WAIT (kube_reflector_get_state (fixture.reflector) == KUBE_REFLECTOR_WATCHING ||
                  fault_proxy_count_hits (fixture.base.proxy) > 0);
      fault_cluster_put (fixture.base.cluster, "a");
      fault_cluster_put (fixture.base.cluster, "b");
    }
  FAULT_WAIT (fault_proxy_count_hits (fixture.base.proxy) > 0);
  n_requests = count_requests (&fixture);
  fault_cluster_put (fixture.base.cluster, "d");
  fault_cluster_remove (fixture.base.cluster, "b");
  fault_cluster_put (fixture.base.cluster, "a");

  /* What is broken is noticed: either all is well again, or it is asked anew. */
  if (item->fault.action != FAULT_DRIP)
    FAULT_WAIT (!is_fresh (&fixture) || count_requests (&fixture) > n_requests ||
                is_true (&fixture));
  wait_for_truth (&fixture);
  check_seen (&fixture, item);
  if (on_watch)
    g_assert_cmpuint (fixture.min_items, >=, 2);
  tear_down (&fixture);
}

static void
test_object (gconstpointer data)
{
  run_case (data, KUBE_FORM_OBJECT);
}

static void
test_table (gconstpointer data)
{
  run_case (data, KUBE_FORM_TABLE);
}

/* A line that says nothing is not one that says that nothing changed. What counts as contact here
 * is a page of the list and the head of a watch, of which none sends a whole event. */
static void
test_stale (gconstpointer data)
{
  const Fault fault = { WATCH, AT (FAULT_STALL, FAULT_IN_UTF8, 0, 0) };
  Fixture     fixture = { .form = KUBE_FORM_OBJECT };
  gint64      contact;

  set_up (&fixture, KUBE_FORM_OBJECT, &impatient);
  fault_proxy_add (fixture.base.proxy, &fault);
  kube_reflector_start (fixture.reflector);
  FAULT_WAIT (is_fresh (&fixture));
  fault_cluster_put (fixture.base.cluster, "d");
  FAULT_WAIT (fault_proxy_count_hits (fixture.base.proxy) > 0);
  FAULT_WAIT (!is_fresh (&fixture));
  g_assert_false (is_true (&fixture));
  g_assert_cmpuint (fixture.n_contacts, <=, count_requests (&fixture));
  g_assert_error (kube_reflector_get_error (fixture.reflector), KUBE_ERROR,
                  KUBE_ERROR_UNREACHABLE);
  g_assert_true (kube_reflector_get_synced (fixture.reflector));
  contact = kube_reflector_get_last_contact (fixture.reflector);

  fault_proxy_clear (fixture.base.proxy);
  wait_for_truth (&fixture);
  g_assert_cmpint (kube_reflector_get_last_contact (fixture.reflector), >, contact);
  tear_down (&fixture);
}

/* The server forgets what it knew while nobody can ask. */
static void
test_forgotten (void)
{
  const Fault fault = { WATCH, AT (FAULT_RESET, FAULT_IN_STRING, 40, 1) };

  for (guint form = KUBE_FORM_OBJECT; form <= KUBE_FORM_TABLE; form++)
    {
      Fixture fixture = { .form = form };

      set_up (&fixture, form, &quick);
      fault_proxy_add (fixture.base.proxy, &fault);
      kube_reflector_start (fixture.reflector);
      FAULT_WAIT (is_fresh (&fixture));
      fault_cluster_put (fixture.base.cluster, "a");
      fault_cluster_put (fixture.base.cluster, "z");
      fault_cluster_remove (fixture.base.cluster, "b");
      fault_cluster_forget (fixture.base.cluster);
      wait_for_truth (&fixture);
      g_assert_cmpuint (fault_proxy_count_hits (fixture.base.proxy), ==, 1);
      tear_down (&fixture);
    }
}

/* Cuts at places that nobody has thought of. */
static void
test_anywhere (void)
{
  Fixture fixture = { .form = KUBE_FORM_OBJECT };

  set_up (&fixture, KUBE_FORM_OBJECT, &quick);
  kube_reflector_start (fixture.reflector);
  FAULT_WAIT (is_fresh (&fixture));
  for (guint i = 0; i < 30; i++)
    {
      Fault            fault = { "GET *", g_test_rand_int_range (FAULT_CUT, FAULT_POISON + 1),
                                 FAULT_IN_BODY, g_test_rand_int_range (0, 900), 0, 1, NULL, 0 };
      g_autofree char *name = g_strdup_printf ("pod-%u", i % 7);

      fault_proxy_add (fixture.base.proxy, &fault);
      if (i % 7 == 6)
        fault_cluster_remove (fixture.base.cluster, "pod-0");
      else
        fault_cluster_put (fixture.base.cluster, name);
      if (i % 9 == 8)
        fault_cluster_forget (fixture.base.cluster);
      if (i % 5 == 4)
        fault_proxy_cut_all (fixture.base.proxy);
      if (i % 3 == 2)
        FAULT_WAIT (is_fresh (&fixture) && is_true (&fixture));
    }
  wait_for_truth (&fixture);
  g_assert_cmpuint (fault_proxy_count_hits (fixture.base.proxy), >, 5);
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
      g_autofree char *object = g_strconcat ("/fault/reflector/object/", cases[i].name, NULL);
      g_autofree char *table = g_strconcat ("/fault/reflector/table/", cases[i].name, NULL);

      g_test_add_data_func (object, &cases[i], test_object);
      /* Lists fail in the same way in either form. */
      if (!g_str_has_prefix (cases[i].name, "list/"))
        g_test_add_data_func (table, &cases[i], test_table);
    }
  g_test_add_data_func ("/fault/reflector/stale", NULL, test_stale);
  g_test_add_func ("/fault/reflector/forgotten", test_forgotten);
  g_test_add_func ("/fault/reflector/anywhere", test_anywhere);
  status = g_test_run ();
  fault_fixture_end ();

  return status;
}
