/* test-revision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-history.h"
#include "stack-revision-change.h"
#include "stack-revision-private.h"
#include "stack-test.h"

#include "base-json.h"
#include "base-redact.h"

#include <string.h>

#define NAMESPACE "/api/v1/namespaces/hackystack"
#define SECRETS NAMESPACE "/secrets"
#define REVISION SECRETS "/hackystack-revision-"
#define HEALTH NAMESPACE "/services/hackystack-service:http/proxy/api/health"
#define PASSWORD "d0-n0t-f1nd-m3"

/* How two revisions differ, in words. */

typedef struct
{
  const char *config_map; /* of the later one; the first has A and B */
  const char *secret;
  const char *template;
  const char *words;
} ChangeCase;

#define TEMPLATE(image, digest, rest)                                                           \
  "{\"metadata\":{\"annotations\":{\"desktop.hackystack.io/config-digest\":\"" digest "\"" rest \
  "}},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"" image "\"}]}}"

static const ChangeCase change_cases[] = {
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}", TEMPLATE ("app:v1", "0", ""),
    "nothing changed" },
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}", TEMPLATE ("app:v2", "0", ""),
    "image v1 → v2" },
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}", TEMPLATE ("other:v1", "0", ""),
    "image app:v1 → other:v1" },
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}", TEMPLATE ("reg:5000/app", "0", ""),
    "image app:v1 → reg:5000/app" },
  { "{\"A\":\"1\",\"B\":\"3\"}", "{\"S\":\"czE=\"}", TEMPLATE ("app:v1", "1", ""),
    "1 setting changed" },
  { "{\"A\":\"1\",\"C\":\"3\"}", "{\"S\":\"czI=\",\"T\":\"\"}", TEMPLATE ("app:v2", "1", ""),
    "image v1 → v2; 2 settings changed; 2 secrets changed" },
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}",
    TEMPLATE ("app:v1", "0", ",\"example.com/x\":\"1\""), "pod template changed" },
  /* A restart is no change of what is deployed. */
  { "{\"A\":\"1\",\"B\":\"2\"}", "{\"S\":\"czE=\"}",
    TEMPLATE ("app:v1", "0", ",\"kubectl.kubernetes.io/restartedAt\":\"2026-01-01T00:00:00Z\""),
    "nothing changed" },
};

static JsonNode *
build_holder (const char *data)
{
  g_autofree char *text = g_strdup_printf ("{\"data\":%s}", data);
  JsonNode        *node = base_json_parse (text, -1, NULL);

  g_assert_nonnull (node);

  return node;
}

static StackRevision *
build_revision (const ChangeCase *test)
{
  g_autoptr(JsonNode) config_map = build_holder (test->config_map);
  g_autoptr(JsonNode) secret = build_holder (test->secret);
  g_autoptr(JsonNode) template = base_json_parse (test->template, -1, NULL);

  g_assert_nonnull (template);

  return stack_revision_new (config_map, secret, template);
}

static void
test_change (void)
{
  g_autoptr(StackRevision) first = build_revision (&change_cases[0]);

  for (guint i = 0; i < G_N_ELEMENTS (change_cases); i++)
    {
      g_autoptr(StackRevision) later = build_revision (&change_cases[i]);
      g_autoptr(StackRevisionChange) change = stack_revision_change_new (first, later);
      g_autofree char *words = stack_revision_change_describe (change);
      gboolean         same = g_str_equal (change_cases[i].words, "nothing changed");

      g_assert_cmpstr (words, ==, change_cases[i].words);
      g_assert_cmpint (stack_revision_change_is_empty (change), ==, same);
      g_assert_cmpint (stack_revision_is_same (first, later), ==, same);
    }
}

/* Side by side: all of settings and template, of secrets only that they differ, and of the order
 * in which they were kept nothing. */
