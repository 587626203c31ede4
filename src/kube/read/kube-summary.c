/* kube-summary.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-summary.h"

#include "base-json.h"
#include "kube-error.h"

static void
kube_volume_stats_free (KubeVolumeStats *volume)
{
  g_free (volume->name);
  g_free (volume->claim);
  g_free (volume);
}

static void
kube_container_stats_free (KubeContainerStats *container)
{
  g_free (container->name);
  g_free (container);
}

static void
kube_pod_stats_free (KubePodStats *pod)
{
  g_free (pod->namespace_);
  g_free (pod->name);
  g_free (pod->uid);
  g_ptr_array_unref (pod->containers);
  g_ptr_array_unref (pod->volumes);
  g_free (pod);
}

/**
 * kube_summary_free:
 * @self: (transfer full): a summary
 *
 * Frees @self.
 */
void
kube_summary_free (KubeSummary *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->node);
  g_ptr_array_unref (self->pods);
  g_free (self);
}

/**
 * kube_summary_new_request:
 * @node: a node's name
 *
 * Describes asking the kubelet of a node what the node and its pods use (`/stats/summary`), which
 * unlike metrics-server tells of networks and volumes, too. The user needs the right to get
 * nodes/proxy.
 *
 * Returns: (transfer full): a request whose answer is for [id@kube_summary_parse]
 */
KubeRequest *
kube_summary_new_request (const char *node)
{
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (node != NULL, NULL);

  escaped = g_uri_escape_string (node, NULL, FALSE);
  path = g_strconcat ("/api/v1/nodes/", escaped, "/proxy/stats/summary", NULL);

  return kube_request_new ("GET", path);
}

/* @storage: the member that tells of the file system. */
static KubeStats
read_stats (JsonNode   *node,
            const char *storage)
{
  return (KubeStats){
    .cpu = base_json_get_int (node, -1, "cpu", "usageNanoCores", NULL),
    .memory = base_json_get_int (node, -1, "memory", "workingSetBytes", NULL),
    .memory_available = base_json_get_int (node, -1, "memory", "availableBytes", NULL),
    .received = base_json_get_int (node, -1, "network", "rxBytes", NULL),
    .sent = base_json_get_int (node, -1, "network", "txBytes", NULL),
    .storage_used = base_json_get_int (node, -1, storage, "usedBytes", NULL),
    .storage_capacity = base_json_get_int (node, -1, storage, "capacityBytes", NULL),
  };
}

static GPtrArray *
read_containers (JsonArray *nodes)
{
  GPtrArray *containers = NULL;

  containers = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_container_stats_free);
  for (guint i = 0; nodes != NULL && i < json_array_get_length (nodes); i++)
    {
      JsonNode           *node = json_array_get_element (nodes, i);
      KubeContainerStats *container = g_new0 (KubeContainerStats, 1);

      container->name = g_strdup (base_json_get_string (node, "name", NULL));
      container->stats = read_stats (node, "rootfs");
      g_ptr_array_add (containers, container);
    }

  return containers;
}

static GPtrArray *
read_volumes (JsonArray *nodes)
{
  GPtrArray *volumes = NULL;

  volumes = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_volume_stats_free);
  for (guint i = 0; nodes != NULL && i < json_array_get_length (nodes); i++)
    {
      JsonNode        *node = json_array_get_element (nodes, i);
      KubeVolumeStats *volume = g_new0 (KubeVolumeStats, 1);

      volume->name = g_strdup (base_json_get_string (node, "name", NULL));
      volume->claim = g_strdup (base_json_get_string (node, "pvcRef", "name", NULL));
      volume->used = base_json_get_int (node, -1, "usedBytes", NULL);
      volume->capacity = base_json_get_int (node, -1, "capacityBytes", NULL);
      g_ptr_array_add (volumes, volume);
    }

  return volumes;
}

static KubePodStats *
read_pod (JsonNode *node)
{
  KubePodStats *pod = g_new0 (KubePodStats, 1);

  pod->namespace_ = g_strdup (base_json_get_string (node, "podRef", "namespace", NULL));
  pod->name = g_strdup (base_json_get_string (node, "podRef", "name", NULL));
  pod->uid = g_strdup (base_json_get_string (node, "podRef", "uid", NULL));
  pod->stats = read_stats (node, "ephemeral-storage");
  pod->containers = read_containers (base_json_get_array (node, "containers", NULL));
  pod->volumes = read_volumes (base_json_get_array (node, "volume", NULL));

  return pod;
}

/**
 * kube_summary_parse: (skip)
 * @answer: what the server answered to [id@kube_summary_new_request]
 * @error: return location for an error
 *
 * Reads what a kubelet measured (k8s.io/kubelet/pkg/apis/stats/v1alpha1).
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if @answer is something else.
 *
 * Returns: (transfer full) (nullable): the summary, or %NULL with @error set
 */
KubeSummary *
kube_summary_parse (JsonNode *answer,
                    GError  **error)
{
  const char  *name;
  JsonArray   *pods;
  KubeSummary *self;

  g_return_val_if_fail (answer != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  name = base_json_get_string (answer, "node", "nodeName", NULL);
  if (name == NULL)
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "The node's answer is no summary of what it uses. It may not run a "
                           "kubelet.");
      return NULL;
    }

  self = g_new0 (KubeSummary, 1);
  self->node = g_strdup (name);
  self->stats = read_stats (base_json_get (answer, "node", NULL), "fs");
  self->pods = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_pod_stats_free);
  pods = base_json_get_array (answer, "pods", NULL);
  for (guint i = 0; pods != NULL && i < json_array_get_length (pods); i++)
    g_ptr_array_add (self->pods, read_pod (json_array_get_element (pods, i)));

  return self;
}
