/* kube-discovery.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-api-resource.h"

G_BEGIN_DECLS

typedef struct _KubeDiscovery KubeDiscovery;

KubeDiscovery         *kube_discovery_new (void);
KubeDiscovery         *kube_discovery_ref (KubeDiscovery *self);
void                   kube_discovery_unref (KubeDiscovery *self);
gboolean               kube_discovery_add_groups (KubeDiscovery *self,
                                                  JsonNode      *list);
void                   kube_discovery_add_version (KubeDiscovery *self,
                                                   const char    *group,
                                                   const char    *version,
                                                   JsonNode      *list);
void                   kube_discovery_add_failure (KubeDiscovery *self,
                                                   const char    *group,
                                                   const char    *version);
void                   kube_discovery_set_cached (KubeDiscovery *self,
                                                  gboolean       cached);
gboolean               kube_discovery_get_cached (KubeDiscovery *self);
GPtrArray             *kube_discovery_get_resources (KubeDiscovery *self);
GPtrArray             *kube_discovery_get_failures (KubeDiscovery *self);
const KubeApiResource *kube_discovery_lookup (KubeDiscovery *self,
                                              const char    *name);
GPtrArray             *kube_discovery_find_category (KubeDiscovery *self,
                                                     const char    *category);
GStrv                  kube_discovery_dup_near_names (KubeDiscovery *self,
                                                      const char    *name);
JsonNode              *kube_discovery_to_json (KubeDiscovery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeDiscovery, kube_discovery_unref)

G_END_DECLS
