/* test-cluster-deployer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cluster-test.h"

#include "base-json.h"
#include "kube-object.h"
#include "kube-pod.h"
#include "kube-process.h"
#include "stack-deployer.h"
#include "stack-error.h"
#include "stack-session.h"
#include "stack-status.h"
#include "stack-test.h"

#include <string.h>

/* The deployer against a real cluster, each test in a namespace of its own. */

#define N_OBJECTS 7
#define WAIT 7
#define PROOF 8
#define ENDPOINTS 9
#define VISIT 10

static StackManifestSet *
load_manifests (void)
{
  g_autoptr(GError) error = NULL;
  StackManifestSet *manifests = stack_test_load_manifests (NULL, &error);

  g_assert_no_error (error);

  return manifests;
}

static StackDeployer *
new_deployer (KubeClient    *client,
              StackSettings *settings)
{
  g_autoptr(StackManifestSet) manifests = load_manifests ();
  StackDeployer *deployer = stack_deployer_new (client, manifests, settings);

  stack_deployer_set_timeout (deployer, 240);

  return deployer;
}

static gboolean
run (StackDeployer *deployer,
     GCancellable  *cancellable,
     GError       **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_deployer_run_async (deployer, cancellable, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_deployer_run_finish (deployer, result, error);
}

static StackOperation *
get_operation (StackDeployer *deployer,
               guint          index)
{
  GListModel *operations = stack_deployer_get_operations (deployer);
  g_autoptr(StackOperation) operation = g_list_model_get_item (operations, index);

  g_assert_nonnull (operation);

  return operation;
}

static void
assert_outcomes (StackDeployer *deployer,
                 StackOutcome   outcome)
{
  for (guint i = 0; i < N_OBJECTS; i++)
    {
      StackOperation *operation = get_operation (deployer, i);

      g_test_message ("%s: %s", stack_operation_get_title (operation),
                      stack_operation_get_detail (operation));
      g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_DONE);
      g_assert_cmpint (stack_operation_get_outcome (operation), ==, outcome);
    }
}

static void
assert_outcome_of (StackDeployer *deployer,
                   const char    *title,
                   StackOutcome   outcome)
{
  for (guint i = 0; i < N_OBJECTS; i++)
    {
      StackOperation *operation = get_operation (deployer, i);

      if (!g_str_has_prefix (stack_operation_get_title (operation), title))
        continue;
      g_assert_cmpint (stack_operation_get_outcome (operation), ==, outcome);
      return;
    }
  g_error ("No operation is called “%s”.", title);
}

static void
assert_no_secrets (StackDeployer *deployer,
                   StackSettings *settings,
                   const char    *message)
{
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const char *secret = stack_settings_get_text (settings, id);

      if (!stack_field_get (id)->secret)
        continue;
      if (message != NULL)
        g_assert_null (strstr (message, secret));
      for (guint i = 0; i <= VISIT; i++)
        {
          StackOperation *operation = get_operation (deployer, i);

          g_assert_null (strstr (stack_operation_get_detail (operation), secret));
          g_assert_null (strstr (stack_operation_get_title (operation), secret));
        }
    }
}

static guint
count_ready (StackDeployer *deployer)
{
  GListModel *pods = stack_deployer_get_pods (deployer);
  guint       n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (pods); i++)
    {
      g_autoptr(KubeObject) pod = g_list_model_get_item (pods, i);

      if (kube_pod_is_ready (kube_object_get_node (pod)))
        n++;
    }

  return n;
}

static StackStatus *
read_status (KubeClient    *client,
             StackSettings *settings)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackStatus *status;

  stack_status_read_async (client, stack_settings_get_text (settings, STACK_FIELD_NAMESPACE), NULL,
                           stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  status = stack_status_read_finish (result, &error);
  g_assert_no_error (error);
  g_test_message ("%s", status->summary);

  return status;
}

