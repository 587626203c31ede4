/* stack-selector-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *stack_selector_build (JsonObject *labels);

G_END_DECLS
