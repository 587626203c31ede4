/* cli-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-json.h"

#include "base-redact.h"

/**
 * cli_json_begin:
 * @type: what the object is
 *
 * Starts an object of the `--json` output. Its first member is `type`.
 *
 * Returns: (transfer full): a builder inside the object
 */
JsonBuilder *
cli_json_begin (const char *type)
{
  JsonBuilder *builder = json_builder_new ();

  g_return_val_if_fail (type != NULL, builder);

  json_builder_begin_object (builder);
  cli_json_add_string (builder, "type", type);

  return builder;
}

/**
 * cli_json_add_string:
 * @builder: a builder inside an object
 * @name: the member's name
 * @text: (nullable): its value; %NULL is written as null
 *
 * Adds a member of text. Remembered secrets are taken out of it here, before
 * JSON escapes could hide one.
 */
void
cli_json_add_string (JsonBuilder *builder,
                     const char  *name,
                     const char  *text)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL);

  json_builder_set_member_name (builder, name);
  if (text != NULL)
    {
      g_autofree char *redacted = base_redact_text (text);

      json_builder_add_string_value (builder, redacted);
    }
  else
    {
      json_builder_add_null_value (builder);
    }
}

/**
 * cli_json_add_int:
 * @builder: a builder inside an object
 * @name: the member's name
 * @number: its value
 *
 * Adds a member that is a whole number.
 */
void
cli_json_add_int (JsonBuilder *builder,
                  const char  *name,
                  gint64       number)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

/**
 * cli_json_add_boolean:
 * @builder: a builder inside an object
 * @name: the member's name
 * @value: its value
 *
 * Adds a member that is true or false.
 */
void
cli_json_add_boolean (JsonBuilder *builder,
                      const char  *name,
                      gboolean     value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * cli_json_begin_array:
 * @builder: a builder inside an object
 * @name: the member's name
 *
 * Starts a member that is an array; json_builder_end_array() ends it.
 */
void
cli_json_begin_array (JsonBuilder *builder,
                      const char  *name)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}
