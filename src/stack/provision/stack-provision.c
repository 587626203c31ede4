/* stack-provision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-provision.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-material.h"
#include "stack-authority.h"
#include "stack-ingress-class.h"

#include <string.h>

/* Finds what the manifests need beside the settings: certificate, then Ingress class.
 *
 * A certificate that is in the cluster and is still good stays: another machine may have made it,
 * or this one without a keyring. One that somebody else put there is theirs altogether. */

#define MANAGED_BY "hackystack-desktop"

/* Where the authority is kept: no profile, since all of them share it and a profile's name cannot
 * begin with a dot. */
#define AUTHORITY_PROFILE ".authority"
#define AUTHORITY_NAME "CERTIFICATE_AUTHORITY"

typedef struct
{
  /* Input */
  StackManifestSet *manifests;   /* (owned) */
  KubeClient       *client;      /* (owned) (nullable) */
  VaultStore       *vault;       /* (owned) (nullable) */
  char             *namespace_;  /* (owned) */
  char             *host;        /* (owned) */
  gboolean          wants_tls;   /* settings ask for HTTPS */
  gboolean          wants_class; /* settings name no Ingress class */
  gint64            now;         /* seconds since 1970 */
  gboolean          present;     /* the cluster's certificate stays */
  StackAuthority   *authority;   /* (owned) (nullable) in progress */
} Provision;

static void
provision_free (gpointer data)
{
  Provision *provision = data;

  g_clear_object (&provision->manifests);
  g_clear_object (&provision->client);
  g_clear_object (&provision->vault);
  g_clear_pointer (&provision->namespace_, g_free);
  g_clear_pointer (&provision->host, g_free);
  g_clear_pointer (&provision->authority, stack_authority_unref);
  g_free (provision);
}

/* What the cluster does not have, or does not show, is looked for elsewhere. */
static gboolean
is_answer (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
}

/* Second part: the Ingress class. */

/* The one to name; NULL when the cluster chooses for itself or has none. The first by its name, so
 * that the next deployment takes the same one. */
static const char *
choose_class (GPtrArray *classes)
{
  for (guint i = 0; classes != NULL && i < classes->len; i++)
    {
      const StackIngressClass *class = g_ptr_array_index (classes, i);

      if (class->is_default)
        return NULL;
    }

  return classes != NULL && classes->len > 0
             ? ((const StackIngressClass *) g_ptr_array_index (classes, 0))->name
             : NULL;
}

