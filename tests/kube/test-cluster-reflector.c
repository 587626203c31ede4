/* test-cluster-reflector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Against a real cluster, whose API server is stopped and started in between. */

#include "await.h"
#include "base-json.h"
#include "cluster-pods.h"
#include "kube-config.h"
#include "kube-error.h"
#include "kube-log-stream.h"
#include "kube-process.h"
#include "kube-reflector.h"
#include "quoted.h"

#define PATIENCE (300 * G_TIME_SPAN_SECOND)
#define N_OBJECTS 520

typedef struct
{
  KubeClient *client;
  char       *ns;
} Fixture;

/* That of the test that runs. */
static const char *namespace_;

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static void
iterate (const char *what,
         gint64      since)
{
  guint alarm = g_timeout_add (100, wake_cb, NULL);

  if (g_get_monotonic_time () - since > PATIENCE)
    {
      cluster_tell_pods (namespace_);
      g_error ("waited in vain for: %s", what);
    }
  g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, alarm) != NULL)
    g_source_remove (alarm);
}

#define WAIT_UNTIL(condition)                    \
  G_STMT_START                                   \
  {                                              \
    gint64 wait_since = g_get_monotonic_time (); \
                                                 \
    while (!(condition))                         \
      iterate (#condition, wait_since);          \
  }                                              \
  G_STMT_END

static KubeClient *
connect_to_cluster (void)
{
  const char      *directory = g_getenv ("HACKYSTACK_TEST_KUBECONFIGS");
  g_autofree char *path = g_build_filename (directory, "admin", NULL);
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  KubeClient *client;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_free (path);
      path = g_build_filename (directory, "admin.kubeconfig", NULL);
    }
  kube_config_load_async (path, NULL, await_cb, &loaded);
  config = kube_config_load_finish (await (&loaded), &error);
  g_assert_no_error (error);
  kube_client_connect_async (kube_config_get_context (config, NULL, NULL), NULL, await_cb,
                             &connected);
  client = kube_client_connect_finish (await (&connected), &error);
  g_assert_no_error (error);

  return client;
}

static JsonNode *
call (KubeClient  *client,
      KubeRequest *request)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *node;

  kube_client_call_async (client, request, NULL, await_cb, &result);
  node = kube_client_call_finish (client, await (&result), &error);
  g_assert_no_error (error);

  return node;
}

static void
apply (Fixture    *fixture,
       const char *format,
       ...) G_GNUC_PRINTF (2, 3);

/* Applies an object, written with ' for ". */
static void
apply (Fixture    *fixture,
       const char *format,
       ...)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) object = NULL;
  g_autoptr(JsonNode) answer = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  object = parse_quoted (text);
  request = kube_request_new_apply (object, "hackystack-test", KUBE_APPLY_FORCE, &error);
  g_assert_no_error (error);
  answer = call (fixture->client, request);
}

static void delete (Fixture            *fixture,
                    const KubeResource *resource,
                    const char         *ns,
                    const char         *name)
{
  g_autoptr(KubeRequest) request = kube_request_new_delete (resource, ns, name, "Background");
  g_autoptr(JsonNode) answer = call (fixture->client, request);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  if (g_getenv ("HACKYSTACK_TEST_KUBECONFIGS") == NULL)
    return;

  fixture->client = connect_to_cluster ();
  fixture->ns = g_strdup_printf ("reflector-%08x", g_random_int ());
  apply (fixture, "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'}}", fixture->ns);
  cluster_await_service_account (fixture->client, fixture->ns);
  namespace_ = fixture->ns;
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->client != NULL)
    delete (fixture, &KUBE_NAMESPACE, NULL, fixture->ns);
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->ns, g_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
skip_without_cluster (void)
{
  if (g_getenv ("HACKYSTACK_TEST_KUBECONFIGS") == NULL)
    g_test_skip ("HACKYSTACK_TEST_KUBECONFIGS is not set: there is no test cluster");
  else if (g_getenv ("HACKYSTACK_TEST_CLUSTER") == NULL)
    g_test_skip ("HACKYSTACK_TEST_CLUSTER is not set: the API server cannot be stopped");
  else if (g_getenv ("HACKYSTACK_TEST_KUBECONFIG") != NULL)
    g_test_skip ("The API server of another cluster is left alone.");
  else
    return FALSE;

  return TRUE;
}

static void
run_apiserver (const char *verb)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                              g_getenv ("HACKYSTACK_TEST_CLUSTER"), "apiserver", verb, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, await_cb, &result);
  g_subprocess_wait_check_finish (process, await (&result), &error);
  g_assert_no_error (error);
}

static void
apply_config (Fixture *fixture,
              guint    number,
              guint    value)
{
  apply (fixture, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'%s',"
                  "'name':'c%04u'},'data':{'value':'%u'}}",
         fixture->ns, number, value);
}

static void
delete_config (Fixture *fixture,
               guint    number)
{
  g_autofree char *name = g_strdup_printf ("c%04u", number);

  delete (fixture, &KUBE_CONFIG_MAP, fixture->ns, name);
}

