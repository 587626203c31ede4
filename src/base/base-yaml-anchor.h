/* base-yaml-anchor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  JsonNode *node; /* (owned) */
  guint     n_nodes;
  gsize     n_bytes;
  guint     height;
} BaseYamlAnchor;

BaseYamlAnchor *base_yaml_anchor_new (JsonNode *node);
void            base_yaml_anchor_free (BaseYamlAnchor *self);

G_END_DECLS
