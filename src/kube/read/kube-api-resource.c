/* kube-api-resource.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-api-resource.h"

/**
 * kube_api_resource_new: (skip)
 * @group: the API group, "" for the core
 * @version: the version
 * @plural: the name in paths
 * @kind: what objects call themselves
 * @namespaced: whether objects live in a namespace
 *
 * Describes a kind of object; names besides these and verbs are there to be filled in.
 *
 * Returns: (transfer full): the description
 */
KubeApiResource *
kube_api_resource_new (const char *group,
                       const char *version,
                       const char *plural,
                       const char *kind,
                       gboolean    namespaced)
{
  KubeApiResource *self;

  g_return_val_if_fail (group != NULL, NULL);
  g_return_val_if_fail (version != NULL, NULL);
  g_return_val_if_fail (plural != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_new0 (KubeApiResource, 1);
  self->resource.group = g_strdup (group);
  self->resource.version = g_strdup (version);
  self->resource.plural = g_strdup (plural);
  self->resource.kind = g_strdup (kind);
  self->resource.namespaced = namespaced;
  self->singular = g_strdup ("");
  self->short_names = g_new0 (char *, 1);
  self->categories = g_new0 (char *, 1);
  self->verbs = g_new0 (char *, 1);

  return self;
}

/**
 * kube_api_resource_free:
 * @self: (transfer full): a description
 *
 * Frees @self.
 */
void
kube_api_resource_free (KubeApiResource *self)
{
  g_return_if_fail (self != NULL);

  g_free ((char *) self->resource.group);
  g_free ((char *) self->resource.version);
  g_free ((char *) self->resource.plural);
  g_free ((char *) self->resource.kind);
  g_free (self->singular);
  g_strfreev (self->short_names);
  g_strfreev (self->categories);
  g_strfreev (self->verbs);
  g_free (self);
}

/**
 * kube_api_resource_has_verb:
 * @self: a description
 * @verb: "get", "list", "watch" …
 *
 * Returns: whether the server can do that with objects of this kind; not whether the user may
 */
gboolean
kube_api_resource_has_verb (const KubeApiResource *self,
                            const char            *verb)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (verb != NULL, FALSE);

  return g_strv_contains ((const char *const *) self->verbs, verb);
}

/**
 * kube_api_resource_dup_type_name:
 * @self: a description
 *
 * Builds the name that `kubectl` puts before the name of an object.
 *
 * Returns: (transfer full): "pod", "deployment.apps" …
 */
char *
kube_api_resource_dup_type_name (const KubeApiResource *self)
{
  g_autofree char *kind = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  kind = g_ascii_strdown (self->resource.kind, -1);
  if (self->resource.group[0] == '\0')
    return g_steal_pointer (&kind);

  return g_strconcat (kind, ".", self->resource.group, NULL);
}
