/* kube-tls-database.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-tls-database.h"

#include <gnutls/x509.h>

#define MAX_CHAIN_LENGTH 16

/**
 * KubeTlsDatabase:
 *
 * The certificate authorities of one cluster, held in memory. A server's certificate is accepted
 * if one of them has signed it, if it is meant for servers, if its time has come and has not
 * passed, and if it is made out to the server's name; the authorities of the system do not
 * count.
 */
struct _KubeTlsDatabase
{
  GTlsDatabase parent_instance;

  GMutex                   mutex; /* handshakes run in several threads */
  gnutls_x509_trust_list_t list;
};

G_DEFINE_FINAL_TYPE (KubeTlsDatabase, kube_tls_database, G_TYPE_TLS_DATABASE)

static char *
dup_host (GSocketConnectable *identity)
{
  if (G_IS_NETWORK_ADDRESS (identity))
    return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (identity)));
  if (G_IS_INET_SOCKET_ADDRESS (identity))
    return g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (identity)));

  return NULL;
}

static guint
import_chain (GTlsCertificate   *chain,
              gnutls_x509_crt_t *certificates)
{
  guint n = 0;

  for (; chain != NULL && n < MAX_CHAIN_LENGTH; chain = g_tls_certificate_get_issuer (chain))
    {
      g_autoptr(GByteArray) der = NULL;
      gnutls_datum_t datum;

      g_object_get (chain, "certificate", &der, NULL);
      datum.data = der->data;
      datum.size = der->len;
      gnutls_x509_crt_init (&certificates[n]);
      if (gnutls_x509_crt_import (certificates[n++], &datum, GNUTLS_X509_FMT_DER) < 0)
        return 0;
    }

  return n;
}

static GTlsCertificateFlags
translate_status (guint status)
{
  static const struct
  {
    guint                status;
    GTlsCertificateFlags flag;
  } table[] = {
    { GNUTLS_CERT_SIGNER_NOT_FOUND, G_TLS_CERTIFICATE_UNKNOWN_CA },
    { GNUTLS_CERT_SIGNER_NOT_CA, G_TLS_CERTIFICATE_UNKNOWN_CA },
    { GNUTLS_CERT_SIGNATURE_FAILURE, G_TLS_CERTIFICATE_UNKNOWN_CA },
    { GNUTLS_CERT_UNEXPECTED_OWNER, G_TLS_CERTIFICATE_BAD_IDENTITY },
    { GNUTLS_CERT_NOT_ACTIVATED, G_TLS_CERTIFICATE_NOT_ACTIVATED },
    { GNUTLS_CERT_EXPIRED, G_TLS_CERTIFICATE_EXPIRED },
    { GNUTLS_CERT_REVOKED, G_TLS_CERTIFICATE_REVOKED },
    { GNUTLS_CERT_INSECURE_ALGORITHM, G_TLS_CERTIFICATE_INSECURE },
  };
  GTlsCertificateFlags flags = G_TLS_CERTIFICATE_NO_FLAGS;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (status & table[i].status)
      flags |= table[i].flag;
  if (status != 0 && flags == G_TLS_CERTIFICATE_NO_FLAGS)
    flags = G_TLS_CERTIFICATE_GENERIC_ERROR;

  return flags;
}

static GTlsCertificateFlags
verify (KubeTlsDatabase   *self,
        gnutls_x509_crt_t *certificates,
        guint              n_certificates,
        const char        *host)
{
  gnutls_typed_vdata_st demands[] = {
    { GNUTLS_DT_DNS_HOSTNAME, (guchar *) host, 0 },
    /* A user's certificate comes from the same authority: it must not pass for a server's. */
    { GNUTLS_DT_KEY_PURPOSE_OID, (guchar *) GNUTLS_KP_TLS_WWW_SERVER, 0 },
  };
  guint status = GNUTLS_CERT_INVALID;
  int   result;

  g_mutex_lock (&self->mutex);
  result = gnutls_x509_trust_list_verify_crt2 (self->list, certificates, n_certificates, demands,
                                               G_N_ELEMENTS (demands), 0, &status, NULL);
  g_mutex_unlock (&self->mutex);

  return result < 0 ? G_TLS_CERTIFICATE_GENERIC_ERROR : translate_status (status);
}

static GTlsCertificateFlags
kube_tls_database_verify_chain (GTlsDatabase           *database,
                                GTlsCertificate        *chain,
                                const char             *purpose,
                                GSocketConnectable     *identity,
                                GTlsInteraction        *interaction,
                                GTlsDatabaseVerifyFlags flags,
                                GCancellable           *cancellable,
                                GError                **error)
{
  KubeTlsDatabase     *self = KUBE_TLS_DATABASE (database);
  gnutls_x509_crt_t    certificates[MAX_CHAIN_LENGTH] = { NULL };
  g_autofree char     *host = dup_host (identity);
  GTlsCertificateFlags problems;
  guint                n_certificates;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return G_TLS_CERTIFICATE_GENERIC_ERROR;
  if (host == NULL)
    return G_TLS_CERTIFICATE_BAD_IDENTITY;

  n_certificates = import_chain (chain, certificates);
  problems = n_certificates > 0 ? verify (self, certificates, n_certificates, host)
                                : G_TLS_CERTIFICATE_GENERIC_ERROR;
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    if (certificates[i] != NULL)
      gnutls_x509_crt_deinit (certificates[i]);

  return problems;
}

static void
kube_tls_database_finalize (GObject *object)
{
  KubeTlsDatabase *self = KUBE_TLS_DATABASE (object);

  gnutls_x509_trust_list_deinit (self->list, 1);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (kube_tls_database_parent_class)->finalize (object);
}

static void
kube_tls_database_class_init (KubeTlsDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_tls_database_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = kube_tls_database_verify_chain;
}

static void
kube_tls_database_init (KubeTlsDatabase *self)
{
  g_mutex_init (&self->mutex);
  gnutls_x509_trust_list_init (&self->list, 0);
}

/**
 * kube_tls_database_new:
 * @authorities: one or several certificates in PEM
 *
 * Creates a database that trusts these authorities only.
 *
 * Returns: (transfer full) (nullable): the database, or %NULL if @authorities holds no
 *   certificate or one that cannot be read
 */
KubeTlsDatabase *
kube_tls_database_new (GBytes *authorities)
{
  g_autoptr(KubeTlsDatabase) self = NULL;
  gnutls_datum_t datum;
  gsize          size;

  g_return_val_if_fail (authorities != NULL, NULL);

  self = g_object_new (KUBE_TYPE_TLS_DATABASE, NULL);
  datum.data = (guchar *) g_bytes_get_data (authorities, &size);
  datum.size = size;
  if (gnutls_x509_trust_list_add_trust_mem (self->list, &datum, NULL, GNUTLS_X509_FMT_PEM, 0,
                                            0) <= 0)
    return NULL;

  return g_steal_pointer (&self);
}
