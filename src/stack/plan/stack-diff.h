/* stack-diff.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_DIFF_EQUAL,
  STACK_DIFF_REMOVED,
  STACK_DIFF_ADDED,
} StackDiffKind;

/**
 * StackDiffSpan:
 * @start: where it begins, in bytes from the start of the line
 * @end: the first byte behind it
 *
 * Words that changed in a line.
 */
typedef struct
{
  guint start;
  guint end;
} StackDiffSpan;

/**
 * StackDiffLine:
 * @kind: on which side it stands: on both, before only, after only
 * @old_number: its number before, from 1; 0 if it was not there
 * @new_number: its number after, from 1; 0 if it is not there
 * @text: the line without its end
 * @spans: (element-type StackDiffSpan) (nullable): what changed in it; %NULL for all of it, or
 *   nothing where it is equal
 *
 * A line of a [struct@Diff].
 */
typedef struct
{
  StackDiffKind kind;
  guint         old_number;
  guint         new_number;
  char         *text;
  GArray       *spans;
} StackDiffLine;

/**
 * StackDiffHunk:
 * @first: the index of its first line
 * @n_lines: how many lines it has
 * @old_start: the number of its first line before; that of the line in front of it if it has none
 * @old_lines: how many lines it has before
 * @new_start: the number of its first line after; that of the line in front of it if it has none
 * @new_lines: how many lines it has after
 *
 * A piece of a [struct@Diff]: changed lines and those around them.
 */
typedef struct
{
  guint first;
  guint n_lines;
  guint old_start;
  guint old_lines;
  guint new_start;
  guint new_lines;
} StackDiffHunk;

#define STACK_TYPE_DIFF (stack_diff_get_type ())

typedef struct _StackDiff StackDiff;

GType      stack_diff_get_type (void) G_GNUC_CONST;
StackDiff *stack_diff_new (const char *before,
                           const char *after);
StackDiff *stack_diff_ref (StackDiff *self);
void       stack_diff_unref (StackDiff *self);
GPtrArray *stack_diff_get_lines (StackDiff *self);
guint      stack_diff_get_n_added (StackDiff *self);
guint      stack_diff_get_n_removed (StackDiff *self);
GArray    *stack_diff_list_hunks (StackDiff *self,
                                  guint      context);
char      *stack_diff_print (StackDiff *self,
                             guint      context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackDiff, stack_diff_unref)

G_END_DECLS
