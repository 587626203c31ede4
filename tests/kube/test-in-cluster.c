/* test-in-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-config-in-cluster.h"
#include "kube-config-private.h"
#include "kube-error.h"
#include "kube-process.h"
#include "secure-server.h"

static void
set_variables (const char *host,
               const char *port)
{
  g_setenv ("KUBERNETES_SERVICE_HOST", host, TRUE);
  g_setenv ("KUBERNETES_SERVICE_PORT", port, TRUE);
}

static KubeConfig *
build_config (SecureServer *server)
{
  g_autoptr(GPtrArray) documents = NULL;
  g_autoptr(GError) error = NULL;
  KubeConfigDocument *document = kube_config_in_cluster_build (server->directory);
  KubeConfig         *config;

  g_assert_nonnull (document);
  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_config_document_free);
  g_ptr_array_add (documents, document);
  config = kube_config_new_from_documents (documents, &error);
  g_assert_no_error (error);

  return config;
}

static KubeContext *
get_current (KubeConfig *config)
{
  g_autoptr(GError) error = NULL;
  KubeContext *context = kube_config_get_context (config, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kube_context_get_problem (context), ==, NULL);

  return context;
}

static void
test_service_account (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autofree char *port = g_strdup_printf ("%u", server->port);
  g_autofree char *token = secure_server_get_path (server, "token");
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  KubeContext *context;

  set_variables ("127.0.0.1", port);
  secure_server_write (server, "token", 0600, "pod-token\n");
  secure_server_write (server, "namespace", 0600, "space\n");
  config = build_config (server);
  context = get_current (config);
  g_assert_cmpstr (kube_context_get_name (context), ==, "in-cluster");
  g_assert_cmpstr (kube_context_get_namespace (context), ==, "space");
  g_assert_cmpstr (kube_context_get_source (context), ==, token);

  kube_client_connect_async (context, NULL, await_cb, &connected);
  client = kube_client_connect_finish (await (&connected), &error);
  g_assert_no_error (error);
  node = call_path (client, "/version", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (node, "identity", NULL), ==, "Bearer pod-token -");
}

static void
test_without_namespace (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(KubeConfig) again = NULL;

  set_variables ("fd00::1", "443");
  secure_server_write (server, "token", 0600, "pod-token");
  config = build_config (server);
  g_assert_cmpstr (kube_context_get_namespace (get_current (config)), ==, "default");
  g_assert_cmpstr (kube_context_get_server (get_current (config)), ==, "https://[fd00::1]:443");

  secure_server_write (server, "namespace", 0600, "space\n");
  g_setenv ("POD_NAMESPACE", "given", TRUE);
  again = build_config (server);
  g_unsetenv ("POD_NAMESPACE");
  g_assert_cmpstr (kube_context_get_namespace (get_current (again)), ==, "given");
}

static void
test_outside (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_variables ("127.0.0.1", "443");
  g_assert_null (kube_config_in_cluster_build (server->directory));
  secure_server_write (server, "token", 0600, "pod-token");
  set_variables ("127.0.0.1", "");
  g_assert_null (kube_config_in_cluster_build (server->directory));
  set_variables ("", "443");
  g_assert_null (kube_config_in_cluster_build (server->directory));

  g_setenv ("KUBECONFIG", "/nonexistent/config", TRUE);
  kube_config_load_async (NULL, NULL, await_cb, &result);
  config = kube_config_load_finish (await (&result), &error);
  g_assert_null (config);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "No kubeconfig was found."));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  g_test_add_func ("/kube/in-cluster/service-account", test_service_account);
  g_test_add_func ("/kube/in-cluster/without-namespace", test_without_namespace);
  g_test_add_func ("/kube/in-cluster/outside", test_outside);

  return g_test_run ();
}
