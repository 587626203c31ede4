/* kube-metrics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-metrics.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-duration.h"
#include "kube-error.h"
#include "kube-quantity.h"

#define BILLION 1e9

/**
 * KUBE_NODE_METRICS:
 *
 * What the nodes use, of metrics.k8s.io/v1beta1.
 */
const KubeResource KUBE_NODE_METRICS = {
  "metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", FALSE
};

/**
 * KUBE_POD_METRICS:
 *
 * What the pods use, of metrics.k8s.io/v1beta1.
 */
const KubeResource KUBE_POD_METRICS = { "metrics.k8s.io", "v1beta1", "pods", "PodMetrics", TRUE };

static void
kube_container_usage_free (KubeContainerUsage *usage)
{
  g_free (usage->name);
  g_free (usage);
}

/**
 * kube_metrics_free:
 * @self: (transfer full): metrics
 *
 * Frees @self.
 */
void
kube_metrics_free (KubeMetrics *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->namespace_);
  g_free (self->name);
  g_ptr_array_unref (self->containers);
  g_free (self);
}

/* Amounts that nobody can read count nothing. */
static gint64
read_amount (JsonNode   *usage,
             const char *name,
             double      scale)
{
  const char *text = base_json_get_string (usage, name, NULL);
  g_autoptr(KubeQuantity) quantity = NULL;
  double value;

  quantity = text != NULL ? kube_quantity_parse (text, NULL) : NULL;
  value = quantity != NULL ? kube_quantity_get_value (quantity) * scale + 0.5 : 0;

  return value >= 0 && value < (double) G_MAXINT64 ? (gint64) value : 0;
}

static void
read_containers (KubeMetrics *self,
                 JsonArray   *containers)
{
  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonNode           *node = json_array_get_element (containers, i);
      JsonNode           *usage = base_json_get (node, "usage", NULL);
      KubeContainerUsage *container = g_new0 (KubeContainerUsage, 1);

      container->name = g_strdup (base_json_get_string (node, "name", NULL));
      container->cpu = read_amount (usage, "cpu", BILLION);
      container->memory = read_amount (usage, "memory", 1);
      self->cpu += container->cpu;
      self->memory += container->memory;
      g_ptr_array_add (self->containers, container);
    }
}

static KubeMetrics *
read_metrics (JsonNode *node)
{
  const char  *name = base_json_get_string (node, "metadata", "name", NULL);
  const char  *window = base_json_get_string (node, "window", NULL);
  JsonNode    *usage = base_json_get (node, "usage", NULL);
  KubeMetrics *self;

  if (name == NULL)
    return NULL;

  self = g_new0 (KubeMetrics, 1);
  self->name = g_strdup (name);
  self->namespace_ = g_strdup (base_json_get_string (node, "metadata", "namespace", NULL));
  self->time = base_time_parse (base_json_get_string (node, "timestamp", NULL));
  if (window != NULL)
    kube_duration_parse (window, &self->window, NULL);
  self->containers = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_container_usage_free);
  self->cpu = read_amount (usage, "cpu", BILLION);
  self->memory = read_amount (usage, "memory", 1);
  read_containers (self, base_json_get_array (node, "containers", NULL));

  return self;
}

/**
 * kube_metrics_parse:
 * @answer: what the server answered to a request for `KUBE_NODE_METRICS` or
 *   `KUBE_POD_METRICS`, of one or of all
 * @error: return location for an error
 *
 * Reads what pods or nodes use.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if @answer is something else.
 *
 * Returns: (transfer full) (element-type KubeMetrics) (nullable): the metrics in the server's
 *   order, or %NULL with @error set
 */
GPtrArray *
kube_metrics_parse (JsonNode *answer,
                    GError  **error)
{
  g_autoptr(GPtrArray) list = NULL;
  JsonArray   *items;
  KubeMetrics *metrics;

  g_return_val_if_fail (answer != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_metrics_free);
  items = base_json_get_array (answer, "items", NULL);
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      metrics = read_metrics (json_array_get_element (items, i));
      if (metrics != NULL)
        g_ptr_array_add (list, metrics);
    }
  if (items != NULL)
    return g_steal_pointer (&list);

  metrics = read_metrics (answer);
  if (metrics == NULL)
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "The cluster's answer holds no metrics. What answers to metrics.k8s.io "
                           "there may not be metrics-server.");
      return NULL;
    }
  g_ptr_array_add (list, metrics);

  return g_steal_pointer (&list);
}

/**
 * kube_metrics_explain:
 * @error: why a request for metrics failed
 *
 * Says in the message of @error what that means for metrics: that metrics-server is not there
 * (404), has not measured this yet (404 of an object), or does not work (503). Other errors stay
 * as they are.
 */
void
kube_metrics_explain (GError *error)
{
  JsonNode   *status;
  const char *name;
  const char *words;
  char       *message = NULL;

  g_return_if_fail (error != NULL);

  status = kube_error_get_status (error);
  name = base_json_get_string (status, "details", "name", NULL);
  words = base_json_get_string (status, "message", NULL);
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) && name != NULL)
    message = g_strdup_printf ("There are no metrics of “%s” yet. metrics-server measures what is "
                               "new after up to a minute: try again then.",
                               name);
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    message = g_strdup ("The cluster has no metrics: metrics-server is not installed there. "
                        "Install it (for Minikube: minikube addons enable metrics-server).");
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE))
    message = g_strdup_printf ("The cluster has no metrics at present, because metrics-server does "
                               "not answer%s%s. Look at its pods in the namespace kube-system; "
                               "after a start it takes a minute.",
                               words != NULL ? ": " : "", words != NULL ? words : "");
  if (message == NULL)
    return;

  g_free (error->message);
  error->message = message;
}

static void
kube_metrics_list_call_cb (GObject      *source_object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonNode) answer = NULL;
  GError    *error = NULL;
  GPtrArray *list = NULL;

  answer = kube_client_call_finish (KUBE_CLIENT (source_object), result, &error);
  if (answer != NULL)
    list = kube_metrics_parse (answer, &error);
  else
    kube_metrics_explain (error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * kube_metrics_list_async:
 * @client: a client
 * @resource: %KUBE_NODE_METRICS or %KUBE_POD_METRICS
 * @namespace_: (nullable): the pods' namespace, or %NULL for all
 * @label_selector: (nullable): only of pods or nodes with these labels
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer is there
 * @user_data: data for @callback
 *
 * Asks what pods or nodes use. What metrics-server has not measured yet is missing in the answer.
 */
void
kube_metrics_list_async (KubeClient         *client,
                         const KubeResource *resource,
                         const char         *namespace_,
                         const char         *label_selector,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (resource != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_metrics_list_async);
  request = kube_request_new_list (resource, namespace_, KUBE_FORM_OBJECT, label_selector, 0, NULL);
  kube_client_call_async (client, request, cancellable, kube_metrics_list_call_cb,
                          g_steal_pointer (&task));
}

/**
 * kube_metrics_list_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes asking.
 *
 * Possible errors: %KUBE_ERROR_NOT_FOUND if metrics-server is not installed,
 * %KUBE_ERROR_UNAVAILABLE if it does not answer, all others of %KUBE_ERROR,
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (element-type KubeMetrics) (nullable): the metrics, or %NULL with
 *   @error set
 */
GPtrArray *
kube_metrics_list_finish (GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_metrics_list_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
