/* test-cluster-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cluster-test.h"

#include "base-json.h"
#include "kube-process.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-plan.h"
#include "stack-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Plans before a real cluster: what they say, and that they are kept. */

typedef struct
{
  KubeClient       *client;
  StackManifestSet *manifests;
  StackSettings    *settings;
  StackPlan        *plan; /* nullable */
} Fixture;

static gboolean
set_up (Fixture    *fixture,
        const char *kubeconfig,
        const char *purpose)
{
  g_autoptr(GError) error = NULL;

  if (!cluster_test_can_run ())
    return FALSE;

  *fixture = (Fixture){ .client = cluster_test_connect (kubeconfig) };
  fixture->settings = cluster_test_new_settings (purpose);
  fixture->manifests = stack_test_load_manifests (NULL, &error);
  g_assert_no_error (error);

  return TRUE;
}

static void
tear_down (Fixture *fixture)
{
  g_clear_object (&fixture->plan);
  g_clear_object (&fixture->manifests);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
}

static guint
count_all (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->plan));
}

static StackChange *
get_change (Fixture *fixture,
            guint    index)
{
  g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (fixture->plan), index);

  return change;
}

static StackChange *
find_change (Fixture    *fixture,
             const char *title)
{
  for (guint i = 0; i < count_all (fixture); i++)
    {
      if (g_str_equal (stack_change_get_title (get_change (fixture, i)), title))
        return get_change (fixture, i);
    }
  g_error ("there is no %s", title);
}

static void
assert_no_secrets (Fixture    *fixture,
                   const char *text)
{
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const char      *secret = stack_settings_get_text (fixture->settings, id);
      g_autofree char *base64 = g_base64_encode ((const guchar *) secret, strlen (secret));

      if (!stack_field_get (id)->secret || *secret == '\0')
        continue;
      g_assert_null (strstr (text, secret));
      g_assert_null (strstr (text, base64));
    }
}

