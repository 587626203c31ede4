/* test-cluster-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Against a real API server. HACKYSTACK_TEST_KUBECONFIGS names a folder with a kubeconfig for each
 * of several identities, as "tests/cluster/cluster kubeconfig" has it. */

#include <string.h>
#include <unistd.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-error.h"
#include "kube-process.h"

#define VARIABLE "HACKYSTACK_TEST_KUBECONFIGS"

static KubeClient *
connect_as (const char *name,
            GError    **error)
{
  g_autofree char *path = g_build_filename (g_getenv (VARIABLE), name, NULL);

  return connect_client (path, NULL, error);
}

/* Another cluster than the test cluster has not all of its users; skips the test without one. */
static gboolean
has_user (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv (VARIABLE), name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_test_skip ("This cluster has no such user.");
  return FALSE;
}

static KubeClient *
connect_admin (void)
{
  g_autoptr(GError) error = NULL;
  KubeClient *client = connect_as ("admin", &error);

  g_assert_no_error (error);
  return client;
}

/* A test of its own for each way to sign in or to fail; @error is a code of KubeError. */
static const struct
{
  const char *name;
  const char *path;
  int         code;
  const char *text;
} identities[] = {
  { "admin", "/api/v1/namespaces/kube-system/secrets", -1, NULL },
  { "admin-rsa", "/api/v1/namespaces/kube-system/secrets", -1, NULL },
  { "viewer", "/api/v1/namespaces/kube-system/pods", -1, NULL },
  { "viewer", "/api/v1/namespaces/kube-system/secrets", KUBE_ERROR_FORBIDDEN,
    "Ask the cluster's administrator for the right to list secrets in the namespace "
    "“kube-system”." },
  { "developer", "/api/v1/namespaces/default/pods", KUBE_ERROR_FORBIDDEN,
    "the right to list pods" },
  { "bad-token", "/api/v1/namespaces", KUBE_ERROR_UNAUTHORIZED,
    "The cluster does not accept the credentials of user" },
  { "wrong-ca", "/version", KUBE_ERROR_TLS, "is not signed by the certificate authority in the "
                                            "kubeconfig" },
  { "wrong-host", "/version", KUBE_ERROR_TLS, "its certificate is made out to" },
  { "down", "/version", KUBE_ERROR_UNREACHABLE, "connection refused. The cluster may be stopped" },
  { "mismatch", "/version", KUBE_ERROR_CREDENTIALS, "does not fit its private key" },
  { "exec-plugin", "/api/v1/namespaces/kube-system/pods", -1, NULL },
  { "exec-plugin", "/api/v1/namespaces/kube-system/secrets", KUBE_ERROR_FORBIDDEN,
    "the right to list secrets" },
};

static void
test_identity (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  if (!has_user (identities[index].name))
    return;

  client = connect_as (identities[index].name, &error);
  if (client != NULL)
    node = call_path (client, identities[index].path, &error);
  if (identities[index].code < 0)
    {
      g_assert_no_error (error);
      g_assert_nonnull (base_json_get_array (node, "items", NULL));
      return;
    }

  g_assert_error (error, KUBE_ERROR, identities[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, identities[index].text));
}

/* The program notes each call in a line of a file beside it; there are empty ones between them. */
static guint
count_calls (char **last)
{
  g_autofree char *path = g_build_filename (g_getenv (VARIABLE), "..", "exec-plugin", "calls",
                                            NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint n_calls = 0;

  g_clear_pointer (last, g_free);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      {
        n_calls++;
        g_free (*last);
        *last = g_strdup (lines[i]);
      }

  return n_calls;
}

/* The real API server knows the user by the program's token, which is fetched once and for both
 * requests; and the program is told of the cluster. */
static void
test_exec_plugin (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *last = NULL;
  guint            n_calls;

  if (!has_user ("exec-plugin"))
    return;

  n_calls = count_calls (&last);
  client = connect_as ("exec-plugin", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_calls (&last), ==, n_calls);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(JsonNode) node = call_path (client, "/api/v1/namespaces/kube-system/pods", &error);

      g_assert_no_error (error);
      g_assert_cmpstr (base_json_get_string (node, "kind", NULL), ==, "PodList");
    }
  g_assert_cmpuint (count_calls (&last), ==, n_calls + 1);
  g_assert_nonnull (strstr (last, "\"apiVersion\":\"client.authentication.k8s.io/v1\""));
  g_assert_nonnull (strstr (last, "\"interactive\":false"));
  g_assert_nonnull (strstr (last, kube_context_get_server (kube_client_get_context (client))));
  g_assert_nonnull (strstr (last, "\"certificate-authority-data\":\""));
}

