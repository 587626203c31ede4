/* kube-change-doubt.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"

G_BEGIN_DECLS

void  kube_change_doubt_explain (KubeRequest *request,
                                 guint        http_status,
                                 GError      *error);
char *kube_change_doubt_dup_reason (const GError *error);

G_END_DECLS
