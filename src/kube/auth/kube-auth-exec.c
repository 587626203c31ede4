/* kube-auth-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-auth-exec-private.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-excerpt.h"
#include "kube-login-path.h"
#include "kube-program.h"

#define MAX_LINES 3
#define MAX_BYTES 200

/**
 * KubeAuthExec:
 *
 * Signs in by a program that the kubeconfig names, and keeps its answer until it expires. The
 * program runs once at a time, however many wait for it. For the main thread only.
 */
struct _KubeAuthExec
{
  GObject parent_instance;

  KubeExecConfig *config;
  char           *user_name;
  guint           seconds;

  KubeExecCredential *credential; /* (nullable) the last answer */
  GPtrArray          *waiting;    /* (element-type GTask) */
  GCancellable       *run;        /* (nullable) while the program runs */
  char               *program;    /* (nullable) the path of what runs */
};

G_DEFINE_FINAL_TYPE (KubeAuthExec, kube_auth_exec, G_TYPE_OBJECT)

typedef struct
{
  JsonNode *cluster; /* (nullable) */
  GSource  *source;  /* (nullable) */
} Waiting;

static void
waiting_free (Waiting *waiting)
{
  if (waiting->source != NULL)
    g_source_destroy (waiting->source);
  g_clear_pointer (&waiting->source, g_source_unref);
  g_clear_pointer (&waiting->cluster, json_node_unref);
  g_free (waiting);
}

static void
kube_auth_exec_finalize (GObject *object)
{
  KubeAuthExec *self = KUBE_AUTH_EXEC (object);

  g_clear_pointer (&self->config, kube_exec_config_free);
  g_free (self->user_name);
  g_clear_pointer (&self->credential, kube_exec_credential_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_object (&self->run);
  g_free (self->program);

  G_OBJECT_CLASS (kube_auth_exec_parent_class)->finalize (object);
}

static void
kube_auth_exec_class_init (KubeAuthExecClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_auth_exec_finalize;
}

static void
kube_auth_exec_init (KubeAuthExec *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->seconds = KUBE_AUTH_EXEC_SECONDS;
}

/**
 * kube_auth_exec_new:
 * @config: (transfer full): the program
 * @user_name: the user of the kubeconfig, for messages
 *
 * Creates an object that signs in by a program. It is not run yet.
 *
 * Returns: (transfer full): a new object
 */
KubeAuthExec *
kube_auth_exec_new (KubeExecConfig *config,
                    const char     *user_name)
{
  KubeAuthExec *self;

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (user_name != NULL, NULL);

  self = g_object_new (KUBE_TYPE_AUTH_EXEC, NULL);
  self->config = config;
  self->user_name = g_strdup (user_name);

  return self;
}

/* Of those that are in use somewhere in the process. */
static GMutex      shared_lock;
static GHashTable *shared; /* (element-type utf8 GWeakRef) (nullable) */

static void
weak_ref_free (gpointer data)
{
  GWeakRef *reference = data;

  g_weak_ref_clear (reference);
  g_free (reference);
}

static gboolean
is_gone (gpointer key,
         gpointer value,
         gpointer user_data)
{
  g_autoptr(GObject) object = g_weak_ref_get (value);

  return object == NULL;
}

/**
 * kube_auth_exec_dup_shared: (skip)
 * @config: (transfer full): the program
 * @user_name: the user of the kubeconfig, for messages
 * @key: tells it from all others, with all that it is told
 *
 * Finds the object with the same @key, or creates one. So a kubeconfig that is read again, or two
 * contexts of the same user and cluster, do not run a program that has answered already (as
 * client-go: plugin/pkg/client/auth/exec/exec.go, globalCache). May be called from any thread.
 *
 * Returns: (transfer full): an object
 */
KubeAuthExec *
kube_auth_exec_dup_shared (KubeExecConfig *config,
                           const char     *user_name,
                           const char     *key)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shared_lock);
  KubeAuthExec *self;
  GWeakRef     *reference;

  g_return_val_if_fail (config != NULL && user_name != NULL && key != NULL, NULL);

  if (shared == NULL)
    shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, weak_ref_free);
  reference = g_hash_table_lookup (shared, key);
  self = reference != NULL ? g_weak_ref_get (reference) : NULL;
  if (self != NULL)
    {
      kube_exec_config_free (config);
      return self;
    }

  g_hash_table_foreach_remove (shared, is_gone, NULL);
  self = kube_auth_exec_new (config, user_name);
  reference = g_new0 (GWeakRef, 1);
  g_weak_ref_init (reference, self);
  g_hash_table_insert (shared, g_strdup (key), reference);

  return self;
}

