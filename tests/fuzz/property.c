/* property.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "property.h"

#include <stdio.h>
#include <stdlib.h>

/* What holds of more than one target. */

/* libFuzzer keeps the input when a program aborts, but not when GLib ends it. */
static void
abort_if_serious (const char    *domain,
                  GLogLevelFlags level,
                  const char    *message,
                  gpointer       user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
    return;
  fprintf (stderr, "ERROR: %s: %s\n", domain != NULL ? domain : "no domain", message);
  abort ();
}

static GLogWriterOutput
abort_if_serious_fields (GLogLevelFlags   level,
                         const GLogField *fields,
                         gsize            n_fields,
                         gpointer         user_data)
{
  g_autofree char *text = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  abort_if_serious (G_LOG_DOMAIN, level, text, user_data);
  return G_LOG_WRITER_HANDLED;
}

/* Called once by libFuzzer. A warning or a failed g_return_if_fail() is a finding. */
int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_default_handler (abort_if_serious, NULL);
  g_log_set_writer_func (abort_if_serious_fields, NULL, NULL);
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
