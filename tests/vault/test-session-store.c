/* test-session-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-session-store.h"
#include "vault-test.h"

static void
test_life (void)
{
  g_autoptr(VaultStore) store = vault_session_store_new ();

  g_assert_false (vault_store_is_persistent (store));
  vault_test_life (store);
}

static void
test_cancelled (void)
{
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(VaultSecret) secret = vault_secret_new ("never kept");
  g_autoptr(VaultSecret) found = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  VaultAnswer answer = { NULL };

  g_cancellable_cancel (cancellable);
  vault_store_save_async (store, "p", "N", secret, cancellable, vault_answer_cb, &answer);
  result = vault_answer_wait (&answer);
  g_assert_false (vault_store_save_finish (store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  found = vault_test_lookup (store, "p", "N", &error);
  g_assert_no_error (error);
  g_assert_null (found);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/session-store/life", test_life);
  g_test_add_func ("/vault/session-store/cancelled", test_cancelled);

  return g_test_run ();
}
