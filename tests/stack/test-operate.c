/* test-operate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-control.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-situation.h"
#include "stack-test.h"
#include "stack-undo.h"

#include "base-json.h"

#include <string.h>

#define DEPLOYMENT "/apis/apps/v1/namespaces/hackystack/deployments/hackystack-app"
#define SECRETS "/api/v1/namespaces/hackystack/secrets"
#define AUTOSCALER \
  "/apis/autoscaling/v2/namespaces/hackystack/horizontalpodautoscalers/web"

typedef struct
{
  FakeCluster      *cluster;
  KubeClient       *client;
  StackSettings    *settings;
  StackManifestSet *manifests;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->manifests = stack_test_load_manifests (NULL, &error);
  g_assert_no_error (error);
  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  fixture->settings = stack_settings_new ("test");
  stack_settings_read_values (fixture->settings,
                              "nextauthSecret: q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU\n"
                              "githubClientId: Ov23liABCDEFGHIJKLMN\n"
                              "githubClientSecret: 0123456789abcdef0123456789abcdef0123456a\n"
                              "databaseUrl: postgresql://app:d0-n0t-f1nd-m3@db/app\n",
                              -1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->manifests);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

static void
run (StackDeployer *deployer)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  stack_deployer_run_async (deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_deployer_run_finish (deployer, result, &error);
  g_assert_no_error (error);
}

static void
deploy (Fixture    *fixture,
        const char *image)
{
  g_autoptr(StackDeployer) deployer = NULL;

  stack_settings_set_text (fixture->settings, STACK_FIELD_IMAGE, image);
  deployer = stack_deployer_new (fixture->client, fixture->manifests, fixture->settings);
  run (deployer);
}

static StackRunning *
read_running (Fixture *fixture,
              GError **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_running_read_async (fixture->client, "hackystack", NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_running_read_finish (result, error);
}

static StackUndo *
prepare_undo (Fixture *fixture,
              guint    number,
              GError **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_undo_prepare_async (fixture->client, "hackystack", number, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_undo_prepare_finish (result, error);
}

static void
assert_change (StackRunning *running,
               const char   *words)
{
  g_autoptr(StackRevisionChange) change = stack_running_build_change (running);
  g_autofree char *said = stack_revision_change_describe (change);

  g_assert_cmpstr (said, ==, words);
}

static void
test_running (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackRunning) running = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(StackRunning) after = NULL;
  g_autofree char *url = NULL;

  g_assert_null (read_running (fixture, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED);
  g_clear_error (&error);

  deploy (fixture, "hackystack:v1");
  running = read_running (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stack_running_get_replicas (running), ==, 2);
  g_assert_null (stack_running_get_autoscaler (running));
  g_assert_true (stack_running_is_secret (running, "DATABASE_URL"));
  g_assert_false (stack_running_is_secret (running, "NODE_ENV"));
  assert_change (running, "nothing changed");

  /* One answer may be two variables. */
  g_assert_true (stack_running_set_field (running, fixture->manifests, STACK_FIELD_NEXTAUTH_URL,
                                          "https://other.local"));
  assert_change (running, "2 settings changed");
  g_assert_true (stack_running_set_field (running, fixture->manifests, STACK_FIELD_DATABASE_URL,
                                          "postgresql://app:an0ther-0ne@db/app"));
  stack_running_set_image (running, "hackystack:v2");
  stack_running_set_replicas (running, 3);
  assert_change (running, "image v1 → v2; 2 settings changed; 1 secret changed");

  deployer = stack_running_new_deployer (running);
  run (deployer);
  g_assert_cmpuint (stack_revision_get_number (stack_deployer_get_revision (deployer)), ==, 2);
  after = read_running (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stack_running_get_replicas (after), ==, 3);
  url = stack_running_dup_variable (after, "DATABASE_URL");
  g_assert_cmpstr (url, ==, "postgresql://app:an0ther-0ne@db/app");
  g_assert_cmpstr (stack_revision_get_image (stack_running_get_revision (after)), ==,
                   "hackystack:v2");
}

static void
test_autoscaler (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackRunning) running = NULL;

  deploy (fixture, "hackystack:v1");
  fake_cluster_put (fixture->cluster, AUTOSCALER,
                    "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"minReplicas\":2,"
                    "\"maxReplicas\":5,\"scaleTargetRef\":{\"kind\":\"Deployment\","
                    "\"name\":\"hackystack-app\"}}}");
  running = read_running (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_running_get_autoscaler (running), ==,
                   "The HorizontalPodAutoscaler web sets the number of pods, between 2 and 5");
}

