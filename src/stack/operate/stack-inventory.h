/* stack-inventory.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_INVENTORY (stack_inventory_get_type ())

G_DECLARE_FINAL_TYPE (StackInventory, stack_inventory, STACK, INVENTORY, GObject)

/**
 * StackInventoryItem:
 * @resource: what kind of object
 * @name: its name
 * @uid: tells it from a later one of the same name
 * @database: whether it is a volume, or belongs to a database: what is in it cannot be made anew
 * @kept: (nullable): why it is not deleted, in words; %NULL if it is
 *
 * An object of the app.
 */
typedef struct
{
  const KubeResource *resource;
  char               *name;
  char               *uid;
  gboolean            database;
  char               *kept;
} StackInventoryItem;

void            stack_inventory_read_async (KubeClient         *client,
                                            const char         *ns,
                                            gboolean            delete_volumes,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
StackInventory *stack_inventory_read_finish (GAsyncResult *result,
                                             GError      **error);
KubeClient     *stack_inventory_get_client (StackInventory *self);
const char     *stack_inventory_get_namespace (StackInventory *self);
GPtrArray      *stack_inventory_get_items (StackInventory *self);
void            stack_inventory_set_deleted (StackInventory *self,
                                             guint           index,
                                             gboolean        deleted);
guint           stack_inventory_count_deleted (StackInventory *self);
GListModel     *stack_inventory_get_operations (StackInventory *self);
void            stack_inventory_delete_async (StackInventory     *self,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
gboolean        stack_inventory_delete_finish (StackInventory *self,
                                               GAsyncResult   *result,
                                               GError        **error);

G_END_DECLS