static void
test_diff (void)
{
  static const ChangeCase  before = { "{\"A\":\"1\",\"B\":\"2\"}",
                                      "{\"KEPT\":\"a2VwdC0xMjM=\",\"OLD\":\"b2xkLTEyMw==\","
                                       "\"TURNED\":\"dHVybmVkLTE=\"}",
                                      TEMPLATE ("app:v1", "0", ""), NULL };
  static const ChangeCase  after = { "{\"B\":\"3\",\"A\":\"1\"}",
                                     "{\"KEPT\":\"a2VwdC0xMjM=\",\"NEW\":\"bmV3LTEyMw==\","
                                      "\"TURNED\":\"dHVybmVkLTI=\"}",
                                     TEMPLATE ("app:v2", "1", ""), NULL };
  static const char *const expected[] = { "-  B: \"2\"", "+  B: \"3\"", "-  OLD: ••• removed",
                                          "+  NEW: ••• new", "-  TURNED: •••",
                                          "+  TURNED: ••• changed", "image: app:v1",
                                          "image: app:v2", "KEPT: ••• unchanged" };
  static const char *const absent[] = { "config-digest", "kept", "old-", "new-", "turned-", "a2Vwd",
                                        "b2xkL", "bmV3L", "dHVybm", "-  A", "+  A" };
  g_autoptr(StackRevision) first = build_revision (&before);
  g_autoptr(StackRevision) later = build_revision (&after);
  g_autoptr(StackDiff) diff = stack_revision_change_build_diff (first, later);
  g_autoptr(StackDiff) none = stack_revision_change_build_diff (first, first);
  g_autofree char *text = stack_diff_print (diff, 100);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      if (strstr (text, expected[i]) == NULL)
        g_error ("“%s” is not in:\n%s", expected[i], text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    g_assert_null (strstr (text, absent[i]));
  g_assert_cmpuint (stack_diff_get_n_added (none) + stack_diff_get_n_removed (none), ==, 0);
}

/* Whoever reads a revision cannot print its secrets by mistake. */
static void
test_guarded (void)
{
  static const ChangeCase test = { "{}", "{\"DATABASE_URL\":\"dG8gYmUgZ3VhcmRlZA==\"}",
                                   TEMPLATE ("app:v1", "0", ""), NULL };
  StackRevision          *revision = build_revision (&test);
  g_autofree char        *during = base_redact_text ("it is to be guarded");
  g_autofree char        *after = NULL;

  g_assert_null (strstr (during, "to be guarded"));
  g_assert_finalize_object (revision);
  after = base_redact_text ("it is to be guarded");
  g_assert_cmpstr (after, ==, "it is to be guarded");
}

/* Revisions that deployments leave. */

typedef struct
{
  FakeCluster   *cluster;
  KubeClient    *client;
  StackSettings *settings;
  StackDeployer *deployer;
  StackHistory  *history;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);

  g_assert_no_error (error);
  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  fixture->settings = stack_settings_new ("test");
  stack_settings_read_values (fixture->settings,
                              "image: hackystack:v1\n"
                              "nextauthSecret: q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU\n"
                              "githubClientId: Ov23liABCDEFGHIJKLMN\n"
                              "githubClientSecret: 0123456789abcdef0123456789abcdef0123456a\n"
                              "databaseUrl: postgresql://app:" PASSWORD "@db/app\n",
                              -1, &error);
  g_assert_no_error (error);
  fixture->deployer = stack_deployer_new (fixture->client, manifests, fixture->settings);
  fixture->history = stack_history_new (fixture->client, "hackystack");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->deployer);
  g_assert_finalize_object (fixture->history);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

static gboolean
run (Fixture *fixture,
     GError **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_deployer_run_async (fixture->deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_deployer_run_finish (fixture->deployer, result, error);
}

static void
deploy (Fixture    *fixture,
        const char *image)
{
  g_autoptr(GError) error = NULL;

  stack_settings_set_text (fixture->settings, STACK_FIELD_IMAGE, image);
  run (fixture, &error);
  g_assert_no_error (error);
}

static guint
load (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  stack_history_load_async (fixture->history, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_history_load_finish (fixture->history, result, &error);
  g_assert_no_error (error);

  return g_list_model_get_n_items (G_LIST_MODEL (fixture->history));
}

static void
assert_revision (Fixture             *fixture,
                 guint                position,
                 guint                number,
                 const char          *summary,
                 StackRevisionOutcome outcome)
{
  g_autoptr(StackRevision) revision = NULL;

  revision = g_list_model_get_item (G_LIST_MODEL (fixture->history), position);
  g_assert_nonnull (revision);
  g_assert_cmpuint (stack_revision_get_number (revision), ==, number);
  g_assert_cmpstr (stack_revision_get_summary (revision), ==, summary);
  g_assert_cmpint (stack_revision_get_outcome (revision), ==, outcome);
}

static void
test_history (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *author = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());
  g_autoptr(GError) error = NULL;
  JsonNode      *secret;
  StackRevision *first;

  g_assert_cmpuint (load (fixture), ==, 0);
  deploy (fixture, "hackystack:v1");
  g_assert_cmpuint (stack_revision_get_number (stack_deployer_get_revision (fixture->deployer)),
                    ==, 1);
  g_assert_cmpuint (load (fixture), ==, 1);
  assert_revision (fixture, 0, 1, "first deployment", STACK_REVISION_PROVEN);
  first = stack_history_find (fixture->history, 1);
  g_assert_cmpstr (stack_revision_get_image (first), ==, "hackystack:v1");
  g_assert_cmpstr (stack_revision_get_author (first), ==, author);
  g_assert_cmpint (ABS (g_get_real_time () - stack_revision_get_time (first)), <,
                   G_TIME_SPAN_HOUR);

  /* Owned by the Deployment, marked as ours. */
  secret = fake_cluster_get (fixture->cluster, REVISION "1");
  g_assert_cmpstr (base_json_get_string (secret, "type", NULL), ==, "hackystack.io/revision");
  g_assert_cmpstr (base_json_get_string (secret, "metadata", "labels",
                                         "app.kubernetes.io/managed-by", NULL),
                   ==, "hackystack-desktop");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (secret, "metadata",
                                                                "ownerReferences", NULL)),
                    ==, 1);

  /* The same again is the same revision, and a number of pods is none of its own. */
  deploy (fixture, "hackystack:v1");
  stack_settings_set_text (fixture->settings, STACK_FIELD_REPLICAS, "3");
  deploy (fixture, "hackystack:v1");
  g_assert_cmpuint (load (fixture), ==, 1);

  stack_settings_read_values (fixture->settings, "extra: {LOG_LEVEL: debug}", -1, &error);
  g_assert_no_error (error);
  deploy (fixture, "hackystack:v2");
  g_assert_cmpuint (load (fixture), ==, 2);
  assert_revision (fixture, 0, 2, "image v1 → v2; 1 setting changed", STACK_REVISION_PROVEN);
}

