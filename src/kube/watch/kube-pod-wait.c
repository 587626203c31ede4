/* kube-pod-wait.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pod-wait.h"

#include "base-line-reader.h"
#include "kube-error.h"
#include "kube-watch-decoder.h"

#define MAX_LINE_LENGTH ((gsize) 32 << 20)
#define WATCH_SECONDS 300

typedef struct
{
  KubeWatchDecoder *decoder; /* (owned) */
  BaseLineReader   *reader;  /* (owned) (nullable) */
} Wait;

static void read_watch (GTask *task);

static void
wait_free (Wait *wait)
{
  g_clear_pointer (&wait->decoder, kube_watch_decoder_free);
  g_clear_object (&wait->reader);
  g_free (wait);
}

/* Returns: whether one of the lines is about the pod, or -1 with @error set */
static int
find_change (KubeWatchDecoder *decoder,
             GPtrArray        *lines,
             GError          **error)
{
  guint i;

  for (i = 0; i < lines->len; i++)
    {
      g_autoptr(KubeWatchEvent) event = NULL;

      event = kube_watch_decoder_decode_line (decoder, g_ptr_array_index (lines, i), error);
      if (event == NULL)
        return -1;
      if (event->type == KUBE_WATCH_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&event->error));
          return -1;
        }
      if (event->type != KUBE_WATCH_BOOKMARK)
        return 1;
    }

  return 0;
}

static void
kube_pod_wait_open_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GInputStream) stream = NULL;
  Wait   *wait = g_task_get_task_data (task);
  GError *error = NULL;

  stream = kube_client_stream_finish (KUBE_CLIENT (source), result, &error);
  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  wait->reader = base_line_reader_new (stream, MAX_LINE_LENGTH);
  read_watch (g_steal_pointer (&task));
}

static void
kube_pod_wait_read_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GPtrArray) lines = NULL;
  Wait   *wait = g_task_get_task_data (task);
  GError *error = NULL;
  int     change;

  lines = base_line_reader_read_finish (BASE_LINE_READER (source), result, &error);
  change = lines != NULL ? find_change (wait->decoder, lines, &error) : 0;
  if (error != NULL)
    g_task_return_error (task, error);
  else if (lines == NULL || change > 0)
    g_task_return_boolean (task, change > 0);
  else
    read_watch (g_steal_pointer (&task));
}

static void
read_watch (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  base_line_reader_read_async (wait->reader, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                               kube_pod_wait_read_cb, task);
}

/**
 * kube_pod_wait_async:
 * @client: the cluster
 * @ns: the namespace of the pod
 * @name: the name of the pod
 * @resource_version: its version that is known already
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called at the end
 * @user_data: for @callback
 *
 * Waits until the server says something new about one pod.
 */
void
kube_pod_wait_async (KubeClient         *client,
                     const char         *ns,
                     const char         *name,
                     const char         *resource_version,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *selector = NULL;
  g_autoptr(GTask) task = NULL;
  Wait *wait;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  wait = g_new0 (Wait, 1);
  wait->decoder = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_OBJECT);
  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_pod_wait_async);
  g_task_set_task_data (task, wait, (GDestroyNotify) wait_free);

  request = kube_request_new_watch (&KUBE_POD, ns, KUBE_FORM_OBJECT, NULL, resource_version,
                                    WATCH_SECONDS);
  selector = g_strconcat ("metadata.name=", name, NULL);
  kube_request_add_query (request, "fieldSelector", selector);
  kube_client_stream_async (client, request, cancellable, kube_pod_wait_open_cb,
                            g_steal_pointer (&task));
}

/**
 * kube_pod_wait_finish:
 * @client: the cluster
 * @result: what the callback got
 * @error: return location
 *
 * Ends kube_pod_wait_async(). Errors: %KUBE_ERROR of any code
 * (%KUBE_ERROR_EXPIRED when the version is too old: look again), %G_IO_ERROR of the
 * connection.
 *
 * Returns: %TRUE if the pod changed; %FALSE without @error if the server only
 *   ended the wait
 */
gboolean
kube_pod_wait_finish (KubeClient   *client,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