/**
 * kube_auth_exec_get_config:
 * @self: an object that signs in by a program
 *
 * Returns: (transfer none): the program
 */
const KubeExecConfig *
kube_auth_exec_get_config (KubeAuthExec *self)
{
  g_return_val_if_fail (KUBE_IS_AUTH_EXEC (self), NULL);

  return self->config;
}

/* Lets a test have a program that takes too long without waiting for a minute. */
void
_kube_auth_exec_set_seconds (KubeAuthExec *self,
                             guint         seconds)
{
  g_return_if_fail (KUBE_IS_AUTH_EXEC (self));

  self->seconds = seconds;
}

static GError *G_GNUC_PRINTF (2, 3)
    new_error (KubeAuthExec *self,
               const char   *format,
               ...)
{
  g_autofree char *what = NULL;
  va_list          arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_CREDENTIALS,
                      "The program “%s”, by which the user “%s” signs in, %s",
                      self->config->command, self->user_name, what);
}

static GError *
new_missing_error (KubeAuthExec *self)
{
  g_autofree char *hint = NULL;

  if (self->config->install_hint == NULL)
    return new_error (self, "was not found on this computer. Install it, or choose another "
                            "context.");

  hint = kube_excerpt_new (self->config->install_hint, -1);
  return new_error (self, "was not found on this computer. Install it, or choose another context. "
                          "The kubeconfig says about it: %s",
                    hint);
}

static GError *
describe_failure (KubeAuthExec *self,
                  const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return new_error (self, "did not finish within %u seconds and was ended. It may be waiting "
                            "for you to sign in. Run it in a terminal once, and try again.",
                      self->seconds);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return new_error (self, "printed more than 1 MiB and was ended. Check that the kubeconfig "
                            "names the right program.");
  if (!g_file_test (self->program, G_FILE_TEST_EXISTS))
    return new_missing_error (self);

  return new_error (self, "cannot be started: %s. Check that the file is a program that you may "
                          "run, or choose another context.",
                    cause->message);
}

/* The last line that says something, with those before it as long as all fit: it is the one
 * that tells most, as of a Python program. */
static char *
excerpt_messages (char *messages)
{
  const char *end;
  const char *start;
  guint       n_lines = 0;

  g_strchomp (messages);
  end = messages + strlen (messages);
  start = end;
  for (const char *p = end; p > messages && n_lines < MAX_LINES; p--)
    if (p[-1] == '\n' || p - 1 == messages)
      {
        const char *line = p[-1] == '\n' ? p : messages;

        if (n_lines > 0 && end - line > MAX_BYTES)
          break;
        if (*line != '\n')
          n_lines++;
        start = line;
      }

  return kube_excerpt_new (start, -1);
}

static GError *
new_exit_error (KubeAuthExec      *self,
                KubeProgramResult *result)
{
  g_autofree char *messages = excerpt_messages (result->messages);
  g_autofree char *said = NULL;

  said = *messages != '\0' ? g_strdup_printf (" Its last words: “%s”.", messages)
                           : g_strdup ("");
  if (!result->exited)
    return new_error (self, "was ended by a signal.%s Run it in a terminal to see why.", said);

  return new_error (self, "failed with the exit code %d.%s Sign in with it in a terminal, and try "
                          "again.",
                    result->exit_status, said);
}

