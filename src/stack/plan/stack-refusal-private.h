/* stack-refusal-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

GError *stack_refusal_explain (JsonNode     *object,
                               const GError *cause);
GError *stack_refusal_explain_going (JsonNode *object,
                                     JsonNode *live);
char   *stack_refusal_describe_going (JsonNode *live);

G_END_DECLS
