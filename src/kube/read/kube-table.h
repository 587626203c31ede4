/* kube-table.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-list-reader.h"

G_BEGIN_DECLS

/**
 * KubeTableFlags:
 * @KUBE_TABLE_NONE: the normal columns
 * @KUBE_TABLE_WIDE: the wide columns too
 * @KUBE_TABLE_NAMESPACE: a column with the namespace first
 *
 * Which columns of a table to take.
 */
typedef enum
{
  KUBE_TABLE_NONE = 0,
  KUBE_TABLE_WIDE = 1 << 0,
  KUBE_TABLE_NAMESPACE = 1 << 1,
} KubeTableFlags;

typedef struct _KubeTable KubeTable;

KubeTable  *kube_table_new (gint64 now);
void        kube_table_free (KubeTable *self);
void        kube_table_add_columns (KubeTable *self, JsonArray *definitions);
void        kube_table_add_row (KubeTable *self, const KubeListRow *row, const char *namespace_);
void        kube_table_add_object (KubeTable *self, JsonNode *object);
void        kube_table_add_answer (KubeTable *self, JsonNode *answer);
void        kube_table_clear (KubeTable *self);
void        kube_table_sort_namespaces (KubeTable *self);
guint       kube_table_get_length (KubeTable *self);
GPtrArray  *kube_table_list_rows (KubeTable *self, KubeTableFlags flags, const char *type_name);
const char *kube_table_get_name (KubeTable *self, guint row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeTable, kube_table_free)

G_END_DECLS
