/* kube-pages.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-list-reader.h"

G_BEGIN_DECLS

/**
 * KubePagesQuery:
 * @resource: what kind of object; must stay until the end
 * @namespace_: (nullable): which namespace; %NULL for all
 * @form: objects, or a Table
 * @no_metadata: whether the rows of a Table come with cells only
 * @flags: what of the list is read
 * @label_selector: (nullable): which objects
 * @field_selector: (nullable): which objects
 * @resource_version: (nullable): the moment of which the list shall be; %NULL for now
 * @continue_token: (nullable): where to begin, if not with the first object; the rest of the query
 *   must be that of the answer which it comes from
 * @limit: how many objects a page has, 0 for the usual 500
 *
 * Which objects to read, and in what form.
 */
typedef struct
{
  const KubeResource *resource;
  const char         *namespace_;
  KubeForm            form;
  gboolean            no_metadata;
  KubeListFlags       flags;
  const char         *label_selector;
  const char         *field_selector;
  const char         *resource_version;
  const char         *continue_token;
  guint               limit;
} KubePagesQuery;

void  kube_pages_read_async (KubeClient           *client,
                             const KubePagesQuery *query,
                             const KubeListFuncs  *funcs,
                             gpointer              funcs_data,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
char *kube_pages_read_finish (KubeClient   *client,
                              GAsyncResult *result,
                              GError      **error);

G_END_DECLS
