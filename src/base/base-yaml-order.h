/* base-yaml-order.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *base_yaml_order (JsonNode *node);

G_END_DECLS