static void
test_deploy (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(StackStatus) before = NULL;
  g_autoptr(StackStatus) after = NULL;
  g_autoptr(StackStatus) rolled = NULL;
  g_autoptr(GError) error = NULL;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("deploy");
  deployer = new_deployer (client, settings);
  before = read_status (client, settings);
  g_assert_false (before->deployed);

  g_assert_cmpuint (g_list_model_get_n_items (stack_deployer_get_operations (deployer)), ==, 11);
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stack_deployer_get_state (deployer), ==, STACK_DEPLOYER_DONE);
  g_assert_true (stack_deployer_get_changed (deployer));
  g_assert_cmpstr (stack_deployer_get_health (deployer), ==, "healthy");
  g_assert_cmpstr (stack_operation_get_detail (get_operation (deployer, WAIT)), ==,
                   "2 of 2 pods ready");
  g_assert_cmpuint (count_ready (deployer), ==, 2);
  assert_outcomes (deployer, STACK_OUTCOME_CREATED);
  assert_no_secrets (deployer, settings, NULL);

  after = read_status (client, settings);
  g_assert_true (after->deployed);
  g_assert_cmpuint (after->ready, ==, 2);
  g_assert_cmpuint (after->pods->len, ==, 2);
  g_assert_cmpuint (after->health_status, ==, 200);
  g_assert_cmpstr (after->health, ==, "healthy");
  g_assert_cmpstr (after->host, ==, stack_settings_get_text (settings, STACK_FIELD_HOST));

  /* The same once more changes nothing. */
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (stack_deployer_get_changed (deployer));
  assert_outcomes (deployer, STACK_OUTCOME_UNCHANGED);

  /* A value that only pods read when they start: the digest makes new ones. */
  stack_settings_read_values (settings, "extra: {LOG_LEVEL: debug}", -1, &error);
  g_assert_no_error (error);
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (stack_deployer_get_changed (deployer));
  assert_outcome_of (deployer, "Namespace", STACK_OUTCOME_UNCHANGED);
  assert_outcome_of (deployer, "ConfigMap hackystack-config", STACK_OUTCOME_CHANGED);
  assert_outcome_of (deployer, "Secret hackystack-secrets", STACK_OUTCOME_UNCHANGED);
  assert_outcome_of (deployer, "PodDisruptionBudget hackystack-pdb", STACK_OUTCOME_UNCHANGED);
  assert_outcome_of (deployer, "Deployment hackystack-app", STACK_OUTCOME_CHANGED);

  rolled = read_status (client, settings);
  g_assert_cmpuint (rolled->ready, ==, 2);
  for (guint i = 0; i < rolled->pods->len; i++)
    {
      StackPodStatus *now = g_ptr_array_index (rolled->pods, i);

      for (guint j = 0; j < after->pods->len; j++)
        {
          StackPodStatus *then = g_ptr_array_index (after->pods, j);

          /* The old ones may still be on their way out. */
          if (g_str_equal (now->status, "Running"))
            g_assert_cmpstr (now->name, !=, then->name);
        }
    }

  cluster_test_drop (client, settings);
}

