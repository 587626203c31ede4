/* kube-credentials.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-credentials.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "base-redact.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-exec-cluster.h"
#include "kube-material.h"
#include "kube-tls-database.h"

#define TOKEN_LIFETIME (60 * G_USEC_PER_SEC)

/**
 * KubeCredentials:
 *
 * What a context needs to be used, read and checked: whom to trust, and how to sign in. Secrets
 * are wiped when it goes.
 */
struct _KubeCredentials
{
  GObject parent_instance;

  KubeContext        *context;
  GTlsDatabase       *database;      /* (nullable) the system's authorities count if unset */
  GTlsCertificate    *certificate;   /* (nullable) with its private key */
  char               *authorization; /* (nullable) secret: the value of the header */
  char               *token;         /* (nullable) secret: the token in it, from a file */
  gint64              token_time;    /* when it was read (monotonic, µs); 0 if not to be kept */
  JsonNode           *exec_cluster;  /* what a program to sign in by is told of the cluster */
  KubeExecCredential *exec;          /* (nullable) the program's answer that is in use */
};

G_DEFINE_FINAL_TYPE (KubeCredentials, kube_credentials, G_TYPE_OBJECT)

/**
 * kube_credentials_free_text:
 * @authorization: (transfer full) (nullable): a text
 *
 * Wipes and frees a secret text.
 */
void
kube_credentials_free_text (char *authorization)
{
  if (authorization == NULL)
    return;

  explicit_bzero (authorization, strlen (authorization));
  g_free (authorization);
}

static void
forget_token (KubeCredentials *self)
{
  if (self->token != NULL)
    base_redact_remove (self->token);
  g_clear_pointer (&self->token, kube_credentials_free_text);
}

static void
forget_authorization (KubeCredentials *self)
{
  if (self->authorization != NULL)
    base_redact_remove (self->authorization);
  g_clear_pointer (&self->authorization, kube_credentials_free_text);
}

static void
kube_credentials_finalize (GObject *object)
{
  KubeCredentials *self = KUBE_CREDENTIALS (object);

  g_clear_object (&self->context);
  g_clear_object (&self->database);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->exec_cluster, json_node_unref);
  g_clear_pointer (&self->exec, kube_exec_credential_unref);
  forget_token (self);
  forget_authorization (self);

  G_OBJECT_CLASS (kube_credentials_parent_class)->finalize (object);
}

static void
kube_credentials_class_init (KubeCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_credentials_finalize;
}

static void
kube_credentials_init (KubeCredentials *self)
{
}

static gboolean
load_authorities (KubeCredentials *self,
                  GCancellable    *cancellable,
                  GError         **error)
{
  KubeContext *context = self->context;
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
  gnutls_datum_t                   certificate_datum = { (guchar *) certificate->text, certificate->length };
  gnutls_datum_t                   key_datum = { (guchar *) key->text, key->length };
  gnutls_certificate_credentials_t credentials;
  int                              result;

  gnutls_certificate_allocate_credentials (&credentials);
  result = gnutls_certificate_set_x509_key_mem (credentials, &certificate_datum, &key_datum,
                                                GNUTLS_X509_FMT_PEM);
  gnutls_certificate_free_credentials (credentials);
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
check_validity (KubeCredentials *self,
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
                   self->context->user_name, date);
      return FALSE;
    }
  if (first != NULL && g_date_time_compare (now, first) < 0)
    {
      date = g_date_time_format (first, "%Y-%m-%d %H:%M UTC");
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The client certificate of the user “%s” is not valid before %s. Check the "
                   "clock of this computer.",
                   self->context->user_name, date);
      return FALSE;
    }

  return TRUE;
}

static gboolean
load_certificate (KubeCredentials *self,
                  GCancellable    *cancellable,
                  GError         **error)
{
  KubeContext *context = self->context;
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
  kube_credentials_free_text (both);
  if (self->certificate == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The client certificate of the user “%s” (%s) cannot be used: %s. Fetch it "
                   "anew from the cluster, or choose another context.",
                   context->user_name,
                   certificate.place, local_error->message);
      return FALSE;
    }

  return check_validity (self, error);
}

/* Anything else could end the header or begin another one. */
static gboolean
is_header_text (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text))
      return FALSE;

  return TRUE;
}

static char *
read_token_file (KubeContext  *context,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_auto(KubeMaterial) material = { NULL, 0, NULL };
  const char *start;
  gsize       length;

  if (!kube_material_read (&material, context->token_file, NULL, NULL, "the token", cancellable,
                           error))
    return NULL;

  start = material.text + strspn (material.text, " \t\r\n");
  length = strcspn (start, " \t\r\n");
  if (length == 0)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The file %s with the token of the user “%s” is empty. Renew the token, or "
                   "choose another context.",
                   context->token_file, context->user_name);
      return NULL;
    }

  return g_strndup (start, length);
}

