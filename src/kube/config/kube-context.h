/* kube-context.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KUBE_TYPE_CONTEXT (kube_context_get_type ())
G_DECLARE_FINAL_TYPE (KubeContext, kube_context, KUBE, CONTEXT, GObject)

const char *kube_context_get_name (KubeContext *self);
const char *kube_context_get_server (KubeContext *self);
const char *kube_context_get_namespace (KubeContext *self);
const char *kube_context_get_cluster_name (KubeContext *self);
const char *kube_context_get_user_name (KubeContext *self);
const char *kube_context_get_source (KubeContext *self);
const char *kube_context_get_problem (KubeContext *self);
const char *kube_context_get_provider (KubeContext *self);
gboolean    kube_context_get_insecure (KubeContext *self);

G_END_DECLS
