/* test-discovery.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "await.h"
#include "base-json.h"
#include "fake-server.h"
#include "kube-discovery-cache.h"
#include "kube-discovery-reader.h"
#include "kube-error.h"

#include <glib/gstdio.h>

#define JSON "application/json"
#define KIND(plural, kind, scope, rest) "{\"resource\":\"" plural "\",\"responseKind\":" \
                                        "{\"group\":\"\",\"version\":\"\",\"kind\":\"" kind "\"},\"scope\":\"" scope "\"" rest "}"
#define LIST(items) "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":" \
                    "\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[" items "]}"
#define GROUP(name, versions) "{\"metadata\":{\"name\":\"" name "\"},\"versions\":[" versions "]}"
#define VERSION(name, kinds) "{\"version\":\"" name "\",\"freshness\":\"Current\",\"resources\":" \
                             "[" kinds "]}"

#define PODS KIND ("pods", "Pod", "Namespaced", ",\"singularResource\":\"pod\",\"verbs\":"                                       \
                                                "[\"get\",\"list\",\"watch\"],\"shortNames\":[\"po\"],\"categories\":[\"all\"]," \
                                                "\"subresources\":[{\"subresource\":\"log\"}]")
#define EVENTS KIND ("events", "Event", "Namespaced", ",\"singularResource\":\"event\"," \
                                                      "\"verbs\":[\"list\"],\"shortNames\":[\"ev\"]")
#define NODES KIND ("nodes", "Node", "Cluster", ",\"singularResource\":\"node\",\"verbs\":" \
                                                "[\"list\"],\"shortNames\":[\"no\"]")
#define DEPLOYMENTS KIND ("deployments", "Deployment", "Namespaced", ",\"singularResource\":" \
                                                                     "\"deployment\",\"verbs\":[\"list\"],\"shortNames\":[\"deploy\"],\"categories\":[\"all\"]")
#define SCALERS KIND ("horizontalpodautoscalers", "HorizontalPodAutoscaler", "Namespaced",                     \
                      ",\"singularResource\":\"horizontalpodautoscaler\",\"verbs\":[\"list\"],\"shortNames\":" \
                      "[\"hpa\"],\"categories\":[\"all\"]")
#define REVIEWS KIND ("subjectreviews", "SubjectReview", "Cluster", ",\"verbs\":[\"create\"]")
/* Its full name is the short name of another kind. */
#define ODD KIND ("hpa", "Hpa", "Cluster", ",\"singularResource\":\"hpa\",\"verbs\":[\"list\"]")

static const char core[] = LIST (GROUP ("", VERSION ("v1", PODS "," EVENTS "," NODES)));
static const char groups[] = LIST (
    GROUP ("apps", VERSION ("v1", DEPLOYMENTS)) "," GROUP ("events.k8s.io", VERSION ("v1", EVENTS)) "," GROUP ("autoscaling", VERSION ("v2", SCALERS) "," VERSION ("v1", SCALERS "," REVIEWS)) "," GROUP ("odd.example.com", VERSION ("v1", ODD)) ","
                                                                                                                                                                                                                                                  "{\"metadata\":{\"name\":\"metrics.k8s.io\"},\"versions\":[{\"version\":\"v1beta1\","
                                                                                                                                                                                                                                                  "\"freshness\":\"Stale\"}]}");

static KubeDiscovery *
new_discovery (void)
{
  KubeDiscovery *discovery = kube_discovery_new ();
  g_autoptr(JsonNode) first = base_json_parse (core, -1, NULL);
  g_autoptr(JsonNode) second = base_json_parse (groups, -1, NULL);

  g_assert_true (kube_discovery_add_groups (discovery, first));
  g_assert_true (kube_discovery_add_groups (discovery, second));

  return discovery;
}

/* "pods.v1." or "deployments.v1.apps" */
static char *
describe (const KubeApiResource *kind)
{
  return kind == NULL ? NULL : g_strdup_printf ("%s.%s.%s", kind->resource.plural, kind->resource.version, kind->resource.group);
}

