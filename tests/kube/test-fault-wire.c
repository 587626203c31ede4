/* test-fault-wire.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The way to the real API server breaks, falls silent or trickles at any byte of TLS. TLS is
 * between the client and the server themselves. */

#include <string.h>
#include <unistd.h>

#include "base-json.h"
#include "cluster-fixture.h"
#include "cluster-pods.h"
#include "exec-fixture.h"
#include "fault-fixture.h"
#include "fault-gateway.h"
#include "fault-wire.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "kube-port-forward.h"
#include "kube-process.h"
#include "kube-reflector-private.h"
#include "kube-request-change.h"
#include "quoted.h"

#define HANG_SECONDS 100
#define N_STEPS 6
#define SERVED "a page of the pod\n"

static const char *const pods =
    "apiVersion: v1\n"
    "kind: Pod\n"
    "metadata: {name: box}\n"
    "spec:\n"
    "  terminationGracePeriodSeconds: 0\n"
    "  automountServiceAccountToken: false\n"
    "  containers:\n"
    "  - name: main\n"
    "    image: busybox\n"
    "    imagePullPolicy: IfNotPresent\n"
    "    command: [sh, -c, 'mkdir /w; echo a page of the pod > /w/index.html; exec httpd -f -p 8080 -h /w']\n";

static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 30000, 180000 };

static const struct
{
  FaultWireAction action;
  const char     *name;
} actions[] = {
  { FAULT_WIRE_CUT, "cut" },
  { FAULT_WIRE_RESET, "reset" },
  { FAULT_WIRE_HALF, "half" },
  { FAULT_WIRE_MUTE, "mute" },
  { FAULT_WIRE_DRIP, "drip" },
};

static char       *kubeconfig; /* whose server is the wire */
static FaultWire  *wire;
static KubeClient *direct;
static char       *namespace_;

static gboolean
on_watchdog_cb (gpointer user_data)
{
  g_error ("“%s” hangs", g_test_get_path ());

  return G_SOURCE_REMOVE;
}

static guint
begin (void)
{
  return g_timeout_add_seconds (HANG_SECONDS, on_watchdog_cb, NULL);
}

/* A client that has no connection yet. */
static KubeClient *
connect_through (void)
{
  g_autoptr(GError) error = NULL;
  KubeClient *client = connect_client (kubeconfig, NULL, &error);

  g_assert_no_error (error);
  _kube_client_set_silence (client, 1);

  return client;
}

static void
end (guint watchdog_id)
{
  fault_wire_clear (wire);
  fault_wire_release (wire);
  g_source_remove (watchdog_id);
}

static void
check_error (const GError *error)
{
  if (error->domain != KUBE_ERROR)
    g_error ("not of this layer: %s", error->message);
  fault_assert_for_people (error->message);
}

static JsonNode *
ask (KubeClient *client,
     GError    **error)
{
  return call (client, kube_request_new_get (&KUBE_CONFIG_MAP, namespace_, "kube-root-ca.crt"), error);
}

/* How many bytes pass until @client has its answer, a little less since signatures differ. */
static guint64
measure (gboolean upstream)
{
  g_autoptr(KubeClient) client = connect_through ();
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = ask (client, &error);

  g_assert_no_error (error);

  return fault_wire_get_passed (wire, upstream) - 16;
}

/* Once, so that the next attempt gets through; the answer is whole, or none. */
static void
test_get (gconstpointer data)
{
  guint    index = GPOINTER_TO_UINT (data);
  gboolean trickles = actions[index].action == FAULT_WIRE_DRIP;
  guint    watchdog_id = begin ();
  guint64  total[] = { measure (FALSE), measure (TRUE) };

  for (guint i = 0; i < 2 * N_STEPS; i++)
    {
      gboolean       upstream = i % 2 == 1;
      FaultWireFault fault = { actions[index].action, upstream, total[upstream] * (i / 2) / (N_STEPS - 1), 1 };
      g_autoptr(KubeClient) client = connect_through ();
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;

      fault_wire_set (wire, &fault);
      node = ask (client, &error);
      g_assert_cmpuint (fault_wire_count_hits (wire), ==, 1);
      if (node == NULL)
        check_error (error);
      else
        g_assert_nonnull (base_json_get_string (node, "data", "ca.crt", NULL));
      g_assert_true (node != NULL || !trickles);

      /* The same client goes on. */
      fault_wire_release (wire);
      g_clear_error (&error);
      g_clear_pointer (&node, json_node_unref);
      node = ask (client, &error);
      g_assert_no_error (error);
    }
  end (watchdog_id);
}

