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
#include "kube-watch-cursor.h"

G_BEGIN_DECLS

typedef struct _KubeStore KubeStore;

/**
 * KubeStoreEventFunc:
 * @type: %KUBE_WATCH_ADDED, %KUBE_WATCH_MODIFIED or %KUBE_WATCH_DELETED
 * @object: the object as it was in the event, which is not the instance of the model
 * @user_data: what was given to [method@Store.set_event_func]
 *
 * Told of each event that changes the model, in their order.
 */
typedef void (*KubeStoreEventFunc) (KubeWatchEventType type,
                                    KubeObject        *object,
                                    gpointer           user_data);

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
void         kube_store_add_columns (KubeStore *self, JsonArray *definitions);
void         kube_store_add_item (KubeStore *self, JsonNode *item);
void         kube_store_add_row (KubeStore *self, const KubeListRow *row, const char *namespace_);
void         kube_store_swap_list (KubeStore *self);
gboolean     kube_store_apply_lines (KubeStore       *self,
                                     GPtrArray       *lines,
                                     KubeWatchCursor *cursor,
                                     GError         **error);
void         kube_store_set_event_func (KubeStore         *self,
                                        KubeStoreEventFunc func,
                                        gpointer           user_data);

G_END_DECLS
