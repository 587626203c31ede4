/* test-secret.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-generator.h"
#include "vault-secret.h"

#include <string.h>

static void
test_equal (void)
{
  g_autoptr(VaultSecret) a = vault_secret_new ("correct horse");
  g_autoptr(VaultSecret) b = vault_secret_new ("correct horse");
  g_autoptr(VaultSecret) c = vault_secret_new ("correct horse battery");
  g_autoptr(VaultSecret) empty = vault_secret_new ("");

  g_assert_cmpstr (vault_secret_get_text (a), ==, "correct horse");
  g_assert_cmpstr (vault_secret_get_text (empty), ==, "");
  g_assert_true (vault_secret_equal (a, b));
  g_assert_false (vault_secret_equal (a, c));
  g_assert_false (vault_secret_equal (a, empty));
  g_assert_false (vault_secret_equal (a, NULL));
  g_assert_true (vault_secret_equal (NULL, NULL));
}

/* A secret is a copy, and outlives all references but the last. */
static void
test_copy (void)
{
  char         buffer[] = "secret text";
  VaultSecret *secret = vault_secret_new (buffer);
  VaultSecret *other = vault_secret_ref (secret);

  memset (buffer, 'x', sizeof buffer - 1);
  vault_secret_unref (secret);
  g_assert_cmpstr (vault_secret_get_text (other), ==, "secret text");
  vault_secret_unref (other);
}

static void
test_generate (void)
{
  static const guint lengths[] = { 1, 16, 33, 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(VaultSecret) a = vault_generate_secret (lengths[i], &error);
      g_autoptr(VaultSecret) b = NULL;
      g_autofree guchar *bytes = NULL;
      gsize              n = 0;

      g_assert_no_error (error);
      bytes = g_base64_decode (vault_secret_get_text (a), &n);
      g_assert_cmpuint (n, ==, lengths[i]);

      b = vault_generate_secret (lengths[i], &error);
      g_assert_no_error (error);
      if (lengths[i] >= 16)
        g_assert_false (vault_secret_equal (a, b));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/secret/equal", test_equal);
  g_test_add_func ("/vault/secret/copy", test_copy);
  g_test_add_func ("/vault/secret/generate", test_generate);

  return g_test_run ();
}
