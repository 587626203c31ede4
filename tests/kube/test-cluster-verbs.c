/* test-cluster-verbs.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Every verb against a real API server, by whoever may and whoever may not.
 * HACKYSTACK_TEST_KUBECONFIGS is as for test-cluster-client. */

#include <string.h>
#include <unistd.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-access.h"
#include "kube-error.h"
#include "kube-field-conflict.h"
#include "kube-health.h"
#include "kube-metrics.h"
#include "kube-process.h"
#include "kube-request-change.h"
#include "kube-request-review.h"
#include "kube-rules.h"
#include "kube-summary.h"
#include "kube-version.h"
#include "quoted.h"

#define VARIABLE "HACKYSTACK_TEST_KUBECONFIGS"

static const KubeResource disruption_budget = {
  "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", TRUE
};
static const KubeResource endpoints = { "", "v1", "endpoints", "Endpoints", TRUE };
static const KubeResource cluster_node = { "", "v1", "nodes", "Node", FALSE };

/* A namespace of the test's own. */
typedef struct
{
  KubeClient *client; /* the administrator's */
  char       *ns;
} Fixture;

static gboolean
has_user (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv (VARIABLE), name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static KubeClient *
connect_as (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv (VARIABLE), name, NULL);
  g_autoptr(GError) error = NULL;
  KubeClient *client = connect_client (path, NULL, &error);

  g_assert_no_error (error);
  return client;
}

static JsonNode *
call_well (KubeClient  *client,
           KubeRequest *request)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = call (client, request, &error);

  g_assert_no_error (error);
  return node;
}

static void
do_well (KubeClient  *client,
         KubeRequest *request)
{
  json_node_unref (call_well (client, request));
}

/* Takes the request; @words are in the message. */
static void
do_in_vain (KubeClient  *client,
            KubeRequest *request,
            KubeError    code,
            const char  *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call (client, request, &error);

  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (kube_error_get_status (error));
}

static KubeRequest *
new_create (const KubeResource *resource,
            const char         *ns,
            const char         *text,
            KubeChangeFlags     flags)
{
  g_autoptr(JsonNode) object = parse_quoted (text);

  return kube_request_new_create (resource, ns, object, "verbs", flags);
}

static KubeRequest *
new_patch (const KubeResource *resource,
           const char         *ns,
           const char         *name,
           const char         *subresource,
           KubePatchForm       form,
           const char         *text)
{
  g_autoptr(JsonNode) patch = parse_quoted (text);

  return kube_request_new_patch (resource, ns, name, subresource, form, patch);
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  static guint     n_namespaces;
  g_autofree char *text = NULL;

  fixture->client = connect_as ("admin");
  fixture->ns = g_strdup_printf ("hackystack-client-verbs-%d-%u", (int) getpid (), n_namespaces++);
  text = g_strdup_printf ("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s','labels':"
                          "{'pod-security.kubernetes.io/warn':'restricted'}}}",
                          fixture->ns);
  do_well (fixture->client, new_create (&KUBE_NAMESPACE, NULL, text, KUBE_CHANGE_STRICT));
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  do_well (fixture->client,
           kube_request_new_delete (&KUBE_NAMESPACE, NULL, fixture->ns, "Background"));
  g_clear_object (&fixture->client);
  g_free (fixture->ns);
}

#define CONFIG_MAP "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'data':{'a':'1','b':'2'}}"

