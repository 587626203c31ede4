/* kube-material.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A certificate, a key or a token as it was found. Clearing it wipes the text. */
typedef struct
{
  char       *text; /* (nullable) NUL-terminated behind its length */
  gsize       length;
  const char *place; /* for messages: the path, or the field's name */
} KubeMaterial;

gboolean kube_material_read (KubeMaterial *self,
                             const char   *path,
                             const char   *data,
                             const char   *field,
                             const char   *what,
                             GCancellable *cancellable,
                             GError      **error);
gboolean kube_material_is_base64 (const char *data);
void     kube_material_clear (KubeMaterial *self);
void     kube_material_wipe_node (JsonNode *node);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeMaterial, kube_material_clear)

G_END_DECLS