/* Nobody listens. */
static void
test_refused (void)
{
  guint watchdog_id = begin ();
  g_autoptr(KubeClient) client = connect_through ();
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) change = parse_quoted ("{'data':{}}");

  fault_wire_refuse (wire);
  g_assert_null (ask (client, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  check_error (error);
  g_clear_error (&error);
  /* What was never sent is not in doubt. */
  g_assert_null (call (client, kube_request_new_patch (&KUBE_CONFIG_MAP, namespace_, "x", NULL, KUBE_PATCH_MERGE, change), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_null (strstr (error->message, "not known"));
  g_clear_error (&error);

  fault_wire_accept (wire);
  node = ask (client, &error);
  g_assert_no_error (error);
  end (watchdog_id);
}

/* Objects whose names the server chooses: twice sent would be twice there. */
static KubeRequest *
build_create (const char *attempt)
{
  g_autofree char *text = g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{"
                                           "'generateName':'many-','labels':{'attempt':'%s'}}}",
                                           attempt);
  g_autoptr(JsonNode) object = parse_quoted (text);

  return kube_request_new_create (&KUBE_CONFIG_MAP, namespace_, object, "test", 0);
}

static guint
count_made (const char *attempt)
{
  g_autofree char *selector = g_strconcat ("attempt=", attempt, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = NULL;

  list = call (direct, kube_request_new_list (&KUBE_CONFIG_MAP, namespace_, KUBE_FORM_OBJECT, selector, 0, NULL), &error);
  g_assert_no_error (error);

  return json_array_get_length (base_json_get_array (list, "items", NULL));
}

static void
test_create (gconstpointer data)
{
  guint   index = GPOINTER_TO_UINT (data);
  guint   watchdog_id = begin ();
  guint64 total[] = { measure (FALSE), measure (TRUE) };
  guint   n_lost = 0;

  for (guint i = 0; i < 2 * N_STEPS; i++)
    {
      gboolean         upstream = i % 2 == 1;
      FaultWireFault   fault = { actions[index].action, upstream, total[upstream] * (i / 2) / (N_STEPS - 1), 1 };
      g_autofree char *attempt = g_strdup_printf ("%s-%u", actions[index].name, i);
      g_autoptr(KubeClient) client = connect_through ();
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;
      guint n_made;

      fault_wire_set (wire, &fault);
      node = call (client, build_create (attempt), &error);
      n_made = count_made (attempt);
      g_test_message ("%s: %u made, %s", attempt, n_made, error != NULL ? error->message : "told");
      g_assert_cmpuint (n_made, <=, 1);
      if (node != NULL)
        g_assert_cmpuint (n_made, ==, 1);
      else
        check_error (error);
      if (node == NULL && n_made == 1)
        {
          g_assert_nonnull (strstr (error->message, "look before you make it again"));
          n_lost++;
        }
      fault_wire_release (wire);
    }
  if (actions[index].action != FAULT_WIRE_DRIP)
    g_assert_cmpuint (n_lost, >, 0);
  end (watchdog_id);
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

static void
change_map (guint number)
{
  g_autofree char *name = g_strdup_printf ("moving-%u", number % 7);
  g_autofree char *text = g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'%s',"
                                           "'name':'%s'},'data':{'value':'%u größe'}}",
                                           namespace_, name, number);
  g_autoptr(JsonNode) object = parse_quoted (text);
  g_autoptr(JsonNode) node = NULL;

  if (number % 5 == 4)
    node = call (direct, kube_request_new_delete (&KUBE_CONFIG_MAP, namespace_, name, "Background"), NULL);
  else
    node = call (direct, kube_request_new_apply (object, "test", KUBE_APPLY_FORCE, NULL), NULL);
  g_assert_true (node != NULL || number % 5 == 4);
}

static void
wait_for_truth (KubeReflector *reflector)
{
  g_autofree char *truth = NULL;

  truth = cluster_kubectl (namespace_, "get configmaps -o jsonpath='{range .items[*]}{.metadata.name} "
                                       "{.metadata.resourceVersion}{\"\\n\"}{end}'");
  while (TRUE)
    {
      g_autofree char *model = describe_model (reflector);

      if (g_str_equal (model, truth) && kube_reflector_get_state (reflector) == KUBE_REFLECTOR_WATCHING)
        break;
      fault_iterate ();
    }
  g_assert_no_error (kube_reflector_get_error (reflector));
}

/* The next three connections fail at bytes by chance, while the namespace changes. */
static void
test_watch (gconstpointer data)
{
  guint watchdog_id = begin ();
  guint index = GPOINTER_TO_UINT (data);
  guint number = 0;
  g_autoptr(KubeClient) client = connect_through ();
  g_autoptr(KubeReflector) reflector = NULL;

  reflector = kube_reflector_new (client, &KUBE_CONFIG_MAP, namespace_, KUBE_FORM_OBJECT, NULL);
  _kube_reflector_set_timing (reflector, &quick);
  kube_reflector_start (reflector);
  wait_for_truth (reflector);
  for (guint round = 0; round < 5; round++)
    {
      FaultWireFault fault = { actions[index].action, FALSE, (guint64) g_test_rand_int_range (0, 9000), 3 };

      fault_wire_set (wire, &fault);
      fault_wire_cut_all (wire);
      for (guint i = 0; i < 12 || fault_wire_count_hits (wire) == 0; i++)
        change_map (number++);
      fault_wire_clear (wire);
      fault_wire_release (wire);
      wait_for_truth (reflector);
    }
  g_clear_object (&reflector);
  end (watchdog_id);
}

static Ran
run (KubeClient        *client,
     const char *const *command,
     GError           **error)
{
  const KubeExecOptions options = { namespace_, "box", "main", command, FALSE, FALSE };
  Ran                   ran = { 0 };
  KubeExec             *exec = start_exec (client, &options, error);

  ran.exit_status = -1;
  if (exec != NULL)
    {
      ran_drain (&ran, exec);
      ran_wait (&ran, error);
    }

  return ran;
}

/* A command's output comes whole with its status, or there is an error. */
static void
test_exec (gconstpointer data)
{
  static const char *const command[] = { "sh", "-c", "seq 1 2000; exit 7", NULL };
  guint                    index = GPOINTER_TO_UINT (data);
  guint                    watchdog_id = begin ();
  g_autoptr(KubeClient) first = connect_through ();
  g_autoptr(GError) none = NULL;
  Ran     whole = run (first, command, &none);
  guint64 total = fault_wire_get_passed (wire, FALSE);
  guint   n_failed = 0;

  g_assert_no_error (none);
  g_assert_cmpint (whole.exit_status, ==, 7);
  for (guint i = 0; i < N_STEPS; i++)
    {
      FaultWireFault fault = { actions[index].action, FALSE, total * i / N_STEPS, 1 };
      g_autoptr(KubeClient) client = connect_through ();
      g_autoptr(GError) error = NULL;
      Ran ran;

      fault_wire_set (wire, &fault);
      ran = run (client, command, &error);
      g_assert_cmpuint (fault_wire_count_hits (wire), ==, 1);
      if (error != NULL)
        {
          check_error (error);
          g_assert_cmpint (ran.exit_status, !=, 0);
          n_failed++;
        }
      else
        {
          g_assert_cmpint (ran.exit_status, ==, 7);
          g_assert_cmpmem (ran.out.read->data, ran.out.read->len, whole.out.read->data, whole.out.read->len);
        }
      ran_clear (&ran);
    }
  if (actions[index].action == FAULT_WIRE_DRIP)
    g_assert_cmpuint (n_failed, ==, 0);
  else
    g_assert_cmpuint (n_failed, >, 0);
  ran_clear (&whole);
  end (watchdog_id);
}

/* A program that asks the pod's server for its page, through the forwarded port. */
static char *
fetch (KubePortForward *forward)
{
  static const char request[] = "GET / HTTP/1.0\r\n\r\n";
  g_autoptr(GSocketClient) program = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(GAsyncResult) written = NULL;
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GError) error = NULL;
  char  heard[4096];
  gsize n_heard = 0;

  g_socket_client_connect_to_host_async (program, "127.0.0.1", kube_port_forward_get_local_port (forward),
                                         NULL, await_cb, &connected);
  connection = g_socket_client_connect_to_host_finish (program, await (&connected), &error);
  g_assert_no_error (error);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                                   sizeof request - 1, 0, NULL, await_cb, &written);
  g_output_stream_write_all_finish (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                    await (&written), NULL, NULL);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), heard,
                                 sizeof heard, 0, NULL, await_cb, &read);
  g_input_stream_read_all_finish (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                  await (&read), &n_heard, NULL);

  return g_strndup (heard, n_heard);
}

