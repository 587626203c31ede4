/* kube-pod-target.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-resource.h"

G_BEGIN_DECLS

typedef struct _KubePodTarget KubePodTarget;

void           kube_pod_target_find_async (KubeClient         *client,
                                           const char         *namespace_,
                                           const KubeResource *resource,
                                           const char         *name,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
KubePodTarget *kube_pod_target_find_finish (KubeClient   *client,
                                            GAsyncResult *result,
                                            GError      **error);
KubePodTarget *kube_pod_target_new (JsonNode *object,
                                    JsonNode *pods,
                                    GError  **error);
void           kube_pod_target_free (KubePodTarget *self);
const char    *kube_pod_target_get_pod (KubePodTarget *self);
char          *kube_pod_target_dup_container (KubePodTarget *self);
GStrv          kube_pod_target_dup_containers (KubePodTarget *self);
guint16        kube_pod_target_find_port (KubePodTarget *self,
                                          const char    *port,
                                          GError       **error);
char          *kube_pod_target_dup_selector (JsonNode *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubePodTarget, kube_pod_target_free)

G_END_DECLS
