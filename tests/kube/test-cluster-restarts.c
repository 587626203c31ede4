/* test-cluster-restarts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The API server ends and comes back at random moments, while a namespace changes and is watched.
 * After each time the model is what kubectl lists. HACKYSTACK_TEST_RESTARTS is how often; a seed
 * that --seed takes is told at the beginning. */

#include "base-json.h"
#include "kube-process.h"
#include "kube-reflector.h"
#include "own-cluster.h"
#include "quoted.h"

#define PATIENCE (60 * G_TIME_SPAN_SECOND)
#define DEFAULT_RESTARTS 10
#define N_OBJECTS 60
#define NS "changing"

/* Changes the namespace without a pause, whether that works or not. */
typedef struct
{
  KubeClient *client;
  guint       n_changes;
  guint       value;
  gboolean    active;
  gboolean    under_way;
} Changer;

static void change (Changer *changer);

static gboolean
wake_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
pause_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, wake_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
change_later_cb (gpointer user_data)
{
  change (user_data);

  return G_SOURCE_REMOVE;
}

static void
change_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Changer *changer = user_data;
  g_autoptr(JsonNode) answer = kube_client_call_finish (changer->client, result, NULL);

  changer->under_way = FALSE;
  if (answer != NULL)
    changer->n_changes++;
  if (!changer->active)
    return;

  changer->under_way = TRUE;
  g_timeout_add (answer != NULL ? 1 : 50, change_later_cb, changer);
}

static void
change (Changer *changer)
{
  guint            number = (guint) g_test_rand_int_range (0, N_OBJECTS);
  g_autofree char *name = g_strdup_printf ("c%02u", number);
  g_autoptr(KubeRequest) request = NULL;

  changer->under_way = TRUE;
  if (g_test_rand_int_range (0, 3) == 0)
    {
      request = kube_request_new_delete (&KUBE_CONFIG_MAP, NS, name, "Background");
    }
  else
    {
      g_autofree char *text = NULL;
      g_autoptr(JsonNode) object = NULL;

      text = g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'" NS
                              "','name':'%s'},'data':{'value':'%u'}}",
                              name, changer->value++);
      object = parse_quoted (text);
      request = kube_request_new_apply (object, "test", KUBE_APPLY_FORCE, NULL);
    }
  kube_client_call_async (changer->client, request, NULL, change_cb, changer);
}

static void
start_changing (Changer *changer)
{
  changer->active = TRUE;
  change (changer);
}

static void
stop_changing (Changer *changer)
{
  changer->active = FALSE;
  while (changer->under_way)
    g_main_context_iteration (NULL, TRUE);
}

static char *
describe_model (KubeReflector *reflector)
{
  GListModel *model = kube_reflector_get_model (reflector);
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s %s\n", kube_object_get_name (object),
                              kube_object_get_resource_version (object));
    }

  return g_string_free (text, FALSE);
}

/* So that a failure tells what came before it. */
static void
on_reflector_notify_cb (KubeReflector *reflector)
{
  GError *error = kube_reflector_get_error (reflector);

  g_test_message ("reflector %p: state %d, %s", reflector, kube_reflector_get_state (reflector),
                  error != NULL ? error->message : "no error");
}

/* Nothing changes any longer, so that what kubectl lists now is what the model has to become. */
static void
assert_truth (OwnCluster    *cluster,
              KubeReflector *reflector,
              const char    *what)
{
  g_autofree char *expected = own_cluster_kubectl (
      cluster, "get", "configmaps", "-n", NS, "-o",
      "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}",
      NULL);
  g_autofree char *model = describe_model (reflector);
  gint64           since = g_get_monotonic_time ();

  g_assert_nonnull (expected);
  while (!g_str_equal (model, expected) ||
         kube_reflector_get_state (reflector) != KUBE_REFLECTOR_WATCHING)
    {
      if (g_get_monotonic_time () - since > PATIENCE)
        g_error ("The %s stay different, in state %d.\nmodel:\n%skubectl:\n%s", what,
                 kube_reflector_get_state (reflector), model, expected);
      pause_ms (20);
      g_free (model);
      model = describe_model (reflector);
    }
  g_assert_no_error (kube_reflector_get_error (reflector));
}

static guint
count_restarts (void)
{
  const char *text = g_getenv ("HACKYSTACK_TEST_RESTARTS");
  guint64     n = DEFAULT_RESTARTS;

  if (text != NULL)
    g_assert_true (g_ascii_string_to_unsigned (text, 10, 1, 10000, &n, NULL));

  return (guint) n;
}

static void
restart (OwnCluster *cluster,
         Changer    *changer,
         guint       number)
{
  gboolean gracefully = g_test_rand_int_range (0, 2) == 1;
  guint    before_ms = (guint) g_test_rand_int_range (0, 1500);
  guint    away_ms = (guint) g_test_rand_int_range (0, 1000);

  start_changing (changer);
  pause_ms (before_ms);
  own_cluster_stop (cluster, gracefully);
  pause_ms (away_ms);
  own_cluster_start (cluster);
  pause_ms (100);
  stop_changing (changer);
  g_test_message ("restart %u: %s after %u ms, back after %u ms, %u changes so far", number,
                  gracefully ? "ended" : "killed", before_ms, away_ms, changer->n_changes);
}

static void
test_restarts (void)
{
  static const char *const names[] = { "objects", "rows" };
  g_autoptr(OwnCluster) cluster = NULL;
  g_autoptr(KubeClient) client = NULL;
  g_autofree char *created = NULL;
  KubeReflector   *reflectors[G_N_ELEMENTS (names)];
  Changer          changer = { 0 };
  guint            n = count_restarts ();

  if (g_getenv ("HACKYSTACK_TEST_KUBECONFIGS") == NULL || g_getenv ("HACKYSTACK_TEST_CLUSTER") == NULL)
    {
      g_test_skip ("HACKYSTACK_TEST_CLUSTER is not set: there is no API server to start");
      return;
    }

  cluster = own_cluster_new ();
  created = own_cluster_kubectl (cluster, "create", "namespace", NS, NULL);
  g_assert_nonnull (created);
  client = own_cluster_connect (cluster);
  changer.client = own_cluster_connect (cluster);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      reflectors[i] = kube_reflector_new (client, &KUBE_CONFIG_MAP, NS,
                                          i == 0 ? KUBE_FORM_OBJECT : KUBE_FORM_TABLE, NULL);
      g_signal_connect (reflectors[i], "notify::state", G_CALLBACK (on_reflector_notify_cb), NULL);
      g_signal_connect (reflectors[i], "notify::error", G_CALLBACK (on_reflector_notify_cb), NULL);
      kube_reflector_start (reflectors[i]);
    }

  for (guint number = 1; number <= n; number++)
    {
      restart (cluster, &changer, number);
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_truth (cluster, reflectors[i], names[i]);
    }

  g_assert_cmpuint (changer.n_changes, >, n);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_finalize_object (reflectors[i]);
  g_object_unref (changer.client);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/cluster-restarts", test_restarts);

  return g_test_run ();
}