static void
test_create (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(JsonNode) dry = NULL;
  g_autoptr(JsonNode) created = NULL;
  g_autoptr(JsonNode) named = NULL;

  dry = call_well (fixture->client,
                   new_create (&KUBE_CONFIG_MAP, fixture->ns, CONFIG_MAP, KUBE_CHANGE_DRY_RUN));
  g_assert_cmpstr (base_json_get_string (dry, "data", "a", NULL), ==, "1");
  do_in_vain (fixture->client, kube_request_new_get (&KUBE_CONFIG_MAP, fixture->ns, "c"),
              KUBE_ERROR_NOT_FOUND, "configmaps \"c\" not found");

  created = call_well (fixture->client, new_create (&KUBE_CONFIG_MAP, fixture->ns, CONFIG_MAP, 0));
  g_assert_cmpstr (base_json_get_string (created, "metadata", "namespace", NULL), ==, fixture->ns);
  do_in_vain (fixture->client, new_create (&KUBE_CONFIG_MAP, fixture->ns, CONFIG_MAP, 0),
              KUBE_ERROR_ALREADY_EXISTS, "configmaps \"c\" already exists");
  do_in_vain (fixture->client,
              new_create (&KUBE_CONFIG_MAP, fixture->ns, "{'metadata':{'name':'d'},'dta':{}}",
                          KUBE_CHANGE_STRICT),
              KUBE_ERROR_BAD_REQUEST, "unknown field \"dta\"");

  named = call_well (fixture->client,
                     new_create (&KUBE_CONFIG_MAP, fixture->ns, "{'metadata':{'generateName':'g-'}}", 0));
  g_assert_true (g_str_has_prefix (base_json_get_string (named, "metadata", "name", NULL), "g-"));
}

static void
test_merge_patch (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(JsonNode) created = NULL;
  g_autoptr(JsonNode) patched = NULL;
  g_autofree char *stale = NULL;

  created = call_well (fixture->client, new_create (&KUBE_CONFIG_MAP, fixture->ns, CONFIG_MAP, 0));
  patched = call_well (fixture->client, new_patch (&KUBE_CONFIG_MAP, fixture->ns, "c", NULL,
                                                   KUBE_PATCH_MERGE, "{'data':{'a':null,'c':'3'}}"));
  g_assert_null (base_json_get (patched, "data", "a", NULL));
  g_assert_cmpstr (base_json_get_string (patched, "data", "b", NULL), ==, "2");
  g_assert_cmpstr (base_json_get_string (patched, "data", "c", NULL), ==, "3");

  stale = g_strdup_printf ("{'metadata':{'resourceVersion':'%s'},'data':{'b':'4'}}",
                           base_json_get_string (created, "metadata", "resourceVersion", NULL));
  do_in_vain (fixture->client,
              new_patch (&KUBE_CONFIG_MAP, fixture->ns, "c", NULL, KUBE_PATCH_MERGE, stale),
              KUBE_ERROR_CONFLICT, "The object was changed by someone else in the meantime");
}

/* Nobody schedules its pods. */
#define DEPLOYMENT                                                                               \
  "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},'spec':{'replicas':0,"    \
  "'selector':{'matchLabels':{'app':'d'}},'template':{'metadata':{'labels':{'app':'d'}},'spec':" \
  "{'schedulerName':'nobody','containers':[{'name':'a','image':'example.invalid/a'},"            \
  "{'name':'b','image':'example.invalid/b'}]}}}}"

static const char *
get_image (JsonNode *deployment,
           guint     container)
{
  JsonArray *containers = base_json_get_array (deployment, "spec", "template", "spec",
                                               "containers", NULL);

  g_assert_cmpuint (json_array_get_length (containers), ==, 2);
  return base_json_get_string (json_array_get_element (containers, container), "image", NULL);
}

static void
test_strategic_patch (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(JsonNode) patched = NULL;
  KubeRequest *request;

  do_well (fixture->client, new_create (&KUBE_DEPLOYMENT, fixture->ns, DEPLOYMENT, 0));
  request = new_patch (&KUBE_DEPLOYMENT, fixture->ns, "d", NULL, KUBE_PATCH_STRATEGIC,
                       "{'spec':{'template':{'spec':{'containers':[{'name':'b','image':'x/y'}]}}}}");
  kube_request_set_change (request, "patcher", KUBE_CHANGE_NONE);
  patched = call_well (fixture->client, request);
  g_assert_cmpstr (get_image (patched, 0), ==, "example.invalid/a");
  g_assert_cmpstr (get_image (patched, 1), ==, "x/y");
}

static gint64
get_replicas (KubeClient *client,
              const char *ns)
{
  g_autoptr(JsonNode) scale = NULL;

  scale = call_well (client, kube_request_new_get_scale (&KUBE_DEPLOYMENT, ns, "d"));
  g_assert_cmpstr (base_json_get_string (scale, "kind", NULL), ==, "Scale");

  return base_json_get_int (scale, 0, "spec", "replicas", NULL);
}

