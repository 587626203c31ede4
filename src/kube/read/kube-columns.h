/* kube-columns.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "base-json-slice.h"
#include "kube-list-reader.h"

G_BEGIN_DECLS

typedef struct _KubeColumns KubeColumns;

KubeColumns       *kube_columns_new (JsonNode *table);
KubeColumns       *kube_columns_new_of_definitions (JsonArray *definitions);
void               kube_columns_free (KubeColumns *self);
const char *const *kube_columns_get_normal (KubeColumns *self);
int                kube_columns_find (KubeColumns *self,
                                      const char  *name);
int                kube_columns_get_nth (KubeColumns *self,
                                         guint        position,
                                         const char **name,
                                         gboolean    *wide);
const char       **kube_columns_dup_cells (KubeColumns *self,
                                           JsonNode    *row);
const char       **kube_columns_dup_cells_of_slice (KubeColumns         *self,
                                                    const BaseJsonSlice *cells);
const char       **kube_columns_dup_cells_of_row (KubeColumns *self, const KubeListRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeColumns, kube_columns_free)

G_END_DECLS
