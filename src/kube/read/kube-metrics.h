/* kube-metrics.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

extern const KubeResource KUBE_NODE_METRICS;
extern const KubeResource KUBE_POD_METRICS;

/**
 * KubeContainerUsage:
 * @name: the container's name
 * @cpu: billionths of a core
 * @memory: bytes of the working set
 *
 * What a container uses.
 */
typedef struct
{
  char  *name;
  gint64 cpu;
  gint64 memory;
} KubeContainerUsage;

/**
 * KubeMetrics:
 * @namespace_: (nullable): the pod's namespace; %NULL for a node
 * @name: the pod's or node's name
 * @time: when the measuring ended, microseconds since 1970, 0 if unknown
 * @window: over how long it was averaged, nanoseconds, 0 if unknown
 * @cpu: billionths of a core, of all containers together
 * @memory: bytes of the working set, of all containers together
 * @containers: (element-type KubeContainerUsage): a pod's containers; empty for a node
 *
 * What a pod or a node uses, as metrics-server measured it.
 */
typedef struct
{
  char      *namespace_;
  char      *name;
  gint64     time;
  gint64     window;
  gint64     cpu;
  gint64     memory;
  GPtrArray *containers;
} KubeMetrics;

void       kube_metrics_free (KubeMetrics *self);
GPtrArray *kube_metrics_parse (JsonNode *answer,
                               GError  **error);
void       kube_metrics_explain (GError *error);
void       kube_metrics_list_async (KubeClient         *client,
                                    const KubeResource *resource,
                                    const char         *namespace_,
                                    const char         *label_selector,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
GPtrArray *kube_metrics_list_finish (GAsyncResult *result,
                                     GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeMetrics, kube_metrics_free)

G_END_DECLS
