/* kube-request-review.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"

G_BEGIN_DECLS

KubeRequest *kube_request_new_access_review (const char         *verb,
                                             const KubeResource *resource,
                                             const char         *subresource,
                                             const char         *namespace_,
                                             const char         *name);
KubeRequest *kube_request_new_path_review (const char *verb,
                                           const char *path);
KubeRequest *kube_request_new_rules_review (const char *namespace_);

G_END_DECLS
