/* test-fault-deployer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A deployment while its cluster fails: it gets through, or it says in time what is not known and
 * what to do, and never says a secret. */

#include <string.h>

#include "base-json.h"
#include "fake-cluster.h"
#include "kube-client-private.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-test.h"

#define NAMESPACE "/api/v1/namespaces/hackystack"
#define CONFIG_MAP NAMESPACE "/configmaps/hackystack-config"
#define SECRET NAMESPACE "/secrets/*"
#define DEPLOYMENTS "/apis/apps/v1/namespaces/hackystack/deployments"
#define DEPLOYMENT DEPLOYMENTS "/hackystack-app"
#define HEALTH NAMESPACE "/services/hackystack-service:http/proxy/api/health"
#define LISTS DEPLOYMENTS "?*limit=*"
#define WATCHES DEPLOYMENTS "?*watch=1*"
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\"," \
                                    "\"message\":\"" words "\",\"reason\":\"" reason "\",\"code\":" code "}"
#define HIDDEN "d0-n0t-f1nd-m3"
#define RUNS -1
#define HANG_SECONDS 100

static const struct
{
  const char *name;
  const char *method;
  const char *path;
  guint       n_times;
  guint       status;
  const char *body;
  int         code;  /* of STACK_ERROR, or RUNS */
  const char *words; /* of the error, or of what was said on the way */
} cases[] = {
  { "look/stall-once", "GET", NAMESPACE, 1, FAKE_CLUSTER_STALL, NULL, RUNS, "does not answer. Trying again" },
  { "look/cut-once", "GET", CONFIG_MAP, 1, FAKE_CLUSTER_CUT, NULL, RUNS, "does not answer. Trying again" },
  { "look/stall", "GET", NAMESPACE, 0, FAKE_CLUSTER_STALL, NULL, STACK_ERROR_TIMED_OUT, "did not answer within 1 second" },
  { "look/gone", "GET", CONFIG_MAP, 0, 410, STATUS ("410", "Gone", "it is gone"), STACK_ERROR_REFUSED, "it is gone" },
  { "apply/stall-once", "PATCH", CONFIG_MAP, 1, FAKE_CLUSTER_STALL, NULL, RUNS, "does not answer. Trying again" },
  { "apply/cut-twice", "PATCH", CONFIG_MAP, 2, FAKE_CLUSTER_CUT, NULL, RUNS, "does not answer. Trying again" },
  { "apply/busy", "PATCH", CONFIG_MAP, 2, 429, STATUS ("429", "TooManyRequests", "slow down"), RUNS, "slow down" },
  { "apply/internal", "PATCH", DEPLOYMENT, 1, 500, STATUS ("500", "InternalError", "etcdserver: leader changed"), RUNS, "leader changed" },
  { "apply/unavailable", "PATCH", SECRET, 2, 503, STATUS ("503", "ServiceUnavailable", "apiserver is shutting down"), RUNS, "shutting down" },
  { "apply/gateway-timeout", "PATCH", DEPLOYMENT, 1, 504, "", RUNS, "Trying again" },
  { "apply/stall", "PATCH", CONFIG_MAP, 0, FAKE_CLUSTER_STALL, NULL, STACK_ERROR_TIMED_OUT, "Applied: Namespace hackystack. Not confirmed: ConfigMap hackystack-config. Not applied: Secret " },
  { "apply/cut", "PATCH", SECRET, 0, FAKE_CLUSTER_CUT, NULL, STACK_ERROR_TIMED_OUT, "Not confirmed: Secret hackystack-secrets. Not applied: Service " },
  { "apply/away", "PATCH", SECRET, 0, FAKE_CLUSTER_AWAY, NULL, STACK_ERROR_TIMED_OUT, "ConfigMap hackystack-config. Not applied: Secret " },
  { "apply/refused-with-secret", "PATCH", SECRET, 0, 422, STATUS ("422", "Invalid", "Invalid value: postgresql://app:" HIDDEN "@db/app"), STACK_ERROR_REFUSED, "Secret " },
  { "wait/cut-once", "GET", LISTS, 1, FAKE_CLUSTER_CUT, NULL, RUNS, "Trying again" },
  { "wait/stall-once", "GET", LISTS, 1, FAKE_CLUSTER_STALL, NULL, RUNS, "Trying again" },
  { "wait/busy-once", "GET", LISTS, 1, 429, STATUS ("429", "TooManyRequests", "slow down"), RUNS, "slow down" },
  { "wait/internal-once", "GET", LISTS, 1, 500, STATUS ("500", "InternalError", "etcdserver: no leader"), RUNS, "no leader" },
  { "wait/expired-once", "GET", LISTS, 1, 410, STATUS ("410", "Expired", "too old"), RUNS, "" },
  { "wait/away", "GET", LISTS, 0, FAKE_CLUSTER_AWAY, NULL, STACK_ERROR_TIMED_OUT, "does not answer" },
  { "wait/stall", "GET", LISTS, 0, FAKE_CLUSTER_STALL, NULL, STACK_ERROR_TIMED_OUT, "does not answer" },
  { "wait/unavailable", "GET", LISTS, 0, 503, STATUS ("503", "ServiceUnavailable", "apiserver is shutting down"), STACK_ERROR_TIMED_OUT, "shutting down" },
  { "proof/stall-once", "GET", HEALTH, 1, FAKE_CLUSTER_STALL, NULL, RUNS, "" },
  { "proof/cut-once", "GET", HEALTH, 1, FAKE_CLUSTER_AWAY, NULL, RUNS, "" },
};

