/* kube-exec-credential.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-exec-credential.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "base-time.h"
#include "kube-error.h"
#include "kube-excerpt.h"
#include "kube-key-pair.h"
#include "kube-material.h"

/* A request is on its way for a while. */
#define MARGIN (10 * G_USEC_PER_SEC)

static void
wipe (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * kube_exec_credential_ref: (skip)
 * @self: a credential
 *
 * Returns: (transfer full): @self
 */
KubeExecCredential *
kube_exec_credential_ref (KubeExecCredential *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * kube_exec_credential_unref:
 * @self: (transfer full): a credential
 *
 * Drops a reference; with the last one the token is wiped.
 */
void
kube_exec_credential_unref (KubeExecCredential *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->token != NULL)
    base_redact_remove (self->token);
  g_clear_pointer (&self->token, wipe);
  g_clear_object (&self->certificate);
  g_free (self);
}

/**
 * kube_exec_credential_is_fresh:
 * @self: a credential
 * @now: the present moment, in µs since 1970-01-01 UTC
 *
 * Returns: %TRUE if it can be used for at least 10 seconds more
 */
gboolean
kube_exec_credential_is_fresh (KubeExecCredential *self,
                               gint64              now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->expiry == 0 || now < self->expiry - MARGIN;
}

static void G_GNUC_PRINTF (4, 5)
    set_error (GError              **error,
               const KubeExecConfig *config,
               const char           *user_name,
               const char           *format,
               ...)
{
  g_autofree char *why = NULL;
  va_list          arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
               "The answer of the program “%s”, by which the user “%s” signs in, cannot be used: "
               "%s Bring the program up to date, or correct “exec” in the kubeconfig.",
               config->command, user_name, why);
}

static gboolean
check_head (const KubeExecConfig *config,
            const char           *user_name,
            JsonNode             *root,
            GError              **error)
{
  const char      *kind = base_json_get_string (root, "kind", NULL);
  const char      *api_version = base_json_get_string (root, "apiVersion", NULL);
  g_autofree char *shown = NULL;

  if (g_strcmp0 (kind, "ExecCredential") != 0)
    {
      shown = kind != NULL ? kube_excerpt_new (kind, -1) : g_strdup ("");
      set_error (error, config, user_name, "it is not an ExecCredential, its kind is “%s”.",
                 shown);
      return FALSE;
    }
  if (g_strcmp0 (api_version, config->api_version) != 0)
    {
      shown = api_version != NULL ? kube_excerpt_new (api_version, -1) : g_strdup ("");
      set_error (error, config, user_name, "it speaks “%s”, and the kubeconfig demands “%s”.",
                 shown, config->api_version);
      return FALSE;
    }
  if (base_json_get_object (root, "status", NULL) == NULL)
    {
      set_error (error, config, user_name, "it has no “status”.");
      return FALSE;
    }

  return TRUE;
}

/* Empty is unset, as in client-go; a wrong type is an error. */
static gboolean
get_text (const KubeExecConfig *config,
          const char           *user_name,
          JsonNode             *root,
          const char           *field,
          const char          **text,
          GError              **error)
{
  JsonNode *node = base_json_get (root, "status", field, NULL);

  *text = base_json_get_string (root, "status", field, NULL);
  if (*text == NULL && node != NULL && !JSON_NODE_HOLDS_NULL (node))
    {
      set_error (error, config, user_name, "its field “%s” is not a text.", field);
      return FALSE;
    }
  if (*text != NULL && **text == '\0')
    *text = NULL;

  return TRUE;
}

