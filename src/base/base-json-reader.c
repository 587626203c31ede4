/* base-json-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json-reader.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#include "base-error.h"

/* As base_json_parse(). */
#define MAX_DEPTH 128

/**
 * BaseJsonReader:
 *
 * Reads JSON text that comes piece by piece, and hands it on token by token: for bodies of many
 * megabytes, of which only parts are kept. Single objects are read with [func@base_json_parse].
 */
struct _BaseJsonReader
{
  yajl_handle        handle;
  BaseJsonReaderFunc func;
  gpointer           user_data;

  guint    depth;
  gboolean armed;   /* the value of the last name is left out … */
  guint    skipped; /* … and this is the depth of the object or array left out, 0 outside of one */
  gboolean too_deep;
};

/* Whether a token that is no name belongs to what is left out. Ends a value that is only one. */
static gboolean
is_left_out (BaseJsonReader *self)
{
  gboolean armed = self->armed;

  self->armed = FALSE;

  return armed || self->skipped > 0;
}

static int
take_value (BaseJsonReader *self,
            BaseJsonToken   token,
            const char     *text,
            gsize           length)
{
  if (!is_left_out (self))
    self->func (self, token, text, length, self->user_data);

  return 1;
}

static int
begin (BaseJsonReader *self,
       BaseJsonToken   token)
{
  if (++self->depth > MAX_DEPTH)
    {
      self->too_deep = TRUE;
      return 0;
    }
  if (!is_left_out (self))
    self->func (self, token, NULL, 0, self->user_data);
  else if (self->skipped == 0)
    self->skipped = self->depth;

  return 1;
}

static int
end (BaseJsonReader *self,
     BaseJsonToken   token)
{
  gboolean left_out = self->skipped > 0;

  if (self->skipped == self->depth)
    self->skipped = 0;
  self->depth--;
  if (!left_out)
    self->func (self, token, NULL, 0, self->user_data);

  return 1;
}

static int
read_null (void *self)
{
  return take_value (self, BASE_JSON_NULL, NULL, 0);
}

static int
read_boolean (void *self,
              int   value)
{
  return value ? take_value (self, BASE_JSON_BOOLEAN, "true", 4)
               : take_value (self, BASE_JSON_BOOLEAN, "false", 5);
}

static int
read_number (void       *self,
             const char *text,
             size_t      length)
{
  return take_value (self, BASE_JSON_NUMBER, text, length);
}

static int
read_string (void                *self,
             const unsigned char *text,
             size_t               length)
{
  return take_value (self, BASE_JSON_STRING, (const char *) text, length);
}

static int
begin_object (void *self)
{
  return begin (self, BASE_JSON_OBJECT);
}

static int
read_name (void                *user_data,
           const unsigned char *text,
           size_t               length)
{
  BaseJsonReader *self = user_data;

  if (self->skipped == 0)
    self->func (self, BASE_JSON_NAME, (const char *) text, length, self->user_data);

  return 1;
}

static int
end_object (void *self)
{
  return end (self, BASE_JSON_OBJECT_END);
}

static int
begin_array (void *self)
{
  return begin (self, BASE_JSON_ARRAY);
}

static int
end_array (void *self)
{
  return end (self, BASE_JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
  .yajl_null = read_null,
  .yajl_boolean = read_boolean,
  .yajl_number = read_number,
  .yajl_string = read_string,
  .yajl_start_map = begin_object,
  .yajl_map_key = read_name,
  .yajl_end_map = end_object,
  .yajl_start_array = begin_array,
  .yajl_end_array = end_array,
};

/**
 * base_json_reader_new:
 * @func: takes the tokens
 * @user_data: data for @func
 *
 * Returns: (transfer full): a reader of one JSON value
 */
BaseJsonReader *
base_json_reader_new (BaseJsonReaderFunc func,
                      gpointer           user_data)
{
  BaseJsonReader *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (BaseJsonReader, 1);
  self->handle = yajl_alloc (&callbacks, NULL, self);
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * base_json_reader_free:
 * @self: (nullable): a reader
 *
 * Frees @self.
 */
void
base_json_reader_free (BaseJsonReader *self)
{
  if (self == NULL)
    return;

  yajl_free (self->handle);
  g_free (self);
}

/**
 * base_json_reader_get_depth:
 * @self: a reader
 *
 * Returns: how many objects and arrays are open: in the function that takes tokens the one that
 *   begins is counted, and the one that ends is not
 */
guint
base_json_reader_get_depth (BaseJsonReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->depth;
}

/**
 * base_json_reader_skip:
 * @self: a reader
 *
 * Leaves out the value of the member whose name is being taken.
 */
void
base_json_reader_skip (BaseJsonReader *self)
{
  g_return_if_fail (self != NULL);

  self->armed = TRUE;
}

static gboolean
check (BaseJsonReader *self,
       yajl_status     status,
       GError        **error)
{
  unsigned char   *words;
  g_autofree char *text = NULL;

  if (status == yajl_status_ok)
    return TRUE;

  if (self->too_deep)
    {
      g_set_error (error, BASE_ERROR, BASE_ERROR_TOO_DEEP,
                   "objects and arrays are nested more than %d deep", MAX_DEPTH);
      return FALSE;
    }

  words = yajl_get_error (self->handle, 0, NULL, 0);
  text = g_utf8_make_valid ((const char *) words, -1);
  yajl_free_error (self->handle, words);
  g_set_error_literal (error, BASE_ERROR, BASE_ERROR_SYNTAX, g_strchomp (text));

  return FALSE;
}

/**
 * base_json_reader_feed:
 * @self: a reader
 * @data: (nullable): the next piece of the text; it may end anywhere
 * @length: its length in bytes
 * @error: return location for an error
 *
 * Reads on. After an error nothing more can be read.
 *
 * Errors are in the %BASE_ERROR domain: %BASE_ERROR_SYNTAX, also for text that is not UTF-8, and
 * %BASE_ERROR_TOO_DEEP for more than 128 levels.
 *
 * Returns: whether it could be read
 */
gboolean
base_json_reader_feed (BaseJsonReader *self,
                       const char     *data,
                       gsize           length,
                       GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (length == 0)
    return TRUE;

  return check (self, yajl_parse (self->handle, (const unsigned char *) data, length), error);
}

/**
 * base_json_reader_finish:
 * @self: a reader
 * @error: return location for an error
 *
 * Tells that the text is at its end.
 *
 * Returns: whether the value was complete; %FALSE with %BASE_ERROR_SYNTAX if it was not
 */
gboolean
base_json_reader_finish (BaseJsonReader *self,
                         GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return check (self, yajl_complete_parse (self->handle), error);
}
