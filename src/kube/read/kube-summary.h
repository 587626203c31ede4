/* kube-summary.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"

G_BEGIN_DECLS

/**
 * KubeStats:
 * @cpu: billionths of a core
 * @memory: bytes of the working set
 * @memory_available: bytes up to the limit, or up to what the node has
 * @received: bytes that came over the network since the start
 * @sent: bytes that left
 * @storage_used: bytes on the node's file system: a pod's or container's own, or all of a node
 * @storage_capacity: bytes that the file system has
 *
 * What a node, a pod or a container uses. What the kubelet does not tell is -1.
 */
typedef struct
{
  gint64 cpu;
  gint64 memory;
  gint64 memory_available;
  gint64 received;
  gint64 sent;
  gint64 storage_used;
  gint64 storage_capacity;
} KubeStats;

/**
 * KubeVolumeStats:
 * @name: the volume's name in the pod
 * @claim: (nullable): the PersistentVolumeClaim that it comes from, of the pod's namespace
 * @used: bytes, -1 if unknown
 * @capacity: bytes, -1 if unknown
 *
 * How full a volume is.
 */
typedef struct
{
  char  *name;
  char  *claim;
  gint64 used;
  gint64 capacity;
} KubeVolumeStats;

/**
 * KubeContainerStats:
 * @name: the container's name
 * @stats: what it uses
 *
 * What a container uses.
 */
typedef struct
{
  char     *name;
  KubeStats stats;
} KubeContainerStats;

/**
 * KubePodStats:
 * @namespace_: the pod's namespace
 * @name: the pod's name
 * @uid: the pod's uid
 * @stats: what it uses
 * @containers: (element-type KubeContainerStats): its containers
 * @volumes: (element-type KubeVolumeStats): its volumes
 *
 * What a pod uses.
 */
typedef struct
{
  char      *namespace_;
  char      *name;
  char      *uid;
  KubeStats  stats;
  GPtrArray *containers;
  GPtrArray *volumes;
} KubePodStats;

/**
 * KubeSummary:
 * @node: the node's name
 * @stats: what the node uses
 * @pods: (element-type KubePodStats): the pods on it
 *
 * What a kubelet measured on its node.
 */
typedef struct
{
  char      *node;
  KubeStats  stats;
  GPtrArray *pods;
} KubeSummary;

KubeRequest *kube_summary_new_request (const char *node);
KubeSummary *kube_summary_parse (JsonNode *answer,
                                 GError  **error);
void         kube_summary_free (KubeSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeSummary, kube_summary_free)

G_END_DECLS