/* Key and resource version of every row, by a list made now. */
static char *
describe_list (Fixture            *fixture,
               const KubeResource *resource)
{
  g_autoptr(KubeRequest) request =
                 kube_request_new_list (resource, fixture->ns, KUBE_FORM_OBJECT, NULL, 0, NULL);
  g_autoptr(JsonNode) list = call (fixture->client, request);
  JsonArray *items = base_json_get_array (list, "items", NULL);
  GString   *text = g_string_new (NULL);
  guint      i;

  for (i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *item = json_array_get_element (items, i);

      g_string_append_printf (text, "%s %s\n",
                              base_json_get_string (item, "metadata", "name", NULL),
                              base_json_get_string (item, "metadata", "resourceVersion", NULL));
    }

  return g_string_free (text, FALSE);
}

static char *
describe_model (KubeReflector *reflector)
{
  GListModel *model = kube_reflector_get_model (reflector);
  GString    *text = g_string_new (NULL);
  guint       i;

  for (i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s %s\n", kube_object_get_name (object),
                              kube_object_get_resource_version (object));
    }

  return g_string_free (text, FALSE);
}

/* The model gets equal to a fresh list, row by row. */
static void
wait_for_truth (Fixture            *fixture,
                const KubeResource *resource,
                KubeReflector      *reflector)
{
  g_autofree char *expected = describe_list (fixture, resource);
  g_autofree char *model = describe_model (reflector);
  gint64           since = g_get_monotonic_time ();

  while (!g_str_equal (model, expected))
    {
      iterate ("the model to equal the list", since);
      g_free (expected);
      expected = describe_list (fixture, resource);
      g_free (model);
      model = describe_model (reflector);
    }
}

/* So that a failure tells what came before it. */
static void
on_reflector_notify_cb (KubeReflector *reflector)
{
  GError *error = kube_reflector_get_error (reflector);

  g_test_message ("reflector %p: state %d, %s", reflector, kube_reflector_get_state (reflector),
                  error != NULL ? error->message : "no error");
}

static KubeReflector *
new_reflector (Fixture            *fixture,
               const KubeResource *resource,
               KubeForm            form)
{
  KubeReflector *reflector;

  reflector = kube_reflector_new (fixture->client, resource, fixture->ns, form, NULL);
  g_signal_connect (reflector, "notify::state", G_CALLBACK (on_reflector_notify_cb), NULL);
  g_signal_connect (reflector, "notify::error", G_CALLBACK (on_reflector_notify_cb), NULL);
  kube_reflector_start (reflector);

  return reflector;
}

static void
change_configs (Fixture *fixture,
                guint    round)
{
  guint i;

  for (i = 0; i < 10; i++)
    {
      apply_config (fixture, (guint) g_test_rand_int_range (0, N_OBJECTS / 2), round);
      delete_config (fixture, N_OBJECTS - 1 - 10 * round - i);
      apply_config (fixture, N_OBJECTS + 10 * round + i, round);
    }
}

static void
test_config_maps (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(KubeReflector) objects = NULL;
  g_autoptr(KubeReflector) rows = NULL;
  KubeObject *first;
  guint       i;

  if (skip_without_cluster ())
    return;

  for (i = 0; i < N_OBJECTS; i++)
    apply_config (fixture, i, 0);
  objects = new_reflector (fixture, &KUBE_CONFIG_MAP, KUBE_FORM_OBJECT);
  rows = new_reflector (fixture, &KUBE_CONFIG_MAP, KUBE_FORM_TABLE);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, objects);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, rows);
  g_assert_cmpint (kube_reflector_find_column (rows, "Name"), ==, 0);
  first = g_list_model_get_item (kube_reflector_get_model (objects), 0);

  change_configs (fixture, 1);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, objects);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, rows);

  run_apiserver ("stop");
  WAIT_UNTIL (g_error_matches (kube_reflector_get_error (objects), KUBE_ERROR,
                               KUBE_ERROR_UNREACHABLE));
  WAIT_UNTIL (kube_reflector_get_state (rows) == KUBE_REFLECTOR_BACKING_OFF);
  g_assert_cmpuint (g_list_model_get_n_items (kube_reflector_get_model (objects)), >, N_OBJECTS);
  run_apiserver ("start");
  change_configs (fixture, 2);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, objects);
  wait_for_truth (fixture, &KUBE_CONFIG_MAP, rows);
  WAIT_UNTIL (kube_reflector_get_state (objects) == KUBE_REFLECTOR_WATCHING);
  WAIT_UNTIL (kube_reflector_get_state (rows) == KUBE_REFLECTOR_WATCHING);
  g_assert_no_error (kube_reflector_get_error (objects));

  g_assert_true (kube_reflector_lookup (objects, kube_object_get_key (first)) == first);
  g_object_unref (first);
}

