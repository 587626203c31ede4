/* kube-rows.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-list-reader.h"

G_BEGIN_DECLS

/**
 * KubeRowsFuncs:
 * @columns: takes the `columnDefinitions`
 * @row: takes a row; @namespace_ is %NULL where the row has metadata that tells it
 * @item: takes an object of a server that knows no Tables
 * @restart: what was taken so far is void
 *
 * What takes the rows of all namespaces as they come: in the server's order within a namespace,
 * but the namespaces in any order.
 */
typedef struct
{
  void (*columns) (JsonArray *definitions,
                   gpointer   user_data);
  void (*row) (const KubeListRow *row,
               const char        *namespace_,
               gpointer           user_data);
  void (*item) (JsonNode *item,
                gpointer  user_data);
  void (*restart) (gpointer user_data);
} KubeRowsFuncs;

void  kube_rows_read_async (KubeClient          *client,
                            const KubeResource  *resource,
                            const char          *label_selector,
                            const char          *field_selector,
                            const KubeRowsFuncs *funcs,
                            gpointer             funcs_data,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data);
char *kube_rows_read_finish (KubeClient   *client,
                             GAsyncResult *result,
                             GError      **error);
int   kube_rows_compare_namespaces (const char *a,
                                    const char *b);

G_END_DECLS
