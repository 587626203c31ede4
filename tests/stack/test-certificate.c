/* test-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-authority.h"
#include "stack-error.h"

#include <gio/gio.h>
#include <string.h>

/* 1 January 2026 */
#define NOW G_GINT64_CONSTANT (1767225600)
#define DAY G_GINT64_CONSTANT (86400)
#define HOST "hackystack.local"

static StackAuthority *
generate (void)
{
  g_autoptr(GError) error = NULL;
  StackAuthority *authority = stack_authority_generate (NOW, &error);

  g_assert_no_error (error);

  return authority;
}

static StackCertificate *
issue (StackAuthority *authority,
       const char     *host,
       gint64          now)
{
  g_autoptr(GError) error = NULL;
  StackCertificate *certificate = stack_authority_issue (authority, host, now, &error);

  g_assert_no_error (error);

  return certificate;
}

static GTlsCertificate *
read_pem (const char *pem)
{
  g_autoptr(GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (pem, -1, &error);

  g_assert_no_error (error);

  return certificate;
}

/* As a visitor's program sees it: GLib checks name, time and signature by itself. */
static void
test_trusted (void)
{
  g_autoptr(StackAuthority) authority = stack_authority_generate (g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autoptr(StackAuthority) other = generate ();
  g_autoptr(StackCertificate) certificate = issue (authority, HOST, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr(GTlsCertificate) leaf = read_pem (stack_certificate_get_chain (certificate));
  g_autoptr(GTlsCertificate) root = read_pem (stack_authority_get_certificate (authority));
  g_autoptr(GTlsCertificate) stranger = read_pem (stack_authority_get_certificate (other));
  g_autoptr(GSocketConnectable) host = g_network_address_new (HOST, 443);
  g_autoptr(GSocketConnectable) wrong = g_network_address_new ("other.local", 443);

  g_assert_cmpint (g_tls_certificate_verify (leaf, host, root), ==, 0);
  g_assert_cmpint (g_tls_certificate_verify (leaf, wrong, root), ==, G_TLS_CERTIFICATE_BAD_IDENTITY);
  g_assert_cmpint (g_tls_certificate_verify (leaf, host, stranger), ==,
                   G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_assert_cmpstr (stack_certificate_get_authority (certificate), ==,
                   stack_authority_get_certificate (authority));
}

static void
test_dates (void)
{
  g_autoptr(StackAuthority) authority = generate ();
  g_autoptr(StackCertificate) certificate = issue (authority, HOST, NOW);
  gint64 start = stack_certificate_get_start (certificate);
  gint64 end = stack_certificate_get_end (certificate);

  /* Both ends count. */
  g_assert_cmpint (end - start + 1, <=, 397 * DAY);
  g_assert_cmpint (end - NOW, >, 396 * DAY);
  g_assert_cmpint (start, <, NOW);

  g_assert_true (stack_certificate_lasts (certificate, NOW));
  g_assert_true (stack_certificate_lasts (certificate, end - 30 * DAY));
  g_assert_false (stack_certificate_lasts (certificate, end - 30 * DAY + 1));
  g_assert_false (stack_certificate_lasts (certificate, end + 1));
  g_assert_false (stack_certificate_lasts (certificate, start - 1));

  g_assert_true (stack_authority_lasts (authority, NOW));
  g_assert_true (stack_authority_lasts (authority, NOW + (3650 - 398) * DAY));
  g_assert_false (stack_authority_lasts (authority, NOW + (3650 - 396) * DAY));
  g_assert_false (stack_authority_lasts (authority, NOW - DAY));
}

static void
test_hosts (void)
{
  g_autoptr(StackAuthority) authority = generate ();
  g_autofree char  *label = g_strnfill (63, 'a');
  g_autofree char  *longest = g_strdup_printf ("%s.%s.%s.example.org", label, label, label);
  const char *const hosts[] = { HOST, "localhost", longest };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(StackCertificate) certificate = issue (authority, hosts[i], NOW);

      g_assert_true (stack_certificate_is_for (certificate, hosts[i]));
      g_assert_false (stack_certificate_is_for (certificate, "hackystack.loca"));
      g_assert_false (stack_certificate_is_for (certificate, "www.hackystack.local"));
    }
}

/* What is kept is the whole authority: it goes on issuing. */
static void
test_keep (void)
{
  g_autoptr(StackAuthority) authority = generate ();
  g_autoptr(GError) error = NULL;
  g_autoptr(StackAuthority) back = stack_authority_parse (stack_authority_get_text (authority),
                                                           &error);
  g_autoptr(StackCertificate) first = NULL;
  g_autoptr(StackCertificate) second = NULL;
  g_autoptr(GTlsCertificate) leaf = NULL;
  g_autoptr(GTlsCertificate) root = read_pem (stack_authority_get_certificate (authority));
  g_autoptr(VaultSecret) broken = vault_secret_new ("-----BEGIN CERTIFICATE-----\nAAAA\n");

  g_assert_no_error (error);
  g_assert_cmpstr (stack_authority_get_certificate (back), ==,
                   stack_authority_get_certificate (authority));
  g_assert_null (strstr (stack_authority_get_certificate (back), "PRIVATE"));
  first = issue (authority, HOST, NOW);
  second = issue (back, HOST, NOW);
  leaf = read_pem (stack_certificate_get_chain (second));
  g_assert_cmpint (g_tls_certificate_verify (leaf, NULL, root) & G_TLS_CERTIFICATE_UNKNOWN_CA, ==, 0);
  g_assert_cmpstr (stack_certificate_get_chain (first), !=, stack_certificate_get_chain (second));
  g_assert_false (vault_secret_equal (stack_certificate_get_key (first),
                                      stack_certificate_get_key (second)));

  g_assert_null (stack_authority_parse (broken, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

static void
test_pair (void)
{
  g_autoptr(StackAuthority) authority = generate ();
  g_autoptr(StackCertificate) first = issue (authority, HOST, NOW);
  g_autoptr(StackCertificate) second = issue (authority, HOST, NOW);
  g_autoptr(StackCertificate) again = NULL;
  g_autoptr(GError) error = NULL;

  again = stack_certificate_new (stack_certificate_get_chain (first),
                                 stack_certificate_get_key (first), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (stack_certificate_get_authority (again));

  g_assert_null (stack_certificate_new (stack_certificate_get_chain (first),
                                        stack_certificate_get_key (second), NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
  g_assert_null (strstr (error->message, "BEGIN"));
  g_clear_error (&error);
  g_assert_null (stack_certificate_new ("", stack_certificate_get_key (second), NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

static void
test_fingerprint (void)
{
  g_autoptr(StackAuthority) authority = generate ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = read_pem (stack_authority_get_certificate (authority));
  g_autoptr(GByteArray) der = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(GString) bare = NULL;

  fingerprint = stack_certificate_dup_fingerprint (stack_authority_get_certificate (authority),
                                                   &error);
  g_assert_no_error (error);
  g_object_get (certificate, "certificate", &der, NULL);
  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  bare = g_string_new (fingerprint);
  g_assert_cmpuint (g_string_replace (bare, ":", "", 0), ==, 31);
  g_string_ascii_down (bare);
  g_assert_cmpstr (bare->str, ==, expected);

  g_assert_null (stack_certificate_dup_fingerprint ("nothing", &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/certificate/trusted", test_trusted);
  g_test_add_func ("/stack/certificate/dates", test_dates);
  g_test_add_func ("/stack/certificate/hosts", test_hosts);
  g_test_add_func ("/stack/certificate/keep", test_keep);
  g_test_add_func ("/stack/certificate/pair", test_pair);
  g_test_add_func ("/stack/certificate/fingerprint", test_fingerprint);

  return g_test_run ();
}
