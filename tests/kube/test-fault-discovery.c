/* test-fault-discovery.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What kinds there are, asked of a server that fails: either they are known, or it is told which
 * are missing, or why none are. What is not whole is not remembered. */

#include <glib/gstdio.h>
#include <string.h>

#include "await.h"
#include "fault-fixture.h"
#include "kube-client-private.h"
#include "kube-discovery-cache.h"
#include "kube-discovery-reader.h"
#include "kube-error.h"

#define MAX_FAULTS 6
#define WHOLE -1
#define AT(pattern, action, place, nth, times)     \
  {                                                \
    pattern, action, place, nth, 0, times, NULL, 0 \
  }
#define ANSWER(pattern, text)                                     \
  {                                                               \
    pattern, FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0, text, 0 \
  }
#define ONCE(pattern, text)                                       \
  {                                                               \
    pattern, FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, text, 0 \
  }

#define CORE "GET /api"
#define GROUPS "GET /apis"
#define CORE_V1 "GET /api/v1"
#define APPS_V1 "GET /apis/apps/v1"
#define METRICS "GET /apis/metrics.k8s.io/v1beta1"
#define BATCH "GET /apis/batch/v1"

#define JSON(status, body) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n\r\n" body
#define OK(body) JSON ("200 OK", body)
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\"," \
                                    "\"message\":\"" words "\",\"reason\":\"" reason "\",\"code\":" code "}"
#define VERSIONS OK ("{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}")
#define GROUP(name, version) "{\"name\":\"" name "\",\"versions\":[{\"version\":\"" version \
                             "\"}],\"preferredVersion\":{\"version\":\"" version "\"}}"
#define GROUP_LIST OK ("{\"kind\":\"APIGroupList\",\"groups\":[" GROUP ("metrics.k8s.io", "v1beta1") "," GROUP ("batch", "v1") "," GROUP ("apps", "v1") "]}")
#define KINDS(name, kind) OK ("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"" name "\"," \
                              "\"namespaced\":true,\"kind\":\"" kind "\",\"verbs\":[\"list\"]}]}")
#define JOBS ANSWER (BATCH, KINDS ("jobs", "Job"))

/* As a server before 1.27 answers. */
#define OLD ANSWER (CORE, VERSIONS), ANSWER (GROUPS, GROUP_LIST), \
            ANSWER (CORE_V1, KINDS ("pods", "Pod")), ANSWER (APPS_V1, KINDS ("deployments", "Deployment"))
#define REFUSED JSON ("406 Not Acceptable", STATUS ("406", "NotAcceptable", "only application/json"))
#define HTML "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Hotel network</h1>"
#define BROKEN "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nservice unavailable\n"
#define CUT_SHORT "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n" \
                  "{\"kind\":\"APIResourceList\",\"resources\":[{"
#define BUSY "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nRetry-After: 0\r\n\r\nToo many"
#define STALE "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"items\":[" \
              "{\"metadata\":{\"name\":\"metrics.k8s.io\"},\"versions\":[{\"version\":\"v1beta1\","       \
              "\"freshness\":\"Stale\"}]},{\"metadata\":{\"name\":\"apps\"},\"versions\":[{\"version\":"  \
              "\"v1\",\"freshness\":\"Current\",\"resources\":[{\"resource\":\"deployments\","            \
              "\"responseKind\":{\"kind\":\"Deployment\"},\"scope\":\"Namespaced\"}]}]}]}"

