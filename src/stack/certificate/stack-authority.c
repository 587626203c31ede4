/* stack-authority.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-authority.h"

#include "base-redact.h"
#include "stack-error.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define DAY_SECONDS (24 * 60 * 60)

/* Browsers take 398 days at most (CA/Browser Forum, Baseline Requirements 6.3.2). */
#define LEAF_DAYS 397

/* Ten years: trusting it is a step that people take by hand. */
#define AUTHORITY_DAYS 3650

/* Clocks differ. */
#define BACKDATING_SECONDS (60 * 60)

#define AUTHORITY_NAME "CN=Hacky Stack Desktop local authority"
#define LEAF_NAME "CN=Hacky Stack"

#define SERIAL_BYTES 16

/**
 * StackAuthority:
 *
 * A certificate authority of the user's own. It issues certificates for hosts that exist on the
 * user's machine only, for which no public authority would. Whoever trusts its certificate once
 * trusts all that it issues, so its private key is a secret of the first rank.
 */
struct _StackAuthority
{
  grefcount ref_count;

  VaultSecret *text;        /* (owned) certificate and private key in PEM form, as it is kept */
  char        *certificate; /* (owned) in PEM form */

  gnutls_x509_crt_t     crt; /* (owned) */
  gnutls_x509_privkey_t key; /* (owned) */
};

G_DEFINE_BOXED_TYPE (StackAuthority, stack_authority, stack_authority_ref, stack_authority_unref)

static void
set_error (GError    **error,
           const char *what,
           int         result)
{
  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES, "%s: %s. Try again, or deploy without HTTPS "
                                                       "for the time being.",
               what, gnutls_strerror (result));
}

/* P-256: as strong as RSA with 3072 bits, made within a millisecond, and known to every browser. */
static int
generate_key (gnutls_x509_privkey_t *key)
{
  int result = gnutls_x509_privkey_init (key);

  if (result < 0)
    return result;

  result = gnutls_x509_privkey_generate (*key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (result < 0)
    g_clear_pointer (key, gnutls_x509_privkey_deinit);

  return result;
}

/* What every certificate has: version, serial number, time, name, key and the key's identifier. */
static int
begin_certificate (gnutls_x509_crt_t     crt,
                   gnutls_x509_privkey_t key,
                   const char           *name,
                   gint64                now,
                   guint                 days)
{
  gint64 start = now - BACKDATING_SECONDS;
  guchar serial[SERIAL_BYTES];
  guchar identifier[64];
  gsize  identifier_length = sizeof identifier;
  int    result;

  result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);
  /* A positive number that is not zero (RFC 5280, 4.1.2.2). */
  serial[0] = (serial[0] & 0x7f) | 0x40;

  if (result >= 0)
    result = gnutls_x509_crt_set_version (crt, 3);
  if (result >= 0)
    result = gnutls_x509_crt_set_serial (crt, serial, sizeof serial);
  if (result >= 0)
    result = gnutls_x509_crt_set_activation_time (crt, start);
  /* Both ends belong to the time (RFC 5280, 4.1.2.5). */
  if (result >= 0)
    result = gnutls_x509_crt_set_expiration_time (crt, start + (gint64) days * DAY_SECONDS - 1);
  if (result >= 0)
    result = gnutls_x509_crt_set_dn (crt, name, NULL);
  if (result >= 0)
    result = gnutls_x509_crt_set_key (crt, key);
  if (result >= 0)
    result = gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA1, identifier,
                                         &identifier_length);
  if (result >= 0)
    result = gnutls_x509_crt_set_subject_key_id (crt, identifier, identifier_length);

  return result;
}

static int
complete_authority (gnutls_x509_crt_t     crt,
                    gnutls_x509_privkey_t key)
{
  int result;

  /* It may issue for hosts, and make no other authority. */
  result = gnutls_x509_crt_set_basic_constraints (crt, 1, 0);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
  if (result >= 0)
    result = gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0);

  return result;
}

static int
complete_leaf (StackAuthority   *self,
               gnutls_x509_crt_t crt,
               const char       *host)
{
  guchar identifier[64];
  gsize  identifier_length = sizeof identifier;
  int    result;

  result = gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, host, strlen (host),
                                                 GNUTLS_FSAN_SET);
  if (result >= 0)
    result = gnutls_x509_crt_set_basic_constraints (crt, 0, -1);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
  if (result >= 0)
    result = gnutls_x509_crt_get_subject_key_id (self->crt, identifier, &identifier_length, NULL);
  if (result >= 0)
    result = gnutls_x509_crt_set_authority_key_id (crt, identifier, identifier_length);
  if (result >= 0)
    result = gnutls_x509_crt_sign2 (crt, self->crt, self->key, GNUTLS_DIG_SHA256, 0);

  return result;
}

static char *
print_certificate (gnutls_x509_crt_t crt,
                   int              *result)
{
  gnutls_datum_t datum = { NULL, 0 };
  char          *text;

  *result = gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &datum);
  if (*result < 0)
    return NULL;

  text = g_strndup ((const char *) datum.data, datum.size);
  gnutls_free (datum.data);

  return text;
}