static void
on_forward_failed_cb (KubePortForward *forward,
                      const GError    *error,
                      gpointer         user_data)
{
  check_error (error);
  (*(guint *) user_data)++;
}

/* One connection of a program breaks, the next one does not; the port stays. */
static void
test_forward (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  guint watchdog_id = begin ();
  guint n_failed = 0;
  g_autoptr(KubeClient) client = connect_through ();
  g_autoptr(KubePortForward) forward = kube_port_forward_new (client, namespace_, &KUBE_POD, "box", "8080");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = NULL;
  guint64          total;

  g_signal_connect (forward, "failed", G_CALLBACK (on_forward_failed_cb), &n_failed);
  kube_port_forward_start_async (forward, NULL, await_cb, &result);
  kube_port_forward_start_finish (forward, await (&result), &error);
  g_assert_no_error (error);
  page = fetch (forward);
  g_assert_nonnull (strstr (page, SERVED));
  total = fault_wire_get_passed (wire, FALSE);

  for (guint i = 0; i < N_STEPS; i++)
    {
      FaultWireFault   fault = { actions[index].action, FALSE, total * i / N_STEPS, 1 };
      g_autofree char *broken = NULL;
      g_autofree char *next = NULL;

      fault_wire_set (wire, &fault);
      broken = fetch (forward);
      g_assert_cmpuint (fault_wire_count_hits (wire), ==, 1);
      g_assert_true (n_failed > 0 || strstr (broken, SERVED) != NULL);
      fault_wire_clear (wire);
      next = fetch (forward);
      g_assert_nonnull (strstr (next, SERVED));
      g_assert_true (kube_port_forward_is_running (forward));
    }
  if (actions[index].action == FAULT_WIRE_DRIP)
    g_assert_cmpuint (n_failed, ==, 0);
  else
    g_assert_cmpuint (n_failed, >, 0);
  kube_port_forward_stop (forward);
  g_clear_object (&result);
  end (watchdog_id);
}

