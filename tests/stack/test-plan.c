/* test-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-field-removal-private.h"
#include "stack-plan.h"
#include "stack-shown-text-private.h"
#include "stack-test.h"

#include "base-json.h"
#include "kube-error.h"

#include <string.h>

/* What a deployment would do, before a cluster that says what a test wants. */

#define NAMESPACE "/api/v1/namespaces/hackystack"
#define CONFIG_MAP NAMESPACE "/configmaps/hackystack-config"
#define SECRET NAMESPACE "/secrets/hackystack-secrets"
#define DEPLOYMENT "/apis/apps/v1/namespaces/hackystack/deployments/hackystack-app"
#define HIDDEN "d0-n0t-f1nd-m3"
#define STATUS(code, reason, words) "{\"kind\":\"Status\",\"code\":" code ",\"reason\":\"" reason "\"," \
                                    "\"message\":\"" words "\"}"

static const char conflict[] =
    "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\",\"message\":\"Apply failed with 2 "
    "conflicts\",\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"message\":"
    "\"conflict with \\\"helm\\\"\",\"field\":\".data.AUTH_URL\"},{\"reason\":"
    "\"FieldManagerConflict\",\"message\":\"conflict with \\\"kubectl\\\" using v1\",\"field\":"
    "\".data.NODE_ENV\"}]}}";

/* A field taken out of an object by the path of a conflict; NULL: it is not there. */
static const struct
{
  const char *name;
  const char *object;
  const char *path;
  const char *rest;
} removals[] = {
  { "member", "{\"data\":{\"A\":\"1\",\"B\":\"2\"}}", ".data.A", "{\"data\":{\"B\":\"2\"}}" },
  { "missing", "{\"data\":{\"A\":\"1\"}}", ".data.B", NULL },
  { "missing-parent", "{\"data\":{\"A\":\"1\"}}", ".spec.A", NULL },
  { "beginning-of-a-name", "{\"data\":{\"AB\":\"1\"}}", ".data.A", NULL },
  { "points", "{\"labels\":{\"app.kubernetes.io/name\":\"x\",\"app\":{\"kubernetes\":1}}}",
    ".labels.app.kubernetes.io/name", "{\"labels\":{\"app\":{\"kubernetes\":1}}}" },
  { "whole-list", "{\"spec\":{\"tls\":[1,2],\"x\":1}}", ".spec.tls", "{\"spec\":{\"x\":1}}" },
  { "by-key", "{\"c\":[{\"name\":\"a\",\"image\":\"1\"},{\"name\":\"b\",\"image\":\"2\"}]}",
    ".c[name=\"b\"].image",
    "{\"c\":[{\"name\":\"a\",\"image\":\"1\"},{\"name\":\"b\"}]}" },
  { "by-two-keys", "{\"p\":[{\"port\":1,\"protocol\":\"UDP\"},{\"port\":1,\"protocol\":\"TCP\",\"n\":1}]}",
    ".p[port=1,protocol=\"TCP\"].n",
    "{\"p\":[{\"port\":1,\"protocol\":\"UDP\"},{\"port\":1,\"protocol\":\"TCP\"}]}" },
  { "element", "{\"c\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", ".c[name=\"a\"]", "{\"c\":[{\"name\":\"b\"}]}" },
  { "no-such-key", "{\"c\":[{\"name\":\"a\"}]}", ".c[name=\"b\"].image", NULL },
  { "of-a-set", "{\"f\":[\"x\",\"y\"]}", ".f[=\"x\"]", "{\"f\":[\"y\"]}" },
  { "by-index", "{\"f\":[\"x\",\"y\"]}", ".f[1]", "{\"f\":[\"x\"]}" },
  { "index-too-large", "{\"f\":[\"x\"]}", ".f[1]", NULL },
  { "brackets-in-a-value", "{\"c\":[{\"name\":\"a],b\",\"v\":1}]}", ".c[name=\"a],b\"].v",
    "{\"c\":[{\"name\":\"a],b\"}]}" },
  { "key-name-with-points", "{\"c\":[{\"k\":\"app.x\",\"v\":1}]}", ".c[k=\"app.x\"].v",
    "{\"c\":[{\"k\":\"app.x\"}]}" },
  { "nothing", "{\"a\":1}", "", NULL },
  { "cut-off", "{\"c\":[{\"name\":\"a\"}]}", ".c[name=\"a\"", NULL },
};

