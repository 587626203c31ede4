/* kube-exec-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-context.h"

G_BEGIN_DECLS

JsonNode *kube_exec_cluster_build (KubeContext *context,
                                   const char  *authorities,
                                   gsize        length);

G_END_DECLS
