/* base-json-slice.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * BaseJsonSlice:
 * @text: (array length=length) (nullable): the text of one JSON value, without spaces around it;
 *   not ended by a NUL. %NULL: no value
 * @length: in bytes
 *
 * One JSON value within a text that somebody else keeps.
 */
typedef struct
{
  const char *text;
  gsize       length;
} BaseJsonSlice;

/**
 * BaseJsonWalk:
 * @name: of the member, with its quotation marks; only while walking an object
 * @value: the member or element
 *
 * A walk over the members of an object, or the elements of an array.
 */
typedef struct
{
  BaseJsonSlice name;
  BaseJsonSlice value;

  /*< private >*/
  const char *p;
  const char *end;
  gboolean    members;
} BaseJsonWalk;

gboolean  base_json_slice_init (BaseJsonSlice *self,
                                const char    *data,
                                gsize          length);
gboolean  base_json_slice_is_object (const BaseJsonSlice *self);
gboolean  base_json_slice_is_array (const BaseJsonSlice *self);
gboolean  base_json_slice_is_string (const BaseJsonSlice *self);
gboolean  base_json_slice_equals (const BaseJsonSlice *self,
                                  const char          *string);
guint     base_json_slice_get (const BaseJsonSlice *self,
                               guint                n_members,
                               const char *const   *names,
                               BaseJsonSlice       *values);
char     *base_json_slice_dup_string (const BaseJsonSlice *self);
JsonNode *base_json_slice_parse (const BaseJsonSlice *self);
void      base_json_walk_init (BaseJsonWalk        *self,
                               const BaseJsonSlice *container);
gboolean  base_json_walk_next (BaseJsonWalk *self);

G_END_DECLS