static void
test_scale (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(JsonNode) before = NULL;
  g_autoptr(JsonNode) now = NULL;

  do_well (fixture->client, new_create (&KUBE_DEPLOYMENT, fixture->ns, DEPLOYMENT, 0));
  before = call_well (fixture->client,
                      kube_request_new_get_scale (&KUBE_DEPLOYMENT, fixture->ns, "d"));
  do_well (fixture->client, kube_request_new_set_scale (&KUBE_DEPLOYMENT, fixture->ns, "d", 2));
  g_assert_cmpint (get_replicas (fixture->client, fixture->ns), ==, 2);

  do_in_vain (fixture->client,
              kube_request_new_replace_scale (&KUBE_DEPLOYMENT, fixture->ns, "d", before, 3),
              KUBE_ERROR_CONFLICT, "has been modified");
  for (gboolean done = FALSE; !done;)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) answer = NULL;

      /* The controller writes the status of the deployment meanwhile. */
      g_clear_pointer (&now, json_node_unref);
      now = call_well (fixture->client,
                       kube_request_new_get_scale (&KUBE_DEPLOYMENT, fixture->ns, "d"));
      answer = call (fixture->client,
                     kube_request_new_replace_scale (&KUBE_DEPLOYMENT, fixture->ns, "d", now, 0),
                     &error);
      done = !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
      if (done)
        g_assert_no_error (error);
    }
  g_assert_cmpint (get_replicas (fixture->client, fixture->ns), ==, 0);
  do_in_vain (fixture->client, kube_request_new_get_scale (&KUBE_CONFIG_MAP, fixture->ns, "d"),
              KUBE_ERROR_NOT_FOUND, "could not find the requested resource");
}

/* The test says itself that the pod runs, and what its disruption budget allows. */
static void
test_eviction (Fixture      *fixture,
               gconstpointer data)
{
  do_well (fixture->client,
           new_create (&KUBE_POD, fixture->ns,
                       "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','labels':{'app':'e'}},'spec':"
                       "{'schedulerName':'nobody','containers':[{'name':'a','image':'example.invalid/a'}]}}",
                       0));
  do_well (fixture->client,
           new_patch (&KUBE_POD, fixture->ns, "p", "status", KUBE_PATCH_MERGE,
                      "{'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}"));
  do_well (fixture->client,
           new_create (&disruption_budget, fixture->ns,
                       "{'apiVersion':'policy/v1','kind':'PodDisruptionBudget','metadata':{'name':'e'},"
                       "'spec':{'minAvailable':1,'selector':{'matchLabels':{'app':'e'}}}}",
                       0));
  do_well (fixture->client,
           new_patch (&disruption_budget, fixture->ns, "e", "status", KUBE_PATCH_MERGE,
                      "{'status':{'observedGeneration':1,'disruptionsAllowed':0,'currentHealthy':1,"
                      "'desiredHealthy':1,'expectedPods':1}}"));

  do_in_vain (fixture->client, kube_request_new_eviction (fixture->ns, "p", NULL),
              KUBE_ERROR_TOO_MANY_REQUESTS, "The pod must not be evicted now: Cannot evict pod as it "
                                            "would violate the pod's disruption budget");
  do_well (fixture->client, kube_request_new_delete (&disruption_budget, fixture->ns, "e", NULL));
  do_well (fixture->client, kube_request_new_eviction (fixture->ns, "p", NULL));
  do_in_vain (fixture->client, kube_request_new_eviction (fixture->ns, "none", NULL),
              KUBE_ERROR_NOT_FOUND, "pods \"none\" not found");
}