static gboolean
set_token (KubeCredentials *self,
           const char      *token,
           GError         **error)
{
  if (!is_header_text (token))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The token of the user “%s” holds characters that a token cannot have, such "
                   "as line breaks. Copy the token again.",
                   self->context->user_name);
      return FALSE;
    }

  forget_authorization (self);
  self->authorization = g_strconcat ("Bearer ", token, NULL);
  base_redact_add (self->authorization);

  return TRUE;
}

static void
take_file_token (KubeCredentials *self,
                 char            *token)
{
  base_redact_add (token);
  forget_token (self);
  self->token = token;
  self->token_time = g_get_monotonic_time ();
}

static gboolean
set_basic (KubeCredentials *self,
           GError         **error)
{
  const char *username = self->context->username;
  const char *password = self->context->password != NULL ? self->context->password : "";
  char       *both;
  char       *encoded;

  if (strchr (username, ':') != NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                   "The “username” of the user “%s” has a colon in it, which it cannot have. "
                   "Correct it in the kubeconfig.",
                   self->context->user_name);
      return FALSE;
    }

  both = g_strconcat (username, ":", password, NULL);
  encoded = g_base64_encode ((const guchar *) both, strlen (both));
  self->authorization = g_strconcat ("Basic ", encoded, NULL);
  base_redact_add (self->authorization);
  kube_credentials_free_text (both);
  kube_credentials_free_text (encoded);

  return TRUE;
}

static gboolean
load_authorization (KubeCredentials *self,
                    GCancellable    *cancellable,
                    GError         **error)
{
  KubeContext *context = self->context;
  char        *token;

  if (context->token_file != NULL)
    {
      token = read_token_file (context, cancellable, error);
      if (token == NULL)
        return FALSE;
      take_file_token (self, token);
      return set_token (self, token, error);
    }
  if (context->token != NULL)
    return set_token (self, context->token, error);
  if (context->username != NULL)
    return set_basic (self, error);

  return TRUE;
}

/**
 * kube_credentials_load:
 * @context: a context
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads the files that @context names, and checks what they hold: that the private key fits the
 * client certificate, and that this has not expired. Contacts nobody. This blocks and belongs
 * into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG if @context has a problem, %KUBE_ERROR_CREDENTIALS,
 * %G_IO_ERROR_CANCELLED. No message holds a secret.
 *
 * Returns: (transfer full) (nullable): the credentials, or %NULL with @error set
 */
KubeCredentials *
kube_credentials_load (KubeContext  *context,
                       GCancellable *cancellable,
                       GError      **error)
{
  g_autoptr(KubeCredentials) self = NULL;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (context->problem != NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The context “%s” cannot be used. %s", context->name, context->problem);
      return NULL;
    }

  self = g_object_new (KUBE_TYPE_CREDENTIALS, NULL);
  self->context = g_object_ref (context);
  if (!load_authorities (self, cancellable, error) ||
      !load_certificate (self, cancellable, error) ||
      !load_authorization (self, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * kube_credentials_get_context:
 * @self: credentials
 *
 * Returns: (transfer none): the context that they belong to
 */
KubeContext *
kube_credentials_get_context (KubeCredentials *self)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), NULL);

  return self->context;
}

/**
 * kube_credentials_get_database:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): the authorities of the cluster, %NULL if those of the
 *   system count
 */
GTlsDatabase *
kube_credentials_get_database (KubeCredentials *self)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), NULL);

  return self->database;
}

/**
 * kube_credentials_get_certificate:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): the client certificate with its private key
 */
GTlsCertificate *
kube_credentials_get_certificate (KubeCredentials *self)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), NULL);

  return self->certificate;
}

/**
 * kube_credentials_get_server_name:
 * @self: credentials
 *
 * Returns: (transfer none) (nullable): the name that the server's certificate must be made out
 *   to, %NULL for the host in its address (`tls-server-name`)
 */
const char *
kube_credentials_get_server_name (KubeCredentials *self)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), NULL);

  return self->context->tls_server_name;
}

static void
read_token_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  KubeCredentials *self = source_object;
  GError          *error = NULL;
  char            *token = read_token_file (self->context, cancellable, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify) kube_credentials_free_text);
  else
    g_task_return_error (task, error);
}

