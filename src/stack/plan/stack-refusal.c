/* stack-refusal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-refusal-private.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-field-conflict.h"
#include "kube-resource.h"
#include "stack-error.h"
#include "stack-retry-private.h"

/* Why the cluster did not take an object, in words that name the object and what to do. */

static const char *
get_kind (JsonNode *object)
{
  return base_json_get_string (object, "kind", NULL);
}

static const char *
get_name (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "name", NULL);
}

static const char *
get_namespace (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "namespace", NULL);
}

static const char *
get_plural (JsonNode *object)
{
  const KubeResource *resource;

  resource = kube_resource_find (base_json_get_string (object, "apiVersion", NULL),
                                 get_kind (object));

  return resource != NULL ? resource->plural : get_kind (object);
}

static char *
describe_conflicts (const GError *cause)
{
  g_autoptr(GPtrArray) conflicts = kube_field_conflict_list (cause);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < conflicts->len; i++)
    {
      const KubeFieldConflict *conflict = g_ptr_array_index (conflicts, i);

      g_string_append_printf (words, "%s%s belongs to “%s”", i > 0 ? ", " : "",
                              *conflict->field != '\0' ? conflict->field : "a field",
                              conflict->manager != NULL ? conflict->manager : "another program");
    }

  return g_string_free (words, FALSE);
}

/* Which rights an object takes, when one of them is missing. Other refusals, such as a quota, are
 * not about rights: NULL. */
static char *
describe_rights (JsonNode     *object,
                 const GError *cause)
{
  const char      *words = base_json_get_string (kube_error_get_status (cause), "message", NULL);
  const char      *namespace_ = get_namespace (object);
  g_autofree char *where = NULL;

  if (cause->code != KUBE_ERROR_FORBIDDEN || words == NULL || strstr (words, " cannot ") == NULL)
    return NULL;

  where = namespace_ != NULL ? g_strdup_printf (" in the namespace “%s”", namespace_)
                             : g_strdup (" of the cluster");

  return g_strdup_printf ("%s %s was refused: %s. Ask the cluster's administrator for the rights "
                          "to get, create and patch %s%s, and deploy again.",
                          get_kind (object), get_name (object), words, get_plural (object), where);
}

/*
 * stack_refusal_explain:
 * @object: what was to be applied
 * @cause: why it was not, from the kube layer
 *
 * Returns: (transfer full): an error that names the object: %STACK_ERROR_CONFLICT,
 *   %STACK_ERROR_REFUSED or %STACK_ERROR_TIMED_OUT; a copy of @cause where the object is not to
 *   blame
 */
GError *
stack_refusal_explain (JsonNode     *object,
                       const GError *cause)
{
  g_autofree char *conflicts = NULL;
  g_autofree char *rights = NULL;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (cause != NULL, NULL);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) || cause->domain != KUBE_ERROR)
    return g_error_copy (cause);

  conflicts = describe_conflicts (cause);
  if (*conflicts != '\0')
    return g_error_new (STACK_ERROR, STACK_ERROR_CONFLICT,
                        "%s %s was not applied: %s. Whoever wrote a field last owns it, and "
                        "changing it would undo somebody's work. Change it there, or deploy again "
                        "and take the fields over.",
                        get_kind (object), get_name (object), conflicts);

  rights = describe_rights (object, cause);
  if (rights != NULL)
    return g_error_new_literal (STACK_ERROR, STACK_ERROR_REFUSED, rights);
  if (stack_retry_is_away (cause))
    return g_error_new (STACK_ERROR, STACK_ERROR_TIMED_OUT,
                        "The cluster did not confirm %s %s in time. %s", get_kind (object),
                        get_name (object), cause->message);
  if (kube_error_get_http_status (cause) >= 400)
    return g_error_new (STACK_ERROR, STACK_ERROR_REFUSED, "%s %s was refused. %s",
                        get_kind (object), get_name (object), cause->message);

  return g_error_copy (cause);
}

/*
 * stack_refusal_explain_going:
 * @object: what was to be applied
 *
 * Returns: (transfer full): an error for an object that the cluster is deleting
 */
GError *
stack_refusal_explain_going (JsonNode *object)
{
  const char *namespace_ = get_namespace (object);

  g_return_val_if_fail (object != NULL, NULL);

  return g_error_new (STACK_ERROR, STACK_ERROR_REFUSED,
                      "%s %s is being deleted. Nothing can be written to it until it has gone, "
                      "which may take a minute. Wait until it no longer shows in “kubectl get %s "
                      "%s%s%s”, then deploy again.",
                      get_kind (object), get_name (object), get_plural (object), get_name (object),
                      namespace_ != NULL ? " -n " : "", namespace_ != NULL ? namespace_ : "");
}