static void
test_failed (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  StackRevision *running;
  JsonNode      *document;

  deploy (fixture, "hackystack:v1");
  g_assert_null (stack_deployer_get_evidence (fixture->deployer));
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 1, 503, "{\"status\":\"unhealthy\"}");
  stack_settings_set_text (fixture->settings, STACK_FIELD_IMAGE, "hackystack:v2");
  g_assert_false (run (fixture, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_UNHEALTHY);

  g_assert_cmpuint (load (fixture), ==, 2);
  assert_revision (fixture, 0, 2, "image v1 → v2", STACK_REVISION_FAILED);
  running = stack_history_find (fixture->history, 2);
  g_assert_true (stack_history_find_proven (fixture->history, running) ==
                 stack_history_find (fixture->history, 1));
  g_assert_true (stack_history_find_same (fixture->history, running) == running);

  document = stack_evidence_get_document (stack_deployer_get_evidence (fixture->deployer));
  g_assert_cmpstr (base_json_get_string (document, "namespace", NULL), ==, "hackystack");

  /* It was only a passing trouble. */
  deploy (fixture, "hackystack:v2");
  g_assert_cmpuint (load (fixture), ==, 2);
  assert_revision (fixture, 0, 2, "image v1 → v2", STACK_REVISION_PROVEN);
  g_assert_null (stack_deployer_get_evidence (fixture->deployer));
}

static void
test_ten (Fixture      *fixture,
          gconstpointer data)
{
  deploy (fixture, "hackystack:v1");
  fake_cluster_answer (fixture->cluster, "GET", HEALTH, 0, 503, "{\"status\":\"unhealthy\"}");
  for (guint i = 2; i <= 14; i++)
    {
      g_autofree char *image = g_strdup_printf ("hackystack:v%u", i);
      g_autoptr(GError) error = NULL;

      stack_settings_set_text (fixture->settings, STACK_FIELD_IMAGE, image);
      g_assert_false (run (fixture, &error));
    }

  /* The only one that is known to work is not given up. */
  g_assert_cmpuint (load (fixture), ==, 10);
  g_assert_nonnull (stack_history_find (fixture->history, 1));
  g_assert_null (stack_history_find (fixture->history, 5));
  assert_revision (fixture, 0, 14, "image v13 → v14", STACK_REVISION_FAILED);
  assert_revision (fixture, 9, 1, "first deployment", STACK_REVISION_PROVEN);
}

/* Another program takes the number between our list and our create. */
static void
test_race (Fixture      *fixture,
           gconstpointer data)
{
  deploy (fixture, "hackystack:v1");
  fake_cluster_answer (fixture->cluster, "POST", SECRETS, 1, 409,
                       "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                       "\"code\":409,\"reason\":\"AlreadyExists\",\"message\":\"exists\"}");
  deploy (fixture, "hackystack:v2");
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "POST", SECRETS), ==, 3);
  g_assert_cmpuint (load (fixture), ==, 2);
}

/* Who may keep no revisions may deploy nevertheless. */
static void
test_forbidden (Fixture      *fixture,
                gconstpointer data)
{
  fake_cluster_answer (fixture->cluster, "GET", SECRETS, 0, 403,
                       "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                       "\"code\":403,\"reason\":\"Forbidden\",\"message\":\"no\"}");
  deploy (fixture, "hackystack:v1");
  g_assert_null (stack_deployer_get_revision (fixture->deployer));
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "POST", SECRETS), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/revision/change", test_change);
  g_test_add_func ("/stack/revision/diff", test_diff);
  g_test_add_func ("/stack/revision/guarded", test_guarded);
  g_test_add ("/stack/revision/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add ("/stack/revision/failed", Fixture, NULL, set_up, test_failed, tear_down);
  g_test_add ("/stack/revision/ten", Fixture, NULL, set_up, test_ten, tear_down);
  g_test_add ("/stack/revision/race", Fixture, NULL, set_up, test_race, tear_down);
  g_test_add ("/stack/revision/forbidden", Fixture, NULL, set_up, test_forbidden, tear_down);

  return g_test_run ();
}
