/* test-provision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-authority.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-provision.h"
#include "stack-test.h"

#include "base-json.h"
#include "kube-error.h"
#include "vault-session-store.h"

#include <string.h>

/* What the manifests need beside the settings, from a cluster and a vault that do as they are told. */

#define NAMESPACE "/api/v1/namespaces/hackystack"
#define TLS_SECRET NAMESPACE "/secrets/hackystack-tls"
#define CLASSES "/apis/networking.k8s.io/v1/ingressclasses"
#define JOBS "/apis/batch/v1/namespaces/hackystack/jobs/"
#define DEPLOYMENT "/apis/apps/v1/namespaces/hackystack/deployments/hackystack-app"
#define HOST "hackystack.local"
#define DAY G_GINT64_CONSTANT (86400)

typedef struct
{
  FakeCluster      *cluster;
  KubeClient       *client;
  VaultStore       *vault;
  StackManifestSet *manifests;
  StackSettings    *settings;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  fixture->vault = vault_session_store_new ();
  fixture->manifests = stack_test_load_manifests (NULL, &error);
  g_assert_no_error (error);
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
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->vault);
  g_assert_finalize_object (fixture->manifests);
  g_clear_object (&fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

static gboolean
provide (Fixture    *fixture,
         KubeClient *client,
         gboolean   *present,
         GError    **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_provision_async (fixture->manifests, fixture->settings, client, fixture->vault, NULL,
                         stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_provision_finish (result, present, error);
}

/* Puts a certificate into the cluster that was issued so many days ago, and returns it. */
static StackCertificate *
put (Fixture    *fixture,
     const char *host,
     gint64      age,
     gboolean    ours)
{
  gint64 then = g_get_real_time () / G_USEC_PER_SEC - age * DAY;
  g_autoptr(StackAuthority) authority = stack_authority_generate (then, NULL);
  StackCertificate *certificate = stack_authority_issue (authority, host, then, NULL);
  const char       *chain = stack_certificate_get_chain (certificate);
  const char       *key = vault_secret_get_text (stack_certificate_get_key (certificate));
  const char       *ca = stack_certificate_get_authority (certificate);
  g_autofree char  *chain_text = g_base64_encode ((const guchar *) chain, strlen (chain));
  g_autofree char  *key_text = g_base64_encode ((const guchar *) key, strlen (key));
  g_autofree char  *ca_text = g_base64_encode ((const guchar *) ca, strlen (ca));
  g_autofree char  *json = NULL;

  json = g_strdup_printf ("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"
                          "\"hackystack-tls\",\"labels\":{\"app.kubernetes.io/managed-by\":\"%s\"}},"
                          "\"data\":{\"tls.crt\":\"%s\",\"tls.key\":\"%s\",\"ca.crt\":\"%s\"}}",
                          ours ? "hackystack-desktop" : "cert-manager", chain_text, key_text, ca_text);
  fake_cluster_put (fixture->cluster, TLS_SECRET, json);

  return certificate;
}

static const char *
get_chain (Fixture *fixture)
{
  StackCertificate *certificate = stack_manifest_set_get_certificate (fixture->manifests);

  return certificate != NULL ? stack_certificate_get_chain (certificate) : NULL;
}

/* The authority is made once, and then issues for every host and every profile. */
static void
test_issue (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *authority = NULL;
  gboolean          present = TRUE;
  StackCertificate *certificate;

  provide (fixture, fixture->client, &present, &error);
  g_assert_no_error (error);
  g_assert_false (present);
  certificate = stack_manifest_set_get_certificate (fixture->manifests);
  g_assert_true (stack_certificate_is_for (certificate, HOST));
  authority = g_strdup (stack_certificate_get_authority (certificate));

  stack_settings_set_text (fixture->settings, STACK_FIELD_HOST, "other.local");
  provide (fixture, NULL, NULL, &error);
  g_assert_no_error (error);
  certificate = stack_manifest_set_get_certificate (fixture->manifests);
  g_assert_true (stack_certificate_is_for (certificate, "other.local"));
  g_assert_cmpstr (stack_certificate_get_authority (certificate), ==, authority);

  stack_settings_set_text (fixture->settings, STACK_FIELD_TLS, "no");
  provide (fixture, fixture->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (get_chain (fixture));
}

static void
test_present (Fixture      *fixture,
              gconstpointer data)
{
  static const struct
  {
    const char *host;
    gint64      age;
    gboolean    ours;
    gboolean    stays;
  } cases[] = {
    { HOST, 0, TRUE, TRUE },
    { HOST, 366, TRUE, TRUE },
    { HOST, 368, TRUE, FALSE },
    { HOST, 400, TRUE, FALSE },
    { "other.local", 0, TRUE, FALSE },
    { HOST, 366, FALSE, TRUE },
    { HOST, 368, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackCertificate) before = put (fixture, cases[i].host, cases[i].age, cases[i].ours);
      g_autoptr(GError) error = NULL;
      gboolean present;

      g_test_message ("case %u", i);
      provide (fixture, fixture->client, &present, &error);
      g_assert_no_error (error);
      g_assert_cmpint (present, ==, cases[i].stays);
      if (cases[i].stays && !cases[i].ours)
        g_assert_null (get_chain (fixture));
      else if (cases[i].stays)
        g_assert_cmpstr (get_chain (fixture), ==, stack_certificate_get_chain (before));
      else
        g_assert_cmpstr (get_chain (fixture), !=, stack_certificate_get_chain (before));
    }
}

/* A Secret that holds no certificate is no reason to give up. */
static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const texts[] = {
    "{\"kind\":\"Secret\"}",
    "{\"kind\":\"Secret\",\"data\":{\"tls.crt\":\"\",\"tls.key\":\"\"}}",
    "{\"kind\":\"Secret\",\"data\":{\"tls.crt\":\"AAAA\",\"tls.key\":\"AAAA\"}}",
    "{\"kind\":\"Secret\",\"data\":{\"tls.crt\":\"!\",\"tls.key\":5}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      fake_cluster_put (fixture->cluster, TLS_SECRET, texts[i]);
      provide (fixture, fixture->client, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (get_chain (fixture));
    }
}

/* Who may not look makes one; a cluster that is away is not the same as one that has none. */
static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const char forbidden[] = "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\","
                                  "\"message\":\"no\"}";
  g_autoptr(GError) error = NULL;

  fake_cluster_answer (fixture->cluster, "GET", TLS_SECRET, 1, 403, forbidden);
  fake_cluster_answer (fixture->cluster, "GET", CLASSES, 1, 403, forbidden);
  provide (fixture, fixture->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (get_chain (fixture));

  fake_cluster_answer (fixture->cluster, "GET", TLS_SECRET, 0, FAKE_CLUSTER_AWAY, NULL);
  g_assert_false (provide (fixture, fixture->client, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_null (get_chain (fixture));
}

static void
test_classes (Fixture      *fixture,
              gconstpointer data)
{
  static const char plain[] = "{\"kind\":\"IngressClass\",\"metadata\":{\"name\":\"%s\"}}";
  static const char with_default[] =
      "{\"kind\":\"IngressClass\",\"metadata\":{\"name\":\"a\",\"annotations\":"
      "{\"ingressclass.kubernetes.io/is-default-class\":\"true\"}}}";
  static const char *const names[] = { "traefik", "nginx" };
  g_autoptr(GError) error = NULL;

  provide (fixture, fixture->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (stack_manifest_set_get_ingress_class (fixture->manifests));

  /* The first by name, whatever the order. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat (CLASSES "/", names[i], NULL);
      g_autoptr(GString) text = g_string_new (plain);

      g_string_replace (text, "%s", names[i], 0);
      fake_cluster_put (fixture->cluster, path, text->str);
      provide (fixture, fixture->client, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (stack_manifest_set_get_ingress_class (fixture->manifests), ==, names[i]);
    }

  fake_cluster_put (fixture->cluster, CLASSES "/a", with_default);
  provide (fixture, fixture->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (stack_manifest_set_get_ingress_class (fixture->manifests));
}

/* The deployer: with a vault it begins with all that, and a Job comes to its end before the app. */

static StackDeployer *
new_deployer (Fixture *fixture)
{
  StackDeployer *deployer = stack_deployer_new (fixture->client, fixture->manifests, fixture->settings);

  stack_deployer_set_vault (deployer, fixture->vault);

  return deployer;
}

static gboolean
run (StackDeployer *deployer,
     GError       **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_deployer_run_async (deployer, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_deployer_run_finish (deployer, result, error);
}

static void
test_deploy (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(StackDeployer) deployer = new_deployer (fixture);
  g_autoptr(GError) error = NULL;
  GListModel *operations = stack_deployer_get_operations (deployer);

  fake_cluster_answer (fixture->cluster, "GET", TLS_SECRET, 1, FAKE_CLUSTER_AWAY, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 11);
  run (deployer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 12);
  g_assert_nonnull (fake_cluster_get (fixture->cluster, TLS_SECRET));

  run (deployer, &error);
  g_assert_no_error (error);
  g_assert_false (stack_deployer_get_changed (deployer));
}

static char *
find_job (Fixture *fixture)
{
  g_autoptr(GPtrArray) objects = stack_manifest_set_fill (fixture->manifests, fixture->settings, NULL);

  for (guint i = 0; i < objects->len; i++)
    {
      if (g_strcmp0 (base_json_get_string (g_ptr_array_index (objects, i), "kind", NULL), "Job") == 0)
        return g_strconcat (JOBS,
                            base_json_get_string (g_ptr_array_index (objects, i), "metadata", "name",
                                                  NULL),
                            NULL);
    }

  g_assert_not_reached ();
}

static void
test_job (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  stack_settings_set_text (fixture->settings, STACK_FIELD_MIGRATION_IMAGE, "migrate:v1");
  path = find_job (fixture);
  deployer = new_deployer (fixture);
  run (deployer, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fake_cluster_get (fixture->cluster, path));
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", path), ==, 0);

  /* One that is done is not done again. */
  run (deployer, &error);
  g_assert_no_error (error);
  g_assert_false (stack_deployer_get_changed (deployer));

  /* One that has failed is: whoever deploys again wants that. */
  fake_cluster_set_jobs_fail (fixture->cluster, TRUE);
  stack_settings_set_text (fixture->settings, STACK_FIELD_IMAGE, "hackystack:v2");
  g_assert_false (run (deployer, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_READY);
  g_clear_error (&error);
  fake_cluster_set_jobs_fail (fixture->cluster, FALSE);
  g_free (path);
  path = find_job (fixture);
  run (deployer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", path), ==, 1);
  g_assert_true (stack_deployer_get_changed (deployer));
}

/* When it fails, the app is not touched. */
static void
test_job_fails (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;

  stack_settings_set_text (fixture->settings, STACK_FIELD_MIGRATION_IMAGE, "migrate:v1");
  fake_cluster_set_jobs_fail (fixture->cluster, TRUE);
  deployer = new_deployer (fixture);
  g_assert_false (run (deployer, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_READY);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "The app was not touched"));
  g_assert_nonnull (strstr (error->message, "it has had its tries"));
  g_assert_nonnull (strstr (error->message, "kubectl logs -n hackystack job/hackystack-migration-"));
  g_assert_null (fake_cluster_get (fixture->cluster, DEPLOYMENT));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define add(name, function) \
  g_test_add ("/stack/provision/" name, Fixture, NULL, set_up, function, tear_down)
  add ("issue", test_issue);
  add ("present", test_present);
  add ("damaged", test_damaged);
  add ("refused", test_refused);
  add ("classes", test_classes);
  add ("deploy", test_deploy);
  add ("job", test_job);
  add ("job-fails", test_job_fails);
#undef add

  return g_test_run ();
}
