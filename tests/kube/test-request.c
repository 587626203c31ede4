/* test-request.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-error.h"
#include "kube-request.h"

#define TABLE "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

static void
assert_request (KubeRequest *request,
                const char  *method,
                const char  *path,
                const char  *accept)
{
  g_autoptr(KubeRequest) owned = request;

  g_assert_cmpstr (kube_request_get_method (request), ==, method);
  g_assert_cmpstr (kube_request_get_path (request), ==, path);
  g_assert_cmpstr (kube_request_get_accept (request), ==, accept);
  g_assert_null (kube_request_get_body (request));
  g_assert_null (kube_request_get_content_type (request));
}

static void
test_reading (void)
{
  assert_request (kube_request_new ("GET", "/version"), "GET", "/version", "application/json");
  assert_request (kube_request_new_get (&KUBE_POD, "n", "p"), "GET",
                  "/api/v1/namespaces/n/pods/p", "application/json");
  assert_request (kube_request_new_get (&KUBE_NAMESPACE, NULL, "n"), "GET",
                  "/api/v1/namespaces/n", "application/json");
  assert_request (kube_request_new_list (&KUBE_POD, NULL, KUBE_FORM_OBJECT, NULL, 0, NULL),
                  "GET", "/api/v1/pods", "application/json");
  assert_request (kube_request_new_list (&KUBE_POD, "n", KUBE_FORM_TABLE, "app=a,b in (c)", 500,
                                         "to/ken=="),
                  "GET", "/api/v1/namespaces/n/pods?labelSelector=app%3Da%2Cb%20in%20%28c%29"
                         "&limit=500&continue=to%2Fken%3D%3D",
                  TABLE);
  assert_request (kube_request_new_watch (&KUBE_POD, "n", KUBE_FORM_TABLE, NULL, "42", 300),
                  "GET", "/api/v1/namespaces/n/pods?watch=1&allowWatchBookmarks=true"
                         "&resourceVersion=42&timeoutSeconds=300",
                  TABLE);
  assert_request (kube_request_new_watch (&KUBE_EVENT, NULL, KUBE_FORM_OBJECT, "a=b", NULL, 0),
                  "GET", "/api/v1/events?labelSelector=a%3Db&watch=1&allowWatchBookmarks=true",
                  "application/json");
}

static void
test_delete (void)
{
  assert_request (kube_request_new_delete (&KUBE_DEPLOYMENT, "n", "d", "Foreground"), "DELETE",
                  "/apis/apps/v1/namespaces/n/deployments/d?propagationPolicy=Foreground",
                  "application/json");
  assert_request (kube_request_new_delete (&KUBE_POD, "n", "p", NULL), "DELETE",
                  "/api/v1/namespaces/n/pods/p", "application/json");
}

static void
test_log (void)
{
  assert_request (kube_request_new_log ("n", "p", NULL, FALSE, FALSE, FALSE, -1, NULL), "GET",
                  "/api/v1/namespaces/n/pods/p/log", "application/json, */*");
  assert_request (kube_request_new_log ("n", "p", "c", TRUE, TRUE, TRUE, 0,
                                        "2024-01-01T00:00:00+02:00"),
                  "GET",
                  "/api/v1/namespaces/n/pods/p/log?container=c&follow=true&previous=true"
                  "&timestamps=true&tailLines=0&sinceTime=2024-01-01T00%3A00%3A00%2B02%3A00",
                  "application/json, */*");
}

static void
test_service_proxy (void)
{
  assert_request (kube_request_new_service_proxy ("n", "s", "http", "/api/health?a=b"), "GET",
                  "/api/v1/namespaces/n/services/s:http/proxy/api/health?a=b",
                  "application/json, */*");
  assert_request (kube_request_new_service_proxy ("n", "s", NULL, "/"), "GET",
                  "/api/v1/namespaces/n/services/s/proxy/", "application/json, */*");
}

static void
test_nature (void)
{
  g_autoptr(KubeRequest) list = kube_request_new_list (&KUBE_POD, NULL, 0, NULL, 0, NULL);
  g_autoptr(KubeRequest) watch = kube_request_new_watch (&KUBE_POD, NULL, 0, NULL, NULL, 0);
  g_autoptr(KubeRequest) log = kube_request_new_log ("n", "p", NULL, 0, 0, 0, -1, NULL);
  g_autoptr(KubeRequest) proxy = kube_request_new_service_proxy ("n", "s", NULL, "/");

  g_assert_false (kube_request_get_streaming (list));
  g_assert_true (kube_request_get_streaming (watch));
  g_assert_true (kube_request_get_streaming (log));
  g_assert_false (kube_request_get_streaming (proxy));
  g_assert_true (kube_request_get_relayed (proxy));
  g_assert_false (kube_request_get_relayed (log));
}

