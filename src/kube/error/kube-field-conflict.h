/* kube-field-conflict.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KubeFieldConflict:
 * @field: the path of the field, as `.spec.template.spec.containers[name="app"].image`
 * @manager: (nullable): the name of the other manager, as in `metadata.managedFields`
 * @subresource: (nullable): through which subresource it set the field: "scale", "status"
 * @api_version: (nullable): in which version of the API it did; %NULL if it applied the field
 *   like us
 * @time: when it did, microseconds since 1970, 0 if unknown
 * @message: what the server says about it
 *
 * A field that a server-side apply would change although another manager has set it.
 */
typedef struct
{
  char  *field;
  char  *manager;
  char  *subresource;
  char  *api_version;
  gint64 time;
  char  *message;
} KubeFieldConflict;

void       kube_field_conflict_free (KubeFieldConflict *self);
GPtrArray *kube_field_conflict_list (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeFieldConflict, kube_field_conflict_free)

G_END_DECLS
