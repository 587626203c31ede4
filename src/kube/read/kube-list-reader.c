/* kube-list-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-list-reader.h"

#include "base-json-assembler.h"
#include "base-json.h"
#include "kube-error.h"

#include <string.h>

/* Where a member of the list itself stands, and where an element of its rows or items. */
#define MEMBER_DEPTH 1
#define ELEMENT_DEPTH 3

/**
 * KubeListReader:
 *
 * Reads one page of a list, or a Table, while it comes: each object and each row is handed on as
 * soon as it is complete and then forgotten. `managedFields`, more than half of most objects, are
 * passed over. Does no I/O.
 */
struct _KubeListReader
{
  BaseJsonReader      *reader;    /* (owned) */
  BaseJsonAssembler   *assembler; /* (owned): of what is kept whole */
  const KubeListFuncs *funcs;
  gpointer             user_data;
  KubeListFlags        flags;

  /* Where it is */
  enum
  {
    IN_OTHER,
    IN_KIND,
    IN_API_VERSION,
    IN_METADATA,
    IN_COLUMNS,
    IN_ROWS,
    IN_ITEMS
  } part;
  enum
  {
    ROW_OTHER,
    ROW_CELLS,
    ROW_OBJECT
  } row_part;
  gboolean assembling;
  gboolean in_metadata;  /* the next value is that of `metadata` of an item or of a row's object */
  guint    object_depth; /* of the members of that item or object */

  /* The row that is being read */
  GString   *text;    /* (owned): cells, each with a NUL behind it */
  GArray    *offsets; /* (element-type gsize) (owned): of the cells in it; G_MAXSIZE for null */
  GPtrArray *cells;   /* (element-type utf8) (owned): made of these when the row is complete */
  JsonNode  *object;  /* (owned) (nullable) */

  /* What the list says of itself */
  char    *kind;             /* (owned) (nullable) */
  char    *api_version;      /* (owned) (nullable) */
  char    *continue_token;   /* (owned) (nullable) */
  char    *resource_version; /* (owned) (nullable) */
  gint64   remaining;
  guint    length;
  gboolean is_odd; /* its rows or items are no array */
};

static gboolean
equals (const char *text,
        gsize       length,
        const char *word)
{
  return strlen (word) == length && memcmp (text, word, length) == 0;
}

static void
enter_part (KubeListReader *self,
            const char     *name,
            gsize           length)
{
  static const struct
  {
    const char *name;
    int         part;
  } parts[] = {
    { "kind", IN_KIND },
    { "apiVersion", IN_API_VERSION },
    { "metadata", IN_METADATA },
    { "columnDefinitions", IN_COLUMNS },
    { "rows", IN_ROWS },
    { "items", IN_ITEMS },
  };

  self->part = IN_OTHER;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (equals (name, length, parts[i].name))
      self->part = parts[i].part;
  if (self->part == IN_OTHER)
    base_json_reader_skip (self->reader);
}

/* Passes over managedFields; OBJECT_DEPTH is that of the members of an object. */
static gboolean
pass_over (KubeListReader *self,
           guint           depth,
           const char     *name,
           gsize           length)
{
  if (depth == self->object_depth)
    self->in_metadata = equals (name, length, "metadata");
  if (depth != self->object_depth + 1 || !self->in_metadata ||
      (self->part == IN_ITEMS && self->flags & KUBE_LIST_MANAGED_FIELDS) ||
      !equals (name, length, "managedFields"))
    return FALSE;

  base_json_reader_skip (self->reader);

  return TRUE;
}

/* Items of a typed list have neither kind nor apiVersion: the list says it once, and before
 * them. */
static void
complete_kind (KubeListReader *self,
               JsonNode       *item)
{
  JsonObject *members = json_node_get_object (item);

  if (self->kind == NULL || self->api_version == NULL || !g_str_has_suffix (self->kind, "List"))
    return;

  if (!json_object_has_member (members, "apiVersion"))
    json_object_set_string_member (members, "apiVersion", self->api_version);
  if (!json_object_has_member (members, "kind"))
    {
      g_autofree char *kind = g_strndup (self->kind, strlen (self->kind) - strlen ("List"));

      json_object_set_string_member (members, "kind", kind);
    }
}

