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

G_END_DECLS
