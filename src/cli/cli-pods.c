/* cli-pods.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-pods.h"

#include "cli-json.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-object.h"
#include "kube-pod.h"

static StackPodStatus *
new_from_object (KubeObject *object)
{
  JsonNode       *node = kube_object_get_node (object);
  StackPodStatus *pod = g_new0 (StackPodStatus, 1);
  gint64          age = g_get_real_time () - kube_object_get_creation_time (object);

  pod->name = g_strdup (kube_object_get_name (object));
  pod->status = kube_pod_dup_status (node);
  pod->restarts = kube_pod_get_restarts (node);
  pod->ready = kube_pod_is_ready (node);
  pod->age_seconds = MAX (age, 0) / G_USEC_PER_SEC;
  pod->node = g_strdup (base_json_get_string (node, "spec", "nodeName", NULL));

  return pod;
}

/**
 * cli_pods_new_from_model:
 * @model: (transfer none): a list of [class@Kube.Object] that are whole pods
 *
 * Returns: (transfer full) (element-type StackPodStatus): the pods as they are now
 */
GPtrArray *
cli_pods_new_from_model (GListModel *model)
{
  GPtrArray *pods = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_pod_status_free);

  g_return_val_if_fail (G_IS_LIST_MODEL (model), pods);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_ptr_array_add (pods, new_from_object (object));
    }

  return pods;
}

static GStrv
new_row (const StackPodStatus *pod)
{
  g_autoptr(GStrvBuilder) cells = g_strv_builder_new ();
  g_autofree char *restarts = g_strdup_printf ("%u", pod->restarts);
  g_autofree char *age = base_time_format_age (pod->age_seconds);

  g_strv_builder_add_many (cells, pod->name, pod->ready ? "yes" : "no", pod->status, restarts,
                           age, pod->node != NULL ? pod->node : "-", NULL);

  return g_strv_builder_end (cells);
}

/**
 * cli_pods_print:
 * @pods: (element-type StackPodStatus): pods
 * @printer: the printer
 *
 * Prints a table of @pods for people; nothing when there are none.
 */
void
cli_pods_print (GPtrArray  *pods,
                CliPrinter *printer)
{
  const char *titles[] = { "POD", "READY", "STATUS", "RESTARTS", "AGE", "NODE", NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_return_if_fail (pods != NULL);
  g_return_if_fail (CLI_IS_PRINTER (printer));

  if (pods->len == 0)
    return;

  g_ptr_array_add (rows, g_strdupv ((GStrv) titles));
  for (guint i = 0; i < pods->len; i++)
    g_ptr_array_add (rows, new_row (g_ptr_array_index (pods, i)));
  cli_printer_table (printer, rows);
}

/**
 * cli_pods_add_json:
 * @pods: (element-type StackPodStatus): pods
 * @builder: a builder inside an object
 *
 * Adds the member "pods", an array with an object for each pod.
 */
void
cli_pods_add_json (GPtrArray   *pods,
                   JsonBuilder *builder)
{
  g_return_if_fail (pods != NULL);
  g_return_if_fail (JSON_IS_BUILDER (builder));

  cli_json_begin_array (builder, "pods");
  for (guint i = 0; i < pods->len; i++)
    {
      const StackPodStatus *pod = g_ptr_array_index (pods, i);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "name", pod->name);
      cli_json_add_string (builder, "status", pod->status);
      cli_json_add_boolean (builder, "ready", pod->ready);
      cli_json_add_int (builder, "restarts", pod->restarts);
      cli_json_add_int (builder, "ageSeconds", pod->age_seconds);
      cli_json_add_string (builder, "node", pod->node);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