static void
test_delete (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(JsonNode) created = NULL;
  g_autoptr(JsonNode) deleted = NULL;
  KubeDeleteOptions options = KUBE_DELETE_OPTIONS_INIT;

  created = call_well (fixture->client, new_create (&KUBE_DEPLOYMENT, fixture->ns, DEPLOYMENT, 0));
  options.uid = "00000000-0000-0000-0000-000000000000";
  do_in_vain (fixture->client,
              kube_request_new_delete_with (&KUBE_DEPLOYMENT, fixture->ns, "d", &options),
              KUBE_ERROR_CONFLICT, "the UID in the precondition");
  options.uid = base_json_get_string (created, "metadata", "uid", NULL);
  options.resource_version = "1";
  do_in_vain (fixture->client,
              kube_request_new_delete_with (&KUBE_DEPLOYMENT, fixture->ns, "d", &options),
              KUBE_ERROR_CONFLICT, "the ResourceVersion in the precondition");

  options.resource_version = NULL;
  options.dry_run = TRUE;
  do_well (fixture->client,
           kube_request_new_delete_with (&KUBE_DEPLOYMENT, fixture->ns, "d", &options));
  do_well (fixture->client, kube_request_new_get (&KUBE_DEPLOYMENT, fixture->ns, "d"));

  options.dry_run = FALSE;
  options.propagation_policy = "Foreground";
  options.grace_period_seconds = 0;
  deleted = call_well (fixture->client,
                       kube_request_new_delete_with (&KUBE_DEPLOYMENT, fixture->ns, "d", &options));
  g_assert_nonnull (base_json_get_string (deleted, "metadata", "deletionTimestamp", NULL));
  g_assert_cmpstr (json_array_get_string_element (
                       base_json_get_array (deleted, "metadata", "finalizers", NULL), 0),
                   ==, "foregroundDeletion");
  do_in_vain (fixture->client,
              kube_request_new_delete (&KUBE_DEPLOYMENT, fixture->ns, "none", NULL),
              KUBE_ERROR_NOT_FOUND, "deployments.apps \"none\" not found");
}

static KubeRequest *
new_apply (const char *ns,
           const char *manager,
           const char *values)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) object = NULL;
  g_autoptr(GError) error = NULL;
  KubeRequest *request;

  text = g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':"
                          "'%s'},'data':%s}",
                          ns, values);
  object = parse_quoted (text);
  request = kube_request_new_apply (object, manager, KUBE_APPLY_NONE, &error);
  g_assert_no_error (error);

  return request;
}

static void
assert_conflict (GPtrArray  *conflicts,
                 guint       position,
                 const char *field,
                 const char *manager,
                 const char *api_version)
{
  KubeFieldConflict *conflict = g_ptr_array_index (conflicts, position);

  g_test_message ("%s: %s", conflict->field, conflict->message);
  g_assert_cmpstr (conflict->field, ==, field);
  g_assert_cmpstr (conflict->manager, ==, manager);
  g_assert_cmpstr (conflict->api_version, ==, api_version);
  g_assert_null (conflict->subresource);
}

/* One field was applied by another manager, one was changed otherwise. */
static void
test_conflicts (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) conflicts = NULL;
  KubeRequest *request;

  do_well (fixture->client, new_apply (fixture->ns, "one", "{'a':'1','b':'1'}"));
  request = new_patch (&KUBE_CONFIG_MAP, fixture->ns, "c", NULL, KUBE_PATCH_MERGE,
                       "{'data':{'b':'2'}}");
  kube_request_set_change (request, "say \"hi\"", KUBE_CHANGE_NONE);
  do_well (fixture->client, request);

  g_assert_null (call (fixture->client, new_apply (fixture->ns, "two", "{'a':'3','b':'3'}"), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  conflicts = kube_field_conflict_list (error);
  g_assert_cmpuint (conflicts->len, ==, 2);
  assert_conflict (conflicts, 0, ".data.a", "one", NULL);
  assert_conflict (conflicts, 1, ".data.b", "say \"hi\"", "v1");
}

static void
on_client_warning_cb (KubeClient *client,
                      const char *text,
                      gpointer    user_data)
{
  g_test_message ("%s", text);
  g_ptr_array_add (user_data, g_strdup (text));
}

/* Of a deprecated kind and of what a policy finds in an object; each once. */
static void
test_warnings (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect (fixture->client, "warning", G_CALLBACK (on_client_warning_cb), texts);
  for (guint i = 0; i < 2; i++)
    do_well (fixture->client, kube_request_new_list (&endpoints, fixture->ns, KUBE_FORM_OBJECT,
                                                     NULL, 0, NULL));
  g_assert_cmpuint (texts->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (texts, 0), "v1 Endpoints is deprecated"));

  for (guint i = 0; i < 2; i++)
    do_well (fixture->client,
             new_create (&KUBE_DEPLOYMENT, fixture->ns, DEPLOYMENT, KUBE_CHANGE_DRY_RUN));
  g_assert_cmpuint (texts->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (texts, 1),
                            "would violate PodSecurity \"restricted:latest\""));
  g_signal_handlers_disconnect_by_data (fixture->client, texts);
}

