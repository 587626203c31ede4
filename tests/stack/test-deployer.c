/* test-deployer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-status.h"
#include "stack-test.h"

#include "base-json.h"

#include <string.h>

/* What a real cluster cannot be made to do at will. */

#define NAMESPACE "/api/v1/namespaces/hackystack"
#define CONFIG_MAP NAMESPACE "/configmaps/hackystack-config"
#define DEPLOYMENT "/apis/apps/v1/namespaces/hackystack/deployments/hackystack-app"
#define INGRESS "/apis/networking.k8s.io/v1/namespaces/hackystack/ingresses/hackystack-ingress"
#define HEALTH NAMESPACE "/services/hackystack-service:http/proxy/api/health"
#define WAIT 7
#define PROOF 8
#define ENDPOINTS 9
#define VISIT 10
#define SLICES "/apis/discovery.k8s.io/v1/namespaces/hackystack/endpointslices"

typedef struct
{
  FakeCluster   *cluster;
  KubeClient    *client;
  StackSettings *settings;
  StackDeployer *deployer;
  GCancellable  *cancellable;
  GString       *details; /* all that was said */
} Fixture;

static void
on_detail_cb (StackOperation *operation,
              GParamSpec     *pspec,
              Fixture        *fixture)
{
  g_string_append_printf (fixture->details, "%s: %s\n", stack_operation_get_title (operation),
                          stack_operation_get_detail (operation));
}

static StackOperation *
get_operation (Fixture *fixture,
               guint    index)
{
  GListModel *operations = stack_deployer_get_operations (fixture->deployer);
  g_autoptr(StackOperation) operation = g_list_model_get_item (operations, index);

  g_assert_nonnull (operation);

  return operation;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);

  g_assert_no_error (error);
  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  fixture->details = g_string_new (NULL);
  fixture->settings = stack_settings_new ("test");
  stack_settings_read_values (fixture->settings,
                              "nextauthSecret: q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU\n"
                              "githubClientId: Ov23liABCDEFGHIJKLMN\n"
                              "githubClientSecret: 0123456789abcdef0123456789abcdef0123456a\n"
                              "databaseUrl: postgresql://app:d0-n0t-f1nd-m3@db/app\n",
                              -1, &error);
  g_assert_no_error (error);

  fixture->deployer = stack_deployer_new (fixture->client, manifests, fixture->settings);
  for (guint i = 0; i <= VISIT; i++)
    g_signal_connect (get_operation (fixture, i), "notify::detail", G_CALLBACK (on_detail_cb),
                      fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_null (strstr (fixture->details->str, "d0-n0t-f1nd-m3"));
  g_string_free (fixture->details, TRUE);
  g_assert_finalize_object (fixture->deployer);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

static gboolean
run (Fixture      *fixture,
     GCancellable *cancellable,
     GError      **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  gboolean done;

  stack_deployer_run_async (fixture->deployer, cancellable, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  done = stack_deployer_run_finish (fixture->deployer, result, error);
  if (!done)
    {
      g_test_message ("%s", (*error)->message);
      g_assert_null (strstr ((*error)->message, "d0-n0t-f1nd-m3"));
    }

  return done;
}

static void
assert_failed (Fixture    *fixture,
               int         code,
               const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (run (fixture, NULL, &error));
  g_assert_error (error, STACK_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
  g_assert_cmpint (stack_deployer_get_state (fixture->deployer), ==, STACK_DEPLOYER_FAILED);
}

static void
assert_runs (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  run (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stack_deployer_get_state (fixture->deployer), ==, STACK_DEPLOYER_DONE);
}

static void
test_run (Fixture      *fixture,
          gconstpointer data)
{
  g_assert_cmpstr (stack_operation_get_title (get_operation (fixture, 0)), ==,
                   "Namespace hackystack");
  g_assert_cmpstr (stack_operation_get_title (get_operation (fixture, WAIT)), ==,
                   "Wait for the pods");

  assert_runs (fixture);
  g_assert_true (stack_deployer_get_changed (fixture->deployer));
  g_assert_cmpstr (stack_deployer_get_health (fixture->deployer), ==, "healthy");
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 0)), ==,
                   STACK_OUTCOME_CREATED);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "GET", HEALTH), ==, 1);
  g_assert_cmpstr (stack_operation_get_detail (get_operation (fixture, ENDPOINTS)), ==,
                   "2 ready endpoints");

  assert_runs (fixture);
  g_assert_false (stack_deployer_get_changed (fixture->deployer));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 5)), ==,
                   STACK_OUTCOME_UNCHANGED);

  /* The settings are read when the run starts. */
  stack_settings_set_text (fixture->settings, STACK_FIELD_REPLICAS, "3");
  assert_runs (fixture);
  g_assert_true (stack_deployer_get_changed (fixture->deployer));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 1)), ==,
                   STACK_OUTCOME_UNCHANGED);
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 5)), ==,
                   STACK_OUTCOME_CHANGED);
  g_assert_cmpint (base_json_get_int (fake_cluster_get (fixture->cluster, DEPLOYMENT), 0, "spec",
                                      "replicas", NULL),
                   ==, 3);
}