static void
test_removal (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(JsonNode) object = base_json_parse (removals[index].object, -1, NULL);
  g_autofree char *rest = NULL;
  gboolean         removed;

  g_assert_nonnull (object);
  removed = stack_field_removal_apply (object, removals[index].path);
  rest = base_json_print (object, FALSE);
  g_assert_cmpint (removed, ==, removals[index].rest != NULL);
  g_assert_cmpstr (rest, ==, removed ? removals[index].rest : removals[index].object);
}

/* Values of Secrets are words, whatever they are and however long. */
static void
test_secret_text (void)
{
  static const char live_text[] =
      "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"uid\":\"1\",\"managedFields\":[],"
      "\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"" HIDDEN "\"}},"
      "\"data\":{\"A\":\"ZDAtbjB0\",\"B\":\"ZDAtbjB0\",\"C\":\"ZDAtbjB0\"}}";
  static const char wanted_text[] =
      "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"data\":{\"A\":\"ZDAtbjB0\",\"B\":"
      "\"ZjFuZC1tMw==\",\"D\":\"ZjFuZC1tMw==\"},\"stringData\":{\"E\":\"" HIDDEN "\"}}";
  g_autoptr(JsonNode) live = base_json_parse (live_text, -1, NULL);
  g_autoptr(JsonNode) wanted = base_json_parse (wanted_text, -1, NULL);
  g_autofree char *live_shown = stack_shown_text_build_live (live, wanted);
  g_autofree char *wanted_shown = stack_shown_text_build_wanted (wanted, live);

  g_assert_cmpstr (live_shown, ==,
                   "kind: Secret\nmetadata:\n  name: s\ndata:\n  A: ••• unchanged\n  B: •••\n"
                   "  C: ••• removed\n");
  g_assert_cmpstr (wanted_shown, ==,
                   "kind: Secret\nmetadata:\n  name: s\ndata:\n  A: ••• unchanged\n"
                   "  B: ••• changed\n  D: ••• new\nstringData:\n  E: ••• new\n");
  g_assert_false (stack_shown_text_is_equal (live, wanted));
}

typedef struct
{
  FakeCluster      *cluster;
  KubeClient       *client;
  StackManifestSet *manifests;
  StackSettings    *settings;
  StackPlan        *plan; /* nullable */
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
                              "databaseUrl: postgresql://app:" HIDDEN "@db/app\n",
                              -1, &error);
  g_assert_no_error (error);
}

static void
assert_no_secret (const char *text)
{
  /* As it is, and in the middle of base64. */
  static const char *const secrets[] = { HIDDEN, "cTNKZDl2WDBtV2Y3", "cG9zdGdyZXNxbDov", "MDEyMzQ1Njc4OWFi" };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (text, secrets[i]));
}

static StackChange *
get_change (Fixture *fixture,
            guint    index)
{
  g_autoptr(StackChange) change = g_list_model_get_item (G_LIST_MODEL (fixture->plan), index);

  g_assert_nonnull (change);

  return change;
}

static StackChange *
find_change (Fixture    *fixture,
             const char *kind)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->plan));

  for (guint i = 0; i < n; i++)
    {
      if (g_str_equal (stack_change_get_kind (get_change (fixture, i)), kind))
        return get_change (fixture, i);
    }
  g_error ("there is no %s", kind);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->plan);
  g_clear_object (&fixture->manifests);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

static gboolean
make (Fixture      *fixture,
      gboolean      force,
      GCancellable *cancellable,
      GError      **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) objects = NULL;

  objects = stack_plan_fill_objects (fixture->manifests, fixture->settings, error);
  if (objects == NULL)
    return FALSE;

  g_clear_object (&fixture->plan);
  stack_plan_make_async (fixture->client, objects, force, cancellable, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  fixture->plan = stack_plan_make_finish (result, error);

  return fixture->plan != NULL;
}

