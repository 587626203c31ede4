/* kube-config-write.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-private.h"

#include <string.h>

#include "base-json.h"
#include "base-yaml.h"
#include "kube-config-contents.h"
#include "kube-config-lock.h"
#include "kube-config-replace.h"
#include "kube-error.h"
#include "kube-material.h"

#define FIELD "current-context"

/* The first file that exists, as it is now (client-go: tools/clientcmd/config.go,
 * writeCurrentContext and GetDefaultFilename). */
static const char *
find_destination (KubeConfig *self,
                  GError    **error)
{
  guint i = 0;

  if (self->first_digest == NULL || self->places == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The current context cannot be changed: it comes from the pod that this runs "
                   "in, and not from a kubeconfig. Create a kubeconfig, or name a context with "
                   "each command.");
      return NULL;
    }

  while (self->places[i] != NULL && !g_file_test (self->places[i], G_FILE_TEST_EXISTS))
    i++;
  if (g_strcmp0 (self->places[i], self->first_path) == 0)
    return self->first_path;

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The kubeconfig %s was removed, or another one was put before it, since it was "
               "read. Nothing was changed. Read it again, and try once more.",
               self->first_path);
  return NULL;
}

static gboolean
check_unchanged (KubeConfig               *self,
                 const KubeConfigContents *contents,
                 GError                  **error)
{
  g_autofree char *digest = kube_config_contents_dup_digest (contents);

  if (strcmp (digest, self->first_digest) == 0)
    return TRUE;

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The kubeconfig %s was changed since it was read. Nothing was changed here. Read it "
               "again, and try once more.",
               self->first_path);
  return FALSE;
}

static void
wipe_node (JsonNode *node)
{
  if (node == NULL)
    return;

  kube_material_wipe_node (node);
  json_node_unref (node);
}

/* Whether @edited says what @contents say, but for the one field. */
static gboolean
is_right (const KubeConfigContents *contents,
          GString                  *edited,
          const char               *name)
{
  JsonNode *before = base_yaml_parse (contents->data, contents->length, NULL);
  JsonNode *after = base_yaml_parse (edited->str, edited->len, NULL);
  gboolean  right = FALSE;

  if (before != NULL && after != NULL && JSON_NODE_HOLDS_OBJECT (after))
    {
      if (JSON_NODE_HOLDS_NULL (before))
        {
          json_node_init (before, JSON_NODE_OBJECT);
          json_node_take_object (before, json_object_new ());
        }
      json_object_set_string_member (json_node_get_object (before), FIELD, name);
      right = json_node_equal (before, after);
    }
  wipe_node (before);
  wipe_node (after);

  return right;
}

static GString *
edit (KubeConfig               *self,
      const KubeConfigContents *contents,
      const char               *name,
      GError                  **error)
{
  g_autoptr(GError) cause = NULL;
  GString *edited = base_yaml_set_text (contents->data, contents->length, FIELD, name, &cause);

  if (edited != NULL && is_right (contents, edited, name))
    return edited;

  if (edited != NULL)
    {
      explicit_bzero (edited->str, edited->len);
      g_string_free (edited, TRUE);
    }
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The field “" FIELD "” of the kubeconfig %s is written in a way that a program "
               "cannot change safely. Nothing was changed. Change it by hand%s%s",
               self->first_path, cause != NULL ? ": " : ".",
               cause != NULL ? cause->message : "");

  return NULL;
}

static gboolean
write_current_context (KubeConfig   *self,
                       const char   *name,
                       GCancellable *cancellable,
                       GError      **error)
{
  const char *path = find_destination (self, error);
  g_auto(KubeConfigLock) lock = { NULL };
  g_auto(KubeConfigContents) contents = { NULL, 0 };
  g_auto(KubeConfigReplace) replace = { NULL, NULL, { 0 } };
  GString *edited;
  gboolean done;

  if (path == NULL || !kube_config_lock_take (&lock, path, error) ||
      !kube_config_replace_begin (&replace, path, error) ||
      !kube_config_contents_read (&contents, path, cancellable, error) ||
      !check_unchanged (self, &contents, error))
    return FALSE;

  edited = edit (self, &contents, name, error);
  if (edited == NULL)
    return FALSE;
  done = edited->len == contents.length && memcmp (edited->str, contents.data, edited->len) == 0;
  if (!done)
    done = kube_config_replace_commit (&replace, edited->str, edited->len, cancellable, error);
  explicit_bzero (edited->str, edited->len);
  g_string_free (edited, TRUE);

  return done;
}

static void
set_current_context_thread (GTask        *task,
                            gpointer      source_object,
                            gpointer      task_data,
                            GCancellable *cancellable)
{
  KubeConfig *self = source_object;
  GError     *error = NULL;

  if (write_current_context (self, task_data, cancellable, &error))
    g_task_return_pointer (task, g_strdup (self->first_path), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * kube_config_set_current_context_async:
 * @self: a kubeconfig that was read from files
 * @name: a context of it
 * @cancellable: (nullable): a cancellable
 * @callback: called when the file is written
 * @user_data: data for @callback
 *
 * Writes another current context into the file that kubectl would write it into: the only one, or
 * the first that exists. Only this one value changes; all other bytes of the file stay as they
 * are, and so do its owner and its mode. Links are followed. @self keeps saying what it said:
 * load the kubeconfig again.
 *
 * The file is locked as kubectl locks it, by a file beside it with the ending `.lock`, and
 * replaced in one step.
 */
void
kube_config_set_current_context_async (KubeConfig         *self,
                                       const char         *name,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (KUBE_IS_CONFIG (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_config_set_current_context_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  if (kube_config_get_context (self, name, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* A thread, because writing to a disk blocks until it is safe there. What was done is told
   * even when nobody wants to know any more. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, set_current_context_thread);
}

/**
 * kube_config_set_current_context_finish:
 * @self: a kubeconfig
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes writing the current context. After an error the file is as it was.
 *
 * Possible errors: %KUBE_ERROR_CONFIG if there is no such context, if the file was changed since
 * it was read, is locked, may not be written, or is written in a way that cannot be changed by a
 * program; %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the path of the file that was written, or %NULL with @error
 *   set
 */
char *
kube_config_set_current_context_finish (KubeConfig   *self,
                                        GAsyncResult *result,
                                        GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_config_set_current_context_async),
                        NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