/* A controller wrote its status in between: another version, the same object. */
static void
test_status_only (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) copy = NULL;

  assert_runs (fixture);
  copy = base_json_copy (fake_cluster_get (fixture->cluster, DEPLOYMENT));
  json_object_set_string_member (base_json_get_object (copy, "metadata", NULL), "resourceVersion",
                                 "999");
  text = base_json_print (copy, FALSE);
  fake_cluster_answer (fixture->cluster, "PATCH", DEPLOYMENT, 1, 200, text);

  assert_runs (fixture);
  g_assert_false (stack_deployer_get_changed (fixture->deployer));
}

static void
test_bad_settings (Fixture      *fixture,
                   gconstpointer data)
{
  stack_settings_set_text (fixture->settings, STACK_FIELD_DATABASE_URL, "");
  stack_settings_set_text (fixture->settings, STACK_FIELD_REPLICAS, "0");
  assert_failed (fixture, STACK_ERROR_VALUES, "DATABASE_URL is missing");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "*", "*"), ==, 0);
}

static void
test_away (Fixture      *fixture,
           gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", NAMESPACE, 1, 0, NULL);
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP, 2, 0, NULL);
  fake_cluster_answer (fixture->cluster, "PATCH", INGRESS, 1, 500,
                       "{\"kind\":\"Status\",\"code\":500,\"reason\":\"InternalError\",\"message\":"
                       "\"failed calling webhook\"}");

  assert_runs (fixture);
  g_assert_nonnull (strstr (fixture->details->str,
                            "ConfigMap hackystack-config: The cluster does not answer. Trying "
                            "again…\n"));
  g_assert_nonnull (strstr (fixture->details->str, "failed calling webhook. Try again in a moment. "
                                                   "Trying again…\n"));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 1)), ==,
                   STACK_OUTCOME_CREATED);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "GET", CONFIG_MAP), ==, 1);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "PATCH", CONFIG_MAP), ==, 3);
}

static void
test_away_too_long (Fixture      *fixture,
                    gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP, 0, 0, NULL);
  stack_deployer_set_timeout (fixture->deployer, 1);
  assert_failed (fixture, STACK_ERROR_TIMED_OUT, "Not applied: ConfigMap hackystack-config");
}

static void
test_cancel_away (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP, 0, 0, NULL);
  g_signal_connect_swapped (get_operation (fixture, 1), "notify::detail",
                            G_CALLBACK (g_cancellable_cancel), cancellable);
  g_assert_false (run (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Applied: Namespace hackystack. Not applied: "));
  g_assert_cmpint (stack_deployer_get_state (fixture->deployer), ==, STACK_DEPLOYER_CANCELLED);
  g_assert_cmpint (stack_operation_get_state (get_operation (fixture, 1)), ==,
                   STACK_OPERATION_CANCELLED);
  g_assert_cmpint (stack_operation_get_state (get_operation (fixture, 2)), ==,
                   STACK_OPERATION_PENDING);
}

static gboolean
on_idle_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  if (fake_cluster_count (fixture->cluster, "PATCH", CONFIG_MAP) == 0)
    return G_SOURCE_CONTINUE;

  g_cancellable_cancel (fixture->cancellable);
  return G_SOURCE_REMOVE;
}