static void
run_kubectl (StackSettings     *settings,
             const char *const *arguments)
{
  const char *ns = stack_settings_get_text (settings, STACK_FIELD_NAMESPACE);
  g_autoptr(GPtrArray) line = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (line, (gpointer) cluster_test_get_program ());
  g_ptr_array_add (line, (gpointer) "kubectl");
  g_ptr_array_add (line, (gpointer) "-n");
  g_ptr_array_add (line, (gpointer) ns);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (line, (gpointer) arguments[i]);
  g_ptr_array_add (line, NULL);
  process = g_subprocess_newv ((const char *const *) line->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_visited (StackDeployer *deployer,
                const char    *scheme,
                const char    *words)
{
  StackOperation *operation = get_operation (deployer, VISIT);
  const char     *detail = stack_operation_get_detail (operation);

  g_test_message ("%s", detail);
  g_assert_cmpint (stack_operation_get_outcome (operation), ==, STACK_OUTCOME_READY);
  g_assert_true (g_str_has_prefix (detail, scheme));
  g_assert_nonnull (strstr (detail, words));
}

/* Visitors come in by the Ingress, and are shown our certificate; without TLS if so asked for. */
static void
test_visit (void)
{
  g_autofree char *tls = NULL;
  g_autofree char *cert = NULL;
  g_autofree char *key = NULL;
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;
  const char *words;

  if (!cluster_test_is_ours ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("visit");
  deployer = new_deployer (client, settings);
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  /* Their controller may still be about to write the second one. */
  words = stack_operation_get_detail (get_operation (deployer, ENDPOINTS));
  g_assert_true (g_str_equal (words, "2 ready endpoints") ||
                 g_str_equal (words, "1 ready endpoint"));
  assert_visited (deployer, "https://", " answers (HTTP 200) with a certificate of the controller's");

  tls = g_build_filename (g_getenv ("HACKYSTACK_TEST_KUBECONFIGS"), "..", "tls", NULL);
  cert = g_strdup_printf ("--cert=%s/hackystack.local.crt", tls);
  key = g_strdup_printf ("--key=%s/hackystack.local.key", tls);
  run_kubectl (settings, (const char *const[]){ "delete", "secret", "hackystack-tls",
                                                "--ignore-not-found", NULL });
  run_kubectl (settings, (const char *const[]){ "create", "secret", "tls", "hackystack-tls", cert,
                                                key, NULL });
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  assert_visited (deployer, "https://", " answers (HTTP 200) with our certificate");

  stack_settings_set_text (settings, STACK_FIELD_TLS, "no");
  run (deployer, NULL, &error);
  g_assert_no_error (error);
  assert_visited (deployer, "http://", " answers (HTTP 200) without TLS");

  cluster_test_drop (client, settings);
}

/* The kubelet says why, long before the time is up. */
static void
test_missing_image (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("image");
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:does-not-exist");
  deployer = new_deployer (client, settings);

  g_assert_false (run (deployer, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_READY);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "hackystack:does-not-exist"));
  g_assert_cmpint (stack_deployer_get_state (deployer), ==, STACK_DEPLOYER_FAILED);
  g_assert_cmpint (stack_operation_get_state (get_operation (deployer, WAIT)), ==,
                   STACK_OPERATION_FAILED);
  g_assert_cmpint (stack_operation_get_state (get_operation (deployer, PROOF)), ==,
                   STACK_OPERATION_PENDING);
  assert_no_secrets (deployer, settings, error->message);

  cluster_test_drop (client, settings);
}

static void
apply_as (KubeClient *client,
          JsonNode   *object,
          const char *manager)
{
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(JsonNode) answer = NULL;
  g_autoptr(GError) error = NULL;

  request = kube_request_new_apply (object, manager, KUBE_APPLY_NONE, &error);
  g_assert_no_error (error);
  answer = cluster_test_call (client, request, &error);
  g_assert_no_error (error);
}

static void
test_conflict (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackManifestSet) manifests = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *config_map;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("conflict");
  manifests = load_manifests ();
  objects = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);
  apply_as (client, g_ptr_array_index (objects, 0), "other");
  config_map = g_ptr_array_index (objects, 1);
  json_object_set_string_member (base_json_get_object (config_map, "data", NULL), "NODE_ENV",
                                 "development");
  apply_as (client, config_map, "other");

  deployer = new_deployer (client, settings);
  g_assert_false (run (deployer, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_CONFLICT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "ConfigMap hackystack-config"));
  g_assert_nonnull (strstr (error->message, ".data.NODE_ENV belongs to “other”"));
  g_assert_nonnull (strstr (error->message, "Not applied: ConfigMap hackystack-config"));
  g_clear_error (&error);

  stack_deployer_set_force (deployer, TRUE);
  run (deployer, NULL, &error);
  g_assert_no_error (error);

  cluster_test_drop (client, settings);
}

