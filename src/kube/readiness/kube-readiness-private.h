/* kube-readiness-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-readiness.h"

G_BEGIN_DECLS

/* How long a pod may find no node, or a controller fail to create pods, before
 * that counts as a failure: both are normal for a moment. */
#define KUBE_READINESS_PATIENCE (15 * G_TIME_SPAN_SECOND)

/* Each rule sets *reason (full, never NULL) and looks at one kind. */
typedef KubeReadiness (*KubeReadinessRule) (JsonNode *object,
                                            gint64    now_us,
                                            char    **reason);

KubeReadiness _kube_readiness_rule_deployment (JsonNode *object,
                                               gint64    now_us,
                                               char    **reason);
KubeReadiness _kube_readiness_rule_stateful_set (JsonNode *object,
                                                 gint64    now_us,
                                                 char    **reason);
KubeReadiness _kube_readiness_rule_daemon_set (JsonNode *object,
                                               gint64    now_us,
                                               char    **reason);
KubeReadiness _kube_readiness_rule_replica_set (JsonNode *object,
                                                gint64    now_us,
                                                char    **reason);
KubeReadiness _kube_readiness_rule_job (JsonNode *object,
                                        gint64    now_us,
                                        char    **reason);
KubeReadiness _kube_readiness_rule_pod (JsonNode *object,
                                        gint64    now_us,
                                        char    **reason);
gboolean      _kube_readiness_lasts (JsonNode *condition,
                                     gint64    now_us);
char         *_kube_readiness_find_problem (JsonNode *pod,
                                            gint64    now_us);
char         *_kube_readiness_describe_progress (JsonNode *pod);

G_END_DECLS
