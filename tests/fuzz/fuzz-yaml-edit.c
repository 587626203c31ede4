/* fuzz-yaml-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-json.h"
#include "base-yaml.h"
#include "property.h"

#define KEY "current-context"

/* How many bytes two texts have in common at their beginning. */
static gsize
count_equal (const char *a,
             const char *b)
{
  gsize n = 0;

  while (a[n] != '\0' && a[n] == b[n])
    n++;
  return n;
}

static gsize
count_equal_at_end (const char *a,
                    gsize       a_length,
                    const char *b,
                    gsize       b_length)
{
  gsize n = 0;

  while (n < a_length && n < b_length && a[a_length - 1 - n] == b[b_length - 1 - n])
    n++;
  return n;
}

/* Nothing is lost but a value: without the key, all is there that was. */
static void
check_edit (const char *text,
            gboolean    had_key,
            GString    *edited)
{
  gsize length = strlen (text);
  gsize kept = count_equal (text, edited->str) +
               count_equal_at_end (text, length, edited->str, edited->len);

  if (!had_key)
    g_assert_cmpuint (kept, >=, length);
  g_assert_true (g_utf8_validate (edited->str, (gssize) edited->len, NULL));
}

/* In rare forms of writing the result is another one than was meant, which those who write files
 * find by reading it. Where it reads as meant, the rest is as it was. */
static void
check_value (JsonNode   *before,
             GString    *edited,
             const char *value)
{
  g_autoptr(JsonNode) after = base_yaml_parse (edited->str, (gssize) edited->len, NULL);
  JsonObject *object;

  if (after == NULL || g_strcmp0 (base_json_get_string (after, KEY, NULL), value) != 0)
    return;
  object = json_node_get_object (after);
  json_object_remove_member (object, KEY);
  json_object_remove_member (json_node_get_object (before), KEY);
  g_assert_cmpuint (json_object_get_size (object), ==,
                    json_object_get_size (json_node_get_object (before)));
}

static void
edit (const char *text,
      const char *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) before = base_yaml_parse (text, -1, NULL);
  g_autoptr(GString) edited = NULL;
  gboolean had_key;

  if (before == NULL)
    return;
  had_key = base_json_get (before, KEY, NULL) != NULL;
  edited = base_yaml_set_text (text, -1, KEY, value, &error);
  if (edited == NULL)
    {
      property_is_error (error, BASE_ERROR);
      return;
    }
  g_assert_no_error (error);
  check_edit (text, had_key, edited);
  if (JSON_NODE_HOLDS_OBJECT (before))
    check_value (before, edited, value);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);

  edit (text, "other");
  edit (text, "yes: \"é\" # '");
  return 0;
}
