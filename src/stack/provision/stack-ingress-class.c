/* stack-ingress-class.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-ingress-class.h"

#include "base-json.h"
#include "kube-request.h"

#include <string.h>

static void
class_free (gpointer data)
{
  StackIngressClass *class = data;

  g_free (class->name);
  g_free (class);
}

static int
compare_classes (gconstpointer a,
                 gconstpointer b)
{
  const StackIngressClass *one = *(const StackIngressClass *const *) a;
  const StackIngressClass *other = *(const StackIngressClass *const *) b;

  return strcmp (one->name, other->name);
}

static GPtrArray *
read_list (JsonNode *list)
{
  JsonArray *items = base_json_get_array (list, "items", NULL);
  GPtrArray *classes = g_ptr_array_new_with_free_func (class_free);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode   *item = json_array_get_element (items, i);
      const char *name = base_json_get_string (item, "metadata", "name", NULL);
      StackIngressClass *class;

      if (name == NULL)
        continue;
      class = g_new0 (StackIngressClass, 1);
      class->name = g_strdup (name);
      class->is_default =
          g_strcmp0 (base_json_get_string (item, "metadata", "annotations",
                                           "ingressclass.kubernetes.io/is-default-class", NULL),
                     "true") == 0;
      g_ptr_array_add (classes, class);
    }
  g_ptr_array_sort (classes, compare_classes);

  return classes;
}

static void
stack_ingress_class_list_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  if (list != NULL)
    g_task_return_pointer (task, read_list (list), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stack_ingress_class_list_async:
 * @client: the cluster
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are known
 * @user_data: data for @callback
 *
 * Asks a cluster which Ingress classes it has.
 */
void
stack_ingress_class_list_async (KubeClient         *client,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_ingress_class_list_async);
  request = kube_request_new_list (&KUBE_INGRESS_CLASS, NULL, KUBE_FORM_OBJECT, NULL, 0, NULL);
  kube_client_call_async (client, request, cancellable, stack_ingress_class_list_cb,
                          g_steal_pointer (&task));
}

/**
 * stack_ingress_class_list_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error], among them %KUBE_ERROR_FORBIDDEN, and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (element-type StackIngressClass): the classes, by their names
 */
GPtrArray *
stack_ingress_class_list_finish (GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_ingress_class_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
