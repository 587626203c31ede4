/* kube-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-table.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-rows.h"

#include <string.h>

#define TEXT_BLOCK (64 * 1024)

/**
 * KubeTable:
 *
 * A list in Table form, put together as `kubectl get` shows it. Texts are held one behind the
 * other in large blocks, since there may be many thousands.
 */
struct _KubeTable
{
  GPtrArray    *columns; /* (element-type Column) */
  GArray       *rows;    /* (element-type Row) */
  GStringChunk *texts;   /* (owned): the cells of a row one behind the other, each with a NUL */
  GString      *row;     /* (owned): the one that is being put together */
  gint64        now;
};

typedef struct
{
  char    *title;
  gboolean wide;
  gboolean is_name;
} Column;

/* All borrowed from the texts. */
typedef struct
{
  const char *cells;
  const char *name;       /* (nullable): if neither metadata nor a column tells it */
  const char *namespace_; /* (nullable) */
} Row;

static void
column_free (Column *column)
{
  g_free (column->title);
  g_free (column);
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
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->texts = g_string_chunk_new (TEXT_BLOCK);
  self->row = g_string_new (NULL);
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
  g_array_unref (self->rows);
  g_string_chunk_free (self->texts);
  g_string_free (self->row, TRUE);
  g_free (self);
}

/* Rows that came before the columns have nothing in them. */
static void
fill_rows (KubeTable *self)
{
  g_autofree char *nothing = g_malloc0 (self->columns->len + 1);
  const char      *cells = NULL;

  if (self->rows->len > 0)
    cells = g_string_chunk_insert_len (self->texts, nothing, (gssize) self->columns->len);
  for (guint i = 0; i < self->rows->len; i++)
    g_array_index (self->rows, Row, i).cells = cells;
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

/**
 * kube_table_add_columns:
 * @self: a table
 * @definitions: the `columnDefinitions` of a Table
 *
 * Takes the columns, of the first page that has any.
 */
void
kube_table_add_columns (KubeTable *self,
                        JsonArray *definitions)
{
  gboolean named = FALSE;

  g_return_if_fail (self != NULL);
  g_return_if_fail (definitions != NULL);

  if (self->columns->len > 0)
    return;
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
  fill_rows (self);
}

/* One line: what follows a line break is cut off, and shown to be. */
static void
append_cell (GString    *row,
             const char *text)
{
  gsize length = text != NULL ? strcspn (text, "\f\n\r") : 0;

  g_string_append_len (row, text, (gssize) length);
  if (length > 0 && text[length] != '\0')
    g_string_append (row, "...");
  g_string_append_c (row, '\0');
}

/* Keeps a row whose cells have been put together. Without metadata a column may tell
 * the name. */
static void
finish_row (KubeTable  *self,
            const char *name,
            const char *namespace_)
{
  Row         row = { NULL };
  const char *cell;

  row.cells = g_string_chunk_insert_len (self->texts, self->row->str, (gssize) self->row->len);
  row.namespace_ = namespace_ != NULL ? g_string_chunk_insert_const (self->texts, namespace_) : NULL;
  cell = row.cells;
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = g_ptr_array_index (self->columns, i);

      if (column->is_name)
        row.name = cell;
      cell += strlen (cell) + 1;
    }
  if (name != NULL && g_strcmp0 (name, row.name) != 0)
    row.name = g_string_chunk_insert (self->texts, name);
  g_array_append_val (self->rows, row);
  g_string_truncate (self->row, 0);
}

/**
 * kube_table_add_row:
 * @self: a table
 * @row: a row of a Table
 * @namespace_: (nullable): its namespace, where @row has no metadata
 *
 * Adds a row.
 */
void
kube_table_add_row (KubeTable         *self,
                    const KubeListRow *row,
                    const char        *namespace_)
{
  const char *name;
  const char *own;

  g_return_if_fail (self != NULL);
  g_return_if_fail (row != NULL);

  name = base_json_get_string (row->object, "metadata", "name", NULL);
  own = base_json_get_string (row->object, "metadata", "namespace", NULL);
  for (guint i = 0; i < self->columns->len; i++)
    append_cell (self->row, i < row->n_cells ? row->cells[i] : NULL);
  finish_row (self, name, own != NULL ? own : namespace_);
}

/**
 * kube_table_add_object:
 * @self: a table
 * @object: an object
 *
 * Adds an object of an aggregated API that knows no tables: name and age are what every object
 * has.
 */
void
kube_table_add_object (KubeTable *self,
                       JsonNode  *object)
{
  const char      *name = base_json_get_string (object, "metadata", "name", NULL);
  const char      *created = base_json_get_string (object, "metadata", "creationTimestamp", NULL);
  gint64           time = created != NULL ? base_time_parse (created) : 0;
  g_autofree char *age = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (object != NULL);

  if (self->columns->len == 0)
    {
      add_column (self, "Name", FALSE, TRUE);
      add_column (self, "Age", FALSE, FALSE);
      fill_rows (self);
    }
  age = time == 0 ? g_strdup ("<unknown>")
                  : base_time_format_age (MAX (self->now - time, 0) / G_USEC_PER_SEC);
  append_cell (self->row, name);
  append_cell (self->row, age);
  for (guint i = 2; i < self->columns->len; i++)
    append_cell (self->row, NULL);
  finish_row (self, name, base_json_get_string (object, "metadata", "namespace", NULL));
}