/* The codes of answers that have nothing to do with the object. */
static void
test_refused_forms (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *filling = g_strnfill (3200000, 'x');
  g_autofree char *text = g_strdup_printf ("{'metadata':{'name':'l'},'data':{'a':'%s'}}", filling);
  g_autoptr(GBytes) body = g_bytes_new_static ("<a/>", 4);
  KubeRequest *request;

  do_in_vain (fixture->client, new_create (&KUBE_CONFIG_MAP, fixture->ns, text, 0),
              KUBE_ERROR_TOO_LARGE, "limit is 3145728");
  do_in_vain (fixture->client, kube_request_new ("PUT", "/api/v1/namespaces"),
              KUBE_ERROR_METHOD_NOT_ALLOWED, "does not allow this method");
  request = kube_request_new_list (&KUBE_NAMESPACE, NULL, KUBE_FORM_OBJECT, NULL, 0, NULL);
  kube_request_set_accept (request, "application/xml");
  do_in_vain (fixture->client, request, KUBE_ERROR_NOT_ACCEPTABLE, "application/json");
  request = kube_request_new ("PATCH", "/api/v1/namespaces/default");
  kube_request_set_body (request, "application/xml", body);
  do_in_vain (fixture->client, request, KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE, "supported");
}

static KubeHealth *
ask_health (KubeClient *client,
            const char *endpoint)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  KubeHealth *health;

  kube_health_ask_async (client, endpoint, NULL, await_cb, &result);
  health = kube_health_ask_finish (await (&result), &error);
  g_assert_no_error (error);

  return health;
}

static void
test_server (void)
{
  g_autoptr(KubeClient) client = connect_as ("admin");
  g_autoptr(JsonNode) answer = call_path (client, "/version", NULL);
  g_autoptr(KubeHealth) ready = ask_health (client, "readyz");
  g_autoptr(KubeHealth) live = ask_health (client, "livez");
  g_auto(KubeVersion) version = { 0 };

  g_assert_true (kube_version_read (&version, answer, NULL));
  g_assert_true (kube_version_is_at_least (&version, 1, 20));
  g_assert_true (kube_health_get_passed (ready));
  g_assert_cmpuint (kube_health_get_n_checks (ready), >, 5);
  g_assert_cmpint (kube_health_find_check (ready, "ping")->state, ==, KUBE_HEALTH_OK);
  g_assert_nonnull (kube_health_find_check (live, "ping"));
  g_assert_null (kube_health_find_check (live, "informer-sync"));
}

/* Nodes that answer to a kubelet's questions; others are pretended ones. */
static void
check_summary (KubeClient *client,
               const char *node)
{
  g_autoptr(JsonNode) answer = call_well (client, kube_summary_new_request (node));
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeSummary) summary = kube_summary_parse (answer, &error);
  KubePodStats *pod;

  g_assert_no_error (error);
  g_assert_cmpstr (summary->node, ==, node);
  g_assert_cmpint (summary->stats.memory, >, 0);
  g_assert_cmpint (summary->stats.storage_capacity, >, 0);
  g_assert_cmpuint (summary->pods->len, >, 0);
  pod = g_ptr_array_index (summary->pods, 0);
  g_assert_nonnull (pod->name);
  g_assert_cmpuint (pod->containers->len, >, 0);
}

