/* kube-rules.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-rules.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"

/**
 * KubeRules:
 *
 * What a user may do in a namespace, as a `SelfSubjectRulesReview` tells. It is a hint for what
 * to offer, no more: it may be incomplete, and admission may refuse what the rules allow.
 */
struct _KubeRules
{
  JsonNode *status;
};

/**
 * kube_rules_parse: (skip)
 * @review: what the server answered to [id@kube_request_new_rules_review]
 * @error: return location for an error
 *
 * Reads what the user may do.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if @review has no answer.
 *
 * Returns: (transfer full) (nullable): the rules, or %NULL with @error set
 */
KubeRules *
kube_rules_parse (JsonNode *review,
                  GError  **error)
{
  JsonNode  *status;
  KubeRules *self;

  g_return_val_if_fail (review != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  status = base_json_get (review, "status", NULL);
  if (status == NULL || !JSON_NODE_HOLDS_OBJECT (status))
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "The cluster did not say what is allowed: its answer has no “status”. "
                           "Try again.");
      return NULL;
    }

  self = g_new0 (KubeRules, 1);
  self->status = base_json_copy (status);

  return self;
}

/**
 * kube_rules_free:
 * @self: (transfer full): rules
 *
 * Frees @self.
 */
void
kube_rules_free (KubeRules *self)
{
  g_return_if_fail (self != NULL);

  json_node_unref (self->status);
  g_free (self);
}

typedef gboolean (*MatchFunc) (const char *rule,
                               const char *wanted);

static gboolean
match_word (const char *rule,
            const char *wanted)
{
  return strcmp (rule, "*") == 0 || strcmp (rule, wanted) == 0;
}

static gboolean
match_name (const char *rule,
            const char *wanted)
{
  return strcmp (rule, wanted) == 0;
}

/* "pods/log"; "*" is everything, and "*" with a subresource is that one of every kind. */
static gboolean
match_resource (const char *rule,
                const char *wanted)
{
  const char *subresource = strchr (wanted, '/');

  return match_word (rule, wanted) ||
         (subresource != NULL && rule[0] == '*' && strcmp (rule + 1, subresource) == 0);
}

/* A star at the end stands for any rest. */
static gboolean
match_path (const char *rule,
            const char *wanted)
{
  gsize length = strlen (rule);

  return strcmp (rule, wanted) == 0 ||
         (length > 0 && rule[length - 1] == '*' && strncmp (rule, wanted, length - 1) == 0);
}

static gboolean
has_match (JsonNode   *rule,
           const char *member,
           const char *wanted,
           MatchFunc   match)
{
  JsonArray *values = base_json_get_array (rule, member, NULL);

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      const char *value = base_json_get_string (json_array_get_element (values, i), NULL);

      if (value != NULL && match (value, wanted))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_empty (JsonNode   *rule,
          const char *member)
{
  JsonArray *values = base_json_get_array (rule, member, NULL);

  return values == NULL || json_array_get_length (values) == 0;
}

/**
 * kube_rules_allow:
 * @self: rules
 * @verb: "get", "list", "create" …
 * @resource: what kind of object
 * @subresource: (nullable): "log", "exec", "scale" …
 * @name: (nullable): which object; %NULL for all of the namespace
 *
 * Finds out whether a rule allows something, as the authorizer by roles does
 * (k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go).
 *
 * Returns: %TRUE if one does
 */
gboolean
kube_rules_allow (KubeRules          *self,
                  const char         *verb,
                  const KubeResource *resource,
                  const char         *subresource,
                  const char         *name)
{
  g_autofree char *wanted = NULL;
  JsonArray       *rules;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (verb != NULL, FALSE);
  g_return_val_if_fail (resource != NULL, FALSE);

  wanted = subresource != NULL ? g_strconcat (resource->plural, "/", subresource, NULL)
                               : g_strdup (resource->plural);
  rules = base_json_get_array (self->status, "resourceRules", NULL);
  for (guint i = 0; rules != NULL && i < json_array_get_length (rules); i++)
    {
      JsonNode *rule = json_array_get_element (rules, i);

      if (has_match (rule, "verbs", verb, match_word) &&
          has_match (rule, "apiGroups", resource->group, match_word) &&
          has_match (rule, "resources", wanted, match_resource) &&
          (is_empty (rule, "resourceNames") ||
           (name != NULL && has_match (rule, "resourceNames", name, match_name))))
        return TRUE;
    }

  return FALSE;
}

/**
 * kube_rules_allow_path:
 * @self: rules
 * @verb: "get", "post" …
 * @path: a path that is no object's, such as "/version"
 *
 * Finds out whether a rule allows to use a path of the server.
 *
 * Returns: %TRUE if one does
 */
gboolean
kube_rules_allow_path (KubeRules  *self,
                       const char *verb,
                       const char *path)
{
  JsonArray *rules;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (verb != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  rules = base_json_get_array (self->status, "nonResourceRules", NULL);
  for (guint i = 0; rules != NULL && i < json_array_get_length (rules); i++)
    {
      JsonNode *rule = json_array_get_element (rules, i);

      if (has_match (rule, "verbs", verb, match_word) &&
          has_match (rule, "nonResourceURLs", path, match_path))
        return TRUE;
    }

  return FALSE;
}

/**
 * kube_rules_get_incomplete:
 * @self: rules
 *
 * Returns: %TRUE if the user may be allowed more than the rules tell, since an authorizer of the
 *   cluster cannot list what it allows
 */
gboolean
kube_rules_get_incomplete (KubeRules *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return base_json_get_boolean (self->status, FALSE, "incomplete", NULL);
}

/**
 * kube_rules_get_problem:
 * @self: rules
 *
 * Returns: (transfer none) (nullable): what went wrong while the server collected the rules
 */
const char *
kube_rules_get_problem (KubeRules *self)
{
  const char *problem;

  g_return_val_if_fail (self != NULL, NULL);

  problem = base_json_get_string (self->status, "evaluationError", NULL);
  return problem != NULL && *problem != '\0' ? problem : NULL;
}