/* Cells are JSON strings, numbers or booleans; what else there is, is shown as JSON. */
static char *
print_cell (JsonNode *cell)
{
  if (JSON_NODE_HOLDS_NULL (cell))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (cell) && json_node_get_value_type (cell) == G_TYPE_STRING)
    return json_node_dup_string (cell);

  return base_json_print (cell, FALSE);
}

static void
add_node_row (KubeTable *self,
              JsonNode  *node)
{
  JsonArray *cells = base_json_get_array (node, "cells", NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) texts = NULL;
  KubeListRow row = { .object = base_json_get (node, "object", NULL) };

  for (guint i = 0; cells != NULL && i < json_array_get_length (cells); i++)
    {
      g_autofree char *text = print_cell (json_array_get_element (cells, i));

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  row.n_cells = g_strv_length (texts);
  row.cells = (const char *const *) texts;
  kube_table_add_row (self, &row, NULL);
}

/**
 * kube_table_add_answer:
 * @self: a table
 * @answer: what came for a single object: a Table, or, of a server that knows none, the object
 *
 * Adds the rows of @answer.
 */
void
kube_table_add_answer (KubeTable *self,
                       JsonNode  *answer)
{
  JsonArray *definitions = base_json_get_array (answer, "columnDefinitions", NULL);
  JsonArray *rows = base_json_get_array (answer, "rows", NULL);

  g_return_if_fail (self != NULL);
  g_return_if_fail (answer != NULL);

  if (definitions != NULL)
    kube_table_add_columns (self, definitions);
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    add_node_row (self, json_array_get_element (rows, i));
  if (rows == NULL && base_json_get (answer, "metadata", "name", NULL) != NULL)
    kube_table_add_object (self, answer);
}

/**
 * kube_table_clear:
 * @self: a table
 *
 * Forgets every row.
 */
void
kube_table_clear (KubeTable *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->rows, 0);
  g_string_chunk_clear (self->texts);
}

static int
compare_namespaces (gconstpointer a,
                    gconstpointer b)
{
  const char *x = ((const Row *) a)->namespace_;
  const char *y = ((const Row *) b)->namespace_;

  if (x == y || x == NULL || y == NULL)
    return (x != NULL) - (y != NULL);

  return kube_rows_compare_namespaces (x, y);
}

/**
 * kube_table_sort_namespaces:
 * @self: a table whose rows came namespace by namespace, in any order of these
 *
 * Puts the rows into the order in which the server lists all namespaces at once.
 */
void
kube_table_sort_namespaces (KubeTable *self)
{
  g_return_if_fail (self != NULL);

  /* A merge sort, which leaves the rows of a namespace in their order. */
  g_array_sort (self->rows, compare_namespaces);
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

static gboolean
is_shown (const Column  *column,
          KubeTableFlags flags)
{
  return !column->wide || flags & KUBE_TABLE_WIDE;
}

static const char **
build_titles (KubeTable     *self,
              KubeTableFlags flags)
{
  const char **cells = g_new0 (const char *, self->columns->len + 2);
  guint        n = 0;

  if (flags & KUBE_TABLE_NAMESPACE)
    cells[n++] = "NAMESPACE";
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = g_ptr_array_index (self->columns, i);

      if (is_shown (column, flags))
        cells[n++] = column->title;
    }

  return cells;
}

static const char **
build_row (KubeTable     *self,
           KubeTableFlags flags,
           const char    *type_name,
           const Row     *row)
{
  const char **cells = g_new0 (const char *, self->columns->len + 2);
  const char  *cell = row->cells;
  guint        n = 0;

  if (flags & KUBE_TABLE_NAMESPACE)
    cells[n++] = row->namespace_ != NULL ? row->namespace_ : "";
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = g_ptr_array_index (self->columns, i);

      if (is_shown (column, flags) && column->is_name && type_name != NULL)
        {
          g_autofree char *full = g_strconcat (type_name, "/", cell, NULL);

          cells[n++] = g_string_chunk_insert (self->texts, full);
        }
      else if (is_shown (column, flags))
        {
          cells[n++] = cell;
        }
      cell += strlen (cell) + 1;
    }

  return cells;
}

/**
 * kube_table_list_rows:
 * @self: a table
 * @flags: which columns
 * @type_name: (nullable): put before the names, with a slash between
 *
 * Returns: (transfer container) (element-type GStrv): the rows in the server's order, the titles
 *   first; the texts are those of @self
 */
GPtrArray *
kube_table_list_rows (KubeTable     *self,
                      KubeTableFlags flags,
                      const char    *type_name)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (self != NULL, rows);

  g_ptr_array_add (rows, build_titles (self, flags));
  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (rows, build_row (self, flags, type_name, &g_array_index (self->rows, Row, i)));

  return rows;
}

/**
 * kube_table_get_name:
 * @self: a table
 * @row: which row, from 0 on
 *
 * Returns: (transfer none) (nullable): the name of its object; %NULL if there is neither metadata
 *   nor a column of names
 */
const char *
kube_table_get_name (KubeTable *self,
                     guint      row)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (row < self->rows->len, NULL);

  return g_array_index (self->rows, Row, row).name;
}
