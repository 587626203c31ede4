/* kube-log-group.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-source.h"

G_BEGIN_DECLS

/* How many logs kubectl follows at once when nothing else is said. */
#define KUBE_LOG_MAX_REQUESTS 5

/* Which containers of a pod. */
typedef enum
{
  KUBE_LOG_DEFAULT_CONTAINER,
  KUBE_LOG_NAMED_CONTAINER,
  KUBE_LOG_ALL_CONTAINERS
} KubeLogContainers;

#define KUBE_TYPE_LOG_GROUP (kube_log_group_get_type ())

G_DECLARE_FINAL_TYPE (KubeLogGroup, kube_log_group, KUBE, LOG_GROUP, GObject)

KubeLogGroup  *kube_log_group_new (KubeClient           *client,
                                   const char           *ns,
                                   const KubeLogOptions *options);
void           kube_log_group_set_containers (KubeLogGroup     *self,
                                              KubeLogContainers containers,
                                              const char       *name);
void           kube_log_group_set_max_requests (KubeLogGroup *self,
                                                guint         max_requests);
void           kube_log_group_set_sink (KubeLogGroup *self,
                                        KubeLogSink   sink,
                                        gpointer      user_data);
void           kube_log_group_set_selector (KubeLogGroup *self,
                                            const char   *label_selector);
void           kube_log_group_add_pod (KubeLogGroup *self,
                                       JsonNode     *pod);
void           kube_log_group_start (KubeLogGroup *self);
void           kube_log_group_stop (KubeLogGroup *self);
KubeLogBuffer *kube_log_group_get_buffer (KubeLogGroup *self);
GListModel    *kube_log_group_get_sources (KubeLogGroup *self);
KubeLogSource *kube_log_group_get_source (KubeLogGroup *self,
                                          guint         index);
KubeLogState   kube_log_group_get_state (KubeLogGroup *self);
GError        *kube_log_group_get_error (KubeLogGroup *self);

G_END_DECLS
