/* stack-field-removal-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean stack_field_removal_apply (JsonNode   *object,
                                    const char *path);

G_END_DECLS