static void
assert_made (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  guint n;

  make (fixture, FALSE, NULL, &error);
  g_assert_no_error (error);
  n = g_list_model_get_n_items (G_LIST_MODEL (fixture->plan));
  for (guint i = 0; i < n; i++)
    {
      StackChange     *change = get_change (fixture, i);
      g_autofree char *command = stack_change_dup_command (change);
      g_autofree char *diff = stack_diff_print (stack_change_get_diff (change), 3);

      g_test_message ("%s: %d %s\n%s\n%s", stack_change_get_title (change),
                      stack_change_get_action (change), stack_change_get_note (change), command,
                      diff);
      assert_no_secret (command);
      assert_no_secret (diff);
      assert_no_secret (stack_change_get_live_text (change));
      assert_no_secret (stack_change_get_wanted_text (change));
      assert_no_secret (stack_change_get_note (change));
      if (stack_change_get_error (change) != NULL)
        assert_no_secret (stack_change_get_error (change)->message);
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

static gboolean
carry_out (Fixture *fixture,
           GError **error)
{
  g_autoptr(StackDeployer) deployer = stack_deployer_new_for_plan (fixture->plan);
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_deployer_run_async (deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_deployer_run_finish (deployer, result, error);
}

static void
assert_carried_out (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  carry_out (fixture, &error);
  g_assert_no_error (error);
}

/* How often an object of a plan was sent; the deployment's own record is none of them. */
static guint
count_patches (Fixture *fixture)
{
  return fake_cluster_count (fixture->cluster, "PATCH", "*") -
         fake_cluster_count (fixture->cluster, "PATCH", "*/secrets/hackystack-revision-*");
}

/* In a new namespace nothing can be tried, and nothing is asked in vain. */
static void
test_new_namespace (Fixture      *fixture,
                    gconstpointer data)
{
  StackChange     *change;
  g_autofree char *summary = NULL;
  g_autofree char *command = NULL;

  assert_made (fixture);
  summary = stack_plan_dup_summary (fixture->plan);
  g_assert_cmpuint (stack_plan_get_n_changes (fixture->plan), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (fixture->plan)));
  g_assert_true (g_str_has_suffix (summary, " to create"));
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DRY-RUN", "*"), ==, 1);
  g_assert_cmpuint (count_patches (fixture), ==, 0);

  change = get_change (fixture, 0);
  g_assert_cmpstr (stack_change_get_title (change), ==, "Namespace hackystack");
  g_assert_cmpstr (stack_change_get_note (change), ==, "");
  change = find_change (fixture, "Deployment");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CREATE);
  g_assert_nonnull (strstr (stack_change_get_note (change), "namespace is new"));
  g_assert_cmpstr (stack_change_get_live_text (change), ==, "");
  command = stack_change_dup_command (change);
  g_assert_cmpstr (command, ==,
                   "kubectl --context=fake apply --server-side --field-manager=hackystack-desktop "
                   "-f deployment.yaml");
}

/* A plan, its execution, and the same plan again, which passes over everything. */
static void
test_carry_out (Fixture      *fixture,
                gconstpointer data)
{
  guint n;
  guint n_patches;

  assert_made (fixture);
  assert_carried_out (fixture);
  n = g_list_model_get_n_items (G_LIST_MODEL (fixture->plan));
  n_patches = count_patches (fixture);
  g_assert_cmpuint (n_patches, ==, n);

  assert_made (fixture);
  g_assert_cmpuint (stack_plan_count (fixture->plan, STACK_ACTION_UNCHANGED), ==, n);
  g_assert_cmpuint (stack_plan_get_n_changes (fixture->plan), ==, 0);
  assert_carried_out (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, n_patches);
}

/* What was right when the plan was made, and was written to since, is sent. */
static void
test_written_since (Fixture      *fixture,
                    gconstpointer data)
{
  JsonObject *metadata;
  guint       n_patches;

  assert_made (fixture);
  assert_carried_out (fixture);
  assert_made (fixture);
  n_patches = count_patches (fixture);
  metadata = base_json_get_object (fake_cluster_get (fixture->cluster, CONFIG_MAP), "metadata", NULL);
  json_object_set_string_member (metadata, "resourceVersion", "999");
  assert_carried_out (fixture);
  g_assert_cmpuint (count_patches (fixture), ==, n_patches + 1);
}

/* What looks right but is not ours is sent, too, so that it becomes ours. */
static void
test_not_ours (Fixture      *fixture,
               gconstpointer data)
{
  JsonObject *metadata;
  guint       n_patches;

  assert_made (fixture);
  assert_carried_out (fixture);
  metadata = base_json_get_object (fake_cluster_get (fixture->cluster, CONFIG_MAP), "metadata", NULL);
  json_object_remove_member (metadata, "managedFields");
  assert_made (fixture);
  g_assert_cmpuint (stack_plan_get_n_changes (fixture->plan), ==, 0);
  n_patches = fake_cluster_count (fixture->cluster, "PATCH", CONFIG_MAP);
  assert_carried_out (fixture);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "PATCH", CONFIG_MAP), ==, n_patches + 1);
}