static void
test_lookup (void)
{
  const struct
  {
    const char *name;
    const char *expected;
  } cases[] = {
    { "pods", "pods.v1." },
    { "pod", "pods.v1." },
    { "po", "pods.v1." },
    { "Pod", "pods.v1." },
    { "PODS", "pods.v1." },
    { "pods.v1.", "pods.v1." },
    { "po.v1.", "pods.v1." },
    { "deploy", "deployments.v1.apps" },
    { "deploy.apps", "deployments.v1.apps" },
    { "deployments.v1.apps", "deployments.v1.apps" },
    { "Deployment.apps", "deployments.v1.apps" },
    { "events", "events.v1." },
    { "ev", "events.v1." },
    { "events.events.k8s.io", "events.v1.events.k8s.io" },
    { "events.events", "events.v1.events.k8s.io" },
    { "horizontalpodautoscalers", "horizontalpodautoscalers.v2.autoscaling" },
    { "hpa", "hpa.v1.odd.example.com" },
    { "hpa.autoscaling", "horizontalpodautoscalers.v2.autoscaling" },
    { "hpa.v1.autoscaling", "horizontalpodautoscalers.v1.autoscaling" },
    { "subjectreviews", "subjectreviews.v1.autoscaling" },
    { "widgets", NULL },
    { "deployments.batch", NULL },
    { "deployments.v2.apps", NULL },
    { "", NULL },
    { ".", NULL },
    { ".apps", NULL },
    { "log", NULL },
  };
  g_autoptr(KubeDiscovery) discovery = new_discovery ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = describe (kube_discovery_lookup (discovery, cases[i].name));

      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static void
test_members (void)
{
  g_autoptr(KubeDiscovery) discovery = new_discovery ();
  const KubeApiResource *pods = kube_discovery_lookup (discovery, "po");
  const KubeApiResource *deployments = kube_discovery_lookup (discovery, "deploy");
  g_autofree char       *pod = kube_api_resource_dup_type_name (pods);
  g_autofree char       *deployment = kube_api_resource_dup_type_name (deployments);

  g_assert_true (pods->resource.namespaced);
  g_assert_cmpstr (pods->resource.kind, ==, "Pod");
  g_assert_true (kube_api_resource_has_verb (pods, "watch"));
  g_assert_false (kube_api_resource_has_verb (deployments, "watch"));
  g_assert_false (kube_discovery_lookup (discovery, "nodes")->resource.namespaced);
  g_assert_true (kube_discovery_lookup (discovery, "hpa.v2.autoscaling")->preferred);
  g_assert_false (kube_discovery_lookup (discovery, "hpa.v1.autoscaling")->preferred);
  /* Only the second version has it. */
  g_assert_true (kube_discovery_lookup (discovery, "subjectreviews")->preferred);
  g_assert_cmpstr (pod, ==, "pod");
  g_assert_cmpstr (deployment, ==, "deployment.apps");
  g_assert_cmpuint (kube_discovery_get_failures (discovery)->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (kube_discovery_get_failures (discovery), 0), ==,
                   "metrics.k8s.io/v1beta1");
}

static void
test_category (void)
{
  const char *expected[] = { "pods.v1.", "deployments.v1.apps",
                             "horizontalpodautoscalers.v2.autoscaling" };
  g_autoptr(KubeDiscovery) discovery = new_discovery ();
  g_autoptr(GPtrArray) all = kube_discovery_find_category (discovery, "all");
  g_autoptr(GPtrArray) none = kube_discovery_find_category (discovery, "nothing");

  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *name = describe (g_ptr_array_index (all, i));

      g_assert_cmpstr (name, ==, expected[i]);
    }
}

static void
test_near_names (void)
{
  const struct
  {
    const char *name;
    const char *expected;
  } cases[] = {
    { "pds", "pods" },
    { "deplyoments", "deployments" },
    { "deployment", "deployments" },
    { "horizontal", "horizontalpodautoscalers" },
    { "evnts", "events" },
    { "something-else", "" },
  };
  g_autoptr(KubeDiscovery) discovery = new_discovery ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) names = kube_discovery_dup_near_names (discovery, cases[i].name);
      g_autofree char *joined = g_strjoinv (" ", names);

      g_assert_cmpstr (joined, ==, cases[i].expected);
    }
}

