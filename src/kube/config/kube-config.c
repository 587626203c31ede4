/* kube-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-private.h"

#include <string.h>

#include "kube-config-fingerprint.h"
#include "kube-config-in-cluster.h"
#include "kube-config-paths.h"
#include "kube-error.h"

/**
 * KubeConfig:
 *
 * A kubeconfig as it was when it was read: the contexts of one or several files. It does not
 * change; [class@ConfigMonitor] tells when the files do.
 */
G_DEFINE_FINAL_TYPE (KubeConfig, kube_config, G_TYPE_OBJECT)

static void
kube_config_finalize (GObject *object)
{
  KubeConfig *self = KUBE_CONFIG (object);

  g_clear_object (&self->contexts);
  g_free (self->current_context);
  g_free (self->description);
  g_strfreev (self->places);
  g_free (self->first_path);
  g_free (self->first_digest);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (kube_config_parent_class)->finalize (object);
}

static void
kube_config_class_init (KubeConfigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_config_finalize;
}

static void
kube_config_init (KubeConfig *self)
{
  self->contexts = g_list_store_new (KUBE_TYPE_CONTEXT);
}

static char *
describe_documents (GPtrArray *documents)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", document->path);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * kube_config_new_from_documents:
 * @documents: (element-type KubeConfigDocument): the files, at least one, the most important
 *   first
 * @error: return location for an error
 *
 * Merges documents that have been read already; see `kube_config_merge()`.
 *
 * Possible errors: %KUBE_ERROR_CONFIG.
 *
 * Returns: (transfer full) (nullable): a config, or %NULL with @error set
 */
KubeConfig *
kube_config_new_from_documents (GPtrArray *documents,
                                GError   **error)
{
  g_autoptr(KubeConfig) self = NULL;
  KubeConfigDocument *first;

  g_return_val_if_fail (documents != NULL && documents->len > 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (KUBE_TYPE_CONFIG, NULL);
  if (!kube_config_merge (documents, self->contexts, &self->current_context, error))
    return NULL;
  first = g_ptr_array_index (documents, 0);
  self->description = describe_documents (documents);
  self->first_path = g_strdup (first->path);
  self->first_digest = g_strdup (first->digest);
  self->fingerprint = kube_config_fingerprint_build (documents);

  return g_steal_pointer (&self);
}

/* A path as people write it: below the home directory with a tilde. */
static char *
dup_short_path (const char *path)
{
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (path, home) && path[strlen (home)] == G_DIR_SEPARATOR)
    return g_strconcat ("~", path + strlen (home), NULL);
  return g_strdup (path);
}

static void
set_nothing_found_error (GError **error,
                         GStrv    paths)
{
  g_autofree char *places = NULL;
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (shown, dup_short_path (paths[i]));
  g_ptr_array_add (shown, NULL);
  places = g_strjoinv (", ", (GStrv) shown->pdata);
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "No kubeconfig was found. It was looked for at: %s. Create a cluster (for "
               "Minikube: minikube start), or copy the kubeconfig of your cluster there.",
               *places != '\0' ? places : "no place, because KUBECONFIG names none");
}

static gboolean
any_content (GPtrArray *documents)
{
  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);

      if (!JSON_NODE_HOLDS_NULL (document->root))
        return TRUE;
    }

  return FALSE;
}

/* Without an explicit path, a missing file is skipped, but any other failure is an error. In a
 * pod whose kubeconfig says nothing its service account counts. */
static GPtrArray *
read_defaults (GStrv         paths,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(GPtrArray) documents = NULL;

  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_config_document_free);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      KubeConfigDocument *document;

      if (!g_file_test (paths[i], G_FILE_TEST_EXISTS))
        continue;
      document = kube_config_document_read (paths[i], cancellable, error);
      if (document == NULL)
        return NULL;
      g_ptr_array_add (documents, document);
    }
  if (!any_content (documents))
    {
      KubeConfigDocument *document;

      document = kube_config_in_cluster_build (KUBE_CONFIG_IN_CLUSTER_DIRECTORY);
      if (document != NULL)
        {
          g_ptr_array_set_size (documents, 0);
          g_ptr_array_add (documents, document);
        }
    }
  if (documents->len == 0)
    {
      set_nothing_found_error (error, paths);
      return NULL;
    }

  return g_steal_pointer (&documents);
}