static void
set_text (char      **place,
          JsonNode   *metadata,
          const char *name)
{
  JsonObject *object = json_node_get_object (metadata);
  JsonNode   *value = json_object_get_member (object, name);

  g_clear_pointer (place, g_free);
  if (value != NULL && JSON_NODE_HOLDS_VALUE (value) &&
      json_node_get_value_type (value) == G_TYPE_STRING && *json_node_get_string (value) != '\0')
    *place = json_node_dup_string (value);
}

static void
take_metadata (KubeListReader *self,
               JsonNode       *metadata)
{
  if (!JSON_NODE_HOLDS_OBJECT (metadata))
    return;

  set_text (&self->continue_token, metadata, "continue");
  set_text (&self->resource_version, metadata, "resourceVersion");
  self->remaining = base_json_get_int (metadata, -1, "remainingItemCount", NULL);
}

static void
take_item (KubeListReader *self,
           JsonNode       *item)
{
  if (!JSON_NODE_HOLDS_OBJECT (item))
    return;

  complete_kind (self, item);
  self->length++;
  if (self->funcs->item != NULL)
    self->funcs->item (item, self->user_data);
}

/* A value that was kept whole is complete. */
static void
take_node (KubeListReader *self,
           JsonNode       *owned)
{
  g_autoptr(JsonNode) node = owned;

  switch (self->part)
    {
    case IN_METADATA:
      take_metadata (self, node);
      break;
    case IN_COLUMNS:
      if (JSON_NODE_HOLDS_ARRAY (node) && self->funcs->columns != NULL)
        self->funcs->columns (json_node_get_array (node), self->user_data);
      break;
    case IN_ROWS:
      if (JSON_NODE_HOLDS_OBJECT (node))
        self->object = g_steal_pointer (&node);
      break;
    case IN_ITEMS:
      take_item (self, node);
      break;
    case IN_OTHER:
    case IN_KIND:
    case IN_API_VERSION:
    default:
      break;
    }
}

static void
assemble (KubeListReader *self,
          BaseJsonToken   token,
          const char     *text,
          gsize           length)
{
  JsonNode *node = base_json_assembler_take (self->assembler, token, text, length);

  self->assembling = node == NULL;
  if (node != NULL)
    take_node (self, node);
}

static void
begin_row (KubeListReader *self)
{
  g_string_truncate (self->text, 0);
  g_array_set_size (self->offsets, 0);
  g_clear_pointer (&self->object, json_node_unref);
  self->row_part = ROW_OTHER;
  self->object_depth = 0;
}

static void
end_row (KubeListReader *self)
{
  KubeListRow row;

  g_ptr_array_set_size (self->cells, 0);
  for (guint i = 0; i < self->offsets->len; i++)
    {
      gsize offset = g_array_index (self->offsets, gsize, i);

      g_ptr_array_add (self->cells, offset == G_MAXSIZE ? NULL : self->text->str + offset);
    }

  row.n_cells = self->cells->len;
  row.cells = (const char *const *) self->cells->pdata;
  row.object = self->object;
  self->length++;
  if (self->funcs->row != NULL)
    self->funcs->row (&row, self->user_data);
}

static void
add_cell (KubeListReader *self,
          const char     *text,
          gsize           length)
{
  gsize offset = text != NULL ? self->text->len : G_MAXSIZE;

  g_array_append_val (self->offsets, offset);
  if (text == NULL)
    return;

  g_string_append_len (self->text, text, (gssize) length);
  g_string_append_c (self->text, '\0');
}

/* Cells are strings, numbers or booleans; what else there may be is shown as JSON. */
static void
take_cell_token (KubeListReader *self,
                 guint           depth,
                 BaseJsonToken   token,
                 const char     *text,
                 gsize           length)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *json = NULL;

  if (depth == ELEMENT_DEPTH + 1 && !self->assembling)
    {
      if (token != BASE_JSON_ARRAY)
        add_cell (self, token == BASE_JSON_STRING && text == NULL ? "" : text, length);
      return;
    }

  node = base_json_assembler_take (self->assembler, token, text, length);
  self->assembling = node == NULL;
  if (node == NULL)
    return;

  json = base_json_print (node, FALSE);
  add_cell (self, json, strlen (json));
}