static void
apply_pod (Fixture    *fixture,
           const char *name,
           const char *policy,
           const char *container)
{
  apply (fixture, "{'apiVersion':'v1','kind':'Pod','metadata':{'namespace':'%s','name':'%s'},"
                  "'spec':{'restartPolicy':'%s','terminationGracePeriodSeconds':0,"
                  "'automountServiceAccountToken':false,'containers':[{"
                  "'name':'web','imagePullPolicy':'IfNotPresent',%s}]}}",
         fixture->ns, name, policy,
         container);
}

static void
test_pods (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(KubeReflector) rows = NULL;
  guint i;

  if (skip_without_cluster ())
    return;

  rows = new_reflector (fixture, &KUBE_POD, KUBE_FORM_TABLE);
  for (i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("sleeper-%u", i);

      apply_pod (fixture, name, "Always", "'image':'busybox:latest','command':['sleep','3600']");
    }
  wait_for_truth (fixture, &KUBE_POD, rows);

  run_apiserver ("stop");
  WAIT_UNTIL (kube_reflector_get_state (rows) == KUBE_REFLECTOR_BACKING_OFF);
  run_apiserver ("start");
  delete (fixture, &KUBE_POD, fixture->ns, "sleeper-1");
  apply_pod (fixture, "sleeper-9", "Always", "'image':'busybox:latest','command':['sleep','1']");
  wait_for_truth (fixture, &KUBE_POD, rows);
  WAIT_UNTIL (kube_reflector_get_state (rows) == KUBE_REFLECTOR_WATCHING);
}

/* Returns: the counter of the lines from @index on that have one, -1 for the others */
static gint64
read_counter (KubeLogBuffer *buffer,
              guint          index)
{
  gsize       length;
  const char *text = kube_log_buffer_get_text (buffer, index, &length, NULL);
  g_autoptr(JsonNode) node = base_json_parse (text, (gssize) length, NULL);

  return node != NULL ? base_json_get_int (node, -1, "n", NULL) : -1;
}

/* Counts on from 1 without a gap or a double. */
static void
check_counter (KubeLogBuffer *buffer)
{
  gint64 last = 0;
  guint  i;

  for (i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (buffer)); i++)
    {
      gint64 counter = read_counter (buffer, i);

      if (counter < 0)
        continue;
      g_assert_cmpint (counter, ==, last + 1);
      last = counter;
    }
  g_test_message ("counted to %" G_GINT64_FORMAT, last);
}

static void
test_log (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(KubeLogStream) stream = NULL;
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;
  GListModel    *lines;
  guint          n_before;

  if (skip_without_cluster ())
    return;

  stream = kube_log_stream_new (fixture->client, fixture->ns, "app", NULL);
  lines = G_LIST_MODEL (kube_log_stream_get_buffer (stream));
  options.follow = TRUE;
  kube_log_stream_set_options (stream, &options);
  apply_pod (fixture, "app", "Always", "'image':'hackystack:latest','env':["
                                       "{'name':'LOG_INTERVAL_MS','value':'100'},{'name':'NEXTAUTH_SECRET','value':'any'}]");
  kube_log_stream_start (stream);
  WAIT_UNTIL (g_list_model_get_n_items (lines) > 50);

  run_apiserver ("stop");
  WAIT_UNTIL (kube_log_stream_get_state (stream) == KUBE_LOG_WAITING);
  n_before = g_list_model_get_n_items (lines);
  run_apiserver ("start");
  WAIT_UNTIL (g_list_model_get_n_items (lines) > n_before + 100);
  check_counter (KUBE_LOG_BUFFER (lines));
}

/* Every instance of a container that ends at once is read whole, once. */
static void
test_restarts (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(KubeLogStream) stream = NULL;
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;
  KubeLogBuffer *buffer;
  guint          i;

  if (skip_without_cluster ())
    return;

  stream = kube_log_stream_new (fixture->client, fixture->ns, "crash", "web");
  buffer = kube_log_stream_get_buffer (stream);
  options.follow = TRUE;
  kube_log_stream_set_options (stream, &options);
  apply_pod (fixture, "crash", "OnFailure", "'image':'busybox:latest','command':['sh','-c',"
                                            "'for i in 1 2 3 4 5; do echo $i; done; exit 1']");
  kube_log_stream_start (stream);
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (buffer)) >= 15);
  WAIT_UNTIL (kube_log_stream_get_state (stream) == KUBE_LOG_WAITING);
  for (i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (buffer)); i++)
    g_assert_cmpint (g_ascii_strtoll (kube_log_buffer_get_text (buffer, i, NULL, NULL), NULL, 10),
                     ==, i % 5 + 1);

  delete (fixture, &KUBE_POD, fixture->ns, "crash");
  WAIT_UNTIL (kube_log_stream_get_state (stream) == KUBE_LOG_ENDED);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/kube/cluster/config-maps", Fixture, NULL, set_up, test_config_maps, tear_down);
  g_test_add ("/kube/cluster/pods", Fixture, NULL, set_up, test_pods, tear_down);
  g_test_add ("/kube/cluster/log", Fixture, NULL, set_up, test_log, tear_down);
  g_test_add ("/kube/cluster/restarts", Fixture, NULL, set_up, test_restarts, tear_down);
  return g_test_run ();
}
