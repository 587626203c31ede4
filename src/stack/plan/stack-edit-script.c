/* stack-edit-script.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-edit-script-private.h"

#include <string.h>

/* E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): the greedy one, forward.
 * A point (x, y) means that x elements of the one and y of the other are dealt with; diagonal k
 * holds the points with x - y = k. */

/* So many differences are looked for: their traces take 16 MB. Beyond it everything between the
 * equal beginning and the equal end counts as changed. */
#define MAX_COST 2000

typedef struct
{
  const guint *before;
  const guint *after;
  int          n_before;
  int          n_after;
  GPtrArray   *traces; /* (element-type int[]) (owned) the furthest points before each step */
} Search;

/* The furthest points of the diagonals -(cost + 1) … cost + 1, the first one at index 0. */
static int *
copy_trace (const int *furthest,
            int        cost)
{
  return g_memdup2 (furthest - cost - 1, (gsize) (2 * cost + 3) * sizeof (int));
}

static gboolean
comes_from_above (const int *furthest,
                  int        diagonal,
                  int        cost)
{
  return diagonal == -cost ||
         (diagonal != cost && furthest[diagonal - 1] < furthest[diagonal + 1]);
}

/* One step: the furthest points with one difference more. Whether the end is reached. */
static gboolean
step (Search *search,
      int    *furthest,
      int     cost)
{
  for (int diagonal = -cost; diagonal <= cost; diagonal += 2)
    {
      int x = comes_from_above (furthest, diagonal, cost) ? furthest[diagonal + 1]
                                                          : furthest[diagonal - 1] + 1;
      int y = x - diagonal;

      while (x < search->n_before && y < search->n_after && search->before[x] == search->after[y])
        {
          x++;
          y++;
        }
      furthest[diagonal] = x;
      if (x >= search->n_before && y >= search->n_after)
        return TRUE;
    }

  return FALSE;
}

/* The way back from the end, by the traces. */
static void
go_back (Search   *search,
         gboolean *removed,
         gboolean *added)
{
  int x = search->n_before;
  int y = search->n_after;

  for (int cost = (int) search->traces->len - 1; cost > 0; cost--)
    {
      const int *furthest = (const int *) g_ptr_array_index (search->traces, cost) + cost + 1;
      int        diagonal = x - y;
      gboolean   above = comes_from_above (furthest, diagonal, cost);
      int        previous = above ? diagonal + 1 : diagonal - 1;

      x = furthest[previous];
      y = x - previous;
      if (above)
        added[y] = TRUE;
      else
        removed[x] = TRUE;
    }
}

static gboolean
search_script (Search   *search,
               gboolean *removed,
               gboolean *added)
{
  int             max = MIN (search->n_before + search->n_after, MAX_COST);
  g_autofree int *points = g_new0 (int, 2 * max + 3);
  int            *furthest = points + max + 1;
  gboolean        found = FALSE;

  for (int cost = 0; cost <= max && !found; cost++)
    {
      g_ptr_array_add (search->traces, copy_trace (furthest, cost));
      found = step (search, furthest, cost);
    }
  if (found)
    go_back (search, removed, added);

  return found;
}

/*
 * stack_edit_script_find:
 * @before: (array length=n_before): elements, equal when their numbers are
 * @n_before: how many
 * @after: (array length=n_after): elements
 * @n_after: how many
 * @removed: (array length=n_before): filled with whether each element of @before is not in @after
 * @added: (array length=n_after): filled with whether each element of @after is not in @before
 *
 * Finds a shortest way to make the one of the other. What is neither removed nor added is the same
 * in both, in the same order. Where more than 2000 differences would be needed, everything between
 * the equal beginning and the equal end is removed and added.
 */
void
stack_edit_script_find (const guint *before,
                        guint        n_before,
                        const guint *after,
                        guint        n_after,
                        gboolean    *removed,
                        gboolean    *added)
{
  g_autoptr(GPtrArray) traces = g_ptr_array_new_with_free_func (g_free);
  Search search = { .traces = traces };
  guint  start = 0;
  guint  end = 0;

  g_return_if_fail (n_before < G_MAXINT / 4 && n_after < G_MAXINT / 4);

  while (start < n_before && start < n_after && before[start] == after[start])
    start++;
  while (end < n_before - start && end < n_after - start &&
         before[n_before - end - 1] == after[n_after - end - 1])
    end++;

  memset (removed, 0, n_before * sizeof (gboolean));
  memset (added, 0, n_after * sizeof (gboolean));
  search.before = before + start;
  search.after = after + start;
  search.n_before = (int) (n_before - start - end);
  search.n_after = (int) (n_after - start - end);
  if (search_script (&search, removed + start, added + start))
    return;

  for (int i = 0; i < search.n_before; i++)
    removed[start + (guint) i] = TRUE;
  for (int i = 0; i < search.n_after; i++)
    added[start + (guint) i] = TRUE;
}
