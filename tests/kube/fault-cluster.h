/* fault-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fault-proxy.h"

G_BEGIN_DECLS

/* A small API server without a network: the pods of the namespace "shop" with their versions,
 * pages and watches, the log of one of them, what is applied, and which kinds there are. Its
 * answers have the shape of those of Kubernetes 1.36. From any thread. */
typedef struct _FaultCluster FaultCluster;

/* A page of a list has so many pods, whatever the limit. */
#define FAULT_PAGE_SIZE 2

FaultCluster *fault_cluster_new (void);
void          fault_cluster_free (FaultCluster *self);
void          fault_cluster_put (FaultCluster *self,
                                 const char   *name);
void          fault_cluster_remove (FaultCluster *self,
                                    const char   *name);
void          fault_cluster_forget (FaultCluster *self);
void          fault_cluster_log (FaultCluster *self,
                                 guint         n_lines);
char         *fault_cluster_dup_truth (FaultCluster *self);
char         *fault_cluster_dup_log (FaultCluster *self);
char         *fault_cluster_dup_note (guint version);
void          fault_cluster_answer (FaultExchange *exchange,
                                    gpointer       user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultCluster, fault_cluster_free)

G_END_DECLS