static void
test_undo (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackUndo) undo = NULL;
  g_autoptr(StackUndo) again = NULL;
  g_autoptr(StackDeployer) deployer = NULL;

  deploy (fixture, "hackystack:v1");
  g_assert_null (prepare_undo (fixture, 0, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NO_REVISION);
  g_clear_error (&error);
  stack_settings_set_variable (fixture->settings, "LOG_LEVEL", "debug", &error);
  g_assert_no_error (error);
  deploy (fixture, "hackystack:v2");
  g_assert_null (prepare_undo (fixture, 7, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NO_REVISION);
  g_clear_error (&error);

  undo = prepare_undo (fixture, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stack_revision_get_number (stack_undo_get_revision (undo)), ==, 1);
  assert_change (stack_undo_get_running (undo), "image v2 → v1; 1 setting changed");
  deployer = stack_running_new_deployer (stack_undo_get_running (undo));
  run (deployer);
  g_assert_cmpuint (stack_revision_get_number (stack_deployer_get_revision (deployer)), ==, 3);

  /* What runs now is what the first one was; so the way back is the second. */
  again = prepare_undo (fixture, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stack_revision_get_number (stack_undo_get_revision (again)), ==, 2);
}

static gboolean
control (Fixture           *fixture,
         StackControlAction action,
         GError           **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(StackControl) control = NULL;

  control = stack_control_new (fixture->client, "hackystack", action);
  stack_control_run_async (control, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_control_run_finish (control, result, error);
}

static void
test_control (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackRunning) running = NULL;

  g_assert_false (control (fixture, STACK_CONTROL_RESTART, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED);
  g_clear_error (&error);

  deploy (fixture, "hackystack:v1");
  g_assert_true (control (fixture, STACK_CONTROL_RESTART, &error));
  g_assert_no_error (error);
  g_assert_nonnull (base_json_get_string (fake_cluster_get (fixture->cluster, DEPLOYMENT), "spec",
                                          "template", "metadata", "annotations",
                                          "kubectl.kubernetes.io/restartedAt", NULL));
  running = read_running (fixture, &error);
  g_assert_no_error (error);
  assert_change (running, "nothing changed");

  g_assert_true (control (fixture, STACK_CONTROL_PAUSE, &error));
  g_assert_no_error (error);
  g_assert_false (control (fixture, STACK_CONTROL_RESTART, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_READY);
  g_clear_error (&error);
  g_assert_true (control (fixture, STACK_CONTROL_RESUME, &error));
  g_assert_no_error (error);
  g_assert_false (base_json_get_boolean (fake_cluster_get (fixture->cluster, DEPLOYMENT), FALSE,
                                         "spec", "paused", NULL));
}

static StackSituation *
read_situation (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackSituation *situation;

  stack_situation_read_async (fixture->client, "hackystack", NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  situation = stack_situation_read_finish (result, &error);
  g_assert_no_error (error);

  return situation;
}

static void
assert_situation (Fixture *fixture,
                  gboolean deployed,
                  gboolean paused,
                  guint    unfinished)
{
  g_autoptr(StackSituation) situation = read_situation (fixture);

  g_assert_cmpint (situation->status->deployed, ==, deployed);
  g_assert_cmpint (situation->status->paused, ==, paused);
  g_assert_cmpuint (situation->unfinished != NULL
                        ? stack_revision_get_number (situation->unfinished)
                        : 0,
                    ==, unfinished);
}

/* What a program finds that was not there when it happened. */
static void
test_situation (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  assert_situation (fixture, FALSE, FALSE, 0);
  deploy (fixture, "hackystack:v1");
  assert_situation (fixture, TRUE, FALSE, 0);
  g_assert_true (control (fixture, STACK_CONTROL_PAUSE, &error));
  g_assert_no_error (error);
  assert_situation (fixture, TRUE, TRUE, 0);
  g_assert_true (control (fixture, STACK_CONTROL_RESUME, &error));
  g_assert_no_error (error);

  /* Its last word does not come through. */
  fake_cluster_answer (fixture->cluster, "PATCH", SECRETS "/hackystack-revision-2", 0, 403,
                       "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                       "\"code\":403,\"reason\":\"Forbidden\",\"message\":\"no\"}");
  deploy (fixture, "hackystack:v2");
  assert_situation (fixture, TRUE, FALSE, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/stack/operate/running", Fixture, NULL, set_up, test_running, tear_down);
  g_test_add ("/stack/operate/autoscaler", Fixture, NULL, set_up, test_autoscaler, tear_down);
  g_test_add ("/stack/operate/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/stack/operate/control", Fixture, NULL, set_up, test_control, tear_down);
  g_test_add ("/stack/operate/situation", Fixture, NULL, set_up, test_situation, tear_down);

  return g_test_run ();
}
