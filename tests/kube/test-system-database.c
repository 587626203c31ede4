/* test-system-database.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-system-database.h"

/* A certificate that nobody's system trusts: self-signed, for one name. */
static const char UNKNOWN[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBizCCATGgAwIBAgIUUdvd7pHY/bA7qJ9zpy14umVY9cYwCgYIKoZIzj0EAwIw\n"
    "GjEYMBYGA1UEAwwPdW5rbm93bi5leGFtcGxlMCAXDTI2MTEyMzE1NTcxOFoYDzIx\n"
    "MjYxMDMwMTU1NzE4WjAaMRgwFgYDVQQDDA91bmtub3duLmV4YW1wbGUwWTATBgcq\n"
    "hkjOPQIBBggqhkjOPQMBBwNCAAQ95oTX4H7PJ4n5E8XhLQkTOGKsnhmCQGcsvopA\n"
    "gFNRC6p9wA+djDUXNw1vp0BsIVP923IXujzAiza/g+G8KffCo1MwUTAdBgNVHQ4E\n"
    "FgQUdtHgePU8VgnLcAbweVY6BYKAoH4wHwYDVR0jBBgwFoAUdtHgePU8VgnLcAbw\n"
    "eVY6BYKAoH4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA3JfB\n"
    "pEGTvYHTpZ32Sp9YcaQCxywQ0LhgvYEXND3ui0ICIHP7WihhwACGa8V/q4exwlb4\n"
    "6WjazXqFF0iK+kbIuTJ8\n"
    "-----END CERTIFICATE-----\n";

static GTlsCertificateFlags
verify (GTlsDatabase    *database,
        GTlsCertificate *certificate)
{
  g_autoptr(GError) error = NULL;
  GTlsCertificateFlags flags =
      g_tls_database_verify_chain (database, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, NULL, NULL,
                                   G_TLS_DATABASE_VERIFY_NONE, NULL, &error);

  g_assert_no_error (error);

  return flags;
}

/* Whatever the system itself says of a certificate is said here too. */
static void
test_delegates (void)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr(GTlsDatabase) system = G_TLS_BACKEND_GET_INTERFACE (backend)->get_default_database (backend);
  g_autoptr(GTlsDatabase) ours = NULL;
  g_autoptr(GTlsCertificate) unknown = NULL;
  g_autoptr(GError) error = NULL;
  g_autolist (GTlsCertificate) trusted = NULL;
  guint n_trusted = 0;

  kube_system_database_install ();
  kube_system_database_install ();
  ours = g_tls_backend_get_default_database (backend);
  g_assert_true (KUBE_IS_SYSTEM_DATABASE (ours));

  unknown = g_tls_certificate_new_from_pem (UNKNOWN, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (verify (ours, unknown), ==, verify (system, unknown));
  g_assert_cmpuint (verify (ours, unknown) & G_TLS_CERTIFICATE_UNKNOWN_CA, !=, 0);

  trusted = g_tls_certificate_list_new_from_file ("/etc/ssl/certs/ca-certificates.crt", NULL);
  for (GList *l = trusted; l != NULL; l = l->next)
    {
      g_assert_cmpuint (verify (ours, l->data), ==, verify (system, l->data));
      n_trusted += verify (ours, l->data) == G_TLS_CERTIFICATE_NO_FLAGS;
    }
  if (trusted == NULL)
    g_test_skip ("this system keeps its authorities elsewhere");
  else
    g_assert_cmpuint (n_trusted, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/system-database/delegates", test_delegates);

  return g_test_run ();
}
