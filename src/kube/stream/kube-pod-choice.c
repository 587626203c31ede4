/* kube-pod-choice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pod-choice.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-condition.h"
#include "kube-error.h"

#include <string.h>

static void
add_term (GString    *selector,
          const char *format,
          ...) G_GNUC_PRINTF (2, 3);

static void
add_term (GString    *selector,
          const char *format,
          ...)
{
  va_list args;

  if (selector->len > 0)
    g_string_append_c (selector, ',');
  va_start (args, format);
  g_string_append_vprintf (selector, format, args);
  va_end (args);
}

static void
add_labels (GString  *selector,
            JsonNode *labels)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (labels == NULL || !JSON_NODE_HOLDS_OBJECT (labels))
    return;

  json_object_iter_init_ordered (&iter, json_node_get_object (labels));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
        add_term (selector, "%s=%s", key, json_node_get_string (value));
    }
}

/* https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
static void
add_expression (GString  *selector,
                JsonNode *expression)
{
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator= base_json_get_string (expression, "operator", NULL);
  JsonArray  *values = base_json_get_array (expression, "values", NULL);
  g_autoptr(GString) list = g_string_new (NULL);
  guint i;

  for (i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      const char *value = base_json_get_string (json_array_get_element (values, i), NULL);

      g_string_append_printf (list, "%s%s", i > 0 ? "," : "", value != NULL ? value : "");
    }

  if (key == NULL || operator== NULL)
    return;
  if (strcmp (operator, "In") == 0)
    add_term (selector, "%s in (%s)", key, list->str);
  else if (strcmp (operator, "NotIn") == 0)
    add_term (selector, "%s notin (%s)", key, list->str);
  else if (strcmp (operator, "Exists") == 0)
    add_term (selector, "%s", key);
  else if (strcmp (operator, "DoesNotExist") == 0)
    add_term (selector, "!%s", key);
}

/**
 * kube_pod_choice_dup_selector:
 * @owner: an object that selects pods: a Deployment, a ReplicaSet, a StatefulSet, a
 *   DaemonSet, a Job, a ReplicationController or a Service
 * @error: return location
 *
 * Writes the label selector of the pods that belong to an object. Fails with
 * %KUBE_ERROR_INVALID when it has none, as a Service for something outside the
 * cluster.
 *
 * Returns: (transfer full) (nullable): a label selector as requests take it
 */
char *
kube_pod_choice_dup_selector (JsonNode *owner,
                              GError  **error)
{
  JsonNode  *spec = base_json_get (owner, "spec", "selector", NULL);
  JsonNode  *labels = base_json_get (spec, "matchLabels", NULL);
  JsonArray *expressions = base_json_get_array (spec, "matchExpressions", NULL);
  g_autoptr(GString) selector = g_string_new (NULL);
  guint i;

  g_return_val_if_fail (owner != NULL, NULL);

  if (labels == NULL && expressions == NULL)
    add_labels (selector, spec);
  add_labels (selector, labels);
  for (i = 0; expressions != NULL && i < json_array_get_length (expressions); i++)
    add_expression (selector, json_array_get_element (expressions, i));
  if (selector->len > 0)
    return g_strdup (selector->str);

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
               "%s %s has no pods. It selects none by labels. Name a pod instead.",
               base_json_get_string (owner, "kind", NULL) != NULL
                   ? base_json_get_string (owner, "kind", NULL)
                   : "The object",
               base_json_get_string (owner, "metadata", "name", NULL) != NULL
                   ? base_json_get_string (owner, "metadata", "name", NULL)
                   : "");

  return NULL;
}

static int
rank_phase (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return g_strcmp0 (phase, "Pending") == 0 ? 2 : g_strcmp0 (phase, "Unknown") == 0;
}

/* Since when it is ready; a pod that does not say comes last. */
static gint64
get_ready_since (JsonNode *pod)
{
  JsonArray *conditions = base_json_get_array (pod, "status", "conditions", NULL);
  guint      i;

  for (i = 0; conditions != NULL && i < json_array_get_length (conditions); i++)
    {
      JsonNode *condition = json_array_get_element (conditions, i);
      gint64    since = base_time_parse (
             base_json_get_string (condition, "lastTransitionTime", NULL));

      if (g_strcmp0 (base_json_get_string (condition, "type", NULL), "Ready") == 0 && since != 0)
        return since;
    }

  return G_MAXINT64;
}

static gint64
get_most_restarts (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  gint64     most = 0;
  guint      i;

  for (i = 0; statuses != NULL && i < json_array_get_length (statuses); i++)
    most = MAX (most, base_json_get_int (json_array_get_element (statuses, i), 0, "restartCount",
                                         NULL));

  return most;
}

static gint64
get_created (JsonNode *pod)
{
  gint64 created = base_time_parse (
      base_json_get_string (pod, "metadata", "creationTimestamp", NULL));

  return created != 0 ? created : G_MAXINT64;
}

static int
compare_numbers (gint64 a,
                 gint64 b)
{
  return a < b ? -1 : a > b;
}

/**
 * kube_pod_choice_compare:
 * @a: a Pod
 * @b: another Pod
 *
 * Compares two pods by which one's log a person wants first, where one of several
 * is to be shown. The rule is `ByLogging` of k8s.io/kubectl/pkg/util/podutils: on a
 * node, running, ready, ready for longer, restarted more often, older.
 *
 * Returns: less than 0 if @a comes first, more than 0 if @b does, 0 if it is the same
 */
int
kube_pod_choice_compare (JsonNode *a,
                         JsonNode *b)
{
  gboolean ready = kube_condition_is_true (a, "Ready");
  int      order;

  order = (base_json_get_string (a, "spec", "nodeName", NULL) == NULL) -
          (base_json_get_string (b, "spec", "nodeName", NULL) == NULL);
  if (order == 0)
    order = rank_phase (a) - rank_phase (b);
  if (order == 0)
    order = kube_condition_is_true (b, "Ready") - ready;
  if (order == 0 && ready)
    order = compare_numbers (get_ready_since (a), get_ready_since (b));
  if (order == 0)
    order = compare_numbers (get_most_restarts (b), get_most_restarts (a));
  if (order == 0)
    order = compare_numbers (get_created (a), get_created (b));

  return order;
}
