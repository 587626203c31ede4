/* kube-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-table.h"

#include "base-json.h"
#include "base-time.h"

#include <string.h>

/**
 * KubeTable:
 *
 * The pages of a list in Table form, put together as `kubectl get` shows them.
 */
struct _KubeTable
{
  GPtrArray *columns; /* (element-type Column) */
  GPtrArray *rows;    /* (element-type Row) */
  gint64     now;
};

typedef struct
{
  char    *title;
  gboolean wide;
  gboolean is_name;
} Column;

typedef struct
{
  GStrv cells;
  char *name;       /* (nullable): if the server was asked for no metadata */
  char *namespace_; /* (nullable) */
} Row;

static void
column_free (Column *column)
{
  g_free (column->title);
  g_free (column);
}

static void
row_free (Row *row)
{
  g_strfreev (row->cells);
  g_free (row->name);
  g_free (row->namespace_);
  g_free (row);
}

/**
 * kube_table_new: (skip)
 * @now: the present moment, microseconds since the epoch: ages are reckoned from it where the
 *   server has no table
 *
 * Returns: (transfer full): an empty table
 */
KubeTable *
kube_table_new (gint64 now)
{
  KubeTable *self = g_new0 (KubeTable, 1);

  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) column_free);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  self->now = now;

  return self;
}

/**
 * kube_table_free:
 * @self: (transfer full): a table
 *
 * Frees @self.
 */