static void
stack_provision_classes_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) classes = stack_ingress_class_list_finish (result, &error);
  Provision *provision = g_task_get_task_data (task);

  if (classes == NULL && !is_answer (error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_manifest_set_set_ingress_class (provision->manifests, choose_class (classes));
  g_task_return_boolean (task, TRUE);
}

static void
find_class (GTask *task)
{
  Provision *provision = g_task_get_task_data (task);

  if (provision->client == NULL || !provision->wants_class)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  stack_ingress_class_list_async (provision->client, g_task_get_cancellable (task),
                                  stack_provision_classes_cb, g_object_ref (task));
}

/* First part: the certificate. In the cluster → authority from the vault, or a new one → issue. */

static void
issue (GTask *task)
{
  Provision *provision = g_task_get_task_data (task);
  g_autoptr(StackCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  certificate = stack_authority_issue (provision->authority, provision->host, provision->now,
                                       &error);
  if (certificate == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_manifest_set_set_certificate (provision->manifests, certificate);
  find_class (task);
}

static void
stack_provision_save_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (vault_store_save_finish (VAULT_STORE (source), result, &error))
    issue (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
stack_provision_lookup_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) text = vault_store_lookup_finish (VAULT_STORE (source), result, &error);
  Provision *provision = g_task_get_task_data (task);

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* One that cannot be read, or is about to end, is replaced. */
  if (text != NULL)
    provision->authority = stack_authority_parse (text, NULL);
  if (provision->authority != NULL && stack_authority_lasts (provision->authority, provision->now))
    {
      issue (task);
      return;
    }

  g_clear_pointer (&provision->authority, stack_authority_unref);
  provision->authority = stack_authority_generate (provision->now, &error);
  if (provision->authority == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    vault_store_save_async (provision->vault, AUTHORITY_PROFILE, AUTHORITY_NAME,
                            stack_authority_get_text (provision->authority),
                            g_task_get_cancellable (task), stack_provision_save_cb,
                            g_object_ref (task));
}

static void
find_authority (GTask *task)
{
  Provision *provision = g_task_get_task_data (task);

  if (provision->vault == NULL)
    find_class (task);
  else
    vault_store_lookup_async (provision->vault, AUTHORITY_PROFILE, AUTHORITY_NAME,
                              g_task_get_cancellable (task), stack_provision_lookup_cb,
                              g_object_ref (task));
}

static char *
decode (JsonNode   *secret,
        const char *key)
{
  const char *encoded = base_json_get_string (secret, "data", key, NULL);
  guchar     *bytes;
  char       *text;
  gsize       length = 0;

  if (encoded == NULL || *encoded == '\0')
    return NULL;

  bytes = g_base64_decode (encoded, &length);
  text = g_strndup ((const char *) bytes, length);
  explicit_bzero (bytes, length);
  g_free (bytes);

  return text;
}

/* The certificate of a Secret; NULL when it cannot be used. */
static StackCertificate *
read_certificate (JsonNode *secret)
{
  g_autofree char *chain = decode (secret, "tls.crt");
  g_autofree char *authority = decode (secret, "ca.crt");
  char            *key = decode (secret, "tls.key");
  g_autoptr(VaultSecret) text = NULL;

  if (key != NULL)
    {
      text = vault_secret_new (key);
      explicit_bzero (key, strlen (key));
      g_free (key);
    }

  return chain != NULL && text != NULL ? stack_certificate_new (chain, text, authority, NULL) : NULL;
}

static gboolean
is_ours (JsonNode *secret)
{
  return g_strcmp0 (base_json_get_string (secret, "metadata", "labels",
                                          "app.kubernetes.io/managed-by", NULL),
                    MANAGED_BY) == 0;
}

/* Whether what the cluster has is to stay, and is taken over or left alone. */
static gboolean
take_present (Provision *provision,
              JsonNode  *secret)
{
  g_autoptr(StackCertificate) present = read_certificate (secret);

  if (present == NULL || !stack_certificate_is_for (present, provision->host) ||
      !stack_certificate_lasts (present, provision->now))
    return FALSE;

  stack_manifest_set_set_certificate (provision->manifests, is_ours (secret) ? present : NULL);

  return TRUE;
}

static void
stack_provision_secret_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Provision *provision = g_task_get_task_data (task);

  if (secret == NULL && !is_answer (error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  provision->present = secret != NULL && take_present (provision, secret);
  if (secret != NULL)
    kube_material_wipe_node (secret);

  if (provision->present)
    find_class (task);
  else
    find_authority (task);
}

static void
find_certificate (GTask *task)
{
  Provision *provision = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;

  if (!provision->wants_tls)
    {
      find_class (task);
      return;
    }
  if (provision->client == NULL)
    {
      find_authority (task);
      return;
    }

  request = kube_request_new_get (&KUBE_SECRET, provision->namespace_, STACK_TLS_SECRET);
  kube_client_call_async (provision->client, request, g_task_get_cancellable (task),
                          stack_provision_secret_cb, g_object_ref (task));
}

/**
 * stack_provision_async:
 * @manifests: where to put what is found
 * @settings: the answers: namespace, host, HTTPS and Ingress class
 * @client: (nullable): the cluster, to see what it has
 * @vault: (nullable): where the user's certificate authority is kept; without one no certificate
 *   is made
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Finds what the manifests need beside the settings, and gives it to them
 * ([method@ManifestSet.set_certificate], [method@ManifestSet.set_ingress_class]): to be done
 * before [method@ManifestSet.fill].
 *
 * With HTTPS, the certificate in the cluster's Secret `hackystack-tls` is kept while it is for the
 * host and has 30 days left; if the Secret is not this program's, it is left alone. Otherwise a new
 * one is issued for 397 days by the authority in @vault, which is made the first time. If the
 * settings name no Ingress class and the cluster has no default one, one that it has is chosen.
 * What may not be read counts as missing.
 */
void
stack_provision_async (StackManifestSet   *manifests,
                       StackSettings      *settings,
                       KubeClient         *client,
                       VaultStore         *vault,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Provision *provision;

  g_return_if_fail (STACK_IS_MANIFEST_SET (manifests));
  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (client == NULL || KUBE_IS_CLIENT (client));
  g_return_if_fail (vault == NULL || VAULT_IS_STORE (vault));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  provision = g_new0 (Provision, 1);
  provision->manifests = g_object_ref (manifests);
  provision->client = client != NULL ? g_object_ref (client) : NULL;
  provision->vault = vault != NULL ? g_object_ref (vault) : NULL;
  provision->namespace_ = g_strdup (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE));
  provision->host = g_strdup (stack_settings_get_text (settings, STACK_FIELD_HOST));
  provision->wants_tls = stack_settings_get_enabled (settings, STACK_FIELD_TLS);
  provision->wants_class = *stack_settings_get_text (settings, STACK_FIELD_INGRESS_CLASS) == '\0';
  provision->now = g_get_real_time () / G_USEC_PER_SEC;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_provision_async);
  g_task_set_task_data (task, provision, provision_free);

  /* What was found for another host or cluster counts no more. */
  stack_manifest_set_set_certificate (manifests, NULL);
  stack_manifest_set_set_ingress_class (manifests, NULL);
  find_certificate (task);
}

/**
 * stack_provision_finish:
 * @result: what the callback was given
 * @present: (out) (optional): whether the certificate is one that the cluster has already
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error] (the cluster does not answer), of
 * [error@Vault.Error] (the keyring), %STACK_ERROR_VALUES (no certificate could be made) and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether all was found that is to be had
 */
gboolean
stack_provision_finish (GAsyncResult *result,
                        gboolean     *present,
                        GError      **error)
{
  Provision *provision;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_provision_async), FALSE);

  provision = g_task_get_task_data (G_TASK (result));
  if (present != NULL)
    *present = provision->present;

  return g_task_propagate_boolean (G_TASK (result), error);
}
