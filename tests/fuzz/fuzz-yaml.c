/* fuzz-yaml.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-json.h"
#include "base-yaml.h"
#include "property.h"

/* The limit of what is read: aliases may ask for more than what can be read again. */
#define MAX_SIZE (2 * 1024 * 1024)

static void
read_again (JsonNode *document)
{
  g_autofree char *yaml = base_yaml_print (document);
  g_autofree char *json = base_json_print (document, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) from_yaml = NULL;
  g_autoptr(JsonNode) from_json = base_json_parse (json, -1, &error);

  g_assert_no_error (error);
  property_is_equal (document, from_json);
  if (strlen (yaml) > MAX_SIZE)
    return;
  from_yaml = base_yaml_parse (yaml, -1, &error);
  g_assert_no_error (error);
  property_is_equal (document, from_yaml);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(GError) first_error = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) first = base_yaml_parse (text, (gssize) size, &first_error);
  g_autoptr(GPtrArray) documents = base_yaml_parse_all (text, (gssize) size, &error);

  if (first == NULL)
    {
      property_is_error (first_error, BASE_ERROR);
      /* what the first document alone breaks, breaks all of them */
      g_assert_null (documents);
    }
  if (documents == NULL)
    {
      property_is_error (error, BASE_ERROR);
      return 0;
    }

  if (!JSON_NODE_HOLDS_NULL (first))
    property_is_equal (first, g_ptr_array_index (documents, 0));
  for (guint i = 0; i < documents->len; i++)
    read_again (g_ptr_array_index (documents, i));
  return 0;
}
