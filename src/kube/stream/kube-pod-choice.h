/* kube-pod-choice.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *kube_pod_choice_dup_selector (JsonNode *owner,
                                    GError  **error);
int   kube_pod_choice_compare (JsonNode *a,
                               JsonNode *b);

G_END_DECLS
