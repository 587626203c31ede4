/* kube-resource.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *group;
  const char *version;
  const char *plural;
  const char *kind;
  gboolean    namespaced;
} KubeResource;

extern const KubeResource KUBE_NAMESPACE;
extern const KubeResource KUBE_POD;
extern const KubeResource KUBE_SERVICE;
extern const KubeResource KUBE_CONFIG_MAP;
extern const KubeResource KUBE_SECRET;
extern const KubeResource KUBE_EVENT;
extern const KubeResource KUBE_DEPLOYMENT;
extern const KubeResource KUBE_REPLICA_SET;
extern const KubeResource KUBE_INGRESS;
extern const KubeResource KUBE_INGRESS_CLASS;
extern const KubeResource KUBE_ENDPOINT_SLICE;

const KubeResource *kube_resource_find (const char *api_version,
                                        const char *kind);
const KubeResource *kube_resource_find_plural (const char *name);
char               *kube_resource_dup_api_version (const KubeResource *self);
char               *kube_resource_build_path (const KubeResource *self,
                                              const char         *namespace_,
                                              const char         *name,
                                              const char         *subresource);

G_END_DECLS
