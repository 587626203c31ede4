/* kube-request-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-request-change.h"

#include "base-json.h"

/**
 * kube_request_set_change:
 * @self: a request that creates or changes something
 * @field_manager: (nullable): in whose name the fields are set, at most 128 printable
 *   characters; %NULL for the name that the server makes of the program's
 * @flags: what to ask for besides
 *
 * Says by whom and how a change is to be made. To be called once.
 */
void
kube_request_set_change (KubeRequest    *self,
                         const char     *field_manager,
                         KubeChangeFlags flags)
{
  g_return_if_fail (self != NULL);

  if (field_manager != NULL)
    kube_request_add_query (self, "fieldManager", field_manager);
  if (flags & KUBE_CHANGE_DRY_RUN)
    kube_request_add_query (self, "dryRun", "All");
  if (flags & KUBE_CHANGE_STRICT)
    kube_request_add_query (self, "fieldValidation", "Strict");
}

/**
 * kube_request_new_create:
 * @resource: what kind of object
 * @namespace_: (nullable): its namespace, if it has one
 * @object: the object; may have `metadata.generateName` for a name that the server makes up
 * @field_manager: (nullable): as in [id@kube_request_set_change]
 * @flags: what to ask for besides
 *
 * Describes creating an object. Unlike a server-side apply it fails with
 * %KUBE_ERROR_ALREADY_EXISTS if there is one of that name.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_create (const KubeResource *resource,
                         const char         *namespace_,
                         JsonNode           *object,
                         const char         *field_manager,
                         KubeChangeFlags     flags)
{
  g_autofree char *path = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (!resource->namespaced || namespace_ != NULL, NULL);
  g_return_val_if_fail (object != NULL, NULL);

  path = kube_resource_build_path (resource, namespace_, NULL, NULL);
  self = kube_request_new ("POST", path);
  kube_request_set_change (self, field_manager, flags);
  kube_request_set_json (self, "application/json", object);

  return self;
}

/**
 * kube_request_new_patch:
 * @resource: what kind of object
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @subresource: (nullable): "status", "scale" …
 * @form: how @patch is to be understood
 * @patch: what to change; with `metadata.resourceVersion` only if nobody else has changed the
 *   object since then (%KUBE_ERROR_CONFLICT)
 *
 * Describes changing some fields of an object, see also [id@kube_request_set_change].
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_patch (const KubeResource *resource,
                        const char         *namespace_,
                        const char         *name,
                        const char         *subresource,
                        KubePatchForm       form,
                        JsonNode           *patch)
{
  static const char *const types[] = {
    [KUBE_PATCH_MERGE] = "application/merge-patch+json",
    [KUBE_PATCH_STRATEGIC] = "application/strategic-merge-patch+json",
  };
  g_autofree char *path = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail ((guint) form < G_N_ELEMENTS (types), NULL);
  g_return_val_if_fail (patch != NULL, NULL);

  path = kube_resource_build_path (resource, namespace_, name, subresource);
  self = kube_request_new ("PATCH", path);
  kube_request_set_json (self, types[form], patch);

  return self;
}

/**
 * kube_request_new_get_scale:
 * @resource: what kind of object: Deployment, ReplicaSet, StatefulSet or a custom kind with a
 *   scale
 * @namespace_: (nullable): its namespace
 * @name: its name
 *
 * Describes reading how many replicas an object shall have and has: a `Scale` of autoscaling/v1,
 * whatever the kind.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_get_scale (const KubeResource *resource,
                            const char         *namespace_,
                            const char         *name)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  path = kube_resource_build_path (resource, namespace_, name, "scale");
  return kube_request_new ("GET", path);
}

static JsonNode *
take_object (JsonObject *object)
{
  return json_node_init_object (json_node_alloc (), object);
}

/**
 * kube_request_new_set_scale:
 * @resource: as in [id@kube_request_new_get_scale]
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @replicas: how many replicas it shall have
 *
 * Describes scaling an object, whatever its scale is now: a merge patch of the scale.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_set_scale (const KubeResource *resource,
                            const char         *namespace_,
                            const char         *name,
                            guint               replicas)
{
  g_autoptr(JsonObject) spec = json_object_new ();
  g_autoptr(JsonObject) scale = json_object_new ();
  g_autoptr(JsonNode) patch = take_object (scale);

  json_object_set_int_member (spec, "replicas", replicas);
  json_object_set_object_member (scale, "spec", g_steal_pointer (&spec));

  return kube_request_new_patch (resource, namespace_, name, "scale", KUBE_PATCH_MERGE, patch);
}

/**
 * kube_request_new_replace_scale:
 * @resource: as in [id@kube_request_new_get_scale]
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @scale: the scale as it was read
 * @replicas: how many replicas it shall have
 *
 * Describes scaling an object only if nobody else has changed it since @scale was read; the
 * server refuses it otherwise with %KUBE_ERROR_CONFLICT.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_replace_scale (const KubeResource *resource,
                                const char         *namespace_,
                                const char         *name,
                                JsonNode           *scale,
                                guint               replicas)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonNode) copy = NULL;
  JsonObject  *spec;
  KubeRequest *self;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (scale != NULL && JSON_NODE_HOLDS_OBJECT (scale), NULL);

  copy = base_json_copy (scale);
  spec = base_json_get_object (copy, "spec", NULL);
  if (spec == NULL)
    {
      /* A scale of no replicas has an empty specification, which may be left out. */
      spec = json_object_new ();
      json_object_set_object_member (json_node_get_object (copy), "spec", spec);
    }
  json_object_set_int_member (spec, "replicas", replicas);

  path = kube_resource_build_path (resource, namespace_, name, "scale");
  self = kube_request_new ("PUT", path);
  kube_request_set_json (self, "application/json", copy);

  return self;
}

