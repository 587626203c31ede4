/* kube-pages.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* Which objects to read, and in what form. */
typedef struct
{
  const KubeResource *resource;
  const char         *namespace_; /* (nullable): all */
  KubeForm            form;
  gboolean            no_metadata;    /* of the rows of a Table: cells only */
  const char         *label_selector; /* (nullable) */
  const char         *field_selector; /* (nullable) */
} KubePagesQuery;

void       kube_pages_read_async (KubeClient           *client,
                                  const KubePagesQuery *query,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
GPtrArray *kube_pages_read_finish (KubeClient   *client,
                                   GAsyncResult *result,
                                   GError      **error);

G_END_DECLS
