/* stack-image-scratch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-scratch-private.h"

#include "stack-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder for what the tools put down on the way. An image is large, so it is not where temporary
 * files usually are: that is often memory. Minikube 1.38 itself never removes the archive of the
 * folder that it builds. */

#define PREFIX "build-"

/* Below it there are only files and folders of the tools: links are not followed. */
static gboolean
remove_tree (const char *path,
             GError    **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileEnumerator) children = NULL;
  GFileInfo *info;

  children = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                        G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  while (children != NULL && g_file_enumerator_iterate (children, &info, NULL, NULL, NULL) &&
         info != NULL)
    {
      g_autofree char *child = g_build_filename (path, g_file_info_get_name (info), NULL);

      if (!remove_tree (child, error))
        return FALSE;
    }

  return g_file_delete (file, NULL, error);
}

/* Those of programs that were killed, whose number is in the name. */
static void
remove_abandoned (const char *parent)
{
  g_autoptr(GDir) folder = g_dir_open (parent, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      int              pid;

      if (!g_str_has_prefix (name, PREFIX))
        continue;
      pid = atoi (name + strlen (PREFIX));
      if (pid > 0 && kill (pid, 0) != 0 && errno == ESRCH)
        remove_tree (path, NULL);
    }
}

static void
make_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autofree char *parent = g_build_filename (g_get_user_cache_dir (), "hackystack", NULL);
  g_autofree char *name = g_strdup_printf (PREFIX "%d-XXXXXX", (int) getpid ());
  g_autofree char *path = g_build_filename (parent, name, NULL);

  remove_abandoned (parent);
  if (g_mkdir_with_parents (parent, 0700) == 0 && g_mkdtemp (path) != NULL)
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
  else
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_BUILD,
                             "The image was not built: in %s no folder can be made for what comes "
                             "up on the way. %s. Make room there, or allow it.",
                             parent, g_strerror (errno));
}

/*
 * _stack_image_scratch_make_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a folder
 * @user_data: data for @callback
 *
 * Makes an empty folder below the user's cache, and removes those that killed programs have left.
 */
void
_stack_image_scratch_make_async (GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, _stack_image_scratch_make_async);
  /* A folder that was made is to be told of. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, make_thread);
}

char *
_stack_image_scratch_make_finish (GAsyncResult *result,
                                  GError      **error)
{
  g_assert (g_async_result_is_tagged (result, _stack_image_scratch_make_async));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
remove_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;

  if (remove_tree (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/*
 * _stack_image_scratch_remove_async:
 * @path: a folder of [func@_stack_image_scratch_make_async]
 * @callback: called when it is gone
 * @user_data: data for @callback
 *
 * Removes the folder with all that is in it.
 */
void
_stack_image_scratch_remove_async (const char         *path,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, _stack_image_scratch_remove_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, remove_thread);
}

gboolean
_stack_image_scratch_remove_finish (GAsyncResult *result,
                                    GError      **error)
{
  g_assert (g_async_result_is_tagged (result, _stack_image_scratch_remove_async));

  return g_task_propagate_boolean (G_TASK (result), error);
}