static void
assert_same (KubeDiscovery *a,
             KubeDiscovery *b)
{
  g_autoptr(JsonNode) first = kube_discovery_to_json (a);
  g_autoptr(JsonNode) second = kube_discovery_to_json (b);
  g_autofree char *first_text = base_json_print (first, FALSE);
  g_autofree char *second_text = base_json_print (second, FALSE);

  g_assert_cmpstr (first_text, ==, second_text);
  g_assert_cmpuint (kube_discovery_get_resources (a)->len, >, 0);
  for (guint i = 0; i < kube_discovery_get_resources (a)->len; i++)
    {
      const KubeApiResource *one = g_ptr_array_index (kube_discovery_get_resources (a), i);
      const KubeApiResource *other = g_ptr_array_index (kube_discovery_get_resources (b), i);

      g_assert_cmpint (one->preferred, ==, other->preferred);
    }
}

static void
test_cache (void)
{
  const gint64 now = G_GINT64_CONSTANT (1700000000000000);
  g_autoptr(KubeDiscovery) discovery = new_discovery ();
  g_autoptr(KubeDiscovery) loaded = NULL;
  g_autoptr(JsonNode) kinds = kube_discovery_to_json (discovery);
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GDir) dir = NULL;
  GStatBuf status;

  g_assert_null (kube_discovery_cache_load ("https://one:6443", now));
  g_assert_true (kube_discovery_cache_store ("https://one:6443", kinds, now, &error));
  g_assert_no_error (error);

  loaded = kube_discovery_cache_load ("https://one:6443", now + 5 * G_TIME_SPAN_HOUR);
  g_assert_nonnull (loaded);
  g_assert_true (kube_discovery_get_cached (loaded));
  assert_same (discovery, loaded);
  g_assert_null (kube_discovery_cache_load ("https://two:6443", now));
  g_assert_null (kube_discovery_cache_load ("https://one:6443", now + 6 * G_TIME_SPAN_HOUR));
  g_assert_null (kube_discovery_cache_load ("https://one:6443", now - 1));

  folder = g_build_filename (g_get_user_cache_dir (), "hackystack", "discovery", NULL);
  g_assert_no_errno (g_stat (folder, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  dir = g_dir_open (folder, 0, NULL);
  path = g_build_filename (folder, g_dir_read_name (dir), NULL);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* What cannot be read counts as nothing. */
  g_assert_true (g_file_set_contents (path, "{\"server\":\"https://one:6443\",\"time\":", -1, NULL));
  g_assert_null (kube_discovery_cache_load ("https://one:6443", now));
}

static void
start (FakeServer    *server,
       KubeClient   **client,
       gboolean       refresh,
       GAsyncResult **result)
{
  *client = fake_server_connect (server);
  kube_discovery_read_async (*client, refresh, NULL, await_cb, result);
}

static void
reply (FakeServer *server,
       const char *path,
       guint       status,
       const char *body)
{
  g_autofree char *pattern = g_strconcat (path, "?*", NULL);

  fake_exchange_reply (fake_server_expect (server, pattern), status, JSON, body);
}

static void
test_aggregated (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeDiscovery) discovery = NULL;
  g_autoptr(KubeDiscovery) again = NULL;
  g_autoptr(KubeDiscovery) refreshed = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  const char apps[] = LIST (GROUP ("apps", VERSION ("v1", DEPLOYMENTS)));

  start (server, &client, FALSE, &result);
  reply (server, "/api", 200, core);
  reply (server, "/apis", 200, apps);
  discovery = kube_discovery_read_finish (client, await (&result), &error);
  g_assert_no_error (error);
  g_assert_false (kube_discovery_get_cached (discovery));
  g_assert_nonnull (kube_discovery_lookup (discovery, "deploy"));
  g_clear_object (&result);

  kube_discovery_read_async (client, FALSE, NULL, await_cb, &result);
  again = kube_discovery_read_finish (client, await (&result), &error);
  g_assert_no_error (error);
  g_assert_true (kube_discovery_get_cached (again));
  assert_same (discovery, again);
  g_assert_cmpuint (fake_server_count (server), ==, 2);
  g_clear_object (&result);

  kube_discovery_read_async (client, TRUE, NULL, await_cb, &result);
  reply (server, "/api", 404, "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\"}");
  reply (server, "/apis", 200, groups);
  refreshed = kube_discovery_read_finish (client, await (&result), &error);
  g_assert_no_error (error);
  g_assert_null (kube_discovery_lookup (refreshed, "pods"));
  g_assert_nonnull (kube_discovery_lookup (refreshed, "deploy"));
  g_assert_cmpuint (kube_discovery_get_failures (refreshed)->len, ==, 1);
}

