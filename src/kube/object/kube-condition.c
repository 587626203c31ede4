/* kube-condition.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-condition.h"

#include "base-json.h"

/**
 * kube_condition_find:
 * @object: (nullable): an object of the cluster
 * @type: type of a condition, such as "Ready"
 *
 * Returns: (transfer none) (nullable): the first element of status.conditions
 *   with that type
 */
JsonNode *
kube_condition_find (JsonNode   *object,
                     const char *type)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);
  guint      i;

  g_return_val_if_fail (type != NULL, NULL);

  for (i = 0; conditions != NULL && i < json_array_get_length (conditions); i++)
    {
      JsonNode *condition = json_array_get_element (conditions, i);

      if (g_strcmp0 (base_json_get_string (condition, "type", NULL), type) == 0)
        return condition;
    }

  return NULL;
}

/**
 * kube_condition_get_reason:
 * @object: (nullable): an object of the cluster
 * @type: type of a condition
 *
 * Returns: (transfer none) (nullable): the reason of that condition
 */
const char *
kube_condition_get_reason (JsonNode   *object,
                           const char *type)
{
  return base_json_get_string (kube_condition_find (object, type), "reason", NULL);
}

static gboolean
has_status (JsonNode   *object,
            const char *type,
            const char *status)
{
  JsonNode *condition = kube_condition_find (object, type);

  return g_strcmp0 (base_json_get_string (condition, "status", NULL), status) == 0;
}

/**
 * kube_condition_is_true:
 * @object: (nullable): an object of the cluster
 * @type: type of a condition
 *
 * Returns: %TRUE if the condition is there with status "True"
 */
gboolean
kube_condition_is_true (JsonNode   *object,
                        const char *type)
{
  return has_status (object, type, "True");
}

/**
 * kube_condition_is_false:
 * @object: (nullable): an object of the cluster
 * @type: type of a condition
 *
 * Returns: %TRUE if the condition is there with status "False"
 */
gboolean
kube_condition_is_false (JsonNode   *object,
                         const char *type)
{
  return has_status (object, type, "False");
}
