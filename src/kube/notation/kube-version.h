/* kube-version.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KubeVersion:
 * @major: 1
 * @minor: 36; clouds write "36+", of which the number counts
 * @text: the whole version: "v1.36.3", "v1.30.1-gke.100"
 * @platform: (nullable): "linux/amd64"
 *
 * Which Kubernetes a server runs, as it answers to `GET /version`.
 */
typedef struct
{
  guint major;
  guint minor;
  char *text;
  char *platform;
} KubeVersion;

gboolean kube_version_read (KubeVersion *self,
                            JsonNode    *answer,
                            GError     **error);
void     kube_version_clear (KubeVersion *self);
gboolean kube_version_is_at_least (const KubeVersion *self,
                                   guint              major,
                                   guint              minor);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeVersion, kube_version_clear)

G_END_DECLS
