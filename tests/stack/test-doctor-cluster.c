/* test-doctor-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-database-probe.h"
#include "stack-doctor-cluster.h"
#include "stack-error.h"
#include "stack-test.h"

#include "base-json.h"
#include "kube-error.h"

#include <string.h>

/* A cluster with one node and one Ingress class, where everything is allowed, and what is wrong
 * with it in each case. */

#define NODES "/api/v1/nodes"
#define CLASSES "/apis/networking.k8s.io/v1/ingressclasses"
#define NAMESPACE "/api/v1/namespaces/hackystack"
#define QUOTAS NAMESPACE "/resourcequotas"
#define DEPLOYMENT "/apis/apps/v1/namespaces/hackystack/deployments/hackystack-app"
#define REVIEWS "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
#define JOBS "/apis/batch/v1/namespaces/hackystack/jobs"
#define PODS NAMESPACE "/pods"
#define URL "postgresql://app:d0-n0t-f1nd-m3@db.example.org:5433/app"

#define NODE_WITH(images) "{\"items\":[{\"status\":{\"images\":[" images "]}}]}"
#define IMAGE(name) "{\"names\":[\"" name "\"]}"
#define LATEST IMAGE ("docker.io/library/hackystack:latest")
#define SEVEN(x) x "," x "," x "," x "," x "," x "," x
#define QUOTA(hard, used)                                                                   \
  "{\"items\":[{\"metadata\":{\"name\":\"narrow\"},\"spec\":{},\"status\":{\"hard\":{" hard \
  "},\"used\":{" used "}}}]}"
#define CLASS(name, value)                                             \
  "{\"items\":[{\"metadata\":{\"name\":\"" name "\",\"annotations\":{" \
  "\"ingressclass.kubernetes.io/is-default-class\":\"" value "\"}}}]}"
#define ALLOWED "{\"status\":{\"allowed\":true}}"
#define FORBIDDEN \
  "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"nodes is forbidden\"}"

typedef struct
{
  const char *name;
  const char *path;   /* whose answer is another one */
  guint       status; /* or a FakeClusterFault */
  const char *body;
  const char *image; /* nullable */
  const char *ingress_class;
  int         severity; /* of the only finding; -1: there is none */
  const char *field;
  const char *words;
  const char *fix;
} Case;

static StackSettings *
new_settings (void)
{
  StackSettings *settings = stack_settings_new ("test");

  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, URL);

  return settings;
}

static GPtrArray *
check (FakeCluster   *cluster,
       StackSettings *settings,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &local_error);
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
  g_autoptr(GAsyncResult) result = NULL;
  StackAnswer answer = { NULL };

  g_assert_no_error (local_error);
  objects = stack_manifest_set_fill (manifests, settings, &local_error);
  g_assert_no_error (local_error);
  stack_doctor_check_cluster_async (settings, objects, client, cancellable, stack_answer_cb,
                                    &answer);
  result = stack_answer_wait (&answer);

  return stack_doctor_check_cluster_finish (result, error);
}

/* What was ordered first counts. */
static void
add_usual_answers (FakeCluster *cluster)
{
  fake_cluster_answer (cluster, "GET", NODES, 0, 200, NODE_WITH (LATEST));
  fake_cluster_answer (cluster, "GET", CLASSES, 0, 200, CLASS ("traefik", "true"));
  fake_cluster_answer (cluster, "GET", QUOTAS, 0, 200, "{\"items\":[]}");
  fake_cluster_answer (cluster, "POST", REVIEWS, 0, 201, ALLOWED);
}

