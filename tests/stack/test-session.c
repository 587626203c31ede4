/* test-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-process.h"
#include "stack-error.h"
#include "stack-session.h"
#include "stack-test.h"
#include "vault-session-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The session without a cluster: nothing listens on port 1 of this machine. */

static char *
write_kubeconfig (void)
{
  static const char text[] =
      "apiVersion: v1\nkind: Config\ncurrent-context: one\n"
      "clusters: [{name: away, cluster: {server: 'https://127.0.0.1:1'}}]\n"
      "users: [{name: someone, user: {token: anything}}]\n"
      "contexts:\n"
      "- {name: one, context: {cluster: away, user: someone}}\n"
      "- {name: two, context: {cluster: away, user: someone}}\n";
  g_autoptr(GError) error = NULL;
  char *path = NULL;
  int   fd = g_file_open_tmp ("kubeconfig-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

static StackSession *
load (const char *kubeconfig)
{
  StackSession *session = stack_session_new (kubeconfig, "session-test");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackAnswer answer = { NULL };

  stack_session_load_async (session, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_session_load_finish (session, result, &error);
  g_assert_no_error (error);

  return session;
}

static void
select_context (StackSession *session,
                const char   *name,
                GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  StackAnswer answer = { NULL };

  stack_session_select_context_async (session, name, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  g_assert_false (stack_session_select_context_finish (session, result, error));
}

/* A kubeconfig that is not there does not keep the rest from working. */
static void
test_no_kubeconfig (void)
{
  g_autoptr(StackSession) session = load ("/nowhere/kubeconfig");
  g_autoptr(GError) error = NULL;

  g_assert_null (stack_session_get_config (session));
  g_assert_true (g_error_matches (stack_session_get_config_error (session), KUBE_ERROR,
                                  KUBE_ERROR_CONFIG));
  g_assert_nonnull (stack_session_get_manifests (session));
  g_assert_true (VAULT_IS_SESSION_STORE (stack_session_get_vault (session)));
  g_assert_cmpint (stack_session_get_keyring_state (session), ==, VAULT_KEYRING_ABSENT);
  g_assert_cmpstr (stack_settings_get_profile (stack_session_get_settings (session)), ==,
                   "session-test");
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_NONE);

  select_context (session, NULL, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_FAILED);
  g_assert_null (stack_session_get_client (session));
  g_assert_null (stack_session_ref_pods (session, "default"));
  g_assert_null (stack_session_new_deployer (session, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_CONNECTED);
}

static void
test_not_loaded (void)
{
  g_autoptr(StackSession) session = stack_session_new (NULL, "session-test");
  g_autoptr(GError) error = NULL;

  select_context (session, NULL, &error);
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_CONNECTED);
}

static void
test_away (void)
{
  g_autofree char *path = write_kubeconfig ();
  g_autoptr(StackSession) session = load (path);
  g_autoptr(StackDeployer) deployer = NULL;
  g_autoptr(GError) error = NULL;
  KubeClient *client;

  g_assert_null (stack_session_get_config_error (session));
  select_context (session, NULL, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_clear_error (&error);
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_FAILED);
  g_assert_true (g_error_matches (stack_session_get_connection_error (session), KUBE_ERROR,
                                  KUBE_ERROR_UNREACHABLE));
  g_assert_cmpstr (kube_context_get_name (stack_session_get_context (session)), ==, "one");

  /* The client stays, for what waits until the cluster is back. */
  client = stack_session_get_client (session);
  g_assert_nonnull (client);
  deployer = stack_session_new_deployer (session, &error);
  g_assert_no_error (error);

  select_context (session, "three", &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "two"));
  g_assert_null (stack_session_get_client (session));
  g_remove (path);
}

static void
test_shared_pods (void)
{
  g_autofree char *path = write_kubeconfig ();
  g_autoptr(StackSession) session = load (path);
  g_autoptr(GError) error = NULL;
  KubeReflector *first;
  KubeReflector *again;
  KubeReflector *other;
  KubeReflector *later;

  select_context (session, "one", &error);
  g_clear_error (&error);
  first = stack_session_ref_pods (session, "a");
  again = stack_session_ref_pods (session, "a");
  other = stack_session_ref_pods (session, "b");
  g_assert_true (first == again);
  g_assert_true (first != other);

  /* Another cluster, other pods; who holds the old ones keeps them. */
  select_context (session, "two", &error);
  later = stack_session_ref_pods (session, "a");
  g_assert_true (later != first);

  g_object_unref (again);
  g_assert_finalize_object (first);
  g_assert_finalize_object (other);
  g_assert_finalize_object (later);
  later = stack_session_ref_pods (session, "a");
  g_assert_nonnull (later);
  g_assert_finalize_object (later);
  g_remove (path);
}

static void
test_overtaken (void)
{
  g_autofree char *path = write_kubeconfig ();
  g_autoptr(StackSession) session = load (path);
  g_autoptr(GAsyncResult) first_result = NULL;
  g_autoptr(GAsyncResult) second_result = NULL;
  g_autoptr(GError) error = NULL;
  StackAnswer first = { NULL };
  StackAnswer second = { NULL };

  stack_session_select_context_async (session, "one", NULL, stack_answer_cb, &first);
  stack_session_select_context_async (session, "two", NULL, stack_answer_cb, &second);
  first_result = stack_answer_wait (&first);
  g_assert_false (stack_session_select_context_finish (session, first_result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  second_result = stack_answer_wait (&second);
  g_assert_false (stack_session_select_context_finish (session, second_result, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_cmpstr (kube_context_get_name (stack_session_get_context (session)), ==, "two");
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_FAILED);
  g_remove (path);
}

static void
test_cancelled (void)
{
  g_autofree char *path = write_kubeconfig ();
  g_autoptr(StackSession) session = load (path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackAnswer answer = { NULL };

  stack_session_select_context_async (session, "one", cancellable, stack_answer_cb, &answer);
  g_cancellable_cancel (cancellable);
  result = stack_answer_wait (&answer);
  g_assert_false (stack_session_select_context_finish (session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (stack_session_get_connection (session), ==, STACK_CONNECTION_NONE);
  g_assert_null (stack_session_get_connection_error (session));
  g_remove (path);
}

static void
set_true (gboolean *value)
{
  *value = TRUE;
}

static void
await_changed_config (StackSession *session)
{
  gboolean told = FALSE;
  gulong   handler;

  handler = g_signal_connect_swapped (session, "notify::changed-config", G_CALLBACK (set_true),
                                      &told);
  while (!told)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (session, handler);
}

/* It is offered, and what is in use stays until it is taken. */
static void
test_changed_config (void)
{
  g_autofree char *path = write_kubeconfig ();
  g_autoptr(StackSession) session = load (path);
  KubeConfig *before = stack_session_get_config (session);
  g_autoptr(KubeConfig) kept = g_object_ref (before);
  g_autoptr(GError) error = NULL;

  stack_session_watch_config (session);
  g_file_set_contents (path, "contexts: [", -1, &error);
  g_assert_no_error (error);
  await_changed_config (session);
  g_assert_null (stack_session_get_changed_config (session));
  g_assert_nonnull (stack_session_get_changed_config_error (session));
  stack_session_adopt_changed_config (session);
  g_assert_true (stack_session_get_config (session) == before);

  g_file_set_contents (path, "contexts: [{name: three, context: {}}]", -1, &error);
  g_assert_no_error (error);
  await_changed_config (session);
  g_assert_nonnull (stack_session_get_changed_config (session));
  g_assert_null (stack_session_get_changed_config_error (session));
  g_assert_true (stack_session_get_config (session) == before);

  stack_session_adopt_changed_config (session);
  g_assert_null (stack_session_get_changed_config (session));
  g_assert_nonnull (kube_config_get_context (stack_session_get_config (session), "three", &error));
  g_assert_no_error (error);
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp ("session-XXXXXX", &error);
  int              status;

  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  /* No test has business with the keyring of whoever runs it. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/session/no-kubeconfig", test_no_kubeconfig);
  g_test_add_func ("/stack/session/not-loaded", test_not_loaded);
  g_test_add_func ("/stack/session/away", test_away);
  g_test_add_func ("/stack/session/shared-pods", test_shared_pods);
  g_test_add_func ("/stack/session/overtaken", test_overtaken);
  g_test_add_func ("/stack/session/cancelled", test_cancelled);
  g_test_add_func ("/stack/session/changed-config", test_changed_config);
  status = g_test_run ();
  g_rmdir (home);

  return status;
}
