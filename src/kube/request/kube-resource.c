/* kube-resource.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-resource.h"

#include <string.h>

/**
 * KubeResource:
 * @group: the API group, empty for the core one
 * @version: the version of the API
 * @plural: the name in paths, such as "pods"
 * @kind: the name in objects, such as "Pod"
 * @namespaced: whether its objects belong to a namespace
 *
 * A kind of objects, and where the API server has it.
 */

const KubeResource KUBE_NAMESPACE = { "", "v1", "namespaces", "Namespace", FALSE };
const KubeResource KUBE_POD = { "", "v1", "pods", "Pod", TRUE };
const KubeResource KUBE_SERVICE = { "", "v1", "services", "Service", TRUE };
const KubeResource KUBE_CONFIG_MAP = { "", "v1", "configmaps", "ConfigMap", TRUE };
const KubeResource KUBE_SECRET = { "", "v1", "secrets", "Secret", TRUE };
const KubeResource KUBE_EVENT = { "", "v1", "events", "Event", TRUE };
const KubeResource KUBE_DEPLOYMENT = { "apps", "v1", "deployments", "Deployment", TRUE };
const KubeResource KUBE_REPLICA_SET = { "apps", "v1", "replicasets", "ReplicaSet", TRUE };
const KubeResource KUBE_INGRESS = {
  "networking.k8s.io", "v1", "ingresses", "Ingress", TRUE
};
const KubeResource KUBE_INGRESS_CLASS = {
  "networking.k8s.io", "v1", "ingressclasses", "IngressClass", FALSE
};
const KubeResource KUBE_ENDPOINT_SLICE = {
  "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", TRUE
};

static const KubeResource node = { "", "v1", "nodes", "Node", FALSE };
static const KubeResource service_account = {
  "", "v1", "serviceaccounts", "ServiceAccount", TRUE
};
static const KubeResource volume = { "", "v1", "persistentvolumes", "PersistentVolume", FALSE };
static const KubeResource volume_claim = {
  "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", TRUE
};
static const KubeResource stateful_set = { "apps", "v1", "statefulsets", "StatefulSet", TRUE };
static const KubeResource daemon_set = { "apps", "v1", "daemonsets", "DaemonSet", TRUE };
static const KubeResource job = { "batch", "v1", "jobs", "Job", TRUE };
static const KubeResource cron_job = { "batch", "v1", "cronjobs", "CronJob", TRUE };
static const KubeResource network_policy = {
  "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", TRUE
};
static const KubeResource autoscaler = {
  "autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", TRUE
};
static const KubeResource disruption_budget = {
  "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", TRUE
};
static const KubeResource role = {
  "rbac.authorization.k8s.io", "v1", "roles", "Role", TRUE
};
static const KubeResource role_binding = {
  "rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", TRUE
};
static const KubeResource lease = { "coordination.k8s.io", "v1", "leases", "Lease", TRUE };
static const KubeResource storage_class = {
  "storage.k8s.io", "v1", "storageclasses", "StorageClass", FALSE
};

/* Short names as the API server announces them in discovery. */
static const struct
{
  const KubeResource *resource;
  const char         *short_name; /* (nullable) */
} resources[] = {
  { &KUBE_NAMESPACE, "ns" },
  { &KUBE_POD, "po" },
  { &KUBE_SERVICE, "svc" },
  { &KUBE_CONFIG_MAP, "cm" },
  { &KUBE_SECRET, NULL },
  { &KUBE_EVENT, "ev" },
  { &KUBE_DEPLOYMENT, "deploy" },
  { &KUBE_REPLICA_SET, "rs" },
  { &KUBE_INGRESS, "ing" },
  { &KUBE_INGRESS_CLASS, NULL },
  { &KUBE_ENDPOINT_SLICE, NULL },
  { &node, "no" },
  { &service_account, "sa" },
  { &volume, "pv" },
  { &volume_claim, "pvc" },
  { &stateful_set, "sts" },
  { &daemon_set, "ds" },
  { &job, NULL },
  { &cron_job, "cj" },
  { &network_policy, "netpol" },
  { &autoscaler, "hpa" },
  { &disruption_budget, "pdb" },
  { &role, NULL },
  { &role_binding, NULL },
  { &lease, NULL },
  { &storage_class, "sc" },
};

