/* base-yaml.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode  *base_yaml_parse (const char *data,
                            gssize      length,
                            GError    **error);
GPtrArray *base_yaml_parse_all (const char *data,
                                gssize      length,
                                GError    **error);
char      *base_yaml_print (JsonNode *node);
GString   *base_yaml_set_text (const char *data,
                               gssize      length,
                               const char *key,
                               const char *value,
                               GError    **error);

G_END_DECLS