static GPtrArray *
read_explicit (const char   *path,
               GCancellable *cancellable,
               GError      **error)
{
  KubeConfigDocument *document = kube_config_document_read (path, cancellable, error);
  GPtrArray          *documents;

  if (document == NULL)
    return NULL;

  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_config_document_free);
  g_ptr_array_add (documents, document);

  return documents;
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const char *path = task_data;
  g_auto(GStrv) places = kube_config_paths_list (path);
  g_autoptr(GPtrArray) documents = NULL;
  GError     *error = NULL;
  KubeConfig *self = NULL;

  documents = path != NULL ? read_explicit (places[0], cancellable, &error)
                           : read_defaults (places, cancellable, &error);
  if (documents != NULL)
    self = kube_config_new_from_documents (documents, &error);
  if (self == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->places = g_steal_pointer (&places);
  g_task_return_pointer (task, self, g_object_unref);
}

/**
 * kube_config_load_async:
 * @path: (nullable): a kubeconfig, or %NULL for those that the variable `KUBECONFIG` lists, or
 *   else `~/.kube/config`, or else the service account of the pod that this runs in
 * @cancellable: (nullable): a cancellable
 * @callback: called when the kubeconfig was read
 * @user_data: data for @callback
 *
 * Reads a kubeconfig. The certificates and tokens that it names as files are not read.
 */
void
kube_config_load_async (const char         *path,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_config_load_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  /* A thread, because the files may lie on a network share and 2 MiB of YAML take longer to
   * parse than a frame lasts. */
  g_task_run_in_thread (task, load_thread);
}

/**
 * kube_config_load_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes reading a kubeconfig.
 *
 * Possible errors: %KUBE_ERROR_CONFIG, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the kubeconfig, or %NULL with @error set
 */
KubeConfig *
kube_config_load_finish (GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_config_load_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_config_list_contexts:
 * @self: a kubeconfig
 *
 * Lists all contexts, each a [class@Context], in the order of the files, also those that cannot be
 * used.
 *
 * Returns: (transfer full): the contexts
 */
GListModel *
kube_config_list_contexts (KubeConfig *self)
{
  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  return G_LIST_MODEL (g_object_ref (self->contexts));
}

/**
 * kube_config_equal:
 * @self: a kubeconfig
 * @other: another one
 *
 * Says whether two kubeconfigs were read from the same files and say the same. Comments, spaces
 * and the order of fields do not count.
 *
 * Returns: %TRUE if they do
 */
gboolean
kube_config_equal (KubeConfig *self,
                   KubeConfig *other)
{
  g_return_val_if_fail (KUBE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (KUBE_IS_CONFIG (other), FALSE);

  return strcmp (self->fingerprint, other->fingerprint) == 0;
}

/**
 * kube_config_get_current_context:
 * @self: a kubeconfig
 *
 * Gets the name of the context that the kubeconfig calls its current one. A context of that name
 * need not exist.
 *
 * Returns: (transfer none) (nullable): the name
 */
const char *
kube_config_get_current_context (KubeConfig *self)
{
  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  return self->current_context;
}

static char *
list_names (KubeConfig *self)
{
  g_autoptr(GString) names = g_string_new (NULL);
  GListModel *contexts = G_LIST_MODEL (self->contexts);

  for (guint i = 0; i < g_list_model_get_n_items (contexts); i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", kube_context_get_name (context));
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

static KubeContext *
find_context (KubeConfig *self,
              const char *name)
{
  GListModel *contexts = G_LIST_MODEL (self->contexts);

  for (guint i = 0; i < g_list_model_get_n_items (contexts); i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      /* The list keeps it alive. */
      if (strcmp (kube_context_get_name (context), name) == 0)
        return context;
    }

  return NULL;
}

static void
set_not_found_error (KubeConfig *self,
                     const char *name,
                     gboolean    current,
                     GError    **error)
{
  g_autofree char *names = list_names (self);

  if (*names == '\0')
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s has no contexts. Start your cluster (for Minikube: minikube "
                 "start), or choose another kubeconfig.",
                 self->description);
  else if (name == NULL)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s does not say which context is the current one. Choose one "
                 "of: %s.",
                 self->description, names);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "There is no context “%s” in the kubeconfig %s%s. Choose one of: %s.", name,
                 self->description, current ? ", although it is named as the current one" : "",
                 names);
}

/**
 * kube_config_get_context:
 * @self: a kubeconfig
 * @name: (nullable): a context's name, or %NULL for the current one
 * @error: return location for an error
 *
 * Finds a context. It may have a problem: see [method@KubeContext.get_problem].
 *
 * Possible errors: %KUBE_ERROR_CONFIG if there is no such context; the message lists those that
 * exist.
 *
 * Returns: (transfer none) (nullable): the context, or %NULL with @error set
 */
KubeContext *
kube_config_get_context (KubeConfig *self,
                         const char *name,
                         GError    **error)
{
  const char  *wanted;
  KubeContext *context;

  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  wanted = name != NULL ? name : self->current_context;
  context = wanted != NULL ? find_context (self, wanted) : NULL;
  if (context == NULL)
    set_not_found_error (self, wanted, name == NULL, error);

  return context;
}