static void
authorize_read_token_cb (GObject      *source_object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  KubeCredentials *self = KUBE_CREDENTIALS (source_object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  char *token = g_task_propagate_pointer (G_TASK (result), &error);

  /* As in client-go, the old token stays in use while the file cannot be read: whoever renews
   * it may be writing it just now. */
  if (token != NULL && set_token (self, token, &error))
    take_file_token (self, g_steal_pointer (&token));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Keeping the token that was read before: %s", error->message);
  g_clear_pointer (&token, kube_credentials_free_text);

  g_task_return_boolean (task, TRUE);
}

static gboolean
take_exec (KubeCredentials    *self,
           KubeExecCredential *credential,
           GError            **error)
{
  g_set_object (&self->certificate, credential->certificate);
  forget_authorization (self);
  g_clear_pointer (&self->exec, kube_exec_credential_unref);
  self->exec = kube_exec_credential_ref (credential);

  return credential->token == NULL || set_token (self, credential->token, error);
}

static void
authorize_exec_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubeCredentials *self = g_task_get_source_object (task);
  g_autoptr(KubeExecCredential) credential = NULL;
  GError *error = NULL;

  credential = kube_auth_exec_get_finish (KUBE_AUTH_EXEC (source_object), result, &error);
  if (credential != NULL && (credential == self->exec || take_exec (self, credential, &error)))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Credentials go over https only, so that there is no need for them elsewhere. */
static gboolean
needs_exec (KubeCredentials *self)
{
  return self->context->auth_exec != NULL &&
         g_ascii_strncasecmp (self->context->server, "https:", strlen ("https:")) == 0;
}

/**
 * kube_credentials_authorize_async:
 * @self: credentials
 * @cancellable: (nullable): a cancellable
 * @callback: called when the header and the client certificate are known
 * @user_data: data for @callback
 *
 * Finds the value of the `Authorization` header. A token that comes from a file is read anew
 * when a minute has passed, since such tokens are short-lived. The program that the user signs
 * in by is run when its last answer has expired; see [method@KubeAuthExec.get_async].
 */
void
kube_credentials_authorize_async (KubeCredentials    *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) thread_task = NULL;

  g_return_if_fail (KUBE_IS_CREDENTIALS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_credentials_authorize_async);

  if (needs_exec (self))
    {
      kube_auth_exec_get_async (self->context->auth_exec, self->exec_cluster, cancellable,
                                authorize_exec_cb, g_steal_pointer (&task));
      return;
    }
  if (self->context->token_file == NULL ||
      (self->token_time != 0 && g_get_monotonic_time () - self->token_time < TOKEN_LIFETIME))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  thread_task = g_task_new (self, cancellable, authorize_read_token_cb, g_steal_pointer (&task));
  g_task_set_source_tag (thread_task, kube_credentials_authorize_async);
  /* A thread, because reading a file blocks and it may lie on a network share. */
  g_task_run_in_thread (thread_task, read_token_thread);
}

/**
 * kube_credentials_authorize_finish:
 * @self: credentials
 * @result: the result that the callback was given
 * @authorization: (out) (transfer full) (nullable): the header's value, %NULL if none is to be
 *   sent; free it with [id@kube_credentials_free_text]
 * @error: return location for an error
 *
 * Finishes finding the header. Another client certificate may count from now on.
 *
 * Possible errors: %KUBE_ERROR_CREDENTIALS, %G_IO_ERROR_CANCELLED.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_credentials_authorize_finish (KubeCredentials *self,
                                   GAsyncResult    *result,
                                   char           **authorization,
                                   GError         **error)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (authorization != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *authorization = g_strdup (self->authorization);

  return TRUE;
}

/**
 * kube_credentials_dup_exec: (skip)
 * @self: credentials
 *
 * Returns: (transfer full) (nullable): the answer of a program that is in use, for
 *   [method@KubeCredentials.expire]
 */
KubeExecCredential *
kube_credentials_dup_exec (KubeCredentials *self)
{
  g_return_val_if_fail (KUBE_IS_CREDENTIALS (self), NULL);

  return self->exec != NULL ? kube_exec_credential_ref (self->exec) : NULL;
}

/**
 * kube_credentials_expire:
 * @self: credentials
 * @exec: (nullable): the program's answer that the request was made with
 *
 * Says that the server did not accept the credentials: a token that comes from a file is read
 * anew for the next request, and the program is run again.
 */
void
kube_credentials_expire (KubeCredentials    *self,
                         KubeExecCredential *exec)
{
  g_return_if_fail (KUBE_IS_CREDENTIALS (self));

  self->token_time = 0;
  if (exec != NULL)
    kube_auth_exec_expire (self->context->auth_exec, exec);
}
