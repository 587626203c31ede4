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

static void
hide_member (JsonNode   *object,
             JsonNode   *other,
             const char *member,
             Side        side)
{
  JsonObject *values = base_json_get_object (object, member, NULL);
  g_autoptr(GList) names = values != NULL ? json_object_get_members (values) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *value = base_json_get_string (object, member, l->data, NULL);
      const char *other_value = base_json_get_string (other, member, l->data, NULL);

      json_object_set_string_member (values, l->data, describe_value (value, other_value, side));
    }
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
