/* kube-readiness.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KubeReadiness:
 * @KUBE_READINESS_CURRENT: the object has reached what its spec asks for
 * @KUBE_READINESS_IN_PROGRESS: on its way
 * @KUBE_READINESS_FAILED: will not get there without a change
 * @KUBE_READINESS_TERMINATING: being deleted
 *
 * How far an object of the cluster is.
 */
typedef enum
{
  KUBE_READINESS_CURRENT,
  KUBE_READINESS_IN_PROGRESS,
  KUBE_READINESS_FAILED,
  KUBE_READINESS_TERMINATING
} KubeReadiness;

KubeReadiness kube_readiness_compute (JsonNode *object,
                                      gint64    now_us,
                                      char    **reason);
KubeReadiness kube_readiness_deployment (JsonNode  *deployment,
                                         GPtrArray *pods,
                                         GPtrArray *replica_sets,
                                         gint64     now_us,
                                         char     **reason);

G_END_DECLS
