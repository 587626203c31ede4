/* kube-watch-decoder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-watch-decoder.h"

#include "base-json-slice.h"
#include "base-json.h"
#include "kube-error.h"
#include "kube-object-private.h"

/**
 * KubeWatchDecoder:
 *
 * Turns the answers to list and watch requests of one resource into objects.
 *
 * A watch is a stream of lines, each a JSON object with the members `type` and
 * `object`. In Table form each object is a Table of one row, and only the first
 * of a watch names the columns, so a decoder remembers them. Does no I/O.
 */
struct _KubeWatchDecoder
{
  const KubeResource *resource;
  KubeForm            form;
  KubeColumns        *columns; /* (owned) (nullable): the latest definitions */
};

/**
 * kube_watch_decoder_new: (skip)
 * @resource: (transfer none): what is listed and watched; must outlive the decoder
 * @form: the form that was asked for
 *
 * Returns: (transfer full): a decoder
 */
KubeWatchDecoder *
kube_watch_decoder_new (const KubeResource *resource,
                        KubeForm            form)
{
  KubeWatchDecoder *self;

  g_return_val_if_fail (resource != NULL, NULL);

  self = g_new0 (KubeWatchDecoder, 1);
  self->resource = resource;
  self->form = form;

  return self;
}

/**
 * kube_watch_decoder_free:
 * @self: (nullable): a decoder
 *
 * Frees @self.
 */
void
kube_watch_decoder_free (KubeWatchDecoder *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->columns, kube_columns_free);
  g_free (self);
}

/**
 * kube_watch_decoder_get_columns:
 * @self: a decoder
 *
 * Returns: (transfer none) (nullable): the columns of the Tables decoded so far
 */
KubeColumns *
kube_watch_decoder_get_columns (KubeWatchDecoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->columns;
}

/**
 * kube_watch_decoder_set_columns:
 * @self: a decoder
 * @definitions: the `columnDefinitions` of a Table that somebody else has read
 *
 * Remembers the columns for the events that name none.
 */
void
kube_watch_decoder_set_columns (KubeWatchDecoder *self,
                                JsonArray        *definitions)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (definitions != NULL);

  g_clear_pointer (&self->columns, kube_columns_free);
  self->columns = kube_columns_new_of_definitions (definitions);
}

/* The items of a typed list have neither kind nor apiVersion: the list says it once. */
static void
complete_kind (KubeWatchDecoder *self,
               JsonNode         *item)
{
  JsonObject *object = json_node_get_object (item);

  if (!json_object_has_member (object, "kind"))
    json_object_set_string_member (object, "kind", self->resource->kind);

  if (!json_object_has_member (object, "apiVersion"))
    {
      g_autofree char *version = kube_resource_dup_api_version (self->resource);

      json_object_set_string_member (object, "apiVersion", version);
    }
}

/* Whether it is one of the resource's objects, or what a Table has in its place. */
static gboolean
is_expected (KubeWatchDecoder *self,
             JsonNode         *node)
{
  const char *name = base_json_get_string (node, "metadata", "name", NULL);
  const char *kind = base_json_get_string (node, "kind", NULL);

  return name != NULL && name[0] != '\0' &&
         (kind == NULL || g_str_equal (kind, self->resource->kind) ||
          g_str_equal (kind, "PartialObjectMetadata"));
}

static void
add_object (KubeWatchDecoder *self,
            GPtrArray        *objects,
            JsonNode         *node)
{
  g_autoptr(JsonNode) copy = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;

  copy = json_node_copy (node);
  complete_kind (self, copy);
  g_ptr_array_add (objects, kube_object_new (copy, NULL));
}

/* Returns: FALSE when nobody can tell what it is the row of */
static gboolean
add_row (KubeWatchDecoder *self,
         GPtrArray        *objects,
         JsonNode         *row)
{
  JsonNode *metadata = base_json_get (row, "object", NULL);
  g_autoptr(JsonNode) copy = NULL;
  g_autofree const char **cells = NULL;

  if (!is_expected (self, metadata))
    return FALSE;

  copy = json_node_copy (metadata);
  /* Who set which fields is most of a row's memory, and nobody reads it there. */
  json_object_remove_member (json_object_get_object_member (json_node_get_object (copy), "metadata"), "managedFields");
  if (self->columns != NULL)
    cells = kube_columns_dup_cells (self->columns, row);
  g_ptr_array_add (objects, kube_object_new (copy, (GStrv) cells));

  return TRUE;
}

