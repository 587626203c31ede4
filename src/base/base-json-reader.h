/* base-json-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BaseJsonToken:
 * @BASE_JSON_OBJECT: an object begins
 * @BASE_JSON_OBJECT_END: it ends
 * @BASE_JSON_ARRAY: an array begins
 * @BASE_JSON_ARRAY_END: it ends
 * @BASE_JSON_NAME: the name of a member; its value follows
 * @BASE_JSON_STRING: a text, without its escapes
 * @BASE_JSON_NUMBER: a number, as it was written
 * @BASE_JSON_BOOLEAN: `true` or `false`, as it was written
 * @BASE_JSON_NULL: `null`
 *
 * What JSON text consists of.
 */
typedef enum
{
  BASE_JSON_OBJECT,
  BASE_JSON_OBJECT_END,
  BASE_JSON_ARRAY,
  BASE_JSON_ARRAY_END,
  BASE_JSON_NAME,
  BASE_JSON_STRING,
  BASE_JSON_NUMBER,
  BASE_JSON_BOOLEAN,
  BASE_JSON_NULL,
} BaseJsonToken;

typedef struct _BaseJsonReader BaseJsonReader;

/**
 * BaseJsonReaderFunc:
 * @reader: the reader
 * @token: what comes next
 * @text: (nullable): the text of a name, string, number or boolean; not terminated, and gone when
 *   the function returns
 * @length: its length in bytes
 * @user_data: data of the caller of [func@base_json_reader_new]
 *
 * Takes one token.
 */
typedef void (*BaseJsonReaderFunc) (BaseJsonReader *reader,
                                    BaseJsonToken   token,
                                    const char     *text,
                                    gsize           length,
                                    gpointer        user_data);

BaseJsonReader *base_json_reader_new (BaseJsonReaderFunc func,
                                      gpointer           user_data);
void            base_json_reader_free (BaseJsonReader *self);
guint           base_json_reader_get_depth (BaseJsonReader *self);
void            base_json_reader_skip (BaseJsonReader *self);
gboolean        base_json_reader_feed (BaseJsonReader *self,
                                       const char     *data,
                                       gsize           length,
                                       GError        **error);
gboolean        base_json_reader_finish (BaseJsonReader *self,
                                         GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseJsonReader, base_json_reader_free)

G_END_DECLS