void
kube_table_free (KubeTable *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
add_column (KubeTable  *self,
            const char *title,
            gboolean    wide,
            gboolean    is_name)
{
  Column *column = g_new0 (Column, 1);

  column->title = g_utf8_strup (title, -1);
  column->wide = wide;
  column->is_name = is_name;
  g_ptr_array_add (self->columns, column);
}

static void
add_columns (KubeTable *self,
             JsonArray *definitions)
{
  gboolean named = FALSE;

  for (guint i = 0; i < json_array_get_length (definitions); i++)
    {
      JsonNode   *definition = json_array_get_element (definitions, i);
      const char *name = base_json_get_string (definition, "name", NULL);
      const char *format = base_json_get_string (definition, "format", NULL);
      gboolean    is_name = !named && g_strcmp0 (format, "name") == 0;

      named = named || is_name;
      add_column (self, name != NULL ? name : "",
                  base_json_get_int (definition, 0, "priority", NULL) != 0, is_name);
    }
}

/* One line: what follows a line break is cut off, and shown to be. */
static char *
format_cell (JsonNode *cell)
{
  const char *text;
  gsize       length;

  if (cell == NULL || JSON_NODE_HOLDS_NULL (cell))
    return g_strdup ("");
  if (!JSON_NODE_HOLDS_VALUE (cell) || json_node_get_value_type (cell) != G_TYPE_STRING)
    return base_json_print (cell, FALSE);

  text = json_node_get_string (cell);
  length = strcspn (text, "\f\n\r");
  if (text[length] == '\0')
    return g_strdup (text);

  return g_strdup_printf ("%.*s...", (int) length, text);
}

static void
add_row (KubeTable *self,
         GStrv      cells,
         JsonNode  *object)
{
  Row *row = g_new0 (Row, 1);

  row->cells = cells;
  row->name = g_strdup (base_json_get_string (object, "metadata", "name", NULL));
  row->namespace_ = g_strdup (base_json_get_string (object, "metadata", "namespace", NULL));
  g_ptr_array_add (self->rows, row);
}

static void
add_table_row (KubeTable *self,
               JsonNode  *node)
{
  JsonArray *cells = base_json_get_array (node, "cells", NULL);
  guint      length = cells != NULL ? json_array_get_length (cells) : 0;
  GStrv      texts = g_new0 (char *, self->columns->len + 1);

  for (guint i = 0; i < self->columns->len; i++)
    texts[i] = format_cell (i < length ? json_array_get_element (cells, i) : NULL);
  add_row (self, texts, base_json_get (node, "object", NULL));
}

/* An aggregated API may know no tables: name and age are what every object has. */
static void
add_object (KubeTable *self,
            JsonNode  *object)
{
  const char *name = base_json_get_string (object, "metadata", "name", NULL);
  const char *created = base_json_get_string (object, "metadata", "creationTimestamp", NULL);
  gint64      time = created != NULL ? base_time_parse (created) : 0;
  GStrv       texts = g_new0 (char *, 3);

  if (self->columns->len == 0)
    {
      add_column (self, "Name", FALSE, TRUE);
      add_column (self, "Age", FALSE, FALSE);
    }
  texts[0] = g_strdup (name != NULL ? name : "");
  texts[1] = time == 0 ? g_strdup ("<unknown>")
                       : base_time_format_age (MAX (self->now - time, 0) / G_USEC_PER_SEC);
  add_row (self, texts, object);
}

/**
 * kube_table_add:
 * @self: a table
 * @page: a Table, or, of a server that knows none, a list or a single object
 *
 * Adds the rows of @page. The columns are those of the first page that has any.
 */
void
kube_table_add (KubeTable *self,
                JsonNode  *page)
{
  gboolean   is_table = g_strcmp0 (base_json_get_string (page, "kind", NULL), "Table") == 0;
  JsonArray *definitions = base_json_get_array (page, "columnDefinitions", NULL);
  JsonArray *rows = base_json_get_array (page, is_table ? "rows" : "items", NULL);

  g_return_if_fail (self != NULL);
  g_return_if_fail (page != NULL);

  if (is_table && self->columns->len == 0 && definitions != NULL)
    add_columns (self, definitions);
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    if (is_table)
      add_table_row (self, json_array_get_element (rows, i));
    else
      add_object (self, json_array_get_element (rows, i));
  if (!is_table && rows == NULL && base_json_get (page, "metadata", "name", NULL) != NULL)
    add_object (self, page);
}

/**
 * kube_table_get_length:
 * @self: a table
 *
 * Returns: how many rows there are, without that of the titles
 */
guint
kube_table_get_length (KubeTable *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rows->len;
}

/* @row is %NULL for the titles. */
static GStrv
build_row (KubeTable     *self,
           KubeTableFlags flags,
           const char    *type_name,
           const Row     *row)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (flags & KUBE_TABLE_NAMESPACE)
    g_strv_builder_add (builder, row == NULL               ? "NAMESPACE"
                                 : row->namespace_ != NULL ? row->namespace_
                                                           : "");
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column    *column = g_ptr_array_index (self->columns, i);
      g_autofree char *full = NULL;

      if (column->wide && !(flags & KUBE_TABLE_WIDE))
        continue;
      if (row != NULL && column->is_name && type_name != NULL)
        full = g_strconcat (type_name, "/", row->cells[i], NULL);
      g_strv_builder_add (builder, row == NULL    ? column->title
                                   : full != NULL ? full
                                                  : row->cells[i]);
    }

  return g_strv_builder_end (builder);
}

/**
 * kube_table_dup_rows:
 * @self: a table
 * @flags: which columns
 * @type_name: (nullable): put before the names, with a slash between
 *
 * Returns: (transfer full) (element-type GStrv): the rows in the server's order, the titles first
 */
GPtrArray *
kube_table_dup_rows (KubeTable     *self,
                     KubeTableFlags flags,
                     const char    *type_name)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_return_val_if_fail (self != NULL, rows);

  g_ptr_array_add (rows, build_row (self, flags, type_name, NULL));
  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (rows, build_row (self, flags, type_name,
                                      g_ptr_array_index (self->rows, i)));

  return rows;
}

/**
 * kube_table_dup_names:
 * @self: a table with metadata
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of the objects
 */
GStrv
kube_table_dup_names (KubeTable *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = g_ptr_array_index (self->rows, i);

      if (row->name != NULL)
        g_strv_builder_add (builder, row->name);
    }

  return g_strv_builder_end (builder);
}
