/* stack-refusal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-refusal-private.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "kube-change-doubt.h"
#include "kube-condition.h"
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

/* The name of the webhook that could not be asked, from words such as: failed calling webhook
 * "validate.nginx.ingress.kubernetes.io": failed to call webhook: … (apiserver:
 * admission/plugin/webhook/errors). NULL when it is about no webhook. */
static char *
find_webhook (const GError *cause)
{
  static const char lead[] = "failed calling webhook \"";
  const char       *words = base_json_get_string (kube_error_get_status (cause), "message", NULL);
  const char       *found = words != NULL ? strstr (words, lead) : NULL;

  if (found == NULL)
    return NULL;

  found += strlen (lead);

  return g_strndup (found, strcspn (found, "\""));
}

/* Refusals that are not about the object itself; NULL for others. */
static char *
describe_surroundings (JsonNode     *object,
                       const GError *cause)
{
  const char      *words = base_json_get_string (kube_error_get_status (cause), "message", NULL);
  g_autofree char *webhook = find_webhook (cause);

  if (webhook != NULL)
    return g_strdup_printf ("%s %s was not taken, since the admission webhook “%s”, which has to "
                            "agree, does not answer: %s. Whatever installed it may still be starting, "
                            "or be gone. See that its pods run (“kubectl get validatingwebhook"
                            "configurations,mutatingwebhookconfigurations” names its Service), or "
                            "have it removed, and deploy again.",
                            get_kind (object), get_name (object), webhook, words);
  if (kube_error_has_cause (cause, "NamespaceTerminating"))
    return g_strdup_printf ("%s %s was refused, since somebody is deleting the namespace %s: what is "
                            "in it goes, too. Wait until it no longer shows in “kubectl get "
                            "namespaces %s”, then deploy again.",
                            get_kind (object), get_name (object), get_namespace (object),
                            get_namespace (object));

  return NULL;
}

/* The server may have done what it did not confirm; that it can be asked for once more is what
 * server-side apply is for. */
static GError *
explain_away (JsonNode     *object,
              const GError *cause)
{
  g_autofree char *reason = kube_change_doubt_dup_reason (cause);

  return g_error_new (STACK_ERROR, STACK_ERROR_TIMED_OUT,
                      "The cluster did not confirm %s %s in time. %s%s", get_kind (object),
                      get_name (object), reason,
                      kube_error_get_in_doubt (cause)
                          ? " It may have been applied all the same: deploy again, and only what "
                            "is missing is sent."
                          : "");
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
  g_autofree char *surroundings = NULL;

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
  surroundings = describe_surroundings (object, cause);
  if (surroundings != NULL)
    return g_error_new_literal (STACK_ERROR, STACK_ERROR_REFUSED, surroundings);
  if (stack_retry_is_away (cause))
    return explain_away (object, cause);
  if (kube_error_get_http_status (cause) >= 400)
    return g_error_new (STACK_ERROR, STACK_ERROR_REFUSED, "%s %s was refused. %s",
                        get_kind (object), get_name (object), cause->message);

  return g_error_copy (cause);
}

static void
append_list (GString   *words,
             JsonArray *texts)
{
  for (guint i = 0; texts != NULL && i < json_array_get_length (texts); i++)
    g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "",
                            json_array_get_string_element (texts, i));
}

/* What keeps an object that is on its way out; "" for nothing that is known. A namespace says so
 * in its conditions (core/v1: NamespaceConditionType). */
static char *
find_hold (JsonNode *live)
{
  static const char *const types[] = { "NamespaceFinalizersRemaining", "NamespaceContentRemaining" };
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      JsonNode *condition = kube_condition_find (live, types[i]);

      if (g_strcmp0 (base_json_get_string (condition, "status", NULL), "True") == 0)
        return g_strdup (base_json_get_string (condition, "message", NULL));
    }
  append_list (words, base_json_get_array (live, "metadata", "finalizers", NULL));

  return words->len > 0 ? g_strdup_printf ("finalizers remain: %s", words->str) : g_strdup ("");
}

/*
 * stack_refusal_describe_going:
 * @live: what the cluster has: an object that it is deleting
 *
 * Returns: (transfer full): what is waited for, in words
 */
char *
stack_refusal_describe_going (JsonNode *live)
{
  g_autofree char *hold = find_hold (live);

  g_return_val_if_fail (live != NULL, NULL);

  return g_strdup_printf ("It is being deleted. Waiting until it is gone…%s%s", *hold != '\0' ? " " : "",
                          hold);
}

/*
 * stack_refusal_explain_going:
 * @object: what was to be applied
 * @live: what the cluster has, which it is deleting
 *
 * Returns: (transfer full): an error for an object that the cluster is deleting
 */
GError *
stack_refusal_explain_going (JsonNode *object,
                             JsonNode *live)
{
  g_autofree char *hold = find_hold (live);
  const char      *namespace_ = get_namespace (object);

  g_return_val_if_fail (object != NULL, NULL);

  return g_error_new (STACK_ERROR, STACK_ERROR_REFUSED,
                      "%s %s is being deleted. Nothing can be written to it until it has gone, "
                      "which may take a minute%s%s. Wait until it no longer shows in “kubectl get %s "
                      "%s%s%s”, then deploy again.",
                      get_kind (object), get_name (object), *hold != '\0' ? "; the cluster says: " : "",
                      hold, get_plural (object), get_name (object), namespace_ != NULL ? " -n " : "",
                      namespace_ != NULL ? namespace_ : "");
}