static void
take_row_token (KubeListReader *self,
                guint           depth,
                BaseJsonToken   token,
                const char     *text,
                gsize           length)
{
  if (depth == ELEMENT_DEPTH && token == BASE_JSON_OBJECT)
    begin_row (self);
  else if (depth == ELEMENT_DEPTH - 1 && token == BASE_JSON_OBJECT_END)
    end_row (self);
  else if (depth == ELEMENT_DEPTH && token == BASE_JSON_NAME)
    {
      self->row_part = equals (text, length, "cells")    ? ROW_CELLS
                       : equals (text, length, "object") ? ROW_OBJECT
                                                         : ROW_OTHER;
      if (self->row_part == ROW_OTHER)
        base_json_reader_skip (self->reader);
    }
  else if (self->row_part == ROW_OBJECT && depth >= ELEMENT_DEPTH)
    {
      self->object_depth = ELEMENT_DEPTH + 1;
      assemble (self, token, text, length);
    }
  else if (self->row_part == ROW_CELLS && depth > ELEMENT_DEPTH)
    {
      take_cell_token (self, depth, token, text, length);
    }
}

static void
take_item_token (KubeListReader *self,
                 guint           depth,
                 BaseJsonToken   token,
                 const char     *text,
                 gsize           length)
{
  /* The array itself, and what is no object */
  if (depth < ELEMENT_DEPTH && !self->assembling)
    return;

  self->object_depth = ELEMENT_DEPTH;
  assemble (self, token, text, length);
}

/* Whether what stands in the place of rows or items is no array. Servers write `null` for one
 * without elements, as Go does. */
static gboolean
is_odd (BaseJsonToken token,
        guint         depth)
{
  if (depth == MEMBER_DEPTH)
    return token != BASE_JSON_NULL && token != BASE_JSON_ARRAY_END;

  return depth == MEMBER_DEPTH + 1 && token == BASE_JSON_OBJECT;
}

static void
take_token (BaseJsonReader *reader,
            BaseJsonToken   token,
            const char     *text,
            gsize           length,
            gpointer        user_data)
{
  KubeListReader *self = user_data;
  guint           depth = base_json_reader_get_depth (reader);

  if (depth == MEMBER_DEPTH && token == BASE_JSON_NAME)
    {
      enter_part (self, text, length);
      return;
    }
  if (self->assembling && token == BASE_JSON_NAME && pass_over (self, depth, text, length))
    return;

  if ((self->part == IN_ROWS || self->part == IN_ITEMS) && is_odd (token, depth))
    self->is_odd = TRUE;

  switch (self->part)
    {
    case IN_KIND:
    case IN_API_VERSION:
      if (token == BASE_JSON_STRING && depth == MEMBER_DEPTH)
        {
          char **place = self->part == IN_KIND ? &self->kind : &self->api_version;

          g_free (*place);
          *place = g_strndup (text, length);
        }
      break;
    case IN_METADATA:
    case IN_COLUMNS:
      if (depth > MEMBER_DEPTH || self->assembling)
        assemble (self, token, text, length);
      break;
    case IN_ROWS:
      take_row_token (self, depth, token, text, length);
      break;
    case IN_ITEMS:
      take_item_token (self, depth, token, text, length);
      break;
    case IN_OTHER:
    default:
      break;
    }
}

/**
 * kube_list_reader_new: (skip)
 * @funcs: take the parts; must outlive the reader
 * @user_data: data for @funcs
 * @flags: what of the list is read
 *
 * Returns: (transfer full): a reader of one answer
 */