typedef struct
{
  FakeCluster   *cluster;
  KubeClient    *client;
  StackSettings *settings;
  StackDeployer *deployer;
  GString       *details; /* all that was said */
  guint          watchdog_id;
} Fixture;

static gboolean
on_watchdog_cb (gpointer user_data)
{
  g_error ("“%s” hangs", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

static void
on_detail_cb (StackOperation *operation,
              GParamSpec     *pspec,
              Fixture        *fixture)
{
  g_string_append_printf (fixture->details, "%s: %s\n", stack_operation_get_title (operation),
                          stack_operation_get_detail (operation));
}

static void
set_up (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  GListModel *operations;

  g_assert_no_error (error);
  fixture->watchdog_id = g_timeout_add_seconds (HANG_SECONDS, on_watchdog_cb, NULL);
  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  _kube_client_set_silence (fixture->client, 1);
  fixture->details = g_string_new (NULL);
  fixture->settings = stack_settings_new ("test");
  stack_settings_read_values (fixture->settings,
                              "nextauthSecret: q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU\n"
                              "githubClientId: Ov23liABCDEFGHIJKLMN\n"
                              "githubClientSecret: 0123456789abcdef0123456789abcdef0123456a\n"
                              "databaseUrl: postgresql://app:" HIDDEN "@db/app\n",
                              -1, &error);
  g_assert_no_error (error);
  fixture->deployer = stack_deployer_new (fixture->client, manifests, fixture->settings);
  operations = stack_deployer_get_operations (fixture->deployer);
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(StackOperation) operation = g_list_model_get_item (operations, i);

      g_signal_connect (operation, "notify::detail", G_CALLBACK (on_detail_cb), fixture);
    }
}

static void
tear_down (Fixture *fixture)
{
  g_assert_null (strstr (fixture->details->str, HIDDEN));
  g_string_free (fixture->details, TRUE);
  g_assert_finalize_object (fixture->deployer);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
  g_source_remove (fixture->watchdog_id);
}

/* What happened, and what to do. */
static void
check_error (const GError *error,
             int           code,
             const char   *words)
{
  g_test_message ("%s", error->message);
  g_assert_error (error, STACK_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
  g_assert_null (strstr (error->message, HIDDEN));
  g_assert_null (strstr (error->message, "was not applied in time. The cluster has accepted"));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_nonnull (strstr (error->message, ". "));
}

static void
test_case (gconstpointer data)
{
  guint       index = GPOINTER_TO_UINT (data);
  Fixture     fixture = { NULL };
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  set_up (&fixture);
  fake_cluster_answer (fixture.cluster, cases[index].method, cases[index].path, cases[index].n_times,
                       cases[index].status, cases[index].body);
  if (cases[index].code != RUNS)
    stack_deployer_set_timeout (fixture.deployer, 2);
  stack_deployer_run_async (fixture.deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  done = stack_deployer_run_finish (fixture.deployer, result, &error);
  g_test_message ("%s", fixture.details->str);
  if (cases[index].code == RUNS)
    {
      g_assert_no_error (error);
      g_assert_true (done);
      g_assert_cmpint (stack_deployer_get_state (fixture.deployer), ==, STACK_DEPLOYER_DONE);
      g_assert_nonnull (strstr (fixture.details->str, cases[index].words));
      g_assert_nonnull (fake_cluster_get (fixture.cluster, DEPLOYMENT));
      g_assert_cmpstr (stack_deployer_get_health (fixture.deployer), ==, "healthy");
    }
  else
    {
      g_assert_false (done);
      check_error (error, cases[index].code, cases[index].words);
      g_assert_cmpint (stack_deployer_get_state (fixture.deployer), ==, STACK_DEPLOYER_FAILED);
    }
  g_clear_object (&result);
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/deployer/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