static gboolean
is_table (JsonNode *node)
{
  return g_strcmp0 (base_json_get_string (node, "kind", NULL), "Table") == 0;
}

static gboolean
add_table (KubeWatchDecoder *self,
           GPtrArray        *objects,
           JsonNode         *table)
{
  JsonArray   *rows = base_json_get_array (table, "rows", NULL);
  KubeColumns *columns = kube_columns_new (table);
  gboolean     expected = TRUE;
  guint        i;

  if (columns != NULL)
    {
      g_clear_pointer (&self->columns, kube_columns_free);
      self->columns = columns;
    }

  for (i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    expected = add_row (self, objects, json_array_get_element (rows, i)) && expected;

  return expected;
}

/**
 * kube_watch_decoder_decode_list:
 * @self: a decoder
 * @list: one page of a list, or a Table; its items are shared with the objects
 *
 * Reads the items of @list. `metadata.resourceVersion` and `metadata.continue`
 * are the caller's to read. A server that does not know Tables answers with a
 * plain list, which is read just as well.
 *
 * Returns: (transfer full) (element-type KubeObject): the items
 */
GPtrArray *
kube_watch_decoder_decode_list (KubeWatchDecoder *self,
                                JsonNode         *list)
{
  g_autoptr(GPtrArray) objects = NULL;
  JsonArray *items;
  guint      i;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (list != NULL, NULL);

  objects = g_ptr_array_new_with_free_func (g_object_unref);
  if (is_table (list))
    {
      add_table (self, objects, list);
      return g_steal_pointer (&objects);
    }

  items = base_json_get_array (list, "items", NULL);
  for (i = 0; items != NULL && i < json_array_get_length (items); i++)
    add_object (self, objects, json_array_get_element (items, i));

  return g_steal_pointer (&objects);
}

/* A Table has a resource version of its own; older servers fill in only the row's. */
static char *
dup_resource_version (JsonNode *object)
{
  const char *version = base_json_get_string (object, "metadata", "resourceVersion", NULL);
  JsonArray  *rows;

  if ((version == NULL || version[0] == '\0') && is_table (object))
    {
      rows = base_json_get_array (object, "rows", NULL);
      if (rows != NULL && json_array_get_length (rows) > 0)
        version = base_json_get_string (json_array_get_element (rows, 0), "object", "metadata",
                                        "resourceVersion", NULL);
    }

  return version != NULL && version[0] != '\0' ? g_strdup (version) : NULL;
}

/* Returns: FALSE when the event is about something else */
static gboolean
read_object (KubeWatchDecoder *self,
             KubeWatchEvent   *event,
             JsonNode         *object)
{
  gboolean expected = TRUE;

  if (event->type == KUBE_WATCH_ERROR)
    {
      guint code = (guint) base_json_get_int (object, 500, "code", NULL);

      event->error = kube_error_new_from_status (code, object, NULL);
      return TRUE;
    }

  event->resource_version = dup_resource_version (object);
  if (is_table (object))
    expected = add_table (self, event->objects, object);
  else if (event->type != KUBE_WATCH_BOOKMARK && (expected = is_expected (self, object)))
    add_object (self, event->objects, object);

  /* The row of a bookmark stands for no object; the Table may still name the columns. */
  if (event->type == KUBE_WATCH_BOOKMARK)
    g_ptr_array_set_size (event->objects, 0);

  return expected || event->type == KUBE_WATCH_BOOKMARK;
}

/* Returns: FALSE when the row has to be read with more care */
static gboolean
add_row_slice (KubeWatchDecoder    *self,
               GPtrArray           *objects,
               const BaseJsonSlice *row)
{
  static const char *const names[] = { "object", "cells" };
  BaseJsonSlice            members[G_N_ELEMENTS (names)];
  KubeObject              *object;
  const char             **cells = NULL;

  base_json_slice_get (row, G_N_ELEMENTS (names), names, members);
  if (!base_json_slice_is_object (&members[0]))
    return FALSE;

  if (self->columns != NULL)
    cells = kube_columns_dup_cells_of_slice (self->columns, &members[1]);
  object = _kube_object_new_row (&members[0], cells);
  if (object == NULL)
    return FALSE;

  g_ptr_array_add (objects, object);
  return TRUE;
}

/* Only the first event of a watch has definitions. */
static void
take_columns (KubeWatchDecoder    *self,
              const BaseJsonSlice *table)
{
  g_autoptr(JsonNode) node = base_json_slice_parse (table);
  KubeColumns *columns = kube_columns_new (node);

  if (columns == NULL)
    return;

  g_clear_pointer (&self->columns, kube_columns_free);
  self->columns = columns;
}

static gboolean
read_table_slice (KubeWatchDecoder    *self,
                  KubeWatchEvent      *event,
                  const BaseJsonSlice *table)
{
  static const char *const names[] = { "kind", "metadata", "rows", "columnDefinitions" };
  static const char *const metadata_names[] = { "resourceVersion" };
  BaseJsonSlice            members[G_N_ELEMENTS (names)];
  BaseJsonSlice            version;
  BaseJsonWalk             walk;

  base_json_slice_get (table, G_N_ELEMENTS (names), names, members);
  base_json_slice_get (&members[1], G_N_ELEMENTS (metadata_names), metadata_names, &version);
  if (!base_json_slice_equals (&members[0], "Table") || !base_json_slice_is_string (&version) ||
      base_json_slice_equals (&version, "") || !base_json_slice_is_array (&members[2]))
    return FALSE;

  if (base_json_slice_is_array (&members[3]))
    take_columns (self, table);
  base_json_walk_init (&walk, &members[2]);
  while (base_json_walk_next (&walk))
    {
      if (!add_row_slice (self, event->objects, &walk.value))
        return FALSE;
    }
  event->resource_version = base_json_slice_dup_string (&version);

  return event->resource_version != NULL;
}

/* Nearly all lines of a busy watch: a Table with what changed. They are read without building a
 * tree, of which little would be needed.
 *
 * Returns: (nullable): NULL for any other line */
static KubeWatchEvent *
decode_table_line (KubeWatchDecoder *self,
                   const char       *data,
                   gsize             length)
{
  static const char *const names[] = { "type", "object" };
  BaseJsonSlice            members[G_N_ELEMENTS (names)];
  BaseJsonSlice            line;
  g_autoptr(KubeWatchEvent) event = NULL;
  g_autofree char *name = NULL;
  int              type;

  if (!base_json_slice_init (&line, data, length))
    return NULL;

  base_json_slice_get (&line, G_N_ELEMENTS (names), names, members);
  name = base_json_slice_dup_string (&members[0]);
  type = kube_watch_event_type_from_name (name);
  if (type != KUBE_WATCH_ADDED && type != KUBE_WATCH_MODIFIED && type != KUBE_WATCH_DELETED)
    return NULL;

  event = kube_watch_event_new ((KubeWatchEventType) type);
  if (!read_table_slice (self, event, &members[1]))
    return NULL;

  return g_steal_pointer (&event);
}

/**
 * kube_watch_decoder_decode_line: (skip)
 * @self: a decoder
 * @line: one line of a watch, without its line end
 * @error: return location
 *
 * Reads one event. An event of type ERROR is no failure of this function: its
 * Status is in the event.
 *
 * Returns: (transfer full): the event, or %NULL with %KUBE_ERROR_PROTOCOL
 */
KubeWatchEvent *
kube_watch_decoder_decode_line (KubeWatchDecoder *self,
                                GBytes           *line,
                                GError          **error)
{
  g_autoptr(KubeWatchEvent) event = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonNode   *object;
  const char *data;
  gsize       length;
  int         type;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (line != NULL, NULL);

  data = g_bytes_get_data (line, &length);
  if (self->form == KUBE_FORM_TABLE)
    event = decode_table_line (self, data, length);
  if (event != NULL)
    return g_steal_pointer (&event);

  node = base_json_parse (data != NULL ? data : "", (gssize) length, NULL);
  if (node == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The cluster sent a change of %s that cannot be read. The list is read again.",
                   self->resource->plural);
      return NULL;
    }

  type = kube_watch_event_type_from_name (base_json_get_string (node, "type", NULL));
  object = base_json_get (node, "object", NULL);
  if (type < 0 || object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The cluster sent a change of %s of an unknown kind. The list is read again.",
                   self->resource->plural);
      return NULL;
    }

  event = kube_watch_event_new ((KubeWatchEventType) type);
  if (!read_object (self, event, object))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The cluster sent a change of something else than %s. The list is read again.",
                   self->resource->plural);
      return NULL;
    }

  return g_steal_pointer (&event);
}