/* What is under way when somebody stops it may have been done. */
static void
test_cancel_under_way (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->cancellable = g_cancellable_new ();
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP, 0, FAKE_CLUSTER_STALL, NULL);
  g_idle_add (on_idle_cb, fixture);
  g_assert_false (run (fixture, fixture->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Applied: Namespace hackystack. Not confirmed: ConfigMap "
                                            "hackystack-config. Not applied: Secret "));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, 1)), ==,
                   STACK_OUTCOME_UNCONFIRMED);
  g_clear_object (&fixture->cancellable);
}

static void
test_cancelled_before (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (run (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Nothing was applied."));
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "*", "*"), ==, 0);
}

static void
test_terminating (Fixture      *fixture,
                  gconstpointer data)
{
  fake_cluster_put (fixture->cluster, NAMESPACE,
                    "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"hackystack\",\"uid\":\"1\","
                    "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},"
                    "\"status\":{\"phase\":\"Terminating\",\"conditions\":[{\"type\":"
                    "\"NamespaceFinalizersRemaining\",\"status\":\"True\",\"message\":\"x remains\"}]}}");
  stack_deployer_set_timeout (fixture->deployer, 1);
  assert_failed (fixture, STACK_ERROR_REFUSED, "the cluster says: x remains");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "PATCH", "*"), ==, 0);
}

static void
test_conflict (Fixture      *fixture,
               gconstpointer data)
{
  static const char body[] =
      "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\",\"message\":\"Apply failed with 2 "
      "conflicts\",\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"message\":"
      "\"conflict with \\\"kubectl\\\" using v1\",\"field\":\".data.NODE_ENV\"},{\"reason\":"
      "\"FieldManagerConflict\",\"message\":\"conflict with \\\"helm\\\"\",\"field\":"
      "\".data.AUTH_URL\"}]}}";

  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP, 1, 409, body);
  assert_failed (fixture, STACK_ERROR_CONFLICT, ".data.AUTH_URL belongs to “helm”, "
                                                ".data.NODE_ENV belongs to “kubectl”");
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "PATCH", DEPLOYMENT, 1, 422,
                       "{\"kind\":\"Status\",\"code\":422,\"reason\":\"Invalid\",\"message\":"
                       "\"Deployment is invalid: spec.replicas: must be odd\"}");
  assert_failed (fixture, STACK_ERROR_REFUSED, "Deployment hackystack-app was refused.");
  g_assert_cmpint (stack_operation_get_state (get_operation (fixture, 5)), ==,
                   STACK_OPERATION_FAILED);
  g_assert_cmpint (stack_operation_get_state (get_operation (fixture, 6)), ==,
                   STACK_OPERATION_PENDING);

  /* A quota refuses too, but nobody lacks a right. */
  fake_cluster_answer (fixture->cluster, "PATCH", DEPLOYMENT, 1, 403,
                       "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":"
                       "\"exceeded quota: pods=2\"}");
  assert_failed (fixture, STACK_ERROR_REFUSED, "exceeded quota: pods=2");
}

static void
test_unhealthy (Fixture      *fixture,
                gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 503,
                       "{\"status\":\"unhealthy\",\"error\":\"database db:5432: ECONNREFUSED at "
                       "postgresql://app:d0-n0t-f1nd-m3@db/app\"}");
  assert_failed (fixture, STACK_ERROR_UNHEALTHY, "database db:5432: ECONNREFUSED");
  g_assert_nonnull (strstr (stack_deployer_get_health (fixture->deployer), "ECONNREFUSED"));
  g_assert_null (strstr (stack_deployer_get_health (fixture->deployer), "d0-n0t-f1nd-m3"));
}