/* As servers before 1.27 answer; one of the groups is broken. */
static void
test_legacy (void)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeDiscovery) discovery = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *scaler = NULL;

  start (server, &client, FALSE, &result);
  reply (server, "/api", 200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
  reply (server, "/apis", 200,
         "{\"kind\":\"APIGroupList\",\"groups\":[{\"name\":\"autoscaling\",\"versions\":["
         "{\"version\":\"v1\"},{\"version\":\"v2\"}],\"preferredVersion\":{\"version\":\"v2\"}},"
         "{\"name\":\"metrics.k8s.io\",\"versions\":[{\"version\":\"v1beta1\"}],"
         "\"preferredVersion\":{\"version\":\"v1beta1\"}}]}");
  reply (server, "/api/v1", 200,
         "{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"pods\",\"singularName\":"
         "\"pod\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"list\"],\"shortNames\":"
         "[\"po\"]},{\"name\":\"pods/log\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":"
         "[\"get\"]},{\"name\":\"nodes\",\"singularName\":\"\",\"namespaced\":false,\"kind\":"
         "\"Node\",\"verbs\":[\"list\"]}]}");
  reply (server, "/apis/autoscaling/v2", 200,
         "{\"resources\":[{\"name\":\"horizontalpodautoscalers\",\"namespaced\":true,\"kind\":"
         "\"HorizontalPodAutoscaler\",\"verbs\":[\"list\"],\"shortNames\":[\"hpa\"]}]}");
  reply (server, "/apis/autoscaling/v1", 200,
         "{\"resources\":[{\"name\":\"horizontalpodautoscalers\",\"namespaced\":true,\"kind\":"
         "\"HorizontalPodAutoscaler\",\"verbs\":[\"list\"],\"shortNames\":[\"hpa\"]}]}");
  reply (server, "/apis/metrics.k8s.io/v1beta1", 503, "service unavailable");
  discovery = kube_discovery_read_finish (client, await (&result), &error);
  g_assert_no_error (error);

  g_assert_cmpuint (kube_discovery_get_resources (discovery)->len, ==, 4);
  scaler = describe (kube_discovery_lookup (discovery, "hpa"));
  g_assert_cmpstr (scaler, ==, "horizontalpodautoscalers.v2.autoscaling");
  g_assert_true (kube_discovery_lookup (discovery, "po")->resource.namespaced);
  g_assert_false (kube_discovery_lookup (discovery, "node")->resource.namespaced);
  g_assert_cmpuint (kube_discovery_get_failures (discovery)->len, ==, 1);
  g_clear_object (&result);

  /* What is incomplete is not remembered: the server is asked again. */
  kube_discovery_read_async (client, FALSE, NULL, await_cb, &result);
  reply (server, "/api", 200, core);
  reply (server, "/apis", 403, "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\","
                               "\"message\":\"no\"}");
  g_assert_null (kube_discovery_read_finish (client, await (&result), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
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
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("test-discovery-XXXXXX", NULL);
  int              status;

  g_assert_nonnull (folder);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/discovery/lookup", test_lookup);
  g_test_add_func ("/discovery/members", test_members);
  g_test_add_func ("/discovery/category", test_category);
  g_test_add_func ("/discovery/near-names", test_near_names);
  g_test_add_func ("/discovery/cache", test_cache);
  g_test_add_func ("/discovery/legacy", test_legacy);
  g_test_add_func ("/discovery/aggregated", test_aggregated);

  status = g_test_run ();
  remove_folder (folder);

  return status;
}
