/* stack-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-certificate.h"

#include "base-redact.h"
#include "kube-key-pair.h"
#include "stack-error.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

/* A certificate is renewed when it has less than this left. */
#define RENEWAL_SECONDS (30 * 24 * 60 * 60)

/* SHA-256 */
#define DIGEST_BYTES 32

/**
 * StackCertificate:
 *
 * A certificate for a host, with the private key that belongs to it and, where it is known, the
 * certificate of the authority that issued it. All of it is text in PEM form. It does not change.
 */
struct _StackCertificate
{
  grefcount ref_count;

  char        *chain;     /* (owned) the host's certificate first */
  VaultSecret *key;       /* (owned) */
  char        *authority; /* (owned) (nullable) */

  gnutls_x509_crt_t leaf; /* (owned) */
};

G_DEFINE_BOXED_TYPE (StackCertificate, stack_certificate, stack_certificate_ref, stack_certificate_unref)

/* Reads the first certificate of a text. */
static int
import_first (const char        *pem,
              gnutls_x509_crt_t *certificate)
{
  gnutls_datum_t datum = { (guchar *) pem, strlen (pem) };
  int            result;

  result = gnutls_x509_crt_init (certificate);
  if (result < 0)
    return result;

  result = gnutls_x509_crt_import (*certificate, &datum, GNUTLS_X509_FMT_PEM);
  if (result < 0)
    g_clear_pointer (certificate, gnutls_x509_crt_deinit);

  return result;
}

/**
 * stack_certificate_new:
 * @chain: the host's certificate in PEM form, followed by those in between, if there are any
 * @key: its private key in PEM form
 * @authority: (nullable): the certificate of the authority in PEM form
 * @error: return location for an error, %STACK_ERROR_VALUES: something cannot be read, or the two
 *   do not belong together
 *
 * Returns: (transfer full): a certificate
 */
StackCertificate *
stack_certificate_new (const char  *chain,
                       VaultSecret *key,
                       const char  *authority,
                       GError     **error)
{
  StackCertificate *self;
  gnutls_x509_crt_t leaf = NULL;
  const char       *text;
  int               result;

  g_return_val_if_fail (chain != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  text = vault_secret_get_text (key);
  result = kube_key_pair_check (chain, strlen (chain), text, strlen (text));
  if (result >= 0)
    result = import_first (chain, &leaf);
  if (result < 0)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The certificate and its private key cannot be used: %s. Visitors could not be "
                   "served with them. Let a new pair be made.",
                   gnutls_strerror (result));
      return NULL;
    }

  self = g_new0 (StackCertificate, 1);
  g_ref_count_init (&self->ref_count);
  self->chain = g_strdup (chain);
  self->key = vault_secret_ref (key);
  self->authority = g_strdup (authority);
  self->leaf = leaf;
  base_redact_add (text);

  return self;
}

/**
 * stack_certificate_ref:
 * @self: a certificate
 *
 * Returns: (transfer full): @self
 */
StackCertificate *
stack_certificate_ref (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * stack_certificate_unref:
 * @self: (transfer full): a certificate
 *
 * Frees it with the last reference.
 */
void
stack_certificate_unref (StackCertificate *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->ref_count))
    return;

  base_redact_remove (vault_secret_get_text (self->key));
  g_clear_pointer (&self->key, vault_secret_unref);
  g_clear_pointer (&self->leaf, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->chain, g_free);
  g_clear_pointer (&self->authority, g_free);
  g_free (self);
}

/**
 * stack_certificate_get_chain:
 * @self: a certificate
 *
 * Returns: (transfer none): the host's certificate in PEM form, and those in between
 */
const char *
stack_certificate_get_chain (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->chain;
}

/**
 * stack_certificate_get_key:
 * @self: a certificate
 *
 * Returns: (transfer none): the private key in PEM form
 */
VaultSecret *
stack_certificate_get_key (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key;
}

/**
 * stack_certificate_get_authority:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): the certificate of the authority in PEM form
 */
const char *
stack_certificate_get_authority (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->authority;
}

/**
 * stack_certificate_get_start:
 * @self: a certificate
 *
 * Returns: since when it is valid, in seconds since 1970
 */
gint64
stack_certificate_get_start (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return gnutls_x509_crt_get_activation_time (self->leaf);
}

/**
 * stack_certificate_get_end:
 * @self: a certificate
 *
 * Returns: until when it is valid, in seconds since 1970
 */
gint64
stack_certificate_get_end (StackCertificate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return gnutls_x509_crt_get_expiration_time (self->leaf);
}

/**
 * stack_certificate_is_for:
 * @self: a certificate
 * @host: a host name
 *
 * Looks into the subject alternative names, as browsers do (RFC 6125).
 *
 * Returns: whether it is for that host
 */
gboolean
stack_certificate_is_for (StackCertificate *self,
                          const char       *host)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  return gnutls_x509_crt_check_hostname2 (self->leaf, host, 0) != 0;
}

/**
 * stack_certificate_lasts:
 * @self: a certificate
 * @now: the present moment, in seconds since 1970
 *
 * Returns: whether it is valid, and will be for another 30 days: if not, it is time for a new one
 */
gboolean
stack_certificate_lasts (StackCertificate *self,
                         gint64            now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return stack_certificate_get_start (self) <= now &&
         stack_certificate_get_end (self) - now >= RENEWAL_SECONDS;
}

/**
 * stack_certificate_dup_fingerprint:
 * @pem: a certificate in PEM form
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: (transfer full): its SHA-256 as `openssl x509 -fingerprint -sha256` and browsers write
 *   it: pairs of hexadecimal digits in capitals, with colons between them
 */
char *
stack_certificate_dup_fingerprint (const char *pem,
                                   GError    **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gnutls_x509_crt_t certificate = NULL;
  guchar            digest[DIGEST_BYTES];
  gsize             length = sizeof digest;
  int               result;

  g_return_val_if_fail (pem != NULL, NULL);

  result = import_first (pem, &certificate);
  if (result >= 0)
    result = gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &length);
  g_clear_pointer (&certificate, gnutls_x509_crt_deinit);
  if (result < 0)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The certificate cannot be read: %s. Let a new one be made.",
                   gnutls_strerror (result));
      return NULL;
    }

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