KubeListReader *
kube_list_reader_new (const KubeListFuncs *funcs,
                      gpointer             user_data,
                      KubeListFlags        flags)
{
  KubeListReader *self;

  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (KubeListReader, 1);
  self->reader = base_json_reader_new (take_token, self);
  self->assembler = base_json_assembler_new ();
  self->funcs = funcs;
  self->user_data = user_data;
  self->flags = flags;
  self->text = g_string_new (NULL);
  self->offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->cells = g_ptr_array_new ();
  self->remaining = -1;

  return self;
}

/**
 * kube_list_reader_free:
 * @self: (nullable): a reader
 *
 * Frees @self.
 */
void
kube_list_reader_free (KubeListReader *self)
{
  if (self == NULL)
    return;

  base_json_reader_free (self->reader);
  base_json_assembler_free (self->assembler);
  g_string_free (self->text, TRUE);
  g_array_unref (self->offsets);
  g_ptr_array_unref (self->cells);
  g_clear_pointer (&self->object, json_node_unref);
  g_free (self->kind);
  g_free (self->api_version);
  g_free (self->continue_token);
  g_free (self->resource_version);
  g_free (self);
}

static gboolean
translate (GError  *problem,
           GError **error)
{
  if (problem == NULL)
    return TRUE;

  g_debug ("A list cannot be read: %s", problem->message);
  g_error_free (problem);
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The cluster was asked for a list, but the answer cannot be read. Try again; if it "
               "stays, check what lies between this computer and the cluster, such as a proxy or a "
               "sign-in page.");

  return FALSE;
}

/**
 * kube_list_reader_feed:
 * @self: a reader
 * @data: the next piece of the answer
 * @length: its length in bytes
 * @error: return location for an error
 *
 * Reads on, and hands on what is complete.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if the answer is no JSON.
 *
 * Returns: whether it could be read
 */
gboolean
kube_list_reader_feed (KubeListReader *self,
                       const char     *data,
                       gsize           length,
                       GError        **error)
{
  GError *problem = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  base_json_reader_feed (self->reader, data, length, &problem);

  return translate (problem, error);
}

/**
 * kube_list_reader_finish:
 * @self: a reader
 * @error: return location for an error
 *
 * Tells that the answer is at its end.
 *
 * Possible errors: %KUBE_ERROR_UNREACHABLE if it was cut off, %KUBE_ERROR_PROTOCOL if it was no
 * list.
 *
 * Returns: whether it was a whole list
 */
gboolean
kube_list_reader_finish (KubeListReader *self,
                         GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!base_json_reader_finish (self->reader, NULL))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                   "The cluster's list ends in the middle. The connection may have been cut: try "
                   "again in a moment.");
      return FALSE;
    }
  if (self->kind != NULL && !self->is_odd &&
      (strcmp (self->kind, "Table") == 0 || g_str_has_suffix (self->kind, "List")))
    return TRUE;

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The cluster was asked for a list, but the answer is none. A proxy or a sign-in page "
               "may stand in between: check the server address of the context.");

  return FALSE;
}

/**
 * kube_list_reader_get_kind:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): the `kind` of the answer, such as "Table" or "PodList",
 *   once it has been read
 */
const char *
kube_list_reader_get_kind (KubeListReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind;
}

/**
 * kube_list_reader_get_continue:
 * @self: a reader
 *
 * The server writes it before the objects of its own kinds, and behind those of custom ones.
 *
 * Returns: (transfer none) (nullable): the token for the next page, once it has been read; %NULL
 *   if this is the last one
 */
const char *
kube_list_reader_get_continue (KubeListReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->continue_token;
}

/**
 * kube_list_reader_get_resource_version:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): the version of the list, once it has been read
 */
const char *
kube_list_reader_get_resource_version (KubeListReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resource_version;
}

/**
 * kube_list_reader_get_remaining:
 * @self: a reader
 *
 * Returns: how many objects the server says are left for other pages, once it has been read; -1 if
 *   it does not say, as with selectors
 */
gint64
kube_list_reader_get_remaining (KubeListReader *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->remaining;
}

/**
 * kube_list_reader_get_length:
 * @self: a reader
 *
 * Returns: how many rows or objects have been handed on
 */
guint
kube_list_reader_get_length (KubeListReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}