static void
test_metrics (void)
{
  g_autoptr(KubeClient) client = connect_as ("admin");
  g_autoptr(GAsyncResult) of_nodes = NULL;
  g_autoptr(GAsyncResult) of_pods = NULL;
  g_autoptr(GPtrArray) nodes = NULL;
  g_autoptr(GPtrArray) pods = NULL;
  g_autoptr(GError) error = NULL;
  KubeMetrics *metrics;

  kube_metrics_list_async (client, &KUBE_NODE_METRICS, NULL, NULL, NULL, await_cb, &of_nodes);
  nodes = kube_metrics_list_finish (await (&of_nodes), &error);
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) || (nodes != NULL && nodes->len == 0))
    {
      g_test_skip ("This cluster has no metrics.");
      return;
    }
  g_assert_no_error (error);
  metrics = g_ptr_array_index (nodes, 0);
  g_assert_cmpint (metrics->cpu, >, 0);
  g_assert_cmpint (metrics->memory, >, 0);
  g_assert_cmpint (metrics->time, >, 0);
  g_assert_cmpint (metrics->window, >, 0);
  check_summary (client, metrics->name);

  kube_metrics_list_async (client, &KUBE_POD_METRICS, "kube-system", NULL, NULL, await_cb, &of_pods);
  pods = kube_metrics_list_finish (await (&of_pods), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pods->len, >, 0);
  metrics = g_ptr_array_index (pods, 0);
  g_assert_cmpstr (metrics->namespace_, ==, "kube-system");
  g_assert_cmpint (metrics->memory, >, 0);
  g_assert_cmpuint (metrics->containers->len, >, 0);
}

static void
check_access (KubeClient  *client,
              KubeRequest *request,
              gboolean     allowed)
{
  g_autoptr(JsonNode) review = call_well (client, request);
  g_autoptr(GError) error = NULL;
  g_auto(KubeAccess) access = { 0 };

  kube_access_read (&access, review, &error);
  g_assert_no_error (error);
  g_test_message ("%s", access.reason != NULL ? access.reason : "no reason");
  g_assert_cmpint (access.allowed, ==, allowed);
}

static KubeRules *
ask_rules (KubeClient *client,
           const char *ns)
{
  g_autoptr(JsonNode) review = call_well (client, kube_request_new_rules_review (ns));
  g_autoptr(GError) error = NULL;
  KubeRules *rules = kube_rules_parse (review, &error);

  g_assert_no_error (error);
  return rules;
}

static void
test_rights (void)
{
  g_autoptr(KubeClient) admin = connect_as ("admin");
  g_autoptr(KubeRules) all = ask_rules (admin, "default");

  check_access (admin, kube_request_new_access_review ("*", &KUBE_SECRET, NULL, NULL, NULL), TRUE);
  check_access (admin, kube_request_new_path_review ("get", "/metrics"), TRUE);
  g_assert_true (kube_rules_allow (all, "delete", &KUBE_POD, "log", "p"));
  g_assert_true (kube_rules_allow_path (all, "get", "/metrics"));
}

#define LIMITED "hackystack-limited"

static void
test_rights_of_deployer (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeRules) rules = NULL;

  if (!has_user ("deployer"))
    {
      g_test_skip ("This cluster has no such user.");
      return;
    }

  client = connect_as ("deployer");
  check_access (client, kube_request_new_access_review ("create", &KUBE_DEPLOYMENT, NULL, LIMITED, NULL),
                TRUE);
  check_access (client, kube_request_new_access_review ("create", &KUBE_DEPLOYMENT, NULL, "default", NULL),
                FALSE);
  check_access (client, kube_request_new_access_review ("create", &KUBE_INGRESS, NULL, LIMITED, NULL),
                FALSE);
  check_access (client, kube_request_new_path_review ("get", "/version"), TRUE);
  check_access (client, kube_request_new_path_review ("get", "/metrics"), FALSE);

  rules = ask_rules (client, LIMITED);
  g_assert_true (kube_rules_allow (rules, "create", &KUBE_DEPLOYMENT, NULL, NULL));
  g_assert_false (kube_rules_allow (rules, "create", &KUBE_INGRESS, NULL, NULL));
  g_assert_true (kube_rules_allow_path (rules, "get", "/version"));
  g_assert_false (kube_rules_allow_path (rules, "get", "/metrics"));

  do_well (client, new_create (&KUBE_DEPLOYMENT, LIMITED, DEPLOYMENT, KUBE_CHANGE_DRY_RUN));
  do_in_vain (client,
              new_create (&KUBE_INGRESS, LIMITED, "{'metadata':{'name':'i'}}", KUBE_CHANGE_DRY_RUN),
              KUBE_ERROR_FORBIDDEN,
              "the right to create ingresses in the namespace “" LIMITED "”.");
}

