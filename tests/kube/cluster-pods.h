/* cluster-pods.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* Pods that a test needs in the cluster of tests/cluster, in a namespace of its own. */

char *cluster_kubectl (const char *namespace_,
                       const char *arguments);
void  cluster_await_service_account (KubeClient *client,
                                     const char *namespace_);
void  cluster_make_pod (KubeClient *client,
                        const char *namespace_,
                        const char *object,
                        const char *name);
void  cluster_tell_pods (const char *namespace_);
void  cluster_remove_namespace (const char *namespace_);

G_END_DECLS
