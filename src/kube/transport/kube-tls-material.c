/* kube-tls-material.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-tls-material.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "kube-error.h"
#include "kube-exec-cluster.h"
#include "kube-key-pair.h"
#include "kube-material.h"
#include "kube-tls-database.h"

static gboolean
load_authorities (KubeTlsMaterial *self,
                  KubeContext     *context,
                  GCancellable    *cancellable,
                  GError         **error)
{
  g_auto(KubeMaterial) material = { NULL, 0, NULL };
  g_autoptr(GBytes) bytes = NULL;

  if (context->authority_file == NULL && context->authority_data == NULL)
    {
      self->exec_cluster = kube_exec_cluster_build (context, NULL, 0);
      return TRUE;
    }
  if (!kube_material_read (&material, context->authority_file, context->authority_data,
                           "certificate-authority-data",
                           "the certificate authority of the cluster", cancellable, error))
    return FALSE;

  self->exec_cluster = kube_exec_cluster_build (context, material.text, material.length);
  bytes = g_bytes_new (material.text, material.length);
  self->database = (GTlsDatabase *) kube_tls_database_new (bytes);
  if (self->database == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The certificate authority of the cluster “%s” (%s) cannot be read: it does "
                   "not hold certificates in PEM form. Fetch the kubeconfig anew.",
                   context->cluster_name, material.place);
      return FALSE;
    }

  return TRUE;
}

static const char *
describe_result (const KubeMaterial *certificate,
                 const KubeMaterial *key,
                 int                 result)
{
  const char *begin = "-----BEGIN";

  if (memmem (certificate->text, certificate->length, begin, strlen (begin)) == NULL)
    return "The former is not in PEM form.";
  if (memmem (key->text, key->length, begin, strlen (begin)) == NULL)
    return "The latter is not in PEM form.";

  return gnutls_strerror (result);
}

static gboolean
check_pair (KubeContext        *context,
            const KubeMaterial *certificate,
            const KubeMaterial *key,
            GError            **error)
{
  int result = kube_key_pair_check (certificate->text, certificate->length, key->text,
                                    key->length);

  if (result >= 0)
    return TRUE;

  if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                 "The client certificate of the user “%s” (%s) does not fit its private key (%s). "
                 "Fetch both anew from the cluster, or choose another context.",
                 context->user_name, certificate->place, key->place);
  else if (memmem (key->text, key->length, "ENCRYPTED", strlen ("ENCRYPTED")) != NULL)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                 "The private key of the user “%s” (%s) is protected by a pass phrase, which "
                 "cannot be asked for here. Name a key without one, or choose another context.",
                 context->user_name, key->place);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                 "The client certificate (%s) and private key (%s) of the user “%s” cannot be "
                 "used: %s Fetch both anew from the cluster, or choose another context.",
                 certificate->place, key->place, context->user_name,
                 describe_result (certificate, key, result));

  return FALSE;
}

static gboolean
check_validity (KubeTlsMaterial *self,
                KubeContext     *context,
                GError         **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) first = g_tls_certificate_get_not_valid_before (self->certificate);
  g_autoptr(GDateTime) last = g_tls_certificate_get_not_valid_after (self->certificate);
  g_autofree char *date = NULL;

  if (last != NULL && g_date_time_compare (now, last) > 0)
    {
      date = g_date_time_format (last, "%Y-%m-%d");
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The client certificate of the user “%s” expired on %s. Fetch a new one from "
                   "the cluster (for Minikube: minikube start), or choose another context.",
                   context->user_name, date);
      return FALSE;
    }
  if (first != NULL && g_date_time_compare (now, first) < 0)
    {
      date = g_date_time_format (first, "%Y-%m-%d %H:%M UTC");
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The client certificate of the user “%s” is not valid before %s. Check the "
                   "clock of this computer.",
                   context->user_name, date);
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_certificate (KubeTlsMaterial *self,
                  KubeContext     *context,
                  GCancellable    *cancellable,
                  GError         **error)
{
  g_auto(KubeMaterial) certificate = { NULL, 0, NULL };
  g_auto(KubeMaterial) key = { NULL, 0, NULL };
  g_autoptr(GError) local_error = NULL;
  char *both;

  if (context->certificate_file == NULL && context->certificate_data == NULL)
    return TRUE;
  if (!kube_material_read (&certificate, context->certificate_file, context->certificate_data,
                           "client-certificate-data", "the client certificate", cancellable,
                           error) ||
      !kube_material_read (&key, context->key_file, context->key_data, "client-key-data",
                           "the private key", cancellable, error) ||
      !check_pair (context, &certificate, &key, error))
    return FALSE;

  both = g_strdup_printf ("%.*s\n%.*s\n", (int) certificate.length, certificate.text,
                          (int) key.length, key.text);
  self->certificate = g_tls_certificate_new_from_pem (both, -1, &local_error);
  explicit_bzero (both, strlen (both));
  g_free (both);
  if (self->certificate == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The client certificate of the user “%s” (%s) cannot be used: %s. Fetch it "
                   "anew from the cluster, or choose another context.",
                   context->user_name,
                   certificate.place, local_error->message);
      return FALSE;
    }

  return check_validity (self, context, error);
}

static void
add_stamp (GString    *stamp,
           const char *path)
{
  GStatBuf status;

  if (path == NULL)
    return;
  if (g_stat (path, &status) == 0)
    g_string_append_printf (stamp, "%" G_GUINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ".%ld ",
                            (guint64) status.st_ino, (gint64) status.st_size,
                            (gint64) status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  else
    g_string_append (stamp, "- ");
}

/**
 * kube_tls_material_dup_stamp:
 * @context: a context
 *
 * Looks at the files that @context names for certificates and keys. This blocks and belongs into a
 * thread.
 *
 * Returns: (transfer full) (nullable): a text that changes when one of the files does, %NULL if
 *   there are none
 */
char *
kube_tls_material_dup_stamp (KubeContext *context)
{
  GString *stamp;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);

  if (context->authority_file == NULL && context->certificate_file == NULL &&
      context->key_file == NULL)
    return NULL;

  stamp = g_string_new (NULL);
  add_stamp (stamp, context->authority_file);
  add_stamp (stamp, context->certificate_file);
  add_stamp (stamp, context->key_file);

  return g_string_free (stamp, FALSE);
}

/**
 * kube_tls_material_load: (skip)
 * @context: a context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads whom to trust, and the client certificate with its key, and checks that the two fit and
 * that the certificate has not expired. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CREDENTIALS, %G_IO_ERROR_CANCELLED. No message holds a secret.
 *
 * Returns: (transfer full) (nullable): the material, or %NULL with @error set
 */
KubeTlsMaterial *
kube_tls_material_load (KubeContext  *context,
                        GCancellable *cancellable,
                        GError      **error)
{
  g_autoptr(KubeTlsMaterial) self = NULL;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* The stamp first, so that what changes meanwhile is read the next time. */
  self = g_new0 (KubeTlsMaterial, 1);
  self->stamp = kube_tls_material_dup_stamp (context);
  if (!load_authorities (self, context, cancellable, error) ||
      !load_certificate (self, context, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * kube_tls_material_free:
 * @self: (transfer full): a material
 *
 * Frees a material.
 */
void
kube_tls_material_free (KubeTlsMaterial *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->database);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->exec_cluster, json_node_unref);
  g_free (self->stamp);
  g_free (self);
}
