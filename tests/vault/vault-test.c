/* vault-test.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-test.h"

void
vault_answer_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  VaultAnswer *answer = user_data;

  answer->result = g_object_ref (result);
}

/* Runs the default main context until an answer is there. */
GAsyncResult *
vault_answer_wait (VaultAnswer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&answer->result);
}

VaultSecret *
vault_test_lookup (VaultStore *store,
                   const char *profile,
                   const char *name,
                   GError    **error)
{
  VaultAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  vault_store_lookup_async (store, profile, name, NULL, vault_answer_cb, &answer);
  result = vault_answer_wait (&answer);

  return vault_store_lookup_finish (store, result, error);
}

gboolean
vault_test_save (VaultStore *store,
                 const char *profile,
                 const char *name,
                 const char *text,
                 GError    **error)
{
  VaultAnswer answer = { NULL };
  g_autoptr(VaultSecret) secret = vault_secret_new (text);
  g_autoptr(GAsyncResult) result = NULL;

  vault_store_save_async (store, profile, name, secret, NULL, vault_answer_cb, &answer);
  result = vault_answer_wait (&answer);

  return vault_store_save_finish (store, result, error);
}

gboolean
vault_test_clear (VaultStore *store,
                  const char *profile,
                  const char *name,
                  GError    **error)
{
  VaultAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  vault_store_clear_async (store, profile, name, NULL, vault_answer_cb, &answer);
  result = vault_answer_wait (&answer);

  return vault_store_clear_finish (store, result, error);
}

/* The life of a secret, the same in every store. */
void
vault_test_life (VaultStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) none = NULL;
  g_autoptr(VaultSecret) first = NULL;
  g_autoptr(VaultSecret) other = NULL;
  g_autoptr(VaultSecret) second = NULL;
  g_autoptr(VaultSecret) gone = NULL;
  gboolean done;

  none = vault_test_lookup (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_null (none);

  done = vault_test_save (store, "life", "DATABASE_URL", "first \"värdet\"\n", &error);
  g_assert_no_error (error);
  g_assert_true (done);
  first = vault_test_lookup (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_nonnull (first);
  g_assert_cmpstr (vault_secret_get_text (first), ==, "first \"värdet\"\n");

  other = vault_test_lookup (store, "another", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_null (other);

  done = vault_test_save (store, "life", "DATABASE_URL", "second", &error);
  g_assert_no_error (error);
  g_assert_true (done);
  second = vault_test_lookup (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (vault_secret_get_text (second), ==, "second");

  done = vault_test_clear (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_true (done);
  gone = vault_test_lookup (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_null (gone);

  done = vault_test_clear (store, "life", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_true (done);
}
