/* kube-request-review.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-request-review.h"

#define COLLECTION "/apis/authorization.k8s.io/v1/"

static void
set_optional (JsonObject *object,
              const char *name,
              const char *value)
{
  if (value != NULL && *value != '\0')
    json_object_set_string_member (object, name, value);
}

/* Takes the specification. Reviews are created, but nothing is kept. */
static KubeRequest *
new_review (const char *kind,
            const char *path,
            JsonObject *spec)
{
  g_autoptr(JsonObject) review = json_object_new ();
  g_autoptr(JsonNode) body = json_node_init_object (json_node_alloc (), review);
  KubeRequest *self = kube_request_new ("POST", path);

  json_object_set_string_member (review, "apiVersion", "authorization.k8s.io/v1");
  json_object_set_string_member (review, "kind", kind);
  json_object_set_object_member (review, "spec", spec);
  kube_request_set_json (self, "application/json", body);

  return self;
}

/**
 * kube_request_new_access_review:
 * @verb: "get", "list", "watch", "create", "update", "patch", "delete" … or "*" for all
 * @resource: what kind of object
 * @subresource: (nullable): "log", "exec", "scale" …
 * @namespace_: (nullable): in which namespace; %NULL for all, or for a kind without namespaces
 * @name: (nullable): which object; %NULL for all
 *
 * Describes asking whether the user may do something (a `SelfSubjectAccessReview`), which every
 * user may ask. The answer is for [id@kube_access_read].
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_access_review (const char         *verb,
                                const KubeResource *resource,
                                const char         *subresource,
                                const char         *namespace_,
                                const char         *name)
{
  JsonObject *attributes;
  JsonObject *spec;

  g_return_val_if_fail (verb != NULL, NULL);
  g_return_val_if_fail (resource != NULL, NULL);

  attributes = json_object_new ();
  json_object_set_string_member (attributes, "verb", verb);
  set_optional (attributes, "group", resource->group);
  set_optional (attributes, "version", resource->version);
  json_object_set_string_member (attributes, "resource", resource->plural);
  set_optional (attributes, "subresource", subresource);
  if (resource->namespaced)
    set_optional (attributes, "namespace", namespace_);
  set_optional (attributes, "name", name);
  spec = json_object_new ();
  json_object_set_object_member (spec, "resourceAttributes", attributes);

  return new_review ("SelfSubjectAccessReview", COLLECTION "selfsubjectaccessreviews", spec);
}

/**
 * kube_request_new_path_review:
 * @verb: "get", "post" …
 * @path: a path that is no object's, such as "/version"
 *
 * Describes asking whether the user may use a path of the server.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_path_review (const char *verb,
                              const char *path)
{
  JsonObject *attributes;
  JsonObject *spec;

  g_return_val_if_fail (verb != NULL, NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);

  attributes = json_object_new ();
  json_object_set_string_member (attributes, "verb", verb);
  json_object_set_string_member (attributes, "path", path);
  spec = json_object_new ();
  json_object_set_object_member (spec, "nonResourceAttributes", attributes);

  return new_review ("SelfSubjectAccessReview", COLLECTION "selfsubjectaccessreviews", spec);
}

/**
 * kube_request_new_rules_review:
 * @namespace_: a namespace
 *
 * Describes asking for all that the user may do in a namespace (a `SelfSubjectRulesReview`). The
 * answer is for [id@kube_rules_parse].
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_rules_review (const char *namespace_)
{
  JsonObject *spec;

  g_return_val_if_fail (namespace_ != NULL, NULL);

  spec = json_object_new ();
  json_object_set_string_member (spec, "namespace", namespace_);

  return new_review ("SelfSubjectRulesReview", COLLECTION "selfsubjectrulesreviews", spec);
}