/* What an app says at length comes cut short. */
static void
test_unhealthy_at_length (Fixture      *fixture,
                          gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 503,
                       "{\"status\":\"unhealthy\",\"timestamp\":\"2026-01-01T00:00:00.000Z\","
                       "\"version\":\"v1\",\"checks\":{\"database\":\"unhealthy\",\"server\":"
                       "\"healthy\"},\"uptime\":12.345,\"environment\":\"production\",\"error\":"
                       "\"database db:5432: a very long story of what went wrong on the way to it "
                       "and of all that was tried, more than anybody wants to read in one line\"}");
  assert_failed (fixture, STACK_ERROR_UNHEALTHY, "database");
}

/* The Service does not know of its pods yet: that is not the app's word. */
static void
test_no_endpoints (Fixture      *fixture,
                   gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 503,
                       "{\"kind\":\"Status\",\"code\":503,\"reason\":\"ServiceUnavailable\","
                       "\"message\":\"no endpoints available for service\"}");
  assert_runs (fixture);
  g_assert_cmpstr (stack_deployer_get_health (fixture->deployer), ==, "healthy");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "GET", HEALTH), ==, 2);
}

/* Its controller has given up, but visitors come in all the same: a pod is asked. */
static void
test_no_endpoints_for_long (Fixture      *fixture,
                            gconstpointer data)
{
  fake_cluster_put (fixture->cluster, NAMESPACE "/pods/app-1",
                    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"app-1\",\"namespace\":"
                    "\"hackystack\",\"uid\":\"p\",\"resourceVersion\":\"1\"},\"status\":"
                    "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 0, 503,
                       "{\"kind\":\"Status\",\"code\":503,\"reason\":\"ServiceUnavailable\","
                       "\"message\":\"no endpoints available for service\"}");
  assert_runs (fixture);
  g_assert_cmpstr (stack_deployer_get_health (fixture->deployer), ==, "healthy");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "GET",
                                        NAMESPACE "/pods/app-1:3000/proxy/api/health"),
                    ==, 1);
}

static void
test_proof_forbidden (Fixture      *fixture,
                      gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 403,
                       "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":"
                       "\"User \\\"x\\\" cannot get resource \\\"services/proxy\\\"\"}");
  assert_runs (fixture);
  g_assert_null (stack_deployer_get_health (fixture->deployer));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, PROOF)), ==,
                   STACK_OUTCOME_NONE);
  g_assert_nonnull (strstr (stack_operation_get_detail (get_operation (fixture, PROOF)),
                            "Not asked"));
}

/* The Service leads nowhere for a moment, and then for good. */
static void
test_endpoints (Fixture      *fixture,
                gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", SLICES, 1, 200, "{\"items\":[]}");
  assert_runs (fixture);
  g_assert_nonnull (strstr (fixture->details->str, "Service hackystack-service leads to no pod yet."));
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, ENDPOINTS)), ==,
                   STACK_OUTCOME_READY);

  fake_cluster_answer (fixture->cluster, "GET", SLICES, 0, 200,
                       "{\"items\":[{\"endpoints\":[{\"conditions\":{\"ready\":false}}]}]}");
  stack_deployer_set_timeout (fixture->deployer, 1);
  assert_failed (fixture, STACK_ERROR_UNHEALTHY, "leads to none of them");
}

static void
test_endpoints_forbidden (Fixture      *fixture,
                          gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", SLICES, 1, 403,
                       "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":"
                       "\"User cannot list resource \\\"endpointslices\\\"\"}");
  assert_runs (fixture);
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, ENDPOINTS)), ==,
                   STACK_OUTCOME_NONE);
  g_assert_nonnull (strstr (stack_operation_get_detail (get_operation (fixture, ENDPOINTS)),
                            "Not asked. "));
}

