/* kube-object.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KUBE_TYPE_OBJECT (kube_object_get_type ())

G_DECLARE_FINAL_TYPE (KubeObject, kube_object, KUBE, OBJECT, GObject)

KubeObject *kube_object_new (JsonNode *node,
                             GStrv     cells);
JsonNode   *kube_object_get_node (KubeObject *self);
const char *kube_object_get_name (KubeObject *self);
const char *kube_object_get_namespace (KubeObject *self);
const char *kube_object_get_key (KubeObject *self);
const char *kube_object_get_uid (KubeObject *self);
const char *kube_object_get_resource_version (KubeObject *self);
gint64      kube_object_get_creation_time (KubeObject *self);
const char *kube_object_get_cell (KubeObject *self,
                                  guint       column);

G_END_DECLS