static JsonNode *
call_well (KubeClient  *client,
           KubeRequest *request)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = call (client, request, &error);

  g_assert_no_error (error);
  return node;
}

static void
test_reading (void)
{
  g_autoptr(KubeClient) client = connect_admin ();
  g_autoptr(JsonNode) version = call_well (client, kube_request_new ("GET", "/version"));
  g_autoptr(JsonNode) ready = call_well (client, kube_request_new ("GET", "/readyz"));
  g_autoptr(JsonNode) list = NULL;
  g_autoptr(JsonNode) table = NULL;
  g_autoptr(JsonNode) object = NULL;

  list = call_well (client, kube_request_new_list (&KUBE_NAMESPACE, NULL, KUBE_FORM_OBJECT, NULL,
                                                   0, NULL));
  table = call_well (client, kube_request_new_list (&KUBE_NAMESPACE, NULL, KUBE_FORM_TABLE,
                                                    "kubernetes.io/metadata.name=default", 5,
                                                    NULL));
  object = call_well (client, kube_request_new_get (&KUBE_NAMESPACE, NULL, "default"));

  g_assert_cmpstr (base_json_get_string (version, "major", NULL), ==, "1");
  g_assert_cmpstr (json_node_get_string (ready), ==, "ok");
  g_assert_cmpstr (base_json_get_string (list, "kind", NULL), ==, "NamespaceList");
  g_assert_cmpstr (base_json_get_string (table, "kind", NULL), ==, "Table");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (table, "rows", NULL)), ==, 1);
  g_assert_cmpstr (base_json_get_string (object, "metadata", "name", NULL), ==, "default");
}

static void
test_missing (void)
{
  g_autoptr(KubeClient) client = connect_admin ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) path_error = NULL;

  g_assert_null (call (client, kube_request_new_get (&KUBE_POD, "default", "no-such-pod"),
                       &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "pods \"no-such-pod\" not found"));

  g_assert_null (call_path (client, "/apis/no.such.group/v1/things", &path_error));
  g_assert_error (path_error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
  g_test_message ("%s", path_error->message);
  g_assert_null (strstr (path_error->message, "did not come from"));
}

static JsonNode *
apply (KubeClient    *client,
       const char    *manager,
       KubeApplyFlags flags,
       GError       **error,
       const char    *format,
       ...) G_GNUC_PRINTF (5, 6);

static JsonNode *
apply (KubeClient    *client,
       const char    *manager,
       KubeApplyFlags flags,
       GError       **error,
       const char    *format,
       ...)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) object = NULL;
  KubeRequest *request;
  va_list      arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  object = base_json_parse (text, -1, error);
  g_assert_nonnull (object);
  request = kube_request_new_apply (object, manager, flags, error);

  return request != NULL ? call (client, request, error) : NULL;
}

#define CONFIG_MAP "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"," \
                   "\"namespace\":\"%s\"},\"data\":{\"key\":\"%s\"}}"

static const char *
get_cause (GError     *error,
           const char *member)
{
  JsonNode  *status = kube_error_get_status (error);
  JsonArray *causes = base_json_get_array (status, "details", "causes", NULL);

  g_assert_nonnull (causes);
  return base_json_get_string (json_array_get_element (causes, 0), member, NULL);
}

