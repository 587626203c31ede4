/* kube-cells.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-cells.h"

#include <string.h>

/**
 * kube_cells_new: (skip)
 * @texts: (array length=n_texts): the texts of the cells; %NULL stands for an empty one
 * @n_texts: how many
 *
 * Copies the cells of a row into one block of memory, since there may be many thousands of rows.
 *
 * Returns: (transfer full): the cells, with %NULL behind them; free them with g_free(), all at once
 */
const char **
kube_cells_new (const char *const *texts,
                guint              n_texts)
{
  gsize        size = (n_texts + 1) * sizeof (char *);
  const char **cells;
  char        *end;

  g_return_val_if_fail (texts != NULL || n_texts == 0, NULL);

  for (guint i = 0; i < n_texts; i++)
    size += (texts[i] != NULL ? strlen (texts[i]) : 0) + 1;

  cells = g_malloc (size);
  end = (char *) (cells + n_texts + 1);
  for (guint i = 0; i < n_texts; i++)
    {
      cells[i] = end;
      end = stpcpy (end, texts[i] != NULL ? texts[i] : "") + 1;
    }
  cells[n_texts] = NULL;

  return cells;
}
