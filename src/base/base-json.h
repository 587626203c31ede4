/* base-json.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode   *base_json_get (JsonNode *node,
                           ...) G_GNUC_NULL_TERMINATED;
const char *base_json_get_string (JsonNode *node,
                                  ...) G_GNUC_NULL_TERMINATED;
gint64      base_json_get_int (JsonNode *node,
                               gint64    fallback,
                               ...) G_GNUC_NULL_TERMINATED;
gboolean    base_json_get_boolean (JsonNode *node,
                                   gboolean  fallback,
                                   ...) G_GNUC_NULL_TERMINATED;
JsonArray  *base_json_get_array (JsonNode *node,
                                 ...) G_GNUC_NULL_TERMINATED;
JsonObject *base_json_get_object (JsonNode *node,
                                  ...) G_GNUC_NULL_TERMINATED;
JsonNode   *base_json_parse (const char *data,
                             gssize      length,
                             GError    **error);
char       *base_json_print (JsonNode *node,
                             gboolean  pretty);
void        base_json_append_sorted (GString  *out,
                                     JsonNode *node,
                                     guint     level);
JsonNode   *base_json_copy (JsonNode *node);
char       *base_json_digest (JsonNode *node);

G_END_DECLS
