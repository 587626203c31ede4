/* quoted.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "base-json.h"

/* Parses JSON written with ' for ", which C strings hold without backslashes. */
static inline JsonNode *
parse_quoted (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr(GError) error = NULL;
  JsonNode *node = base_json_parse (json, -1, &error);

  g_assert_no_error (error);
  return node;
}
