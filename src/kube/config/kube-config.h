/* kube-config.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-context.h"

G_BEGIN_DECLS

#define KUBE_TYPE_CONFIG (kube_config_get_type ())
G_DECLARE_FINAL_TYPE (KubeConfig, kube_config, KUBE, CONFIG, GObject)

void         kube_config_load_async (const char         *path,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
KubeConfig  *kube_config_load_finish (GAsyncResult *result,
                                      GError      **error);
GListModel  *kube_config_list_contexts (KubeConfig *self);
gboolean     kube_config_equal (KubeConfig *self,
                                KubeConfig *other);
const char  *kube_config_get_current_context (KubeConfig *self);
KubeContext *kube_config_get_context (KubeConfig *self,
                                      const char *name,
                                      GError    **error);
void         kube_config_set_current_context_async (KubeConfig         *self,
                                                    const char         *name,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
char        *kube_config_set_current_context_finish (KubeConfig   *self,
                                                     GAsyncResult *result,
                                                     GError      **error);

G_END_DECLS