/* Behind @prefix, which may be empty. */
static VaultSecret *
print_key (gnutls_x509_privkey_t key,
           const char           *prefix,
           int                  *result)
{
  gnutls_datum_t datum = { NULL, 0 };
  gsize          length = strlen (prefix);
  char          *text;
  VaultSecret   *secret;

  *result = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                               &datum);
  if (*result < 0)
    return NULL;

  text = g_malloc0 (length + datum.size + 1);
  memcpy (text, prefix, length);
  memcpy (text + length, datum.data, datum.size);
  secret = vault_secret_new (text);
  explicit_bzero (text, length + datum.size);
  g_free (text);
  gnutls_memset (datum.data, 0, datum.size);
  gnutls_free (datum.data);

  return secret;
}

/**
 * stack_authority_generate:
 * @now: the present moment, in seconds since 1970
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Makes an authority: an ECDSA key on P-256 and a certificate for ten years that it signs itself.
 *
 * Returns: (transfer full): a new authority
 */
StackAuthority *
stack_authority_generate (gint64   now,
                          GError **error)
{
  g_autoptr(VaultSecret) text = NULL;
  g_autofree char      *certificate = NULL;
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t     crt = NULL;
  int                   result;

  result = generate_key (&key);
  if (result >= 0)
    result = gnutls_x509_crt_init (&crt);
  if (result >= 0)
    result = begin_certificate (crt, key, AUTHORITY_NAME, now, AUTHORITY_DAYS);
  if (result >= 0)
    result = complete_authority (crt, key);
  if (result >= 0)
    certificate = print_certificate (crt, &result);
  if (result >= 0)
    text = print_key (key, certificate, &result);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);

  if (result < 0)
    {
      set_error (error, "A certificate authority could not be made", result);
      return NULL;
    }

  return stack_authority_parse (text, error);
}

static int
import (StackAuthority *self,
        const char     *text)
{
  gnutls_datum_t datum = { (guchar *) text, strlen (text) };
  int            result;

  result = gnutls_x509_crt_init (&self->crt);
  if (result >= 0)
    result = gnutls_x509_crt_import (self->crt, &datum, GNUTLS_X509_FMT_PEM);
  if (result >= 0)
    result = gnutls_x509_privkey_init (&self->key);
  if (result >= 0)
    result = gnutls_x509_privkey_import2 (self->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (result >= 0)
    self->certificate = print_certificate (self->crt, &result);

  return result;
}

/**
 * stack_authority_parse:
 * @text: an authority as [method@Authority.get_text] gave it
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: (transfer full): the authority
 */
StackAuthority *
stack_authority_parse (VaultSecret *text,
                       GError     **error)
{
  g_autoptr(StackAuthority) self = NULL;
  int result;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (StackAuthority, 1);
  g_ref_count_init (&self->ref_count);
  self->text = vault_secret_ref (text);
  base_redact_add (vault_secret_get_text (text));

  result = import (self, vault_secret_get_text (text));
  if (result < 0)
    {
      set_error (error, "The certificate authority that is kept cannot be read", result);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * stack_authority_ref:
 * @self: an authority
 *
 * Returns: (transfer full): @self
 */
StackAuthority *
stack_authority_ref (StackAuthority *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * stack_authority_unref:
 * @self: (transfer full): an authority
 *
 * Wipes it with the last reference.
 */
void
stack_authority_unref (StackAuthority *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->ref_count))
    return;

  base_redact_remove (vault_secret_get_text (self->text));
  g_clear_pointer (&self->text, vault_secret_unref);
  g_clear_pointer (&self->certificate, g_free);
  g_clear_pointer (&self->crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);
  g_free (self);
}

/**
 * stack_authority_get_text:
 * @self: an authority
 *
 * Returns: (transfer none): certificate and private key in PEM form, to be kept
 */
VaultSecret *
stack_authority_get_text (StackAuthority *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * stack_authority_get_certificate:
 * @self: an authority
 *
 * Returns: (transfer none): its certificate in PEM form, which is public
 */
const char *
stack_authority_get_certificate (StackAuthority *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->certificate;
}

/**
 * stack_authority_lasts:
 * @self: an authority
 * @now: the present moment, in seconds since 1970
 *
 * Returns: whether it outlives what it would issue now
 */
gboolean
stack_authority_lasts (StackAuthority *self,
                       gint64          now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return gnutls_x509_crt_get_activation_time (self->crt) <= now &&
         gnutls_x509_crt_get_expiration_time (self->crt) - now >= LEAF_DAYS * DAY_SECONDS;
}

/**
 * stack_authority_issue:
 * @self: an authority
 * @host: the host name
 * @now: the present moment, in seconds since 1970
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Makes a key on P-256 and a certificate for @host, for 397 days, an hour of them already gone.
 * The host stands among the subject alternative names only, since nobody looks at the common name
 * any more, and that takes 64 characters at most.
 *
 * Returns: (transfer full): the certificate
 */
StackCertificate *
stack_authority_issue (StackAuthority *self,
                       const char     *host,
                       gint64          now,
                       GError        **error)
{
  g_autoptr(VaultSecret) secret = NULL;
  g_autofree char      *chain = NULL;
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t     crt = NULL;
  int                   result;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  result = generate_key (&key);
  if (result >= 0)
    result = gnutls_x509_crt_init (&crt);
  if (result >= 0)
    result = begin_certificate (crt, key, LEAF_NAME, now, LEAF_DAYS);
  if (result >= 0)
    result = complete_leaf (self, crt, host);
  if (result >= 0)
    chain = print_certificate (crt, &result);
  if (result >= 0)
    secret = print_key (key, "", &result);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);

  if (result < 0)
    {
      set_error (error, "A certificate could not be made", result);
      return NULL;
    }

  return stack_certificate_new (chain, secret, self->certificate, error);
}