static void
test_changed (Fixture      *fixture,
              gconstpointer data)
{
  StackChange     *change;
  g_autofree char *diff = NULL;
  g_autofree char *secret_diff = NULL;

  assert_made (fixture);
  assert_carried_out (fixture);
  stack_settings_set_text (fixture->settings, STACK_FIELD_REPLICAS, "3");
  stack_settings_set_text (fixture->settings, STACK_FIELD_DATABASE_URL,
                           "postgresql://app:" HIDDEN "-2@db/app");
  assert_made (fixture);
  change = find_change (fixture, "Deployment");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  diff = stack_diff_print (stack_change_get_diff (change), 0);
  g_assert_nonnull (strstr (diff, "-  replicas: 2\n+  replicas: 3\n"));
  change = find_change (fixture, "Secret");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  secret_diff = stack_diff_print (stack_change_get_diff (change), 0);
  g_assert_nonnull (strstr (secret_diff, "-  DATABASE_URL: •••\n+  DATABASE_URL: ••• changed\n"));
  g_assert_null (strstr (secret_diff, "NEXTAUTH_SECRET"));
  g_assert_cmpint (stack_change_get_action (find_change (fixture, "Service")), ==,
                   STACK_ACTION_UNCHANGED);
}

static StackChange *
make_conflict (Fixture *fixture)
{
  StackChange *change;

  assert_made (fixture);
  assert_carried_out (fixture);
  stack_settings_set_text (fixture->settings, STACK_FIELD_NEXTAUTH_URL, "https://other.example");
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP "?*dryRun=All*", 1, 409, conflict);
  assert_made (fixture);
  change = find_change (fixture, "ConfigMap");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CONFLICT);
  g_assert_cmpuint (stack_change_get_n_conflicts (change), ==, 2);
  g_assert_cmpstr (stack_change_get_conflict (change, 0)->field, ==, ".data.AUTH_URL");
  g_assert_cmpstr (stack_change_get_conflict (change, 0)->manager, ==, "helm");

  return change;
}

static void
test_conflict (Fixture      *fixture,
               gconstpointer data)
{
  StackChange *change = make_conflict (fixture);
  g_autoptr(GError) error = NULL;
  guint n_patches = count_patches (fixture);

  g_assert_error (stack_change_get_error (change), STACK_ERROR, STACK_ERROR_CONFLICT);
  g_assert_nonnull (strstr (stack_change_get_wanted_text (change), "AUTH_URL: https://other.example"));
  g_assert_false (carry_out (fixture, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, ".data.AUTH_URL belongs to “helm”"));
  g_assert_nonnull (strstr (error->message, "Nothing was "));
  g_assert_cmpuint (count_patches (fixture), ==, n_patches);
}

/* One of two decided is not enough; then one is kept and one taken over. */
static void
test_conflict_decided (Fixture      *fixture,
                       gconstpointer data)
{
  StackChange     *change = make_conflict (fixture);
  g_autofree char *command = NULL;

  stack_change_set_choice (change, 0, STACK_CHOICE_KEEP);
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP "?*dryRun=All*", 1, 409, conflict);
  try_again (fixture);
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CONFLICT);
  /* The server found it once more although it was left out: that is no decision. */
  g_assert_cmpint (stack_change_get_choice (change, 0), ==, STACK_CHOICE_NONE);

  stack_change_set_choice (change, 0, STACK_CHOICE_KEEP);
  stack_change_set_choice (change, 1, STACK_CHOICE_TAKE);
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP "?*dryRun=All*", 1, 409,
                       "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\",\"message\":\"x\","
                       "\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"message\":"
                       "\"conflict with \\\"kubectl\\\" using v1\",\"field\":\".data.NODE_ENV\"}]}}");
  try_again (fixture);
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  g_assert_null (stack_change_get_error (change));
  g_assert_cmpstr (stack_change_get_note (change), ==, ".data.AUTH_URL stays as “helm” set it.");
  command = stack_change_dup_command (change);
  g_assert_nonnull (strstr (command, " --force-conflicts "));

  assert_carried_out (fixture);
  g_assert_null (base_json_get_string (fake_cluster_get (fixture->cluster, CONFIG_MAP), "data",
                                       "AUTH_URL", NULL));
  g_assert_cmpstr (base_json_get_string (fake_cluster_get (fixture->cluster, CONFIG_MAP), "data",
                                         "NEXTAUTH_URL", NULL),
                   ==, "https://other.example");
}

