/* kube-pod.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char    *kube_pod_dup_status (JsonNode *pod);
guint    kube_pod_get_restarts (JsonNode *pod);
gboolean kube_pod_is_ready (JsonNode *pod);
GStrv    kube_pod_dup_containers (JsonNode *pod);
GStrv    kube_pod_dup_all_containers (JsonNode *pod);
char    *kube_pod_dup_default_container (JsonNode *pod);

G_END_DECLS
