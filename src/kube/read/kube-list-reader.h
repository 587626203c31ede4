/* kube-list-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KubeListRow:
 * @n_cells: how many cells there are
 * @cells: (array length=n_cells): the cells as text; %NULL for `null`
 * @object: (nullable): the object or its metadata, if they were asked for, without `managedFields`
 *
 * A row of a Table. Gone when the function that takes it returns.
 */
typedef struct
{
  guint              n_cells;
  const char *const *cells;
  JsonNode          *object;
} KubeListRow;

/**
 * KubeListFuncs:
 * @columns: (nullable): takes the `columnDefinitions` of a Table
 * @row: (nullable): takes a row of a Table
 * @item: (nullable): takes an object of a list
 * @restart: (nullable): what was taken so far is void: the list begins anew, because the server has
 *   forgotten the moment of its first page
 *
 * What takes the parts of a list as they come.
 */
typedef struct
{
  void (*columns) (JsonArray *definitions,
                   gpointer   user_data);
  void (*row) (const KubeListRow *row,
               gpointer           user_data);
  void (*item) (JsonNode *item,
                gpointer  user_data);
  void (*restart) (gpointer user_data);
} KubeListFuncs;

/**
 * KubeListFlags:
 * @KUBE_LIST_NONE: nothing special
 * @KUBE_LIST_MANAGED_FIELDS: items keep their `metadata.managedFields`
 *
 * What of a list is read.
 */
typedef enum
{
  KUBE_LIST_NONE = 0,
  KUBE_LIST_MANAGED_FIELDS = 1 << 0,
} KubeListFlags;

typedef struct _KubeListReader KubeListReader;

KubeListReader *kube_list_reader_new (const KubeListFuncs *funcs,
                                      gpointer             user_data,
                                      KubeListFlags        flags);
void            kube_list_reader_free (KubeListReader *self);
gboolean        kube_list_reader_feed (KubeListReader *self,
                                       const char     *data,
                                       gsize           length,
                                       GError        **error);
gboolean        kube_list_reader_finish (KubeListReader *self,
                                         GError        **error);
const char     *kube_list_reader_get_kind (KubeListReader *self);
const char     *kube_list_reader_get_continue (KubeListReader *self);
const char     *kube_list_reader_get_resource_version (KubeListReader *self);
gint64          kube_list_reader_get_remaining (KubeListReader *self);
guint           kube_list_reader_get_length (KubeListReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeListReader, kube_list_reader_free)

G_END_DECLS
