/* kube-api-resource.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-resource.h"

G_BEGIN_DECLS

/* A kind of object that a server says it has. */
typedef struct
{
  KubeResource resource;    /* (owned): its texts */
  char        *singular;    /* (owned): "" if the server names none */
  GStrv        short_names; /* (owned) */
  GStrv        categories;  /* (owned) */
  GStrv        verbs;       /* (owned): "list", "watch" … */
  gboolean     preferred;   /* in this version, if nothing else is asked for */
} KubeApiResource;

KubeApiResource *kube_api_resource_new (const char *group,
                                        const char *version,
                                        const char *plural,
                                        const char *kind,
                                        gboolean    namespaced);
void             kube_api_resource_free (KubeApiResource *self);
gboolean         kube_api_resource_has_verb (const KubeApiResource *self,
                                             const char            *verb);
char            *kube_api_resource_dup_type_name (const KubeApiResource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeApiResource, kube_api_resource_free)

G_END_DECLS
