/* cli-json.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonBuilder *cli_json_begin (const char *type);
void         cli_json_add_string (JsonBuilder *builder,
                                  const char  *name,
                                  const char  *text);
void         cli_json_add_int (JsonBuilder *builder,
                               const char  *name,
                               gint64       number);
void         cli_json_add_boolean (JsonBuilder *builder,
                                   const char  *name,
                                   gboolean     value);
void         cli_json_begin_array (JsonBuilder *builder,
                                   const char  *name);

G_END_DECLS
