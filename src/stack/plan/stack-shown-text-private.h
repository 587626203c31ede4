/* stack-shown-text-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char     *stack_shown_text_build_live (JsonNode *live,
                                       JsonNode *wanted);
char     *stack_shown_text_build_wanted (JsonNode *wanted,
                                         JsonNode *live);
gboolean  stack_shown_text_is_equal (JsonNode *live,
                                     JsonNode *wanted);
JsonNode *stack_shown_text_hide (JsonNode *values,
                                 JsonNode *other,
                                 gboolean  wanted);

G_END_DECLS