static void
test_query_after_query (void)
{
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/readyz?verbose");

  kube_request_add_query (request, "exclude", "a&b");
  g_assert_cmpstr (kube_request_get_path (request), ==, "/readyz?verbose&exclude=a%26b");
}

static void
test_apply (void)
{
  g_autoptr(JsonNode) object = NULL;
  g_autoptr(JsonNode) sent = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *body;
  gsize   size;

  object = base_json_parse ("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":"
                            "{\"name\":\"d\",\"namespace\":\"n\",\"managedFields\":[{}]},"
                            "\"spec\":{\"replicas\":2}}",
                            -1, &error);
  g_assert_no_error (error);
  request = kube_request_new_apply (object, "hackystack-desktop",
                                    KUBE_APPLY_FORCE | KUBE_APPLY_DRY_RUN | KUBE_APPLY_STRICT,
                                    &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_request_get_method (request), ==, "PATCH");
  g_assert_cmpstr (kube_request_get_path (request), ==,
                   "/apis/apps/v1/namespaces/n/deployments/d?fieldManager=hackystack-desktop"
                   "&force=true&dryRun=All&fieldValidation=Strict");
  g_assert_cmpstr (kube_request_get_content_type (request), ==, "application/apply-patch+yaml");

  body = kube_request_get_body (request);
  sent = base_json_parse (g_bytes_get_data (body, &size), g_bytes_get_size (body), &error);
  g_assert_no_error (error);
  g_assert_cmpint (base_json_get_int (sent, 0, "spec", "replicas", NULL), ==, 2);
  g_assert_null (base_json_get (sent, "metadata", "managedFields", NULL));
  g_assert_nonnull (base_json_get (object, "metadata", "managedFields", NULL));
}

static void
test_apply_plain (void)
{
  g_autoptr(JsonNode) object = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  object = base_json_parse ("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":"
                            "{\"name\":\"n\"}}",
                            -1, NULL);
  request = kube_request_new_apply (object, "a b", KUBE_APPLY_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_request_get_path (request), ==,
                   "/api/v1/namespaces/n?fieldManager=a%20b");
}

/* A kind that no client knows by itself. */
static void
test_apply_as (void)
{
  static const KubeResource widgets = { "example.com", "v1", "widgets", "Widget", TRUE };
  g_autoptr(JsonNode) object = NULL;
  g_autoptr(JsonNode) unnamed = base_json_parse ("{\"metadata\":{}}", -1, NULL);
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  object = base_json_parse ("{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":"
                            "{\"name\":\"w\",\"namespace\":\"n\"}}",
                            -1, NULL);
  request = kube_request_new_apply_as (&widgets, object, "m", KUBE_APPLY_FORCE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_request_get_path (request), ==,
                   "/apis/example.com/v1/namespaces/n/widgets/w?fieldManager=m&force=true");
  g_assert_null (kube_request_new_apply_as (&widgets, unnamed, "m", KUBE_APPLY_NONE, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST);
}

static void
test_apply_unusable (void)
{
  const char *objects[] = {
    "{}",
    "[]",
    "null",
    "{\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"a\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"generateName\":\"a\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autoptr(JsonNode) object = base_json_parse (objects[i], -1, NULL);
      g_autoptr(KubeRequest) request = NULL;
      g_autoptr(GError) error = NULL;

      request = kube_request_new_apply (object, "m", KUBE_APPLY_NONE, &error);
      g_assert_null (request);
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/request/reading", test_reading);
  g_test_add_func ("/kube/request/delete", test_delete);
  g_test_add_func ("/kube/request/log", test_log);
  g_test_add_func ("/kube/request/service-proxy", test_service_proxy);
  g_test_add_func ("/kube/request/nature", test_nature);
  g_test_add_func ("/kube/request/query-after-query", test_query_after_query);
  g_test_add_func ("/kube/request/apply", test_apply);
  g_test_add_func ("/kube/request/apply-plain", test_apply_plain);
  g_test_add_func ("/kube/request/apply-as", test_apply_as);
  g_test_add_func ("/kube/request/apply-unusable", test_apply_unusable);

  return g_test_run ();
}
