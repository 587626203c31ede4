/* test-request-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-request-change.h"
#include "kube-request-review.h"
#include "quoted.h"

#define JSON "application/json"
#define MERGE "application/merge-patch+json"
#define STRATEGIC "application/strategic-merge-patch+json"

/* @body is written with ' for ". Takes the request. */
static void
assert_change (KubeRequest *request,
               const char  *method,
               const char  *path,
               const char  *content_type,
               const char  *body)
{
  g_autoptr(KubeRequest) owned = request;
  g_autofree char *expected = body != NULL ? g_strdelimit (g_strdup (body), "'", '"') : NULL;
  GBytes          *bytes = kube_request_get_body (request);
  g_autofree char *sent = NULL;
  gconstpointer    data;
  gsize            size;

  if (bytes != NULL)
    {
      data = g_bytes_get_data (bytes, &size);
      sent = g_strndup (data, size);
    }
  g_assert_cmpstr (kube_request_get_method (request), ==, method);
  g_assert_cmpstr (kube_request_get_path (request), ==, path);
  g_assert_cmpstr (kube_request_get_content_type (request), ==, content_type);
  g_assert_cmpstr (kube_request_get_accept (request), ==, JSON);
  g_assert_cmpstr (sent, ==, expected);
  g_assert_false (kube_request_get_streaming (request));
  g_assert_false (kube_request_get_relayed (request));
}

static void
test_create (void)
{
  g_autoptr(JsonNode) object = parse_quoted ("{'kind':'ConfigMap','metadata':{'name':'c'}}");

  assert_change (kube_request_new_create (&KUBE_CONFIG_MAP, "n", object, NULL, KUBE_CHANGE_NONE),
                 "POST", "/api/v1/namespaces/n/configmaps", JSON,
                 "{'kind':'ConfigMap','metadata':{'name':'c'}}");
  assert_change (kube_request_new_create (&KUBE_NAMESPACE, NULL, object, "a b",
                                          KUBE_CHANGE_DRY_RUN | KUBE_CHANGE_STRICT),
                 "POST",
                 "/api/v1/namespaces?fieldManager=a%20b&dryRun=All&fieldValidation=Strict", JSON,
                 "{'kind':'ConfigMap','metadata':{'name':'c'}}");
  assert_change (kube_request_new_create (&KUBE_DEPLOYMENT, "n", object, "m", KUBE_CHANGE_NONE),
                 "POST", "/apis/apps/v1/namespaces/n/deployments?fieldManager=m", JSON,
                 "{'kind':'ConfigMap','metadata':{'name':'c'}}");
}

static void
test_patch (void)
{
  g_autoptr(JsonNode) patch = parse_quoted ("{'spec':{'paused':true,'x':null}}");
  KubeRequest *request;

  assert_change (kube_request_new_patch (&KUBE_DEPLOYMENT, "n", "d", NULL, KUBE_PATCH_MERGE, patch),
                 "PATCH", "/apis/apps/v1/namespaces/n/deployments/d", MERGE,
                 "{'spec':{'paused':true,'x':null}}");
  assert_change (kube_request_new_patch (&KUBE_DEPLOYMENT, "n", "d", "status",
                                         KUBE_PATCH_STRATEGIC, patch),
                 "PATCH", "/apis/apps/v1/namespaces/n/deployments/d/status", STRATEGIC,
                 "{'spec':{'paused':true,'x':null}}");

  request = kube_request_new_patch (&KUBE_NAMESPACE, NULL, "n", NULL, KUBE_PATCH_MERGE, patch);
  kube_request_set_change (request, "m", KUBE_CHANGE_DRY_RUN);
  assert_change (request, "PATCH", "/api/v1/namespaces/n?fieldManager=m&dryRun=All", MERGE,
                 "{'spec':{'paused':true,'x':null}}");
}

static void
test_scale (void)
{
  g_autoptr(JsonNode) scale = parse_quoted ("{'kind':'Scale','metadata':{'resourceVersion':'7'},"
                                             "'spec':{'replicas':2},'status':{'replicas':2}}");
  g_autoptr(JsonNode) none = parse_quoted ("{'kind':'Scale'}");

  assert_change (kube_request_new_get_scale (&KUBE_REPLICA_SET, "n", "r"), "GET",
                 "/apis/apps/v1/namespaces/n/replicasets/r/scale", NULL, NULL);
  assert_change (kube_request_new_set_scale (&KUBE_DEPLOYMENT, "n", "d", 3), "PATCH",
                 "/apis/apps/v1/namespaces/n/deployments/d/scale", MERGE,
                 "{'spec':{'replicas':3}}");
  assert_change (kube_request_new_set_scale (&KUBE_DEPLOYMENT, "n", "d", 0), "PATCH",
                 "/apis/apps/v1/namespaces/n/deployments/d/scale", MERGE,
                 "{'spec':{'replicas':0}}");
  assert_change (kube_request_new_replace_scale (&KUBE_DEPLOYMENT, "n", "d", scale, 0), "PUT",
                 "/apis/apps/v1/namespaces/n/deployments/d/scale", JSON,
                 "{'kind':'Scale','metadata':{'resourceVersion':'7'},'spec':{'replicas':0},"
                 "'status':{'replicas':2}}");
  assert_change (kube_request_new_replace_scale (&KUBE_DEPLOYMENT, "n", "d", none, 1), "PUT",
                 "/apis/apps/v1/namespaces/n/deployments/d/scale", JSON,
                 "{'kind':'Scale','spec':{'replicas':1}}");
  g_assert_cmpint (base_json_get_int (scale, 0, "spec", "replicas", NULL), ==, 2);
}