/* What the Ingress says of itself, and what is made of it where nobody can be visited. */
static void
test_visit_unasked (Fixture      *fixture,
                    gconstpointer data)
{
  static const struct
  {
    guint       status;
    const char *body;
    const char *words;
  } cases[] = {
    { 200, "{\"metadata\":{},\"spec\":{\"rules\":[{}]}}", "The Ingress has no host name." },
    { 403, "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"User cannot get ingresses\"}",
      "User cannot get ingresses" },
  };

  assert_runs (fixture);
  g_assert_cmpint (stack_operation_get_outcome (get_operation (fixture, VISIT)), ==,
                   STACK_OUTCOME_NONE);
  g_assert_nonnull (strstr (stack_operation_get_detail (get_operation (fixture, VISIT)),
                            "Not asked. The Ingress's address 127.0.0.1:1 does not answer this"));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* The first question is whether it is there, before it is applied. */
      fake_cluster_answer (fixture->cluster, "GET", INGRESS, 1, 200,
                           "{\"metadata\":{\"uid\":\"1\",\"resourceVersion\":\"1\"}}");
      fake_cluster_answer (fixture->cluster, "GET", INGRESS, 1, cases[i].status, cases[i].body);
      assert_runs (fixture);
      g_assert_nonnull (strstr (stack_operation_get_detail (get_operation (fixture, VISIT)),
                                cases[i].words));
    }
}

/* Who may not list ReplicaSets and pods can still wait for the Deployment. */
static void
test_wait_half_blind (Fixture      *fixture,
                      gconstpointer data)
{
  static const char body[] = "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\","
                             "\"message\":\"no\"}";

  fake_cluster_answer (fixture->cluster, "GET", "*/replicasets", 0, 403, body);
  fake_cluster_answer (fixture->cluster, "GET", NAMESPACE "/pods", 0, 403, body);
  assert_runs (fixture);
}

static void
test_wait_blind (Fixture      *fixture,
                 gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", "*/deployments", 0, 403,
                       "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":"
                       "\"User cannot list resource \\\"deployments\\\"\"}");
  assert_failed (fixture, STACK_ERROR_REFUSED, "cannot list resource");
}

static void
test_wait_away (Fixture      *fixture,
                gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", "*/deployments", 1, 0, NULL);
  assert_runs (fixture);
  g_assert_nonnull (strstr (fixture->details->str, "Wait for the pods: The cluster does not answer."
                                                   " Trying again…"));
}

/* The filled objects of the kinds that are named, in place of the manifests. */
static void
use_objects (Fixture           *fixture,
             const char *const *kinds)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr(GPtrArray) filled = NULL;
  g_autoptr(StackManifestSet) manifests = NULL;
  g_autoptr(GError) error = NULL;

  manifests = stack_test_load_manifests (NULL, &error);
  g_assert_no_error (error);
  filled = stack_manifest_set_fill (manifests, fixture->settings, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < filled->len; i++)
    {
      JsonNode *object = g_ptr_array_index (filled, i);

      if (g_strv_contains (kinds, base_json_get_string (object, "kind", NULL)))
        g_ptr_array_add (objects, json_node_ref (object));
    }

  g_assert_finalize_object (fixture->deployer);
  fixture->deployer = stack_deployer_new_for_objects (fixture->client, objects);
}

/* An earlier revision has no Service and no Ingress, and is proved by those that are there. */
static void
test_objects (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const kinds[] = { "ConfigMap", "Secret", "Deployment", NULL };

  use_objects (fixture, kinds);
  g_assert_cmpuint (g_list_model_get_n_items (stack_deployer_get_operations (fixture->deployer)), ==,
                    6);
  g_assert_cmpstr (stack_operation_get_title (get_operation (fixture, 2)), ==,
                   "Deployment hackystack-app");
  g_assert_cmpstr (stack_operation_get_title (get_operation (fixture, 3)), ==, "Wait for the pods");
  assert_runs (fixture);
  g_assert_true (stack_deployer_get_changed (fixture->deployer));
  g_assert_cmpstr (stack_deployer_get_health (fixture->deployer), ==, "healthy");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "GET", HEALTH), ==, 1);
  /* The objects, and what became of their revision. */
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "PATCH", "*"), ==, 3 + 1);

  assert_runs (fixture);
  g_assert_false (stack_deployer_get_changed (fixture->deployer));
}