static KubeExecCredential *
read_result (KubeAuthExec      *self,
             KubeProgramResult *result,
             GError           **error)
{
  if (!result->exited || result->exit_status != 0)
    {
      g_propagate_error (error, new_exit_error (self, result));
      return NULL;
    }

  return kube_exec_credential_parse (self->config, self->user_name, result->output,
                                     result->length, error);
}

static void start_run (KubeAuthExec *self);

/* Ends a run: everyone who waits gets the same answer. */
static void
finish_run (KubeAuthExec       *self,
            KubeExecCredential *credential,
            const GError       *error)
{
  g_autoptr(GPtrArray) waiting = NULL;

  g_clear_object (&self->run);
  g_clear_pointer (&self->program, g_free);
  /* Nobody waited any more, and somebody does again. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (self->waiting->len > 0)
        start_run (self);
      return;
    }

  g_clear_pointer (&self->credential, kube_exec_credential_unref);
  if (credential != NULL)
    self->credential = kube_exec_credential_ref (credential);

  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (credential != NULL)
        g_task_return_pointer (task, kube_exec_credential_ref (credential),
                               (GDestroyNotify) kube_exec_credential_unref);
      else
        g_task_return_error (task, g_error_copy (error));
    }
}

static void
auth_exec_run_cb (GObject      *source_object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(KubeAuthExec) self = user_data;
  g_autoptr(KubeProgramResult) answer = NULL;
  g_autoptr(KubeExecCredential) credential = NULL;
  g_autoptr(GError) cause = NULL;
  g_autoptr(GError) error = NULL;

  answer = kube_program_run_finish (result, &cause);
  if (answer != NULL)
    credential = read_result (self, answer, &error);
  else
    error = describe_failure (self, cause);
  finish_run (self, credential, error);
}

/* KUBERNETES_EXEC_INFO, as client-go writes it. */
static char *
print_info (KubeAuthExec *self)
{
  GTask   *first = g_ptr_array_index (self->waiting, 0);
  Waiting *waiting = g_task_get_task_data (first);
  g_autoptr(JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *info = json_object_new ();
  JsonObject *spec = json_object_new ();

  if (self->config->wants_cluster && waiting->cluster != NULL)
    json_object_set_member (spec, "cluster", base_json_copy (waiting->cluster));
  json_object_set_boolean_member (spec, "interactive", FALSE);
  json_object_set_string_member (info, "kind", "ExecCredential");
  json_object_set_string_member (info, "apiVersion", self->config->api_version);
  json_object_set_object_member (info, "spec", spec);
  json_node_take_object (root, info);

  return base_json_print (root, FALSE);
}

static GStrv
build_environment (KubeAuthExec *self,
                   const char   *path)
{
  g_autofree char *info = print_info (self);
  GStrv            environment = g_get_environ ();
  const GStrv      listed = self->config->environment;

  if (path != NULL)
    environment = g_environ_setenv (environment, "PATH", path, TRUE);
  for (guint i = 0; listed[i] != NULL; i += 2)
    environment = g_environ_setenv (environment, listed[i], listed[i + 1], TRUE);

  return g_environ_setenv (environment, "KUBERNETES_EXEC_INFO", info, TRUE);
}

/* Takes @program. @path is the PATH for it, unset for our own. */
static void
run_program (KubeAuthExec *self,
             char         *program,
             const char   *path)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_auto(GStrv) environment = build_environment (self, path);

  self->program = program;
  g_ptr_array_add (argv, program);
  for (guint i = 0; self->config->arguments[i] != NULL; i++)
    g_ptr_array_add (argv, self->config->arguments[i]);
  g_ptr_array_add (argv, NULL);

  g_debug ("Signing in by the program %s", program);
  kube_program_run_async ((const char *const *) argv->pdata,
                          (const char *const *) environment, self->seconds, self->run,
                          auth_exec_run_cb, g_object_ref (self));
}

static char *
find_program (KubeAuthExec *self)
{
  return self->config->path != NULL ? g_strdup (self->config->path)
                                    : g_find_program_in_path (self->config->command);
}

static void
auth_exec_login_path_cb (GObject      *source_object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(KubeAuthExec) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *login_path = kube_login_path_find_finish (result, &error);
  g_autofree char *path = NULL;
  g_autofree char *program = find_program (self);

  if (login_path != NULL)
    path = kube_login_path_extend (g_getenv ("PATH"), login_path);
  if (error == NULL && program == NULL && path != NULL)
    program = kube_login_path_search (path, self->config->command);
  if (error == NULL && program == NULL)
    error = new_missing_error (self);

  if (error != NULL)
    finish_run (self, NULL, error);
  else
    run_program (self, g_steal_pointer (&program), path);
}

/* Somebody waits. The program may be there and call others that are not on our PATH. */
static void
start_run (KubeAuthExec *self)
{
  g_autofree char *program = find_program (self);

  self->run = g_cancellable_new ();
  if (program != NULL && !kube_login_path_is_wanted ())
    run_program (self, g_steal_pointer (&program), NULL);
  else
    kube_login_path_find_async (self->run, auth_exec_login_path_cb, g_object_ref (self));
}

static gboolean
on_waiting_cancelled_cb (GCancellable *cancellable,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));
  KubeAuthExec *self = g_task_get_source_object (task);

  if (g_ptr_array_remove (self->waiting, task))
    g_task_return_error_if_cancelled (task);
  if (self->waiting->len == 0 && self->run != NULL)
    g_cancellable_cancel (self->run);

  return G_SOURCE_REMOVE;
}