static const Case survey_cases[] = {
  { "all well", CLASSES, 200, CLASS ("traefik", "true"), NULL, "", -1 },
  { "class by name", CLASSES, 200, CLASS ("nginx", "false"), NULL, "nginx", -1 },
  { "no class", CLASSES, 200, "{\"items\":[]}", NULL, "", STACK_SEVERITY_ERROR, "ingressClass",
    "minikube addons enable ingress" },
  { "another class", CLASSES, 200, CLASS ("traefik", "true"), NULL, "nginx", STACK_SEVERITY_ERROR,
    "ingressClass", "The cluster has: traefik", "traefik" },
  { "no default", CLASSES, 200, CLASS ("traefik", "false"), NULL, "", STACK_SEVERITY_HINT,
    "ingressClass", "no default Ingress class", "traefik" },
  { "classes hidden", CLASSES, 403, FORBIDDEN, NULL, "nginx", STACK_SEVERITY_HINT,
    "ingressClass", "not known" },
  { "image absent", NODES, 200, NODE_WITH (""), NULL, "", STACK_SEVERITY_WARNING, "image",
    "minikube image load hackystack:latest" },
  { "another tag", NODES, 200, NODE_WITH (LATEST), "hackystack:v2", "", STACK_SEVERITY_WARNING,
    "image", "No node has" },
  { "to be fetched", NODES, 200, NODE_WITH (LATEST), "ghcr.io/me/hackystack:v2", "",
    STACK_SEVERITY_HINT, "image", "is known only then" },
  { "from Docker Hub", NODES, 200, NODE_WITH (IMAGE ("docker.io/me/hackystack:v2")),
    "me/hackystack:v2", "", -1 },
  { "no tag", NODES, 200, NODE_WITH (LATEST), "hackystack", "", -1 },
  { "by digest", NODES, 200, NODE_WITH (IMAGE ("ghcr.io/me/a@sha256:12")),
    "ghcr.io/me/a:v1@sha256:12", "", -1 },
  { "short names", NODES, 200, NODE_WITH (IMAGE ("hackystack:latest")), NULL, "", -1 },
  { "one of two", NODES, 200,
    "{\"items\":[{\"status\":{\"images\":[" LATEST "]}},{\"status\":{\"images\":[]}}]}", NULL, "",
    STACK_SEVERITY_HINT, "image", "1 of 2 nodes" },
  { "the other is cordoned", NODES, 200,
    "{\"items\":[{\"status\":{\"images\":[" LATEST "]}},{\"spec\":{\"unschedulable\":true}}]}",
    NULL, "", -1 },
  { "the other is tainted", NODES, 200,
    "{\"items\":[{\"status\":{\"images\":[" LATEST "]}},"
    "{\"spec\":{\"taints\":[{\"key\":\"x\",\"effect\":\"NoSchedule\"}]}}]}",
    NULL, "", -1 },
  { "no node", NODES, 200, "{\"items\":[{\"spec\":{\"unschedulable\":true}}]}", NULL, "",
    STACK_SEVERITY_WARNING, "replicas", "no node that takes" },
  { "fifty others", NODES, 200,
    NODE_WITH (SEVEN (SEVEN (IMAGE ("a"))) "," IMAGE ("b")), NULL, "", STACK_SEVERITY_HINT,
    "image", "not known" },
  { "forty-nine others", NODES, 200, NODE_WITH (SEVEN (SEVEN (IMAGE ("a")))), NULL, "",
    STACK_SEVERITY_WARNING, "image", "No node has" },
  { "nodes hidden", NODES, 403, FORBIDDEN, NULL, "", STACK_SEVERITY_HINT, "image",
    "you may not list nodes" },
  { "room", QUOTAS, 200,
    QUOTA ("\"pods\":\"4\",\"limits.memory\":\"2Gi\",\"services\":\"0\"",
           "\"pods\":\"2\",\"limits.memory\":\"1Gi\",\"services\":\"0\""),
    NULL, "", -1 },
  { "one pod left", QUOTAS, 200, QUOTA ("\"pods\":\"3\"", "\"pods\":\"2\""), NULL, "",
    STACK_SEVERITY_WARNING, "replicas", "room for 1 of 2 new pods", "1" },
  { "no memory left", QUOTAS, 200,
    QUOTA ("\"limits.memory\":\"1Gi\",\"requests.cpu\":\"4\"",
           "\"limits.memory\":\"800Mi\",\"requests.cpu\":\"1\""),
    NULL, "", STACK_SEVERITY_WARNING, "replicas", "of limits.memory 1Gi may be used" },
  { "cpu to the last", QUOTAS, 200, QUOTA ("\"cpu\":\"300m\"", "\"cpu\":\"0.1\""), NULL, "", -1 },
  { "no cpu left", QUOTAS, 200, QUOTA ("\"requests.cpu\":\"200m\"", "\"requests.cpu\":\"150m\""),
    NULL, "", STACK_SEVERITY_WARNING, "replicas", "room for 0 of 2" },
  { "while it runs", DEPLOYMENT, 200, "{\"status\":{\"replicas\":2}}", NULL, "", -1 },
  { "quotas hidden", QUOTAS, 403, FORBIDDEN, NULL, "", -1 },
  { "on its way out", NAMESPACE, 200, "{\"status\":{\"phase\":\"Terminating\"}}", NULL, "",
    STACK_SEVERITY_ERROR, "namespace", "being deleted" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (survey_cases); i++)
    {
      const Case *expected = &survey_cases[i];
      g_autoptr(FakeCluster) cluster = fake_cluster_new ();
      g_autoptr(StackSettings) settings = new_settings ();
      g_autoptr(GPtrArray) findings = NULL;
      g_autoptr(GError) error = NULL;
      const StackFinding *finding;

      g_test_message ("%s", expected->name);
      fake_cluster_answer (cluster, "GET", expected->path, 0, expected->status, expected->body);
      add_usual_answers (cluster);
      if (expected->image != NULL)
        stack_settings_set_text (settings, STACK_FIELD_IMAGE, expected->image);
      stack_settings_set_text (settings, STACK_FIELD_INGRESS_CLASS, expected->ingress_class);

      findings = check (cluster, settings, NULL, &error);
      g_assert_no_error (error);
      if (findings->len > 0)
        g_test_message ("  %s", ((StackFinding *) g_ptr_array_index (findings, 0))->message);
      g_assert_cmpuint (findings->len, ==, expected->severity < 0 ? 0 : 1);
      if (expected->severity < 0)
        continue;
      finding = g_ptr_array_index (findings, 0);
      g_assert_cmpint (finding->severity, ==, expected->severity);
      g_assert_cmpstr (stack_field_get (finding->field)->key, ==, expected->field);
      g_assert_nonnull (strstr (finding->message, expected->words));
      g_assert_cmpstr (finding->fix, ==, expected->fix);
    }
}

