/* base-copy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-copy.h"

#include <string.h>

/* g_output_stream_splice_async() takes 8 KiB, which costs a third of the throughput. */
#define BUFFER_SIZE (128 * 1024)

typedef struct
{
  GInputStream  *source;
  GOutputStream *target;
  guint8        *buffer;
} Copy;

static void
copy_free (Copy *copy)
{
  g_object_unref (copy->source);
  g_object_unref (copy->target);
  /* It may have held secrets. */
  explicit_bzero (copy->buffer, BUFFER_SIZE);
  g_free (copy->buffer);
  g_free (copy);
}

static void read_some (GTask *task);

static void
base_copy_write_cb (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source_object), result, NULL, &error))
    g_task_return_error (task, error);
  else
    read_some (g_steal_pointer (&task));
}

static void
base_copy_read_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Copy         *copy = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  int           priority = g_task_get_priority (task);
  GError       *error = NULL;
  gssize        n_bytes;

  n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source_object), result, &error);
  if (n_bytes < 0)
    g_task_return_error (task, error);
  else if (n_bytes == 0)
    g_task_return_boolean (task, TRUE);
  else
    g_output_stream_write_all_async (copy->target, copy->buffer, (gsize) n_bytes, priority,
                                     cancellable, base_copy_write_cb, g_steal_pointer (&task));
}

/* Takes the task. */
static void
read_some (GTask *task)
{
  Copy *copy = g_task_get_task_data (task);

  g_input_stream_read_async (copy->source, copy->buffer, BUFFER_SIZE, g_task_get_priority (task),
                             g_task_get_cancellable (task), base_copy_read_cb, task);
}

/**
 * base_copy_async:
 * @source: what to read
 * @target: where to write
 * @cancellable: (nullable): a cancellable
 * @callback: called when @source has ended and all of it is written
 * @user_data: data for @callback
 *
 * Copies a stream to its end, as fast as both allow, 128 KiB at a time. Neither stream is closed.
 */
void
base_copy_async (GInputStream       *source,
                 GOutputStream      *target,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Copy *copy;

  g_return_if_fail (G_IS_INPUT_STREAM (source));
  g_return_if_fail (G_IS_OUTPUT_STREAM (target));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  copy = g_new0 (Copy, 1);
  copy->source = g_object_ref (source);
  copy->target = g_object_ref (target);
  copy->buffer = g_malloc (BUFFER_SIZE);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, base_copy_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  read_some (g_steal_pointer (&task));
}

/**
 * base_copy_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes copying.
 *
 * Returns: %TRUE if all was copied, or %FALSE with an error of either stream
 */
gboolean
base_copy_finish (GAsyncResult *result,
                  GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, base_copy_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
