/* kube-config-in-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-config-document.h"

G_BEGIN_DECLS

#define KUBE_CONFIG_IN_CLUSTER_DIRECTORY "/var/run/secrets/kubernetes.io/serviceaccount"

KubeConfigDocument *kube_config_in_cluster_build (const char *directory);

G_END_DECLS