/**
 * kube_auth_exec_get_async:
 * @self: an object that signs in by a program
 * @cluster: (nullable): what the program is told about the cluster if it wants to know
 * @cancellable: (nullable): a cancellable; the program is ended when nobody waits for it
 * @callback: called when the credential is there
 * @user_data: data for @callback
 *
 * Gets the credential: the last one, or a new one by running the program if there is none or if
 * it expires within 10 seconds. A mere name is looked for on our `PATH`, and then on that of the
 * login shell, which the program is also given if we were started from the desktop's menu.
 */
void
kube_auth_exec_get_async (KubeAuthExec       *self,
                          JsonNode           *cluster,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Waiting *waiting;

  g_return_if_fail (KUBE_IS_AUTH_EXEC (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_auth_exec_get_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->credential != NULL &&
      kube_exec_credential_is_fresh (self->credential, g_get_real_time ()))
    {
      g_task_return_pointer (task, kube_exec_credential_ref (self->credential),
                             (GDestroyNotify) kube_exec_credential_unref);
      return;
    }

  waiting = g_new0 (Waiting, 1);
  waiting->cluster = cluster != NULL ? json_node_ref (cluster) : NULL;
  g_task_set_task_data (task, waiting, (GDestroyNotify) waiting_free);
  if (cancellable != NULL)
    {
      waiting->source = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiting->source, G_SOURCE_FUNC (on_waiting_cancelled_cb), task, NULL);
      g_source_attach (waiting->source, g_task_get_context (task));
    }
  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  if (self->run == NULL)
    start_run (self);
}

/**
 * kube_auth_exec_get_finish: (skip)
 * @self: an object that signs in by a program
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes getting the credential.
 *
 * Possible errors: %KUBE_ERROR_CREDENTIALS, %G_IO_ERROR_CANCELLED. No message holds a token.
 *
 * Returns: (transfer full) (nullable): the credential, or %NULL with @error set
 */
KubeExecCredential *
kube_auth_exec_get_finish (KubeAuthExec *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (KUBE_IS_AUTH_EXEC (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_auth_exec_get_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_auth_exec_expire:
 * @self: an object that signs in by a program
 * @credential: the credential that the server did not accept
 *
 * Says that a credential is of no use, so that the program is run for the next one. One that has
 * been replaced already does not count.
 */
void
kube_auth_exec_expire (KubeAuthExec       *self,
                       KubeExecCredential *credential)
{
  g_return_if_fail (KUBE_IS_AUTH_EXEC (self));
  g_return_if_fail (credential != NULL);

  if (self->credential == credential)
    g_clear_pointer (&self->credential, kube_exec_credential_unref);
}
