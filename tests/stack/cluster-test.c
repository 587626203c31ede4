/* cluster-test.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cluster-test.h"

#include "kube-config.h"
#include "kube-error.h"
#include "stack-test.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* The real cluster is named by three variables of the environment:
 * HACKYSTACK_TEST_KUBECONFIGS  a folder with a kubeconfig for each user
 * HACKYSTACK_TEST_VALUES       a values file with which the app works there
 * HACKYSTACK_TEST_CLUSTER      the program that runs it */

/* Whether there is a cluster; skips the test when there is not. */
gboolean
cluster_test_can_run (void)
{
  static const char *const names[] = {
    "HACKYSTACK_TEST_KUBECONFIGS",
    "HACKYSTACK_TEST_VALUES",
    "HACKYSTACK_TEST_CLUSTER",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_getenv (names[i]) == NULL)
        {
          g_autofree char *words = g_strdup_printf ("%s is not set: there is no cluster", names[i]);

          g_test_skip (words);
          return FALSE;
        }
    }

  return TRUE;
}

/* Whether the cluster is the one of tests/cluster, with its users and its address; skips the test
 * when it is another. */
gboolean
cluster_test_is_ours (void)
{
  if (!cluster_test_can_run ())
    return FALSE;
  if (g_getenv ("HACKYSTACK_TEST_KUBECONFIG") == NULL)
    return TRUE;

  g_test_skip ("Another cluster than the test cluster is used.");
  return FALSE;
}

const char *
cluster_test_get_program (void)
{
  return g_getenv ("HACKYSTACK_TEST_CLUSTER");
}

/* The path of a user's kubeconfig. */
char *
cluster_test_find_kubeconfig (const char *name)
{
  const char      *folder = g_getenv ("HACKYSTACK_TEST_KUBECONFIGS");
  g_autofree char *file = g_strconcat (name, ".kubeconfig", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  return g_build_filename (folder, name, NULL);
}

static KubeClient *
connect_with (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  StackAnswer  answer = { NULL };
  KubeContext *context;
  KubeClient  *client;

  kube_config_load_async (path, NULL, stack_answer_cb, &answer);
  loaded = stack_answer_wait (&answer);
  config = kube_config_load_finish (loaded, &error);
  g_assert_no_error (error);
  context = kube_config_get_context (config, NULL, &error);
  g_assert_no_error (error);

  kube_client_connect_async (context, NULL, stack_answer_cb, &answer);
  connected = stack_answer_wait (&answer);
  client = kube_client_connect_finish (connected, &error);
  g_assert_no_error (error);

  return client;
}

/* A client for one of the users. */
KubeClient *
cluster_test_connect (const char *kubeconfig)
{
  g_autofree char *path = cluster_test_find_kubeconfig (kubeconfig);

  return connect_with (path);
}

/* A client whose way to the cluster can be cut. */
KubeClient *
cluster_test_connect_by_relay (const char *kubeconfig,
                               Relay     **relay)
{
  g_autofree char *path = cluster_test_find_kubeconfig (kubeconfig);
  g_autofree char *text = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *there = NULL;
  g_autofree char *target = NULL;
  g_autoptr(GString) changed = NULL;
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GError) error = NULL;
  KubeClient *client;
  int         fd;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  regex = g_regex_new ("server: \"?https://([^\\s\"/]+)", G_REGEX_DEFAULT, 0, NULL);
  g_assert_true (g_regex_match (regex, text, 0, &match));
  target = g_match_info_fetch (match, 1);
  *relay = relay_new (target);
  there = g_strdup_printf ("127.0.0.1:%u", relay_get_port (*relay));
  changed = g_string_new (text);
  g_string_replace (changed, target, there, 0);

  fd = g_file_open_tmp ("kubeconfig-XXXXXX", &copy, &error);
  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (copy, changed->str, -1, &error);
  g_assert_no_error (error);
  client = connect_with (copy);
  g_remove (copy);

  return client;
}

/* The values that work on the cluster, in a namespace and at a host name of the test's own. */
StackSettings *
cluster_test_new_settings (const char *purpose)
{
  g_autofree char *name = g_strdup_printf ("hackystack-test-%s-%d", purpose, (int) getpid ());
  g_autofree char *host = g_strconcat (name, ".local", NULL);
  g_autofree char *url = g_strconcat ("https://", host, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  StackSettings *settings = stack_settings_new ("test");

  g_file_get_contents (g_getenv ("HACKYSTACK_TEST_VALUES"), &text, NULL, &error);
  g_assert_no_error (error);
  stack_settings_read_values (settings, text, -1, &error);
  g_assert_no_error (error);
  stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, name);
  stack_settings_set_text (settings, STACK_FIELD_HOST, host);
  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, url);

  return settings;
}

JsonNode *
cluster_test_call (KubeClient  *client,
                   KubeRequest *request,
                   GError     **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  kube_client_call_async (client, request, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return kube_client_call_finish (client, result, error);
}

/* Deletes the namespace of the test; it goes in its own time. */
void
cluster_test_drop (KubeClient    *client,
                   StackSettings *settings)
{
  const char *name = stack_settings_get_text (settings, STACK_FIELD_NAMESPACE);
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(JsonNode) answer = NULL;
  g_autoptr(GError) error = NULL;

  request = kube_request_new_delete (&KUBE_NAMESPACE, NULL, name, "Background");
  answer = cluster_test_call (client, request, &error);
  if (!g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_assert_no_error (error);
}