/* The namespace is not ours to delete, what was put into it is. */
static void
clean_limited (void)
{
  static const struct
  {
    const KubeResource *resource;
    const char         *name;
  } objects[] = {
    { &KUBE_DEPLOYMENT, "hackystack-app" },
    { &KUBE_SERVICE, "hackystack-service" },
    { &KUBE_SECRET, "hackystack-secrets" },
    { &KUBE_CONFIG_MAP, "hackystack-config" },
  };
  g_autoptr(KubeClient) client = cluster_test_connect ("admin");

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autoptr(KubeRequest) request = NULL;
      g_autoptr(JsonNode) answer = NULL;
      g_autoptr(GError) error = NULL;

      request = kube_request_new_delete (objects[i].resource, "hackystack-limited",
                                         objects[i].name, "Background");
      answer = cluster_test_call (client, request, &error);
      g_assert_no_error (error);
    }
}

static void
test_forbidden (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;

  if (!cluster_test_is_ours ())
    return;

  client = cluster_test_connect ("deployer");
  settings = cluster_test_new_settings ("forbidden");
  stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, "hackystack-limited");
  deployer = new_deployer (client, settings);

  g_assert_false (run (deployer, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, STACK_ERROR, STACK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "Ingress hackystack-ingress was refused"));
  g_assert_nonnull (strstr (error->message, "forbidden"));
  g_assert_nonnull (strstr (error->message, "Ask the cluster's administrator for the rights to "
                                            "get, create and patch ingresses in the namespace "
                                            "“hackystack-limited”"));
  g_assert_nonnull (strstr (error->message, "Ingress hackystack-ingress"));
  g_assert_cmpint (stack_deployer_get_state (deployer), ==, STACK_DEPLOYER_FAILED);
  assert_no_secrets (deployer, settings, error->message);

  clean_limited ();
}

static void
on_detail_cb (StackOperation *operation,
              GParamSpec     *pspec,
              GCancellable   *cancellable)
{
  if (stack_operation_get_state (operation) == STACK_OPERATION_RUNNING &&
      *stack_operation_get_detail (operation) != '\0')
    g_cancellable_cancel (cancellable);
}

static void
test_cancel (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("cancel");
  deployer = new_deployer (client, settings);
  g_signal_connect (get_operation (deployer, WAIT), "notify::detail", G_CALLBACK (on_detail_cb),
                    cancellable);

  g_assert_false (run (deployer, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "Ingress hackystack-ingress."));
  g_assert_null (strstr (error->message, "Not applied"));
  g_assert_cmpint (stack_deployer_get_state (deployer), ==, STACK_DEPLOYER_CANCELLED);
  g_assert_cmpint (stack_operation_get_state (get_operation (deployer, WAIT)), ==,
                   STACK_OPERATION_CANCELLED);

  cluster_test_drop (client, settings);
}

typedef struct
{
  Relay *relay;
  guint  seconds;
  guint  n_cuts;
} Outage;

static gboolean
on_mend_cb (gpointer user_data)
{
  Outage *outage = user_data;

  relay_mend (outage->relay);

  return G_SOURCE_REMOVE;
}

/* Cuts the wire when the wait has first something to say. */
static void
on_outage_cb (StackOperation *operation,
              GParamSpec     *pspec,
              Outage         *outage)
{
  const char *detail = stack_operation_get_detail (operation);

  g_test_message ("%s: %s", stack_operation_get_title (operation), detail);
  if (outage->n_cuts > 0 || *detail == '\0')
    return;

  outage->n_cuts++;
  relay_cut (outage->relay);
  g_timeout_add_seconds (outage->seconds, on_mend_cb, outage);
}

