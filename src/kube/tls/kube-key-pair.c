/* kube-key-pair.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-key-pair.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/* gnutls_certificate_set_x509_key_mem() keeps for itself what it has read of a chain when a later
 * certificate is damaged (GnuTLS 3.7.9), so the chain is read by itself before. */
static int
check_chain (const gnutls_datum_t *chain)
{
  gnutls_x509_crt_t *certificates = NULL;
  unsigned int       n_certificates = 0;
  int                result;

  result = gnutls_x509_crt_list_import2 (&certificates, &n_certificates, chain,
                                         GNUTLS_X509_FMT_PEM, 0);
  if (result < 0)
    return result;
  for (unsigned int i = 0; i < n_certificates; i++)
    gnutls_x509_crt_deinit (certificates[i]);
  gnutls_free (certificates);

  return 0;
}

/**
 * kube_key_pair_check:
 * @certificate: a certificate in PEM form, with its chain if it has one
 * @certificate_length: its length in bytes
 * @key: a private key in PEM form
 * @key_length: its length in bytes
 *
 * Checks that a certificate and a private key can be read and belong together (see "gnutls beside
 * GIO" in docs/architecture.md).
 *
 * Returns: 0 or more if they do, otherwise an error code of GnuTLS:
 *   `GNUTLS_E_CERTIFICATE_KEY_MISMATCH` if both can be read
 */
int
kube_key_pair_check (const char *certificate,
                     gsize       certificate_length,
                     const char *key,
                     gsize       key_length)
{
  gnutls_datum_t                   certificate_datum = { (guchar *) certificate, certificate_length };
  gnutls_datum_t                   key_datum = { (guchar *) key, key_length };
  gnutls_certificate_credentials_t credentials;
  int                              result;

  g_return_val_if_fail (certificate != NULL && key != NULL, GNUTLS_E_INVALID_REQUEST);

  result = check_chain (&certificate_datum);
  if (result < 0)
    return result;

  gnutls_certificate_allocate_credentials (&credentials);
  result = gnutls_certificate_set_x509_key_mem (credentials, &certificate_datum, &key_datum,
                                                GNUTLS_X509_FMT_PEM);
  gnutls_certificate_free_credentials (credentials);

  return result;
}
