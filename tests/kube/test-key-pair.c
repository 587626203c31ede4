/* test-key-pair.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gnutls/gnutls.h>
#include <string.h>

#include "kube-key-pair.h"

/* Made for this test; nobody trusts it. */
static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBcjCCARmgAwIBAgIUdYF1ujOZLtGk6nQu4CJt3aZUQEcwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEZmFrZTAeFw0yNjExMjMxNjA0MzJaFw0zNjExMjAxNjA0MzJa\n"
    "MA8xDTALBgNVBAMMBGZha2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARg3k/A\n"
    "m+rjHkCmABJjleOs12URefgJll5mNvGEnDuKM9Xr+N0e5F2W5zMg9hZ/LRzgHnzn\n"
    "uZHw04Lv6m7PlbxTo1MwUTAdBgNVHQ4EFgQU58IKn72xzo7MrfX51K0NCMCku0cw\n"
    "HwYDVR0jBBgwFoAU58IKn72xzo7MrfX51K0NCMCku0cwDwYDVR0TAQH/BAUwAwEB\n"
    "/zAKBggqhkjOPQQDAgNHADBEAiB7hyrEr+psl0LCFCnwdwiWpQfUOVVQ1wKFaiBB\n"
    "co0W+wIgKezhqP/97WCD7HJc8ljcCL8icSXS8YoKagBpEWdm7po=\n"
    "-----END CERTIFICATE-----\n";
static const char key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSW17qkj5W8CtUxZa\n"
    "T/QpioQwzASVh1p77ArXcf4gLPuhRANCAARg3k/Am+rjHkCmABJjleOs12URefgJ\n"
    "ll5mNvGEnDuKM9Xr+N0e5F2W5zMg9hZ/LRzgHnznuZHw04Lv6m7PlbxT\n"
    "-----END PRIVATE KEY-----\n";
static const char other_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgblJjpJDnaMoI7AZC\n"
    "ihWjER2fykYGWCdL4Q/BEVToDaKhRANCAASBpUq5TZvxHXJusNHydy2nmUkq9fni\n"
    "xctDGeRpLTIAa6a8RxhCUR9PcsFoDsfxuZ1wQ5fmAN06E1SzuJ0A87YI\n"
    "-----END PRIVATE KEY-----\n";

static int
check (const char *certificate_text,
       const char *key_text)
{
  return kube_key_pair_check (certificate_text, strlen (certificate_text), key_text,
                              strlen (key_text));
}

static void
test_pairs (void)
{
  g_autofree char *chain = g_strconcat (certificate, certificate, NULL);

  g_assert_cmpint (check (certificate, key), >=, 0);
  g_assert_cmpint (check (chain, key), >=, 0);
  g_assert_cmpint (check (certificate, other_key), ==, GNUTLS_E_CERTIFICATE_KEY_MISMATCH);
  g_assert_cmpint (check ("", key), <, 0);
  g_assert_cmpint (check (certificate, ""), <, 0);
  g_assert_cmpint (check ("text", "text"), <, 0);
  g_assert_cmpint (check (key, certificate), <, 0);
}

/* One letter is damaged at a time: nothing of what was read before it may be left over, which the
 * leak checker sees. */
static void
test_damaged (void)
{
  g_autofree char *chain = g_strconcat (certificate, certificate, NULL);

  for (gsize i = strlen (certificate) - 300; i < strlen (chain) - 30; i += 97)
    {
      g_autofree char *damaged = g_strdup (chain);

      damaged[i] = '~';
      check (damaged, key);
    }
  for (gsize i = 40; i < strlen (key); i += 29)
    {
      g_autofree char *damaged = g_strdup (key);

      damaged[i] = '~';
      check (certificate, damaged);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/key-pair/pairs", test_pairs);
  g_test_add_func ("/kube/key-pair/damaged", test_damaged);

  return g_test_run ();
}
