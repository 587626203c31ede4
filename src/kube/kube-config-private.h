/* kube-config-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-config-document.h"
#include "kube-config.h"

G_BEGIN_DECLS

KubeConfig *kube_config_new_from_documents (GPtrArray *documents,
                                            GError   **error);
gboolean    kube_config_merge (GPtrArray  *documents,
                               GListStore *contexts,
                               char      **current_context,
                               GError    **error);

G_END_DECLS