static void
test_rights (void)
{
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GError) error = NULL;
  const StackFinding *missing;
  const StackFinding *blind;

  fake_cluster_answer (cluster, "POST", REVIEWS, 0, 201, "{\"status\":{\"allowed\":false}}");
  fake_cluster_put (cluster, NAMESPACE, "{\"status\":{\"phase\":\"Active\"}}");
  add_usual_answers (cluster);
  findings = check (cluster, settings, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 2);

  missing = g_ptr_array_index (findings, 0);
  g_test_message ("%s", missing->message);
  g_assert_cmpint (missing->severity, ==, STACK_SEVERITY_ERROR);
  g_assert_nonnull (strstr (missing->message, "patch deployments"));
  g_assert_nonnull (strstr (missing->message, "create secrets"));
  g_assert_nonnull (strstr (missing->message, "patch namespaces"));
  /* It is there already. */
  g_assert_null (strstr (missing->message, "create namespaces"));

  blind = g_ptr_array_index (findings, 1);
  g_assert_cmpint (blind->severity, ==, STACK_SEVERITY_WARNING);
  g_assert_nonnull (strstr (blind->message, "watch pods"));
  g_assert_nonnull (strstr (blind->message, "get services/proxy"));
}

static void
test_no_answer (void)
{
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  fake_cluster_answer (cluster, "GET", CLASSES, 0, 500, "{\"kind\":\"Status\",\"code\":500}");
  add_usual_answers (cluster);
  g_assert_null (check (cluster, settings, NULL, &error));
  g_assert_true (error->domain == KUBE_ERROR);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (check (cluster, settings, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The look for the database. */

#define POD_ENDED(code)                                                                        \
  "{\"metadata\":{\"name\":\"p\",\"namespace\":\"hackystack\",\"uid\":\"1\"},\"status\":{"     \
  "\"phase\":\"Failed\",\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":" code \
  ",\"reason\":\"Error\"}}}]}}"
#define POD_WAITS(reason)                                                                      \
  "{\"metadata\":{\"name\":\"p\",\"namespace\":\"hackystack\",\"uid\":\"1\"},\"status\":{"     \
  "\"phase\":\"Pending\",\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"" reason \
  "\",\"message\":\"said so\"}}}]}}"
#define POD_FAILED                                                                         \
  "{\"metadata\":{\"name\":\"p\",\"namespace\":\"hackystack\",\"uid\":\"1\"},\"status\":{" \
  "\"phase\":\"Failed\",\"reason\":\"DeadlineExceeded\",\"message\":\"said so\"}}"

static void
probe (FakeCluster        *cluster,
       StackDatabaseState *state,
       char              **message,
       GError            **error)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
  g_autoptr(GAsyncResult) result = NULL;
  StackAnswer answer = { NULL };

  stack_database_probe_async (settings, client, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_database_probe_finish (result, state, message, error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_probe (void)
{
  static const struct
  {
    const char        *pod;
    StackDatabaseState state;
    const char        *words;
  } cases[] = {
    { POD_ENDED ("0"), STACK_DATABASE_ANSWERS, "PostgreSQL answers at db.example.org, port 5433" },
    { POD_ENDED ("101"), STACK_DATABASE_NAME, "nobody knows the name" },
    { POD_ENDED ("102"), STACK_DATABASE_REFUSED, "listen_addresses" },
    { POD_ENDED ("103"), STACK_DATABASE_TIMED_OUT, "nothing came back" },
    { POD_ENDED ("104"), STACK_DATABASE_OTHER, "not PostgreSQL" },
    { POD_ENDED ("105"), STACK_DATABASE_UNREACHABLE, "No way leads" },
    { POD_ENDED ("107"), STACK_DATABASE_UNKNOWN, "neither Node.js nor nc" },
    { POD_ENDED ("139"), STACK_DATABASE_UNKNOWN, "exit code 139" },
    { POD_WAITS ("ImagePullBackOff"), STACK_DATABASE_UNKNOWN, "ImagePullBackOff: said so" },
    { POD_WAITS ("CreateContainerError"), STACK_DATABASE_UNKNOWN, "CreateContainerError" },
    { POD_FAILED, STACK_DATABASE_UNKNOWN, "DeadlineExceeded: said so" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FakeCluster) cluster = fake_cluster_new ();
      g_autoptr(GError) error = NULL;
      g_autofree char   *message = NULL;
      StackDatabaseState state;

      fake_cluster_put (cluster, NAMESPACE, "{\"status\":{\"phase\":\"Active\"}}");
      fake_cluster_put (cluster, PODS "/p", cases[i].pod);
      fake_cluster_answer (cluster, "POST", PODS, 0, 201, "{}");
      fake_cluster_answer (cluster, "POST", JOBS, 0, 201, "{}");
      fake_cluster_answer (cluster, "DELETE", JOBS "/*", 0, 200, "{}");
      probe (cluster, &state, &message, &error);
      g_assert_no_error (error);
      g_test_message ("%s", message);
      g_assert_cmpint (state, ==, cases[i].state);
      g_assert_nonnull (strstr (message, cases[i].words));
      g_assert_cmpuint (fake_cluster_count (cluster, "POST", JOBS), ==, 1);
      g_assert_cmpuint (fake_cluster_count (cluster, "DELETE", JOBS "/hackystack-database-check-*"),
                        ==, 1);
    }
}

/* A pod that may not be leaves nothing behind, and without a namespace there is another. */
static void
test_probe_refused (void)
{
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char   *message = NULL;
  StackDatabaseState state;

  fake_cluster_answer (cluster, "POST", "/api/v1/namespaces/default/pods", 0, 403, FORBIDDEN);
  probe (cluster, &state, &message, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "was refused"));
  g_assert_cmpuint (fake_cluster_count (cluster, "POST", "*/jobs"), ==, 0);
  g_assert_cmpuint (fake_cluster_count (cluster, "DELETE", "*"), ==, 0);
}

/* Cancelled at any moment: what was made is deleted before anybody is told. */
static void
test_probe_cancelled (void)
{
  for (guint n = 0; n < 24; n++)
    {
      g_autoptr(FakeCluster) cluster = fake_cluster_new ();
      g_autoptr(StackSettings) settings = new_settings ();
      g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char   *message = NULL;
      StackAnswer        answer = { NULL };
      StackDatabaseState state;

      fake_cluster_put (cluster, NAMESPACE, "{\"status\":{\"phase\":\"Active\"}}");
      fake_cluster_answer (cluster, "POST", PODS, 0, 201, "{}");
      fake_cluster_answer (cluster, "POST", JOBS, 0, 201, "{}");
      fake_cluster_answer (cluster, "DELETE", JOBS "/*", 0, 200, "{}");
      stack_database_probe_async (settings, client, cancellable, stack_answer_cb, &answer);
      for (guint i = 0; i < n; i++)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      result = stack_answer_wait (&answer);
      g_assert_false (stack_database_probe_finish (result, &state, &message, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (fake_cluster_count (cluster, "POST", JOBS), ==,
                        fake_cluster_count (cluster, "DELETE", JOBS "/*"));
    }
}

static void
test_probe_nowhere (void)
{
  static const char *const texts[] = { "", "db", "postgresql://app:pw@/app",
                                       "postgresql://app:pw@a,b/app",
                                       "postgresql://app:pw@db:x/app" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(FakeCluster) cluster = fake_cluster_new ();
      g_autoptr(StackSettings) settings = stack_settings_new ("test");
      g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char   *message = NULL;
      StackAnswer        answer = { NULL };
      StackDatabaseState state;

      stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, texts[i]);
      stack_database_probe_async (settings, client, NULL, stack_answer_cb, &answer);
      result = stack_answer_wait (&answer);
      g_assert_false (stack_database_probe_finish (result, &state, &message, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
      g_assert_cmpuint (fake_cluster_count (cluster, "*", "*"), ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/doctor-cluster/cases", test_cases);
  g_test_add_func ("/stack/doctor-cluster/rights", test_rights);
  g_test_add_func ("/stack/doctor-cluster/no-answer", test_no_answer);
  g_test_add_func ("/stack/doctor-cluster/probe", test_probe);
  g_test_add_func ("/stack/doctor-cluster/probe-refused", test_probe_refused);
  g_test_add_func ("/stack/doctor-cluster/probe-cancelled", test_probe_cancelled);
  g_test_add_func ("/stack/doctor-cluster/probe-nowhere", test_probe_nowhere);

  return g_test_run ();
}
