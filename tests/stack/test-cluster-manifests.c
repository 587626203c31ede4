/* test-cluster-manifests.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cluster-test.h"

#include "base-json.h"
#include "base-yaml.h"
#include "kube-process.h"
#include "stack-test.h"

#include <string.h>

/* The filled manifests before a real API server and kubectl, without anything being kept, in a
 * namespace whose pods have to meet the standard "restricted". */

static GPtrArray *
fill (StackSettings *settings)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  GPtrArray *objects;

  g_assert_no_error (error);
  objects = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);

  return objects;
}

static void
make_namespace (KubeClient *client,
                JsonNode   *namespace_)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(JsonNode) answer = NULL;

  g_assert_cmpstr (base_json_get_string (namespace_, "metadata", "labels",
                                         "pod-security.kubernetes.io/enforce", NULL),
                   ==,
                   "restricted");
  request = kube_request_new_apply (namespace_, "hackystack-desktop", KUBE_APPLY_STRICT, &error);
  g_assert_no_error (error);
  answer = cluster_test_call (client, request, &error);
  g_assert_no_error (error);
}

static void
on_warning_cb (KubeClient *client,
               const char *text,
               GString    *warnings)
{
  g_string_append_printf (warnings, "%s\n", text);
}

static void
test_server (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GString) warnings = g_string_new (NULL);

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("dry");
  objects = fill (settings);
  make_namespace (client, g_ptr_array_index (objects, 0));
  g_signal_connect (client, "warning", G_CALLBACK (on_warning_cb), warnings);

  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeRequest) request = NULL;
      g_autoptr(JsonNode) answer = NULL;

      request = kube_request_new_apply (object, "hackystack-desktop",
                                        KUBE_APPLY_STRICT | KUBE_APPLY_DRY_RUN, &error);
      g_assert_no_error (error);
      answer = cluster_test_call (client, request, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (base_json_get_string (answer, "kind", NULL), ==,
                       base_json_get_string (object, "kind", NULL));
    }

  /* The label "warn" makes the server object to pods that it would refuse. */
  g_assert_cmpstr (warnings->str, ==, "");
  cluster_test_drop (client, settings);
}

static void
test_kubectl (void)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(StackSettings) settings = NULL;
  g_autoptr(GPtrArray) objects = NULL;

  if (!cluster_test_can_run ())
    return;

  client = cluster_test_connect ("admin");
  settings = cluster_test_new_settings ("kubectl");
  objects = fill (settings);
  make_namespace (client, g_ptr_array_index (objects, 0));

  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode        *object = g_ptr_array_index (objects, i);
      g_autofree char *yaml = base_yaml_print (object);
      g_autofree char *output = NULL;
      g_autoptr(GSubprocess) kubectl = NULL;
      g_autoptr(GError) error = NULL;

      kubectl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                                  cluster_test_get_program (), "kubectl", "apply",
                                  "--dry-run=server", "--validate=strict", "-f", "-", NULL);
      g_assert_no_error (error);
      g_subprocess_communicate_utf8 (kubectl, yaml, NULL, &output, NULL, &error);
      g_assert_no_error (error);
      g_test_message ("%s", output);
      g_assert_true (g_subprocess_get_successful (kubectl));
      /* The namespace is there already, and kubectl remarks that it did not make it. */
      if (i > 0)
        g_assert_null (strstr (output, "Warning"));
    }

  cluster_test_drop (client, settings);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/cluster/manifests/server", test_server);
  g_test_add_func ("/stack/cluster/manifests/kubectl", test_kubectl);

  return g_test_run ();
}
