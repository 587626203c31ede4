/* fuzz-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-json.h"
#include "base-yaml.h"
#include "property.h"

#define MAX_YAML_LEVELS 64

/* Whatever is read as JSON is JSON to json-glib too, and means the same. */
static void
compare_with_json_glib (const char *text,
                        size_t      size,
                        JsonNode   *node)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_data (parser, text, (gssize) size, &error);
  g_assert_no_error (error);
  property_is_equal (node, json_parser_get_root (parser));
}

static void
read_again (JsonNode *node,
            gboolean  pretty)
{
  g_autofree char *text = base_json_print (node, pretty);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) again = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  property_is_equal (node, again);
}

/* YAML 1.1 takes these for line breaks, also in quotation marks. */
static gboolean
has_odd_break (const char *text)
{
  return strstr (text, "\xc2\x85") != NULL || strstr (text, "\xe2\x80\xa8") != NULL ||
         strstr (text, "\xe2\x80\xa9") != NULL;
}

/* What is written as YAML reads as the same. JSON is not always YAML, which has fewer characters and
 * shorter keys; where it is, it means the same. */
static void
read_as_yaml (JsonNode *node)
{
  g_autofree char *json = base_json_print (node, FALSE);
  g_autofree char *yaml = base_yaml_print (node);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) again = base_yaml_parse (yaml, -1, &error);
  g_autoptr(JsonNode) flow = base_yaml_parse (json, -1, NULL);

  g_assert_no_error (error);
  property_is_equal (node, again);
  if (flow != NULL && !has_odd_break (json))
    property_is_equal (node, flow);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = base_json_parse (text, (gssize) size, &error);
  g_autoptr(JsonNode) copy = NULL;
  g_autofree char *digest = NULL;
  g_autofree char *copy_digest = NULL;

  if (node == NULL)
    {
      property_is_error (error, BASE_ERROR);
      return 0;
    }
  g_assert_no_error (error);

  compare_with_json_glib (text, size, node);
  read_again (node, FALSE);
  read_again (node, TRUE);
  if (property_count_levels (node) <= MAX_YAML_LEVELS)
    read_as_yaml (node);

  copy = base_json_copy (node);
  property_is_equal (node, copy);
  digest = base_json_digest (node);
  copy_digest = base_json_digest (copy);
  g_assert_cmpstr (digest, ==, copy_digest);
  return 0;
}
