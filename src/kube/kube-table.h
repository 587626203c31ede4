/* kube-table.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

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

KubeTable *kube_table_new (gint64 now);
void       kube_table_free (KubeTable *self);
void       kube_table_add (KubeTable *self,
                           JsonNode  *page);
guint      kube_table_get_length (KubeTable *self);
GPtrArray *kube_table_dup_rows (KubeTable     *self,
                                KubeTableFlags flags,
                                const char    *type_name);
GStrv      kube_table_dup_names (KubeTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeTable, kube_table_free)

G_END_DECLS