static void
make (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;

  objects = stack_plan_fill_objects (fixture->manifests, fixture->settings, &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->plan);
  stack_plan_make_async (fixture->client, objects, FALSE, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  fixture->plan = stack_plan_make_finish (result, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < count_all (fixture); i++)
    {
      StackChange     *change = get_change (fixture, i);
      g_autofree char *diff = stack_diff_print (stack_change_get_diff (change), 1);

      g_test_message ("%s: %d %s\n%s", stack_change_get_title (change),
                      stack_change_get_action (change), stack_change_get_note (change), diff);
      for (guint j = 0; stack_change_get_warnings (change)[j] != NULL; j++)
        g_test_message ("warning: %s", stack_change_get_warnings (change)[j]);
      assert_no_secrets (fixture, diff);
      assert_no_secrets (fixture, stack_change_get_live_text (change));
      assert_no_secrets (fixture, stack_change_get_wanted_text (change));
      g_assert_cmpuint (g_strv_length ((GStrv) stack_change_get_warnings (change)), ==, 0);
    }
}

static void
try_again (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  stack_plan_try_again_async (fixture->plan, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_plan_try_again_finish (fixture->plan, result, &error);
  g_assert_no_error (error);
}

static void
carry_out (Fixture *fixture)
{
  g_autoptr(StackDeployer) deployer = stack_deployer_new_for_plan (fixture->plan);
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  stack_deployer_set_timeout (deployer, 240);
  stack_deployer_run_async (deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_deployer_run_finish (deployer, result, &error);
  g_assert_no_error (error);
}

static void
assert_all (Fixture    *fixture,
            StackAction action)
{
  g_assert_cmpuint (stack_plan_count (fixture->plan, action), ==, count_all (fixture));
}

/* Runs kubectl as another manager. */
static void
apply_as_other (Fixture    *fixture,
                const char *yaml)
{
  const char      *ns = stack_settings_get_text (fixture->settings, STACK_FIELD_NAMESPACE);
  g_autofree char *path = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  int fd = g_file_open_tmp ("other-XXXXXX.yaml", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, yaml, -1, &error);
  g_assert_no_error (error);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                              cluster_test_get_program (), "kubectl", "apply", "--server-side",
                              "--field-manager=other", "--force-conflicts", "-n", ns, "-f", path,
                              NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  g_remove (path);
}

static const char *
read_config (Fixture    *fixture,
             const char *name,
             JsonNode  **config)
{
  const char *ns = stack_settings_get_text (fixture->settings, STACK_FIELD_NAMESPACE);
  g_autoptr(KubeRequest) request = kube_request_new_get (&KUBE_CONFIG_MAP, ns, "hackystack-config");
  g_autoptr(GError) error = NULL;

  *config = cluster_test_call (fixture->client, request, &error);
  g_assert_no_error (error);

  return base_json_get_string (*config, "data", name, NULL);
}

static void
test_plan (void)
{
  Fixture          fixture;
  g_autofree char *diff = NULL;
  StackChange     *change;

  if (!set_up (&fixture, "admin", "plan"))
    return;

  make (&fixture);
  assert_all (&fixture, STACK_ACTION_CREATE);
  g_assert_cmpstr (stack_change_get_note (get_change (&fixture, 0)), ==, "");
  g_assert_nonnull (strstr (stack_change_get_note (get_change (&fixture, 1)), "namespace is new"));
  carry_out (&fixture);

  /* After our apply nothing is left to do. */
  make (&fixture);
  assert_all (&fixture, STACK_ACTION_UNCHANGED);

  stack_settings_set_text (fixture.settings, STACK_FIELD_REPLICAS, "1");
  make (&fixture);
  g_assert_cmpuint (stack_plan_get_n_changes (fixture.plan), ==, 1);
  change = find_change (&fixture, "Deployment hackystack-app");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  diff = stack_diff_print (stack_change_get_diff (change), 0);
  g_assert_nonnull (strstr (diff, "-  replicas: 2\n+  replicas: 1\n"));
  carry_out (&fixture);
  make (&fixture);
  assert_all (&fixture, STACK_ACTION_UNCHANGED);

  cluster_test_drop (fixture.client, fixture.settings);
  tear_down (&fixture);
}

/* Another manager wrote two fields: one is kept, one is taken over. */
static void
test_conflict (void)
{
  Fixture      fixture;
  StackChange *change;
  g_autoptr(JsonNode) config = NULL;
  g_autoptr(GError) error = NULL;
  const char *url;

  if (!set_up (&fixture, "admin", "plan-conflict"))
    return;

  make (&fixture);
  carry_out (&fixture);
  apply_as_other (&fixture, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hackystack-config}\n"
                            "data: {NODE_ENV: test, AUTH_TRUST_HOST: \"false\"}\n");
  make (&fixture);
  change = find_change (&fixture, "ConfigMap hackystack-config");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CONFLICT);
  g_assert_cmpuint (stack_change_get_n_conflicts (change), ==, 2);
  g_assert_cmpstr (stack_change_get_conflict (change, 0)->field, ==, ".data.AUTH_TRUST_HOST");
  g_assert_cmpstr (stack_change_get_conflict (change, 1)->manager, ==, "other");
  g_assert_false (stack_plan_check (fixture.plan, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_CONFLICT);

  stack_change_set_choice (change, 0, STACK_CHOICE_TAKE);
  stack_change_set_choice (change, 1, STACK_CHOICE_KEEP);
  try_again (&fixture);
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  carry_out (&fixture);

  url = read_config (&fixture, "NODE_ENV", &config);
  g_assert_cmpstr (url, ==, "test");
  g_assert_cmpstr (base_json_get_string (config, "data", "AUTH_TRUST_HOST", NULL), ==, "true");

  cluster_test_drop (fixture.client, fixture.settings);
  tear_down (&fixture);
}

/* Who may not change anything is told so for each object, before anything is sent. */
static void
test_forbidden (void)
{
  Fixture      fixture;
  StackChange *change;
  g_autoptr(GError) error = NULL;

  if (!cluster_test_is_ours () || !set_up (&fixture, "deployer", "plan-forbidden"))
    return;

  stack_settings_set_text (fixture.settings, STACK_FIELD_NAMESPACE, "hackystack-limited");
  make (&fixture);
  change = find_change (&fixture, "Ingress hackystack-ingress");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_REFUSED);
  g_test_message ("%s", stack_change_get_error (change)->message);
  g_assert_nonnull (strstr (stack_change_get_error (change)->message, "Ask the cluster's administrator"));
  g_assert_false (stack_plan_check (fixture.plan, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_REFUSED);
  g_assert_cmpint (stack_change_get_action (find_change (&fixture, "ConfigMap hackystack-config")), ==,
                   STACK_ACTION_CREATE);

  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/cluster-plan/plan", test_plan);
  g_test_add_func ("/stack/cluster-plan/conflict", test_conflict);
  g_test_add_func ("/stack/cluster-plan/forbidden", test_forbidden);

  return g_test_run ();
}