static void
add_preconditions (JsonObject              *object,
                   const KubeDeleteOptions *options)
{
  JsonObject *preconditions;

  if (options->uid == NULL && options->resource_version == NULL)
    return;

  preconditions = json_object_new ();
  if (options->uid != NULL)
    json_object_set_string_member (preconditions, "uid", options->uid);
  if (options->resource_version != NULL)
    json_object_set_string_member (preconditions, "resourceVersion", options->resource_version);
  json_object_set_object_member (object, "preconditions", preconditions);
}

/* `metav1.DeleteOptions`: in the body, since preconditions have no parameter of the query. */
static JsonObject *
build_delete_options (const KubeDeleteOptions *options)
{
  JsonObject *object = json_object_new ();
  JsonArray  *dry_run;

  json_object_set_string_member (object, "apiVersion", "v1");
  json_object_set_string_member (object, "kind", "DeleteOptions");
  if (options->propagation_policy != NULL)
    json_object_set_string_member (object, "propagationPolicy", options->propagation_policy);
  if (options->grace_period_seconds >= 0)
    json_object_set_int_member (object, "gracePeriodSeconds", options->grace_period_seconds);
  add_preconditions (object, options);
  if (options->dry_run)
    {
      dry_run = json_array_new ();
      json_array_add_string_element (dry_run, "All");
      json_object_set_array_member (object, "dryRun", dry_run);
    }

  return object;
}

/**
 * kube_request_new_eviction:
 * @namespace_: the pod's namespace
 * @pod: the pod's name
 * @options: (nullable): how to delete it
 *
 * Describes deleting a pod in a way that respects disruption budgets (an `Eviction` of policy/v1,
 * which servers know since 1.22). Where a PodDisruptionBudget forbids it now, it fails with
 * %KUBE_ERROR_TOO_MANY_REQUESTS and the cause "DisruptionBudget".
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_eviction (const char              *namespace_,
                           const char              *pod,
                           const KubeDeleteOptions *options)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) eviction = json_object_new ();
  g_autoptr(JsonNode) body = take_object (eviction);
  JsonObject  *metadata = json_object_new ();
  KubeRequest *self;

  g_return_val_if_fail (namespace_ != NULL, NULL);
  g_return_val_if_fail (pod != NULL, NULL);

  json_object_set_string_member (eviction, "apiVersion", "policy/v1");
  json_object_set_string_member (eviction, "kind", "Eviction");
  json_object_set_string_member (metadata, "name", pod);
  json_object_set_string_member (metadata, "namespace", namespace_);
  json_object_set_object_member (eviction, "metadata", metadata);
  if (options != NULL)
    json_object_set_object_member (eviction, "deleteOptions", build_delete_options (options));

  path = kube_resource_build_path (&KUBE_POD, namespace_, pod, "eviction");
  self = kube_request_new ("POST", path);
  kube_request_set_json (self, "application/json", body);

  return self;
}

/**
 * kube_request_new_delete_with:
 * @resource: what kind of object
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @options: how to delete it
 *
 * Describes deleting an object. Success does not mean that the object is gone: finalizers may
 * keep it for a while, and a pod its time to end. Where a precondition does not hold, it fails
 * with %KUBE_ERROR_CONFLICT.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_delete_with (const KubeResource      *resource,
                              const char              *namespace_,
                              const char              *name,
                              const KubeDeleteOptions *options)
{
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(JsonNode) body = NULL;
  KubeRequest *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = kube_request_new_delete (resource, namespace_, name, NULL);
  g_return_val_if_fail (self != NULL, NULL);
  object = build_delete_options (options);
  body = take_object (object);
  kube_request_set_json (self, "application/json", body);

  return self;
}
