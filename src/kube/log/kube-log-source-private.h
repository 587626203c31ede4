/* kube-log-source-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-source.h"

G_BEGIN_DECLS

KubeLogSource *_kube_log_source_new (guint       index,
                                     const char *pod,
                                     const char *container);
void           _kube_log_source_set_detail (KubeLogSource *self,
                                            const char    *detail);
void           _kube_log_source_take_stream (KubeLogSource *self,
                                             KubeLogStream *stream);
KubeLogStream *_kube_log_source_get_stream (KubeLogSource *self);
gboolean       _kube_log_source_is_over (KubeLogSource *self);

G_END_DECLS