static void
test_conflict_forced (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  StackChange *change;

  make_conflict (fixture);
  fake_cluster_answer (fixture->cluster, "PATCH", CONFIG_MAP "?*dryRun=All*", 1, 409, conflict);
  make (fixture, TRUE, NULL, &error);
  g_assert_no_error (error);
  change = find_change (fixture, "ConfigMap");
  g_assert_cmpint (stack_change_get_action (change), ==, STACK_ACTION_CHANGE);
  g_assert_cmpint (stack_change_get_choice (change, 1), ==, STACK_CHOICE_TAKE);
}

/* What the cluster says to the dry run of one object. */
static const struct
{
  const char *name;
  const char *method;
  guint       status;
  const char *body;
  StackAction action;
  const char *words; /* of the error or the note */
} answers[] = {
  { "forbidden", "PATCH", 403, STATUS ("403", "Forbidden", "deployments.apps is forbidden: User u cannot patch resource deployments"), STACK_ACTION_REFUSED, "Ask the cluster's administrator for the rights to get, create and patch deployments" },
  { "may-not-look", "GET", 403, STATUS ("403", "Forbidden", "deployments.apps is forbidden: User u cannot get resource deployments"), STACK_ACTION_REFUSED, "cannot get resource" },
  { "invalid", "PATCH", 422, STATUS ("422", "Invalid", "spec.replicas: must be odd"), STACK_ACTION_REFUSED, "Deployment hackystack-app was refused." },
  { "quota", "PATCH", 403, STATUS ("403", "Forbidden", "exceeded quota: pods=2"), STACK_ACTION_REFUSED, "exceeded quota" },
  { "secret-in-words", "PATCH", 422, STATUS ("422", "Invalid", "Invalid value: postgresql://app:" HIDDEN "@db/app"), STACK_ACTION_REFUSED, "Invalid value" },
  { "webhook-away", "PATCH", 500, STATUS ("500", "InternalError", "failed calling webhook x: connection refused"), STACK_ACTION_CHANGE, "could not try this object" },
  { "webhook-with-effects", "PATCH", 400, STATUS ("400", "BadRequest", "admission webhook x does not support dry run"), STACK_ACTION_CHANGE, "could not try this object" },
  { "going", "GET", 200, "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"hackystack-app\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}", STACK_ACTION_REFUSED, "is being deleted" },
};

static void
test_answer (Fixture      *fixture,
             gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  StackChange *change;
  g_autoptr(GError) error = NULL;
  const char *words;

  assert_made (fixture);
  assert_carried_out (fixture);
  fake_cluster_answer (fixture->cluster, answers[index].method, DEPLOYMENT, 0, answers[index].status,
                       answers[index].body);
  assert_made (fixture);
  change = find_change (fixture, "Deployment");
  g_assert_cmpint (stack_change_get_action (change), ==, answers[index].action);
  words = stack_change_get_error (change) != NULL ? stack_change_get_error (change)->message
                                                  : stack_change_get_note (change);
  if (strstr (words, answers[index].words) == NULL)
    g_error ("“%s” is not in: %s", answers[index].words, words);
  g_assert_cmpint (stack_plan_check (fixture->plan, &error), ==,
                   answers[index].action != STACK_ACTION_REFUSED);
  /* The others are known all the same. */
  g_assert_cmpint (stack_change_get_action (find_change (fixture, "Service")), ==,
                   STACK_ACTION_UNCHANGED);
}

/* A cluster that is away has no plan. */
static void
test_away (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  fake_cluster_answer (fixture->cluster, "GET", NAMESPACE, 0, FAKE_CLUSTER_AWAY, NULL);
  g_assert_false (make (fixture, FALSE, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);

  g_cancellable_cancel (cancellable);
  g_assert_false (make (fixture, FALSE, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_values (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  stack_settings_set_text (fixture->settings, STACK_FIELD_DATABASE_URL, "");
  g_assert_false (make (fixture, FALSE, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "*", "*"), ==, 0);
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
    { "/stack/plan/new-namespace", test_new_namespace },
    { "/stack/plan/carry-out", test_carry_out },
    { "/stack/plan/written-since", test_written_since },
    { "/stack/plan/not-ours", test_not_ours },
    { "/stack/plan/changed", test_changed },
    { "/stack/plan/conflict", test_conflict },
    { "/stack/plan/conflict-decided", test_conflict_decided },
    { "/stack/plan/conflict-forced", test_conflict_forced },
    { "/stack/plan/away", test_away },
    { "/stack/plan/values", test_values },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      g_autofree char *path = g_strconcat ("/stack/plan/removal/", removals[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_removal);
    }
  g_test_add_func ("/stack/plan/secret-text", test_secret_text);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/stack/plan/answer/", answers[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_answer, tear_down);
    }

  return g_test_run ();
}