static gboolean
has_api_version (const KubeResource *self,
                 const char         *api_version)
{
  gsize group_length = strlen (self->group);

  if (group_length == 0)
    return strcmp (api_version, self->version) == 0;

  return strncmp (api_version, self->group, group_length) == 0 &&
         api_version[group_length] == '/' &&
         strcmp (api_version + group_length + 1, self->version) == 0;
}

/**
 * kube_resource_find:
 * @api_version: "v1", "apps/v1" …
 * @kind: "Pod", "Deployment" …
 *
 * Finds a built-in kind by what objects of that kind call themselves.
 *
 * Returns: (transfer none) (nullable): the resource, or %NULL if the kind is not built in
 */
const KubeResource *
kube_resource_find (const char *api_version,
                    const char *kind)
{
  g_return_val_if_fail (api_version != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    if (strcmp (resources[i].resource->kind, kind) == 0 &&
        has_api_version (resources[i].resource, api_version))
      return resources[i].resource;

  return NULL;
}

/* The part behind the first point: "apps", "v1.apps" or "v1." for the core group. */
static gboolean
has_suffix (const KubeResource *self,
            const char         *suffix)
{
  g_autofree char *full = NULL;

  if (suffix == NULL || strcmp (suffix, self->group) == 0)
    return TRUE;

  full = g_strconcat (self->version, ".", self->group, NULL);
  return strcmp (suffix, full) == 0;
}

/**
 * kube_resource_find_plural:
 * @name: a name as people type it: plural, singular or short, in any case, optionally followed
 *   by the group ("deployments.apps") or version and group ("deployments.v1.apps")
 *
 * Finds a built-in kind by the names that `kubectl` accepts.
 *
 * Returns: (transfer none) (nullable): the resource, or %NULL if there is none of that name
 */
const KubeResource *
kube_resource_find_plural (const char *name)
{
  g_auto(GStrv) parts = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  parts = g_strsplit (name, ".", 2);
  if (parts[0] == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      const KubeResource *resource = resources[i].resource;

      if (g_ascii_strcasecmp (parts[0], resource->plural) != 0 &&
          g_ascii_strcasecmp (parts[0], resource->kind) != 0 &&
          (resources[i].short_name == NULL ||
           g_ascii_strcasecmp (parts[0], resources[i].short_name) != 0))
        continue;
      if (has_suffix (resource, parts[1]))
        return resource;
    }

  return NULL;
}

/**
 * kube_resource_dup_api_version:
 * @self: a resource
 *
 * Builds the value that objects of this resource have in `apiVersion`.
 *
 * Returns: (transfer full): "v1", "apps/v1" …
 */
char *
kube_resource_dup_api_version (const KubeResource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (*self->group == '\0')
    return g_strdup (self->version);

  return g_strconcat (self->group, "/", self->version, NULL);
}

static void
append_segment (GString    *path,
                const char *segment)
{
  g_string_append_c (path, '/');
  g_string_append_uri_escaped (path, segment, NULL, FALSE);
}

/**
 * kube_resource_build_path:
 * @self: a resource
 * @namespace_: (nullable): a namespace, or %NULL for all; not used by a resource without
 *   namespaces
 * @name: (nullable): an object's name, or %NULL for the collection
 * @subresource: (nullable): "log", "status" …; may hold slashes
 *
 * Builds the path below the server's address at which the API serves an object or a collection.
 *
 * Returns: (transfer full): the path, percent-encoded, with a leading slash
 */
char *
kube_resource_build_path (const KubeResource *self,
                          const char         *namespace_,
                          const char         *name,
                          const char         *subresource)
{
  g_autoptr(GString) path = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name == NULL || !self->namespaced || namespace_ != NULL, NULL);
  g_return_val_if_fail (subresource == NULL || name != NULL, NULL);

  path = g_string_new (*self->group == '\0' ? "/api" : "/apis");
  if (*self->group != '\0')
    append_segment (path, self->group);
  append_segment (path, self->version);
  if (self->namespaced && namespace_ != NULL)
    {
      g_string_append (path, "/namespaces");
      append_segment (path, namespace_);
    }
  append_segment (path, self->plural);
  if (name != NULL)
    append_segment (path, name);
  if (subresource != NULL)
    {
      g_string_append_c (path, '/');
      g_string_append_uri_escaped (path, subresource, "/", FALSE);
    }

  return g_string_free (g_steal_pointer (&path), FALSE);
}
