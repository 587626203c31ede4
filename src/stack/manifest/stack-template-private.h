/* stack-template-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-settings.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *stack_template_fill (JsonNode *template,
                               StackSettings *settings,
                               const char    *digest,
                               const char    *file,
                               GError       **error);

G_END_DECLS
