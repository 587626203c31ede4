/* base-object-list.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BASE_TYPE_OBJECT_LIST (base_object_list_get_type ())
G_DECLARE_FINAL_TYPE (BaseObjectList, base_object_list, BASE, OBJECT_LIST, GObject)

/**
 * BaseObjectListKeyFunc:
 * @item: an item
 *
 * Returns: (transfer none): its key
 */
typedef const char *(*BaseObjectListKeyFunc) (gpointer item);

BaseObjectList *base_object_list_new (GType item_type);
gpointer        base_object_list_lookup (BaseObjectList *self,
                                         const char     *key);
void            base_object_list_insert (BaseObjectList *self,
                                         const char     *key,
                                         gpointer        item);
gboolean        base_object_list_remove (BaseObjectList *self,
                                         const char     *key);
void            base_object_list_retain (BaseObjectList *self,
                                         GHashTable     *keys);
void            base_object_list_clear (BaseObjectList *self);
void            base_object_list_add_many (BaseObjectList *self,
                                           GHashTable     *items);
void            base_object_list_add_sorted (BaseObjectList       *self,
                                             GPtrArray            *items,
                                             BaseObjectListKeyFunc get_key);

G_END_DECLS