static void
test_eviction (void)
{
  KubeDeleteOptions options = KUBE_DELETE_OPTIONS_INIT;

  assert_change (kube_request_new_eviction ("n", "p", NULL), "POST",
                 "/api/v1/namespaces/n/pods/p/eviction", JSON,
                 "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'p',"
                 "'namespace':'n'}}");
  options.grace_period_seconds = 5;
  options.dry_run = TRUE;
  assert_change (kube_request_new_eviction ("n", "p", &options), "POST",
                 "/api/v1/namespaces/n/pods/p/eviction", JSON,
                 "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'p',"
                 "'namespace':'n'},'deleteOptions':{'apiVersion':'v1','kind':'DeleteOptions',"
                 "'gracePeriodSeconds':5,'dryRun':['All']}}");
}

static void
test_delete (void)
{
  static const KubeDeleteOptions all = { "Foreground", 0, "u-1", "42", TRUE };
  static const KubeDeleteOptions version = { NULL, -1, NULL, "42", FALSE };
  const KubeDeleteOptions        none = KUBE_DELETE_OPTIONS_INIT;

  assert_change (kube_request_new_delete_with (&KUBE_POD, "n", "p", &none), "DELETE",
                 "/api/v1/namespaces/n/pods/p", JSON,
                 "{'apiVersion':'v1','kind':'DeleteOptions'}");
  assert_change (kube_request_new_delete_with (&KUBE_POD, "n", "p", &version), "DELETE",
                 "/api/v1/namespaces/n/pods/p", JSON,
                 "{'apiVersion':'v1','kind':'DeleteOptions','preconditions':"
                 "{'resourceVersion':'42'}}");
  assert_change (kube_request_new_delete_with (&KUBE_NAMESPACE, NULL, "n", &all), "DELETE",
                 "/api/v1/namespaces/n", JSON,
                 "{'apiVersion':'v1','kind':'DeleteOptions','propagationPolicy':'Foreground',"
                 "'gracePeriodSeconds':0,'preconditions':{'uid':'u-1','resourceVersion':'42'},"
                 "'dryRun':['All']}");
}

#define ACCESS_REVIEW "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectAccessReview','spec':"
#define ACCESS_PATH "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

static void
test_reviews (void)
{
  assert_change (kube_request_new_access_review ("list", &KUBE_POD, NULL, NULL, NULL), "POST",
                 ACCESS_PATH, JSON,
                 ACCESS_REVIEW "{'resourceAttributes':{'verb':'list','version':'v1',"
                               "'resource':'pods'}}}");
  assert_change (kube_request_new_access_review ("patch", &KUBE_DEPLOYMENT, "scale", "n", "d"),
                 "POST", ACCESS_PATH, JSON,
                 ACCESS_REVIEW "{'resourceAttributes':{'verb':'patch','group':'apps','version':'v1',"
                               "'resource':'deployments','subresource':'scale','namespace':'n','name':'d'}}}");
  assert_change (kube_request_new_access_review ("create", &KUBE_NAMESPACE, NULL, "n", NULL),
                 "POST", ACCESS_PATH, JSON,
                 ACCESS_REVIEW "{'resourceAttributes':{'verb':'create','version':'v1',"
                               "'resource':'namespaces'}}}");
  assert_change (kube_request_new_path_review ("get", "/metrics"), "POST", ACCESS_PATH, JSON,
                 ACCESS_REVIEW "{'nonResourceAttributes':{'verb':'get','path':'/metrics'}}}");
  assert_change (kube_request_new_rules_review ("n"), "POST",
                 "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", JSON,
                 "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectRulesReview',"
                 "'spec':{'namespace':'n'}}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/request-change/create", test_create);
  g_test_add_func ("/kube/request-change/patch", test_patch);
  g_test_add_func ("/kube/request-change/scale", test_scale);
  g_test_add_func ("/kube/request-change/eviction", test_eviction);
  g_test_add_func ("/kube/request-change/delete", test_delete);
  g_test_add_func ("/kube/request-change/reviews", test_reviews);

  return g_test_run ();
}
