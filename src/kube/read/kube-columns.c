/* kube-columns.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-columns.h"

#include "base-json.h"
#include "kube-cells.h"

/**
 * KubeColumns:
 *
 * The columns of a meta.k8s.io/v1 Table.
 *
 * The server numbers columns in its own order. Here those of the normal view
 * (priority 0) come first and the wide ones behind them, each group in the
 * server's order; cells are put into the same order.
 */
struct _KubeColumns
{
  GStrv  names;   /* (owned): all, normal ones first */
  GStrv  normal;  /* (owned): names of the normal ones */
  guint *sources; /* (array) (owned): the server's index of each */
  guint  n_columns;
};

static void
collect (JsonArray    *definitions,
         gboolean      wide,
         GStrvBuilder *names,
         GArray       *sources)
{
  guint i;

  for (i = 0; i < json_array_get_length (definitions); i++)
    {
      JsonNode   *definition = json_array_get_element (definitions, i);
      const char *name = base_json_get_string (definition, "name", NULL);

      if ((base_json_get_int (definition, 0, "priority", NULL) > 0) != wide)
        continue;
      g_strv_builder_add (names, name != NULL ? name : "");
      g_array_append_val (sources, i);
    }
}

/**
 * kube_columns_new: (skip)
 * @table: a Table
 *
 * Reads `columnDefinitions`. In a watch only the first event has them.
 *
 * Returns: (transfer full) (nullable): the columns; %NULL when @table has no
 *   definitions
 */
KubeColumns *
kube_columns_new (JsonNode *table)
{
  JsonArray *definitions = base_json_get_array (table, "columnDefinitions", NULL);

  if (definitions == NULL || json_array_get_length (definitions) == 0)
    return NULL;

  return kube_columns_new_of_definitions (definitions);
}

/**
 * kube_columns_new_of_definitions:
 * @definitions: the `columnDefinitions` of a Table
 *
 * Returns: (transfer full): the columns
 */
KubeColumns *
kube_columns_new_of_definitions (JsonArray *definitions)
{
  g_autoptr(GStrvBuilder) names = NULL;
  g_autoptr(GStrvBuilder) normal = NULL;
  g_autoptr(GArray) sources = NULL;
  KubeColumns *self;

  g_return_val_if_fail (definitions != NULL, NULL);

  names = g_strv_builder_new ();
  normal = g_strv_builder_new ();
  sources = g_array_new (FALSE, FALSE, sizeof (guint));
  collect (definitions, FALSE, normal, sources);
  g_array_set_size (sources, 0);
  collect (definitions, FALSE, names, sources);
  collect (definitions, TRUE, names, sources);

  self = g_new0 (KubeColumns, 1);
  self->names = g_strv_builder_end (names);
  self->normal = g_strv_builder_end (normal);
  self->n_columns = sources->len;
  self->sources = (guint *) (void *) g_array_free (g_steal_pointer (&sources), FALSE);

  return self;
}

/**
 * kube_columns_free:
 * @self: (nullable): columns
 *
 * Frees @self.
 */
void
kube_columns_free (KubeColumns *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  g_strfreev (self->normal);
  g_free (self->sources);
  g_free (self);
}

/**
 * kube_columns_get_normal:
 * @self: columns
 *
 * Returns: (transfer none): names of the columns of the normal view; the index
 *   of a name is the index of its cell
 */
const char *const *
kube_columns_get_normal (KubeColumns *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->normal;
}

/**
 * kube_columns_find:
 * @self: columns
 * @name: name of a column as the server writes it, such as "Restarts"; wide
 *   ones are found too
 *
 * Returns: the index of its cells, -1 when there is no such column
 */
int
kube_columns_find (KubeColumns *self,
                   const char  *name)
{
  guint i;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (name != NULL, -1);

  for (i = 0; i < self->n_columns; i++)
    {
      if (g_str_equal (self->names[i], name))
        return (int) i;
    }

  return -1;
}

/**
 * kube_columns_get_nth:
 * @self: columns
 * @position: counted from 0 in the server's order
 * @name: (out) (transfer none): the name of the column there
 * @wide: (out): whether only the wide view has it
 *
 * Returns: the index of its cells, -1 behind the last column
 */
int
kube_columns_get_nth (KubeColumns *self,
                      guint        position,
                      const char **name,
                      gboolean    *wide)
{
  g_return_val_if_fail (self != NULL, -1);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->sources[i] != position)
        continue;
      *name = self->names[i];
      *wide = i >= g_strv_length (self->normal);
      return (int) i;
    }

  return -1;
}

/* Cells are JSON strings, numbers or booleans; what else there is, is shown as JSON. */
static char *
format_cell (JsonNode *cell)
{
  if (cell == NULL || JSON_NODE_HOLDS_NULL (cell))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (cell) && json_node_get_value_type (cell) == G_TYPE_STRING)
    return json_node_dup_string (cell);

  return base_json_print (cell, FALSE);
}

/**
 * kube_columns_dup_cells:
 * @self: columns
 * @row: an element of a Table's `rows`
 *
 * Returns: (transfer full): the cells of @row as text, in the order of @self, as those of
 *   [func@kube_cells_new]
 */
const char **
kube_columns_dup_cells (KubeColumns *self,
                        JsonNode    *row)
{
  JsonArray *cells = base_json_get_array (row, "cells", NULL);
  guint      length = cells != NULL ? json_array_get_length (cells) : 0;
  g_auto(GStrv) texts = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  texts = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    {
      guint source = self->sources[i];

      texts[i] = format_cell (source < length ? json_array_get_element (cells, source) : NULL);
    }

  return kube_cells_new ((const char *const *) texts, self->n_columns);
}

/* As format_cell(), of text. */
static char *
format_slice (const BaseJsonSlice *cell)
{
  g_autoptr(JsonNode) node = NULL;
  char *text = base_json_slice_dup_string (cell);

  if (text != NULL)
    return text;

  node = base_json_slice_parse (cell);
  return format_cell (node);
}

/**
 * kube_columns_dup_cells_of_slice:
 * @self: columns
 * @cells: the `cells` of an element of a Table's `rows`
 *
 * As [method@Columns.dup_cells], without a tree.
 *
 * Returns: (transfer full): the cells as text, in the order of @self, as those of
 *   [func@kube_cells_new]
 */
const char **
kube_columns_dup_cells_of_slice (KubeColumns         *self,
                                 const BaseJsonSlice *cells)
{
  BaseJsonWalk   walk;
  BaseJsonSlice *sources;
  g_auto(GStrv) texts = NULL;
  guint n = 0;

  g_return_val_if_fail (self != NULL, NULL);

  sources = g_newa0 (BaseJsonSlice, self->n_columns);
  if (base_json_slice_is_array (cells))
    {
      base_json_walk_init (&walk, cells);
      while (n < self->n_columns && base_json_walk_next (&walk))
        sources[n++] = walk.value;
    }

  texts = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    texts[i] = format_slice (&sources[self->sources[i]]);

  return kube_cells_new ((const char *const *) texts, self->n_columns);
}

/**
 * kube_columns_dup_cells_of_row:
 * @self: columns
 * @row: a row of a Table
 *
 * Returns: (transfer full): the cells of @row, in the order of @self, as those of
 *   [func@kube_cells_new]
 */
const char **
kube_columns_dup_cells_of_row (KubeColumns       *self,
                               const KubeListRow *row)
{
  const char **texts;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (row != NULL, NULL);

  texts = g_newa0 (const char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    texts[i] = self->sources[i] < row->n_cells ? row->cells[self->sources[i]] : NULL;

  return kube_cells_new (texts, self->n_columns);
}
