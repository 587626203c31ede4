/* stack-shown-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-shown-text-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "base-yaml.h"

/* What of an object is shown to people who decide about it: neither what the server notes down,
 * nor any value of a Secret, its length included. */

#define HIDDEN "•••"

/* Which of two sides a text is of. */
typedef enum
{
  LIVE,
  WANTED,
} Side;

static void
drop_notes (JsonNode *object)
{
  static const char *const notes[] = { "managedFields", "uid", "resourceVersion", "generation",
                                       "creationTimestamp", "selfLink" };
  static const char *const copies[] = { "kubectl.kubernetes.io/last-applied-configuration",
                                        "deployment.kubernetes.io/revision" };
  JsonObject              *metadata = base_json_get_object (object, "metadata", NULL);
  JsonObject              *annotations = base_json_get_object (object, "metadata", "annotations", NULL);

  json_object_remove_member (json_node_get_object (object), "status");
  for (guint i = 0; metadata != NULL && i < G_N_ELEMENTS (notes); i++)
    json_object_remove_member (metadata, notes[i]);
  for (guint i = 0; annotations != NULL && i < G_N_ELEMENTS (copies); i++)
    json_object_remove_member (annotations, copies[i]);
  if (annotations != NULL && json_object_get_size (annotations) == 0)
    json_object_remove_member (metadata, "annotations");
}

static const char *
describe_value (const char *value,
                const char *other,
                Side        side)
{
  if (other == NULL)
    return side == LIVE ? HIDDEN " removed" : HIDDEN " new";
  if (g_strcmp0 (value, other) == 0)
    return HIDDEN " unchanged";

  return side == LIVE ? HIDDEN : HIDDEN " changed";
}

static const char *
get_text (JsonObject *values,
          const char *name)
{
  JsonNode *value = values != NULL ? json_object_get_member (values, name) : NULL;

  return value != NULL && JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
}

static void
hide_values (JsonObject *values,
             JsonObject *other,
             Side        side)
{
  g_autoptr(GList) names = json_object_get_members (values);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_string_member (values, l->data,
                                   describe_value (get_text (values, l->data),
                                                   get_text (other, l->data), side));
}

static void
hide_member (JsonNode   *object,
             JsonNode   *other,
             const char *member,
             Side        side)
{
  JsonObject *values = base_json_get_object (object, member, NULL);

  if (values != NULL)
    hide_values (values, base_json_get_object (other, member, NULL), side);
}

static char *
build (JsonNode *object,
       JsonNode *other,
       Side      side)
{
  g_autoptr(JsonNode) copy = NULL;
  g_autofree char *text = NULL;

  if (object == NULL)
    return g_strdup ("");

  copy = base_json_copy (object);
  drop_notes (copy);
  if (g_strcmp0 (base_json_get_string (copy, "kind", NULL), "Secret") == 0)
    {
      hide_member (copy, other, "data", side);
      hide_member (copy, other, "stringData", side);
    }
  text = base_yaml_print (copy);

  return base_redact_text (text);
}

/*
 * stack_shown_text_build_live:
 * @live: (nullable): an object as the cluster has it
 * @wanted: (nullable): as it shall be
 *
 * Returns: (transfer full): @live as YAML to be shown beside @wanted; "" for none
 */
char *
stack_shown_text_build_live (JsonNode *live,
                             JsonNode *wanted)
{
  return build (live, wanted, LIVE);
}

/*
 * stack_shown_text_build_wanted:
 * @wanted: (nullable): an object as it shall be
 * @live: (nullable): as the cluster has it
 *
 * Returns: (transfer full): @wanted as YAML to be shown beside @live; "" for none
 */
char *
stack_shown_text_build_wanted (JsonNode *wanted,
                               JsonNode *live)
{
  return build (wanted, live, WANTED);
}

/*
 * stack_shown_text_is_equal:
 * @live: an object
 * @wanted: another
 *
 * Returns: whether nothing of what people decide about differs; values of Secrets count
 */
gboolean
stack_shown_text_is_equal (JsonNode *live,
                           JsonNode *wanted)
{
  g_autoptr(JsonNode) live_copy = base_json_copy (live);
  g_autoptr(JsonNode) wanted_copy = base_json_copy (wanted);
  g_autofree char *live_digest = NULL;
  g_autofree char *wanted_digest = NULL;

  drop_notes (live_copy);
  drop_notes (wanted_copy);
  live_digest = base_json_digest (live_copy);
  wanted_digest = base_json_digest (wanted_copy);

  return g_str_equal (live_digest, wanted_digest);
}

/*
 * stack_shown_text_hide:
 * @values: secrets, an object of texts
 * @other: those that they are shown beside
 * @wanted: whether @values come after @other
 *
 * Returns: (transfer full): @values with words in place of the values: changed, unchanged, new or
 *   removed
 */
JsonNode *
stack_shown_text_hide (JsonNode *values,
                       JsonNode *other,
                       gboolean  wanted)
{
  JsonNode *copy = base_json_copy (values);

  hide_values (json_node_get_object (copy), json_node_get_object (other), wanted ? WANTED : LIVE);

  return copy;
}
