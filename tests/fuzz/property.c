/* property.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "property.h"

/* What holds of more than one target. */

/* Called once by libFuzzer. A warning or a failed g_return_if_fail() is a finding. */
int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
  return 0;
}

/* (transfer full): the input with a NUL behind it, also where it holds some of its own. */
char *
property_dup_text (const uint8_t *data,
                   size_t         size)
{
  char *text = g_malloc (size + 1);

  for (size_t i = 0; i < size; i++)
    text[i] = (char) data[i];
  text[size] = '\0';
  return text;
}

/* What a person is shown: something, and readable. */
void
property_is_words (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, !=, "");
}

void
property_is_error (const GError *error,
                   GQuark        domain)
{
  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (domain));
  property_is_words (error->message);
}

void
property_is_equal (JsonNode *a,
                   JsonNode *b)
{
  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_true (json_node_equal (a, b));
}

static guint
count_member_levels (JsonObject *object)
{
  JsonObjectIter iter;
  JsonNode      *member;
  guint          deepest = 0;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, NULL, &member))
    {
      guint n_levels = property_count_levels (member);

      deepest = MAX (deepest, n_levels);
    }
  return deepest;
}

static guint
count_element_levels (JsonArray *array)
{
  guint deepest = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      guint n_levels = property_count_levels (json_array_get_element (array, i));

      deepest = MAX (deepest, n_levels);
    }
  return deepest;
}

/* How many objects and arrays stand around the innermost value. */
guint
property_count_levels (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return 1 + count_member_levels (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return 1 + count_element_levels (json_node_get_array (node));
  return 0;
}
