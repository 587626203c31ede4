/* kube-discovery-cache.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-discovery.h"

G_BEGIN_DECLS

KubeDiscovery *kube_discovery_cache_load (const char *server,
                                          gint64      now);
gboolean       kube_discovery_cache_store (const char *server,
                                           JsonNode   *kinds,
                                           gint64      now,
                                           GError    **error);

G_END_DECLS