/* Whoever may do nothing hears each time what is missing. */
static void
test_refused_verbs (void)
{
  static const KubeDeleteOptions options = KUBE_DELETE_OPTIONS_INIT;
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(KubeRules) rules = NULL;
  g_autoptr(GAsyncResult) metrics = NULL;
  g_autoptr(GError) error = NULL;
  const struct
  {
    KubeRequest *request;
    const char  *right;
  } refused[] = {
    { new_create (&KUBE_CONFIG_MAP, "default", CONFIG_MAP, 0), "create configmaps in the namespace “default”." },
    { new_patch (&KUBE_CONFIG_MAP, "default", "c", NULL, KUBE_PATCH_MERGE, "{}"), "patch configmaps in" },
    { new_patch (&KUBE_DEPLOYMENT, "default", "d", "status", KUBE_PATCH_STRATEGIC, "{}"),
      "patch deployments/status in" },
    { new_apply ("default", "m", "{}"), "patch configmaps in" },
    { kube_request_new_get_scale (&KUBE_DEPLOYMENT, "default", "d"), "get deployments/scale in" },
    { kube_request_new_set_scale (&KUBE_DEPLOYMENT, "default", "d", 1), "patch deployments/scale in" },
    { kube_request_new_eviction ("default", "p", NULL), "create pods/eviction in" },
    { kube_request_new_delete_with (&KUBE_POD, "default", "p", &options), "delete pods in" },
    { kube_request_new_delete (&KUBE_NAMESPACE, NULL, "n", NULL), "delete namespaces" },
    { kube_request_new_list (&cluster_node, NULL, KUBE_FORM_TABLE, NULL, 0, NULL), "list nodes." },
    { kube_request_new ("GET", "/metrics"), "get /metrics." },
    { kube_summary_new_request ("n"), "get nodes/" },
  };

  if (has_user ("developer"))
    client = connect_as ("developer");
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    if (client != NULL)
      do_in_vain (client, refused[i].request, KUBE_ERROR_FORBIDDEN, refused[i].right);
    else
      kube_request_unref (refused[i].request);
  if (client == NULL)
    {
      g_test_skip ("This cluster has no such user.");
      return;
    }

  check_access (client, kube_request_new_access_review ("list", &KUBE_POD, NULL, "default", NULL),
                FALSE);
  rules = ask_rules (client, "default");
  g_assert_false (kube_rules_allow (rules, "list", &KUBE_POD, NULL, NULL));
  kube_metrics_list_async (client, &KUBE_POD_METRICS, "default", NULL, NULL, await_cb, &metrics);
  g_assert_null (kube_metrics_list_finish (await (&metrics), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
}

static void
test_without_cluster (void)
{
  g_test_skip ("There is no cluster to talk to: " VARIABLE " does not name a folder with "
               "kubeconfigs.");
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/cluster-verbs/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (g_getenv (VARIABLE) == NULL)
    {
      g_test_add_func ("/kube/cluster-verbs/without-cluster", test_without_cluster);
      return g_test_run ();
    }

  add ("create", test_create);
  add ("merge-patch", test_merge_patch);
  add ("strategic-patch", test_strategic_patch);
  add ("scale", test_scale);
  add ("eviction", test_eviction);
  add ("delete", test_delete);
  add ("conflicts", test_conflicts);
  add ("warnings", test_warnings);
  add ("refused-forms", test_refused_forms);
  g_test_add_func ("/kube/cluster-verbs/server", test_server);
  g_test_add_func ("/kube/cluster-verbs/metrics", test_metrics);
  g_test_add_func ("/kube/cluster-verbs/rights", test_rights);
  g_test_add_func ("/kube/cluster-verbs/rights-of-deployer", test_rights_of_deployer);
  g_test_add_func ("/kube/cluster-verbs/refused-verbs", test_refused_verbs);

  return g_test_run ();
}