static void
add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *get = g_strconcat ("/fault/wire/get/", actions[i].name, NULL);
      g_autofree char *create = g_strconcat ("/fault/wire/create/", actions[i].name, NULL);
      g_autofree char *watch = g_strconcat ("/fault/wire/watch/", actions[i].name, NULL);
      g_autofree char *exec = g_strconcat ("/fault/wire/exec/", actions[i].name, NULL);
      g_autofree char *forward = g_strconcat ("/fault/wire/forward/", actions[i].name, NULL);

      g_test_add_data_func (get, GUINT_TO_POINTER (i), test_get);
      g_test_add_data_func (create, GUINT_TO_POINTER (i), test_create);
      g_test_add_data_func (watch, GUINT_TO_POINTER (i), test_watch);
      /* A socket that falls silent is tried in test-fault-socket, with waits of its own. */
      if (actions[i].action == FAULT_WIRE_MUTE)
        continue;
      g_test_add_data_func (exec, GUINT_TO_POINTER (i), test_exec);
      g_test_add_data_func (forward, GUINT_TO_POINTER (i), test_forward);
    }
  g_test_add_func ("/fault/wire/refused", test_refused);
}

/* The test cluster's kubeconfig, with the wire for its server. */
static void
open_wire (void)
{
  g_autofree char *original = g_build_filename (g_getenv (CLUSTER_KUBECONFIGS), "admin", NULL);
  g_autoptr(FaultGateway) gateway = fault_gateway_new (original);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *server = NULL;
  g_autofree char *other = NULL;
  const char      *host;
  guint16          port;
  int              fd;

  host = fault_gateway_get_host (gateway, &port);
  wire = fault_wire_new (host, port);
  server = g_strdup_printf ("%s:%u", host, port);
  other = g_strdup_printf ("%s:%u", host, fault_wire_get_port (wire));
  g_file_get_contents (original, &contents, NULL, &error);
  g_assert_no_error (error);
  g_string_assign (text, contents);
  g_assert_cmpuint (g_string_replace (text, server, other, 0), ==, 1);
  fd = g_file_open_tmp ("fault-wire-XXXXXX", &kubeconfig, &error);
  g_assert_no_error (error);
  close (fd);
  g_file_set_contents_full (kubeconfig, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (!cluster_is_there ())
    {
      g_print ("1..0 # SKIP There is no cluster: set " CLUSTER_KUBECONFIGS " and " CLUSTER_PROGRAM
               ".\n");
      return 0;
    }

  open_wire ();
  direct = cluster_connect ("admin");
  namespace_ = g_strdup_printf ("hackystack-client-wire-%d", (int) getpid ());
  cluster_make_pod (direct, namespace_, pods, "box");
  add_tests ();
  status = g_test_run ();
  cluster_remove_namespace (namespace_);

  g_object_unref (direct);
  fault_wire_free (wire);
  unlink (kubeconfig);
  g_free (kubeconfig);
  g_free (namespace_);

  return status;
}
