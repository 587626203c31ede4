/* own-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* An API server with an etcd, both of the test's own, on ports of this machine: to be stopped and
 * started without disturbing anybody. Nothing runs there but the two. */
typedef struct _OwnCluster OwnCluster;

OwnCluster *own_cluster_new (void);
void        own_cluster_free (OwnCluster *self);
void        own_cluster_start (OwnCluster *self);
void        own_cluster_stop (OwnCluster *self,
                              gboolean    gracefully);
KubeClient *own_cluster_connect (OwnCluster *self);
char       *own_cluster_kubectl (OwnCluster *self,
                                 const char *first,
                                 ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OwnCluster, own_cluster_free)

G_END_DECLS