/* The cluster goes away in the middle of the wait: what happened meanwhile is seen afterwards. */
static void
run_through_outage (const char *purpose,
                    const char *image,
                    guint       operation,
                    GError    **error)
{
  Outage outage = { NULL, 8, 0 };
  g_autoptr(KubeClient) client = cluster_test_connect_by_relay ("admin", &outage.relay);
  g_autoptr(KubeClient) direct = cluster_test_connect ("admin");
  g_autoptr(StackSettings) settings = cluster_test_new_settings (purpose);
  g_autoptr(StackDeployer) deployer = NULL;

  if (image != NULL)
    stack_settings_set_text (settings, STACK_FIELD_IMAGE, image);
  deployer = new_deployer (client, settings);
  g_signal_connect (get_operation (deployer, operation), "notify::detail",
                    G_CALLBACK (on_outage_cb), &outage);
  run (deployer, NULL, error);
  g_assert_cmpuint (outage.n_cuts, ==, 1);

  cluster_test_drop (direct, settings);
  g_clear_object (&deployer);
  /* Connections that were being made when the run ended are given up in the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&client);
  relay_free (outage.relay);
}

static void
test_outage (void)
{
  g_autoptr(GError) error = NULL;

  if (!cluster_test_is_ours ())
    return;

  run_through_outage ("outage", NULL, WAIT, &error);
  g_assert_no_error (error);
}

static void
test_outage_missing_image (void)
{
  g_autoptr(GError) error = NULL;

  if (!cluster_test_is_ours ())
    return;

  run_through_outage ("outage-image", "hackystack:does-not-exist", WAIT, &error);
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_READY);
}

/* Started, never ready: in progress until the time is up, with the reason in words. */
static void
test_time_out (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("timeout");
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:bad");
  deployer = new_deployer (client, settings);
  stack_deployer_set_timeout (deployer, 12);

  g_assert_false (run (deployer, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_TIMED_OUT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "did not get ready in time"));

  cluster_test_drop (client, settings);
}

static void
test_session (void)
{
  g_autoptr(StackSession) session = NULL;
  g_autoptr(KubeReflector) pods = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) selected = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  StackAnswer      answer = { NULL };

  if (!cluster_test_can_run ())
    return;

  path = cluster_test_find_kubeconfig ("admin");
  session = stack_session_new (path, "test");
  stack_session_load_async (session, NULL, stack_answer_cb, &answer);
  loaded = stack_answer_wait (&answer);
  stack_session_load_finish (session, loaded, &error);
  g_assert_no_error (error);

  stack_session_select_context_async (session, NULL, NULL, stack_answer_cb, &answer);
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_CONNECTING);
  selected = stack_answer_wait (&answer);
  stack_session_select_context_finish (session, selected, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_CONNECTED);
  g_assert_true (g_str_has_prefix (stack_session_get_server_version (session), "v1."));
  g_assert_null (stack_session_get_connection_error (session));

  pods = stack_session_ref_pods (session, "kube-system");
  while (!kube_reflector_get_synced (pods))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (kube_reflector_get_model (pods)), >, 0);
  g_assert_cmpint (kube_reflector_find_column (pods, "Restarts"), >=, 0);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  /* No test has business with the keyring of whoever runs it. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/cluster/session", test_session);
  g_test_add_func ("/stack/cluster/deploy", test_deploy);
  g_test_add_func ("/stack/cluster/missing-image", test_missing_image);
  g_test_add_func ("/stack/cluster/conflict", test_conflict);
  g_test_add_func ("/stack/cluster/forbidden", test_forbidden);
  g_test_add_func ("/stack/cluster/visit", test_visit);
  g_test_add_func ("/stack/cluster/cancel", test_cancel);
  g_test_add_func ("/stack/cluster/time-out", test_time_out);
  g_test_add_func ("/stack/cluster/outage", test_outage);
  g_test_add_func ("/stack/cluster/outage-missing-image", test_outage_missing_image);

  return g_test_run ();
}
