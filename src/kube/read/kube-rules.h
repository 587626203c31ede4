/* kube-rules.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-resource.h"

G_BEGIN_DECLS

typedef struct _KubeRules KubeRules;

KubeRules  *kube_rules_parse (JsonNode *review,
                              GError  **error);
void        kube_rules_free (KubeRules *self);
gboolean    kube_rules_allow (KubeRules          *self,
                              const char         *verb,
                              const KubeResource *resource,
                              const char         *subresource,
                              const char         *name);
gboolean    kube_rules_allow_path (KubeRules  *self,
                                   const char *verb,
                                   const char *path);
gboolean    kube_rules_get_incomplete (KubeRules *self);
const char *kube_rules_get_problem (KubeRules *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeRules, kube_rules_free)

G_END_DECLS
