/* kube-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-columns.h"
#include "kube-object.h"
#include "kube-request.h"
#include "kube-resource.h"

G_BEGIN_DECLS

typedef struct _KubeStore KubeStore;

KubeStore   *kube_store_new (const KubeResource *resource,
                             KubeForm            form);
void         kube_store_free (KubeStore *self);
GListModel  *kube_store_get_model (KubeStore *self);
KubeObject  *kube_store_lookup (KubeStore  *self,
                                const char *key);
KubeColumns *kube_store_get_columns (KubeStore *self);
void         kube_store_begin_list (KubeStore *self);
void         kube_store_add_page (KubeStore *self,
                                  JsonNode  *list);
void         kube_store_swap_list (KubeStore *self);
guint        kube_store_apply_lines (KubeStore *self,
                                     GPtrArray *lines,
                                     char     **resource_version,
                                     GError   **error);

G_END_DECLS
