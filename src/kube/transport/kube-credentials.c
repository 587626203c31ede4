/* kube-credentials.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-credentials.h"

#include <string.h>

#include "base-redact.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-material.h"
#include "kube-tls-material.h"

/* As client-go has it for tokens: a minute, less 10 seconds on the way (transport/token_source.go). */
#define FILE_LIFETIME (50 * G_USEC_PER_SEC)

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
  KubeTlsMaterial    *tls;           /* what was read of it last */
  GTlsCertificate    *certificate;   /* (nullable) with its private key, also from a program */
  char               *authorization; /* (nullable) secret: the value of the header */
  char               *token;         /* (nullable) secret: the token in it, from a file */
  gint64              file_time;     /* when the files were looked at (monotonic, µs); 0: now */
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
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->tls, kube_tls_material_free);
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
  g_autoptr(GError) local_error = NULL;
  char *token;

  if (context->token_file != NULL)
    {
      token = read_token_file (context, cancellable, &local_error);
      if (token != NULL)
        {
          take_file_token (self, token);
          return set_token (self, token, error);
        }
      /* The token beside it counts until the file can be read, as in client-go. */
      if (context->token == NULL ||
          g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
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
  self->tls = kube_tls_material_load (context, cancellable, error);
  if (self->tls == NULL || !load_authorization (self, cancellable, error))
    return NULL;
  g_set_object (&self->certificate, self->tls->certificate);
  self->file_time = g_get_monotonic_time ();

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

  return self->tls->database;
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

static void authorize (GTask *task);

/* What the files hold now. */
typedef struct
{
  char            *stamp; /* (nullable) of those that are in use */
  char            *token; /* (nullable) secret */
  KubeTlsMaterial *tls;   /* (nullable) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_free (reading->stamp);
  g_clear_pointer (&reading->token, kube_credentials_free_text);
  g_clear_pointer (&reading->tls, kube_tls_material_free);
  g_free (reading);
}

/* As in client-go, what was read before stays in use while a file cannot be read: whoever renews it
 * may be writing it just now. */
static void
read_files_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  KubeContext     *context = KUBE_CREDENTIALS (source_object)->context;
  Reading         *reading = task_data;
  g_autofree char *stamp = kube_tls_material_dup_stamp (context);
  g_autoptr(GError) token_error = NULL;
  g_autoptr(GError) tls_error = NULL;

  if (context->token_file != NULL)
    reading->token = read_token_file (context, cancellable, &token_error);
  if (token_error != NULL)
    g_debug ("Keeping the token that was read before: %s", token_error->message);
  if (g_strcmp0 (stamp, reading->stamp) != 0)
    reading->tls = kube_tls_material_load (context, cancellable, &tls_error);
  if (tls_error != NULL)
    g_debug ("Keeping the certificates that were read before: %s", tls_error->message);

  g_task_return_boolean (task, TRUE);
}

static void
take_tls (KubeCredentials *self,
          KubeTlsMaterial *tls)
{
  g_clear_pointer (&self->tls, kube_tls_material_free);
  self->tls = tls;
  if (self->context->auth_exec == NULL)
    g_set_object (&self->certificate, tls->certificate);
}

static void
authorize_read_files_cb (GObject      *source_object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  KubeCredentials *self = KUBE_CREDENTIALS (source_object);
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (reading->token != NULL && set_token (self, reading->token, &error))
    take_file_token (self, g_steal_pointer (&reading->token));
  if (error != NULL)
    g_debug ("Keeping the token that was read before: %s", error->message);
  if (reading->tls != NULL)
    take_tls (self, g_steal_pointer (&reading->tls));

  authorize (g_steal_pointer (&task));
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

/* Takes the task. */
static void
authorize (GTask *task)
{
  KubeCredentials *self = g_task_get_source_object (task);

  if (needs_exec (self))
    {
      kube_auth_exec_get_async (self->context->auth_exec, self->tls->exec_cluster,
                                g_task_get_cancellable (task), authorize_exec_cb, task);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
has_files (KubeContext *context)
{
  return context->token_file != NULL || context->authority_file != NULL ||
         context->certificate_file != NULL || context->key_file != NULL;
}

/**
 * kube_credentials_authorize_async:
 * @self: credentials
 * @cancellable: (nullable): a cancellable
 * @callback: called when the header and the client certificate are known
 * @user_data: data for @callback
 *
 * Finds the value of the `Authorization` header. The files of the token and of the certificates
 * are looked at anew when 50 seconds have passed, since tokens are short-lived, and certificates
 * are renewed, for example when a cluster is started again. The program that the user signs in by
 * is run when its last answer has expired; see `kube_auth_exec_get_async()`.
 */
void
kube_credentials_authorize_async (KubeCredentials    *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) thread_task = NULL;
  Reading *reading;

  g_return_if_fail (KUBE_IS_CREDENTIALS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_credentials_authorize_async);

  if (!has_files (self->context) ||
      (self->file_time != 0 && g_get_monotonic_time () - self->file_time < FILE_LIFETIME))
    {
      authorize (g_steal_pointer (&task));
      return;
    }

  /* Who asks meanwhile takes what there is. */
  self->file_time = g_get_monotonic_time ();
  reading = g_new0 (Reading, 1);
  reading->stamp = g_strdup (self->tls->stamp);
  thread_task = g_task_new (self, cancellable, authorize_read_files_cb, g_steal_pointer (&task));
  g_task_set_source_tag (thread_task, kube_credentials_authorize_async);
  g_task_set_task_data (thread_task, reading, (GDestroyNotify) reading_free);
  /* A thread, because reading a file blocks and it may lie on a network share. */
  g_task_run_in_thread (thread_task, read_files_thread);
}

/**
 * kube_credentials_authorize_finish:
 * @self: credentials
 * @result: the result that the callback was given
 * @authorization: (out) (transfer full) (nullable): the header's value, %NULL if none is to be
 *   sent; free it with `kube_credentials_free_text()`
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
 * Says that the server did not accept the credentials, or was not trusted: files are read anew
 * for the next request, and the program is run again.
 */
void
kube_credentials_expire (KubeCredentials    *self,
                         KubeExecCredential *exec)
{
  g_return_if_fail (KUBE_IS_CREDENTIALS (self));

  self->file_time = 0;
  if (exec != NULL)
    kube_auth_exec_expire (self->context->auth_exec, exec);
}