/* @text: the versions that failed, if @code is WHOLE; otherwise in the message. */
static const struct
{
  const char *name;
  Fault       faults[MAX_FAULTS];
  int         code;
  const char *text;
} cases[] = {
  { "cut-once", { AT (CORE, FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 1) }, WHOLE, "" },
  { "reset-once", { AT (GROUPS, FAULT_RESET, FAULT_BEFORE_ANSWER, 0, 1) }, WHOLE, "" },
  { "drip", { AT (CORE, FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 0), AT (GROUPS, FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 0) }, WHOLE, "" },
  { "cut-in-header", { AT (CORE, FAULT_CUT, FAULT_IN_HEADER_NAME, 3, 0) }, KUBE_ERROR_UNREACHABLE, "tried 3 times" },
  { "cut-in-string", { AT (GROUPS, FAULT_CUT, FAULT_IN_STRING, 40, 0) }, KUBE_ERROR_UNREACHABLE, "cut" },
  { "closed-in-body", { AT (CORE, FAULT_CLOSE, FAULT_IN_BODY, 60, 0) }, KUBE_ERROR_UNREACHABLE, "cut" },
  { "reset-in-body", { AT (GROUPS, FAULT_RESET, FAULT_IN_BODY, 200, 0) }, KUBE_ERROR_UNREACHABLE, "" },
  { "garbled-tls", { AT (GROUPS, FAULT_POISON, FAULT_IN_BODY, 20, 0) }, KUBE_ERROR_UNREACHABLE, "" },
  { "stall-in-core", { AT (CORE, FAULT_STALL, FAULT_IN_STRING, 20, 0) }, KUBE_ERROR_TIMEOUT, "within 1 second" },
  { "stall-before-groups", { AT (GROUPS, FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 0) }, KUBE_ERROR_TIMEOUT, "within 1 second" },
  { "busy-once", { ONCE (CORE, BUSY), ONCE (GROUPS, BUSY) }, WHOLE, "" },
  { "busy-for-long", { ANSWER (GROUPS, "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nRetry-After: 3000\r\n\r\nToo many requests") }, KUBE_ERROR_TOO_MANY_REQUESTS, "Too many requests" },
  { "page", { ANSWER (CORE, HTML) }, KUBE_ERROR_PROTOCOL, "Hotel network" },
  { "no-kinds-of-core", { ANSWER (CORE, OK ("{}")) }, KUBE_ERROR_PROTOCOL, "no list of them" },
  { "no-kinds-of-groups", { ANSWER (GROUPS, OK ("{\"kind\":\"PodList\",\"items\":[]}")) }, KUBE_ERROR_PROTOCOL, "no list of them" },
  { "array", { ANSWER (GROUPS, OK ("[]")) }, KUBE_ERROR_PROTOCOL, "" },
  { "truncated", { ANSWER (GROUPS, OK ("{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"meta")) }, KUBE_ERROR_UNREACHABLE, "in the middle" },
  { "truncated-in-version", { OLD, JOBS, ANSWER (METRICS, CUT_SHORT) }, KUBE_ERROR_UNREACHABLE, "in the middle" },
  { "forbidden", { ANSWER (GROUPS, JSON ("403 Forbidden", STATUS ("403", "Forbidden", "User cannot get path"))) }, KUBE_ERROR_FORBIDDEN, "User cannot get path" },
  { "stale-aggregated", { ANSWER (GROUPS, OK (STALE)) }, WHOLE, "metrics.k8s.io/v1beta1" },
  { "odd-members", { ANSWER (GROUPS, OK ("{\"kind\":\"APIGroupDiscoveryList\",\"items\":[7,null,{\"versions\":[[],{\"version\":1}]},{\"metadata\":{\"name\":\"apps\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"deployments\",\"responseKind\":{\"kind\":\"Deployment\"}}]}]}]}")) }, WHOLE, "" },
  { "old", { OLD, JOBS, ANSWER (METRICS, KINDS ("pods", "PodMetrics")) }, WHOLE, "" },
  { "old-one-broken", { OLD, JOBS, ANSWER (METRICS, BROKEN) }, WHOLE, "metrics.k8s.io/v1beta1" },
  { "old-one-garbled", { OLD, JOBS, ANSWER (METRICS, OK ("{}")) }, WHOLE, "metrics.k8s.io/v1beta1" },
  { "old-one-page", { OLD, JOBS, ANSWER (METRICS, HTML) }, WHOLE, "metrics.k8s.io/v1beta1" },
  { "old-two-broken", { OLD, ANSWER (BATCH, BROKEN), ANSWER (METRICS, BROKEN) }, WHOLE, "metrics.k8s.io/v1beta1 batch/v1" },
  { "old-one-stalls", { OLD, JOBS, AT (METRICS, FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 0) }, WHOLE, "metrics.k8s.io/v1beta1" },
  { "old-two-stall", { OLD, AT (METRICS, FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 0), AT (BATCH, FAULT_STALL, FAULT_BEFORE_ANSWER, 0, 0) }, KUBE_ERROR_TIMEOUT, "within 1 second" },
  { "old-cut", { OLD, JOBS, AT (METRICS, FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 0) }, KUBE_ERROR_UNREACHABLE, "cut" },
  { "not-acceptable", { ONCE (CORE, REFUSED), JOBS, ANSWER (GROUPS, GROUP_LIST), ANSWER (APPS_V1, KINDS ("deployments", "Deployment")), ANSWER (METRICS, KINDS ("pods", "PodMetrics")) }, WHOLE, "" },
  { "not-acceptable-at-all", { ANSWER (CORE, REFUSED) }, KUBE_ERROR_NOT_ACCEPTABLE, "only application/json" },
  { "not-acceptable-groups", { ONCE (GROUPS, REFUSED) }, WHOLE, "" },
};

/* What may be where the kinds are remembered; %s: the server, %d: the time. */
static const char *const files[] = {
  "",
  "{",
  "\xff\xfe",
  "[]",
  "null",
  "{\"server\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"kinds\":{}}",
  "{\"server\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"kinds\":[]}",
  "{\"server\":\"%s\",\"time\":%" G_GINT64_FORMAT "}",
  "{\"server\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"kinds\":{\"kind\":\"APIGroupDiscoveryList\"}}",
  "{\"server\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"kinds\":{\"kind\":\"APIGroupDiscoveryList\",\"items\":[8]}}",
};

static char *
build_cache_path (FaultFixture *fixture)
{
  const char      *server = kube_context_get_server (kube_client_get_context (fixture->client));
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, server, -1);
  g_autofree char *name = g_strconcat (hash, ".json", NULL);

  return g_build_filename (g_get_user_cache_dir (), "hackystack", "discovery", name, NULL);
}

/* A server of an earlier test may have had the same port. */
static void
set_up (FaultFixture *fixture)
{
  g_autofree char *path = NULL;

  fault_fixture_set_up (fixture, TRUE, g_test_get_path ());
  path = build_cache_path (fixture);
  g_remove (path);
}

static KubeDiscovery *
read_kinds (FaultFixture *fixture,
            gboolean      refresh,
            GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  kube_discovery_read_async (fixture->client, refresh, NULL, await_cb, &result);

  return kube_discovery_read_finish (fixture->client, await (&result), error);
}

static void
assert_kinds (KubeDiscovery *discovery,
              const char    *failures)
{
  GPtrArray *failed = kube_discovery_get_failures (discovery);
  g_autoptr(GString) joined = g_string_new (NULL);

  for (guint i = 0; i < failed->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? " " : "", (char *) g_ptr_array_index (failed, i));
  g_assert_cmpstr (joined->str, ==, failures);
  g_assert_nonnull (kube_discovery_lookup (discovery, "pods"));
  g_assert_nonnull (kube_discovery_lookup (discovery, "deployments"));
}

/* Only what is whole is there for the next one who asks. */
static void
assert_remembered (FaultFixture *fixture,
                   gboolean      whole)
{
  const char *server = kube_context_get_server (kube_client_get_context (fixture->client));
  g_autoptr(KubeDiscovery) cached = kube_discovery_cache_load (server, g_get_real_time ());

  if (!whole)
    {
      g_assert_null (cached);
      return;
    }
  g_assert_nonnull (cached);
  assert_kinds (cached, "");
}

static void
test_case (gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  FaultFixture fixture = { NULL };
  g_autoptr(KubeDiscovery) discovery = NULL;
  g_autoptr(KubeDiscovery) again = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&fixture);
  _kube_client_set_silence (fixture.client, 1);
  for (guint i = 0; i < MAX_FAULTS && cases[index].faults[i].pattern != NULL; i++)
    fault_proxy_add (fixture.proxy, &cases[index].faults[i]);
  discovery = read_kinds (&fixture, FALSE, &error);
  if (fault_proxy_count_hits (fixture.proxy) == 0)
    g_error ("nothing failed: %s", error != NULL ? error->message : "the kinds are known");
  if (cases[index].code == WHOLE)
    {
      g_assert_no_error (error);
      g_assert_false (kube_discovery_get_cached (discovery));
      assert_kinds (discovery, cases[index].text);
    }
  else
    {
      g_assert_null (discovery);
      if (!g_error_matches (error, KUBE_ERROR, cases[index].code) ||
          strstr (error->message, cases[index].text) == NULL)
        g_error ("not “%s”: %d: %s", cases[index].text, error->code, error->message);
      fault_assert_for_people (error->message);
    }
  assert_remembered (&fixture, cases[index].code == WHOLE && *cases[index].text == '\0');

  /* A server that is well again is asked, and known as a whole. */
  fault_proxy_clear (fixture.proxy);
  fault_proxy_release (fixture.proxy);
  g_clear_error (&error);
  again = read_kinds (&fixture, TRUE, &error);
  g_assert_no_error (error);
  assert_kinds (again, "");
  assert_remembered (&fixture, TRUE);
  fault_fixture_tear_down (&fixture);
}

/* Somebody gives up while a server says nothing. */
static void
test_cancel (void)
{
  FaultFixture fixture = { NULL };
  Fault        fault = AT (GROUPS, FAULT_STALL, FAULT_IN_STRING, 20, 0);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_up (&fixture);
  fault_proxy_add (fixture.proxy, &fault);
  kube_discovery_read_async (fixture.client, TRUE, cancellable, await_cb, &result);
  FAULT_WAIT (fault_proxy_count_hits (fixture.proxy) > 0);
  g_cancellable_cancel (cancellable);
  g_assert_null (kube_discovery_read_finish (fixture.client, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  fault_fixture_tear_down (&fixture);
}

static void
write_cache (FaultFixture *fixture,
             const char   *path,
             const char   *form)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time ());
  g_autoptr(GString) text = g_string_new (form);
  g_autoptr(GError) error = NULL;

  g_string_replace (text, "%s", kube_context_get_server (kube_client_get_context (fixture->client)), 0);
  g_string_replace (text, "%" G_GINT64_FORMAT, number, 0);
  g_file_set_contents (path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
}

/* What cannot be read is asked for, and is whole the next time. */
static void
test_corrupt_cache (gconstpointer data)
{
  const char  *form = files[GPOINTER_TO_UINT (data)];
  FaultFixture fixture = { NULL };
  g_autoptr(KubeDiscovery) first = NULL;
  g_autoptr(KubeDiscovery) second = NULL;
  g_autoptr(KubeDiscovery) third = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  set_up (&fixture);
  path = build_cache_path (&fixture);
  first = read_kinds (&fixture, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));

  write_cache (&fixture, path, form);
  second = read_kinds (&fixture, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (kube_discovery_get_cached (second));
  assert_kinds (second, "");

  third = read_kinds (&fixture, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (kube_discovery_get_cached (third));
  assert_kinds (third, "");
  g_assert_cmpuint (fault_proxy_count (fixture.proxy, CORE), ==, 2);
  fault_fixture_tear_down (&fixture);
}

/* A folder stands where the file should, so that nobody can read or write it, not even root: the
 * server is asked each time. */
static void
test_unusable_cache (void)
{
  FaultFixture     fixture = { NULL };
  g_autofree char *path = NULL;
  g_autofree char *inside = NULL;

  set_up (&fixture);
  path = build_cache_path (&fixture);
  inside = g_build_filename (path, "inside", NULL);
  g_assert_no_errno (g_mkdir_with_parents (inside, 0700));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeDiscovery) discovery = read_kinds (&fixture, FALSE, &error);

      g_assert_no_error (error);
      g_assert_false (kube_discovery_get_cached (discovery));
      assert_kinds (discovery, "");
    }
  g_assert_cmpuint (fault_proxy_count (fixture.proxy, CORE), ==, 2);
  g_assert_no_errno (g_rmdir (inside));
  g_assert_no_errno (g_rmdir (path));
  fault_fixture_tear_down (&fixture);
}

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_assert_no_errno (g_remove (path));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("test-fault-discovery-XXXXXX", NULL);
  int              status;

  g_assert_nonnull (folder);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!fault_fixture_begin ())
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/discovery/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strdup_printf ("/fault/discovery/corrupt-cache/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_corrupt_cache);
    }
  g_test_add_func ("/fault/discovery/unusable-cache", test_unusable_cache);
  g_test_add_func ("/fault/discovery/cancel", test_cancel);
  status = g_test_run ();
  fault_fixture_end ();
  remove_folder (folder);

  return status;
}