static gboolean
take_expiry (KubeExecCredential   *self,
             const KubeExecConfig *config,
             const char           *user_name,
             const char           *text,
             GError              **error)
{
  g_autofree char *shown = NULL;

  if (text == NULL)
    return TRUE;

  self->expiry = base_time_parse (text);
  if (self->expiry == 0)
    {
      shown = kube_excerpt_new (text, -1);
      set_error (error, config, user_name, "its “expirationTimestamp” is not a time: “%s”.",
                 shown);
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_token (KubeExecCredential   *self,
            const KubeExecConfig *config,
            const char           *user_name,
            const char           *token,
            GError              **error)
{
  if (token == NULL)
    return TRUE;

  self->token = g_strdup (token);
  base_redact_add (token);
  /* Anything else could end the header or begin another one. */
  for (const char *p = token; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      {
        set_error (error, config, user_name, "its token holds characters that a token cannot "
                                             "have, such as line breaks.");
        return FALSE;
      }

  return TRUE;
}

static gboolean
take_pair (KubeExecCredential   *self,
           const KubeExecConfig *config,
           const char           *user_name,
           const char           *certificate,
           const char           *key,
           GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  char *both;
  int   result;

  if (certificate == NULL && key == NULL)
    return TRUE;
  if (certificate == NULL || key == NULL)
    {
      set_error (error, config, user_name, "it has %s.",
                 key == NULL ? "a client certificate without its private key"
                             : "a private key without its client certificate");
      return FALSE;
    }
  result = kube_key_pair_check (certificate, strlen (certificate), key, strlen (key));
  if (result < 0)
    {
      set_error (error, config, user_name, "its client certificate and private key are not a "
                                           "pair in PEM form: %s",
                 gnutls_strerror (result));
      return FALSE;
    }

  both = g_strconcat (certificate, "\n", key, "\n", NULL);
  self->certificate = g_tls_certificate_new_from_pem (both, -1, &local_error);
  wipe (both);
  if (self->certificate == NULL)
    set_error (error, config, user_name, "its client certificate cannot be read: %s.",
               local_error->message);

  return self->certificate != NULL;
}

static KubeExecCredential *
read_root (const KubeExecConfig *config,
           const char           *user_name,
           JsonNode             *root,
           GError              **error)
{
  g_autoptr(KubeExecCredential) self = g_new0 (KubeExecCredential, 1);
  const char *token;
  const char *certificate;
  const char *key;
  const char *expiry;

  g_atomic_ref_count_init (&self->ref_count);
  if (!check_head (config, user_name, root, error) ||
      !get_text (config, user_name, root, "token", &token, error) ||
      !get_text (config, user_name, root, "clientCertificateData", &certificate, error) ||
      !get_text (config, user_name, root, "clientKeyData", &key, error) ||
      !get_text (config, user_name, root, "expirationTimestamp", &expiry, error) ||
      !take_token (self, config, user_name, token, error) ||
      !take_pair (self, config, user_name, certificate, key, error) ||
      !take_expiry (self, config, user_name, expiry, error))
    return NULL;
  if (self->token == NULL && self->certificate == NULL)
    {
      set_error (error, config, user_name, "it has neither a token nor a client certificate.");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * kube_exec_credential_parse: (skip)
 * @config: the program
 * @user_name: the user, for messages
 * @output: what the program printed
 * @length: its length in bytes
 * @error: return location for an error
 *
 * Reads an `ExecCredential` (https://kubernetes.io/docs/reference/config-api/
 * client-authentication.v1/). Certificate and key are PEM, not base64.
 *
 * Possible errors: %KUBE_ERROR_CREDENTIALS; the message repeats nothing that may be secret.
 *
 * Returns: (transfer full) (nullable): the credential, or %NULL with @error set
 */
KubeExecCredential *
kube_exec_credential_parse (const KubeExecConfig *config,
                            const char           *user_name,
                            const char           *output,
                            gsize                 length,
                            GError              **error)
{
  KubeExecCredential *self;
  JsonNode           *root;

  g_return_val_if_fail (config != NULL && user_name != NULL, NULL);
  g_return_val_if_fail (output != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* The parser's own words are left out: they may quote the token. */
  root = base_json_parse (output, length, NULL);
  if (root == NULL)
    {
      set_error (error, config, user_name, length == 0 ? "it is empty." : "it is not JSON.");
      return NULL;
    }

  self = read_root (config, user_name, root, error);
  kube_material_wipe_node (root);
  json_node_unref (root);

  return self;
}