static void
check_applying (KubeClient *client,
                const char *namespace_)
{
  g_autoptr(GError) conflict = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) first = NULL;
  g_autoptr(JsonNode) again = NULL;
  g_autoptr(JsonNode) dry = NULL;
  g_autoptr(JsonNode) forced = NULL;

  first = apply (client, "one", KUBE_APPLY_STRICT, &error, CONFIG_MAP, namespace_, "1");
  g_assert_no_error (error);
  again = apply (client, "one", KUBE_APPLY_STRICT, &error, CONFIG_MAP, namespace_, "1");
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (again, "metadata", "resourceVersion", NULL), ==,
                   base_json_get_string (first, "metadata", "resourceVersion", NULL));

  g_assert_null (apply (client, "two", 0, &conflict, CONFIG_MAP, namespace_, "2"));
  g_assert_error (conflict, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_test_message ("%s", conflict->message);
  g_assert_nonnull (strstr (conflict->message, "conflict with \"one\""));
  g_assert_cmpstr (get_cause (conflict, "reason"), ==, "FieldManagerConflict");
  g_assert_cmpstr (get_cause (conflict, "field"), ==, ".data.key");

  dry = apply (client, "two", KUBE_APPLY_FORCE | KUBE_APPLY_DRY_RUN, &error, CONFIG_MAP, namespace_,
               "2");
  g_assert_no_error (error);
  g_clear_pointer (&dry, json_node_unref);
  dry = call_well (client, kube_request_new_get (&KUBE_CONFIG_MAP, namespace_, "c"));
  g_assert_cmpstr (base_json_get_string (dry, "data", "key", NULL), ==, "1");

  forced = apply (client, "two", KUBE_APPLY_FORCE, &error, CONFIG_MAP, namespace_, "2");
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (forced, "data", "key", NULL), ==, "2");
}

static void
check_refusals (KubeClient *client,
                const char *namespace_)
{
  g_autoptr(GError) strict = NULL;
  g_autoptr(GError) invalid = NULL;

  g_assert_null (apply (client, "one", KUBE_APPLY_STRICT, &strict,
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":"
                        "\"d\",\"namespace\":\"%s\"},\"dta\":{}}",
                        namespace_));
  g_assert_error (strict, KUBE_ERROR, KUBE_ERROR_INVALID);
  g_test_message ("%s", strict->message);
  g_assert_nonnull (strstr (strict->message, "dta"));

  g_assert_null (apply (client, "one", 0, &invalid,
                        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":"
                        "\"d\",\"namespace\":\"%s\"},\"spec\":{\"ports\":[{\"port\":99999}]}}",
                        namespace_));
  g_assert_error (invalid, KUBE_ERROR, KUBE_ERROR_INVALID);
  g_test_message ("%s", invalid->message);
  g_assert_nonnull (strstr (invalid->message, "spec.ports[0].port"));
}

static void
test_writing (void)
{
  g_autofree char *namespace_ = g_strdup_printf ("hackystack-client-%d", (int) getpid ());
  g_autoptr(KubeClient) client = connect_admin ();
  g_autoptr(JsonNode) created = NULL;
  g_autoptr(JsonNode) deleted = NULL;
  g_autoptr(GError) error = NULL;

  created = apply (client, "one", 0, &error, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\","
                                             "\"metadata\":{\"name\":\"%s\"}}",
                   namespace_);
  g_assert_no_error (error);
  check_applying (client, namespace_);
  check_refusals (client, namespace_);
  deleted = call (client, kube_request_new_delete (&KUBE_NAMESPACE, NULL, namespace_, "Background"), &error);
  g_assert_no_error (error);
}

static void
test_watch (void)
{
  g_autoptr(KubeClient) client = connect_admin ();
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  const char *data;
  gsize       size;

  request = kube_request_new_watch (&KUBE_NAMESPACE, NULL, KUBE_FORM_TABLE, NULL, "0", 300);
  kube_client_stream_async (client, request, NULL, await_cb, &opened);
  stream = kube_client_stream_finish (client, await (&opened), &error);
  g_assert_no_error (error);
  g_input_stream_read_bytes_async (stream, 65536, G_PRIORITY_DEFAULT, NULL, await_cb, &result);
  bytes = g_input_stream_read_bytes_finish (stream, await (&result), &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &size);
  g_assert_nonnull (g_strstr_len (data, size,
                                  "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\""));
}

static void
test_without_cluster (void)
{
  g_test_skip ("There is no cluster to talk to: " VARIABLE " does not name a folder with "
               "kubeconfigs.");
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (g_getenv (VARIABLE) == NULL)
    {
      g_test_add_func ("/kube/cluster-client/without-cluster", test_without_cluster);
      return g_test_run ();
    }

  for (guint i = 0; i < G_N_ELEMENTS (identities); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kube/cluster-client/identity/%u-%s", i + 1,
                                               identities[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_identity);
    }
  g_test_add_func ("/kube/cluster-client/exec-plugin", test_exec_plugin);
  g_test_add_func ("/kube/cluster-client/reading", test_reading);
  g_test_add_func ("/kube/cluster-client/missing", test_missing);
  g_test_add_func ("/kube/cluster-client/writing", test_writing);
  g_test_add_func ("/kube/cluster-client/watch", test_watch);

  return g_test_run ();
}