static void
test_objects_without_pods (Fixture      *fixture,
                           gconstpointer data)
{
  static const char *const kinds[] = { "ConfigMap", NULL };

  use_objects (fixture, kinds);
  g_assert_cmpuint (g_list_model_get_n_items (stack_deployer_get_operations (fixture->deployer)), ==,
                    1);
  assert_runs (fixture);
  g_assert_nonnull (fake_cluster_get (fixture->cluster, CONFIG_MAP));
  g_assert_null (stack_deployer_get_health (fixture->deployer));
}

static StackStatus *
read_status (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackStatus *status;

  stack_status_read_async (fixture->client, "hackystack", NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  status = stack_status_read_finish (result, &error);
  g_assert_no_error (error);

  return status;
}

static void
test_status (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(StackStatus) none = read_status (fixture);
  g_autoptr(StackStatus) healthy = NULL;
  g_autoptr(StackStatus) ill = NULL;

  g_assert_false (none->deployed);
  g_assert_cmpstr (none->summary, ==, "Hacky Stack is not deployed in the namespace hackystack.");

  assert_runs (fixture);
  healthy = read_status (fixture);
  g_assert_true (healthy->deployed);
  g_assert_cmpuint (healthy->ready, ==, 2);
  g_assert_cmpuint (healthy->desired, ==, 2);
  g_assert_cmpstr (healthy->image, ==, "hackystack:latest");
  g_assert_cmpstr (healthy->host, ==, "hackystack.local");
  g_assert_cmpuint (healthy->health_status, ==, 200);
  g_assert_cmpstr (healthy->summary, ==,
                   "Hacky Stack works: 2 of 2 pods ready, and the app is healthy.");

  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 503,
                       "{\"status\":\"unhealthy\",\"error\":\"no database\"}");
  ill = read_status (fixture);
  g_assert_cmpuint (ill->health_status, ==, 503);
  g_assert_cmpstr (ill->health, ==, "no database");
  g_assert_cmpstr (ill->summary, ==,
                   "2 of 2 pods ready, but the app is not well: no database.");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/stack/deployer/run", test_run },
    { "/stack/deployer/status-only", test_status_only },
    { "/stack/deployer/bad-settings", test_bad_settings },
    { "/stack/deployer/away", test_away },
    { "/stack/deployer/away-too-long", test_away_too_long },
    { "/stack/deployer/cancel-away", test_cancel_away },
    { "/stack/deployer/cancel-under-way", test_cancel_under_way },
    { "/stack/deployer/cancelled-before", test_cancelled_before },
    { "/stack/deployer/terminating", test_terminating },
    { "/stack/deployer/conflict", test_conflict },
    { "/stack/deployer/refused", test_refused },
    { "/stack/deployer/unhealthy", test_unhealthy },
    { "/stack/deployer/unhealthy-at-length", test_unhealthy_at_length },
    { "/stack/deployer/no-endpoints", test_no_endpoints },
    { "/stack/deployer/no-endpoints-for-long", test_no_endpoints_for_long },
    { "/stack/deployer/proof-forbidden", test_proof_forbidden },
    { "/stack/deployer/endpoints", test_endpoints },
    { "/stack/deployer/endpoints-forbidden", test_endpoints_forbidden },
    { "/stack/deployer/visit-unasked", test_visit_unasked },
    { "/stack/deployer/wait-half-blind", test_wait_half_blind },
    { "/stack/deployer/wait-blind", test_wait_blind },
    { "/stack/deployer/wait-away", test_wait_away },
    { "/stack/deployer/objects", test_objects },
    { "/stack/deployer/objects-without-pods", test_objects_without_pods },
    { "/stack/status/read", test_status },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
