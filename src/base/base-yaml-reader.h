/* base-yaml-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <yaml.h>

G_BEGIN_DECLS

typedef struct
{
  yaml_parser_t parser;
  const char   *data; /* (borrowed) */
  gsize         size;
  GHashTable   *anchors; /* (element-type utf8 BaseYamlAnchor) (owned) */
  guint         depth;
  guint         n_nodes;
  gsize         n_bytes;
} BaseYamlReader;

void     base_yaml_reader_init (BaseYamlReader *self,
                                const char     *data,
                                gsize           size);
void     base_yaml_reader_clear (BaseYamlReader *self);
gboolean base_yaml_reader_read (BaseYamlReader *self,
                                JsonNode      **document,
                                GError        **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BaseYamlReader, base_yaml_reader_clear)

G_END_DECLS
