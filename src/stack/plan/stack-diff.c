/* stack-diff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-diff.h"

#include <string.h>

#include "stack-edit-script-private.h"

/* Two lines are shown as one that changed when at least this part of their words is the same. */
#define ALIKE_PERCENT 30

/**
 * StackDiff:
 *
 * What differs between two texts: every line of both, in order, with what is removed in front of
 * what is added, and the words that changed where a line became another.
 */
struct _StackDiff
{
  grefcount  count;
  GPtrArray *lines; /* (element-type StackDiffLine) (owned) */
  guint      n_added;
  guint      n_removed;
};

G_DEFINE_BOXED_TYPE (StackDiff, stack_diff, stack_diff_ref, stack_diff_unref)

/* A piece of text, by where it stands. */
typedef struct
{
  const char *text;
  gsize       length;
} Piece;

static void
line_free (gpointer data)
{
  StackDiffLine *line = data;

  g_free (line->text);
  g_clear_pointer (&line->spans, g_array_unref);
  g_free (line);
}

static void
add_piece (GArray     *pieces,
           const char *text,
           gsize       length)
{
  Piece piece = { text, length };

  g_array_append_val (pieces, piece);
}

static GArray *
split_lines (const char *text)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");

      add_piece (pieces, text, length);
      text += length + (text[length] == '\n' ? 1 : 0);
    }

  return pieces;
}

static gsize
measure_word (const char *text)
{
  const char *end = text;

  if (g_unichar_isspace (g_utf8_get_char (text)))
    {
      while (*end != '\0' && g_unichar_isspace (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
    }
  else
    {
      while (*end != '\0' && (g_unichar_isalnum (g_utf8_get_char (end)) || *end == '_'))
        end = g_utf8_next_char (end);
    }
  if (end == text)
    end = g_utf8_next_char (text);

  return (gsize) (end - text);
}

/* Letters and digits together, space together, everything else for itself. */
static GArray *
split_words (const char *text)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  while (*text != '\0')
    {
      gsize length = measure_word (text);

      add_piece (pieces, text, length);
      text += length;
    }

  return pieces;
}

/* Equal pieces get equal numbers. */
static guint *
number_pieces (GArray     *pieces,
               GHashTable *numbers)
{
  guint *result = g_new (guint, pieces->len + 1);

  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece     *piece = &g_array_index (pieces, Piece, i);
      g_autofree char *text = g_strndup (piece->text, piece->length);
      gpointer         number = g_hash_table_lookup (numbers, text);

      if (number == NULL)
        {
          number = GUINT_TO_POINTER (g_hash_table_size (numbers) + 1);
          g_hash_table_insert (numbers, g_steal_pointer (&text), number);
        }
      result[i] = GPOINTER_TO_UINT (number);
    }

  return result;
}

/* Which pieces of the one are not in the other. */
static void
compare_pieces (GArray    *before,
                GArray    *after,
                gboolean **removed,
                gboolean **added)
{
  g_autoptr(GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree guint *before_numbers = number_pieces (before, numbers);
  g_autofree guint *after_numbers = number_pieces (after, numbers);

  *removed = g_new0 (gboolean, before->len + 1);
  *added = g_new0 (gboolean, after->len + 1);
  stack_edit_script_find (before_numbers, before->len, after_numbers, after->len, *removed, *added);
}

/* The words that changed, those that touch each other as one span. */
static GArray *
build_spans (GArray         *words,
             const gboolean *changed,
             const char     *line)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (StackDiffSpan));

  for (guint i = 0; i < words->len; i++)
    {
      const Piece   *word = &g_array_index (words, Piece, i);
      guint          start = (guint) (word->text - line);
      StackDiffSpan  span = { start, start + (guint) word->length };
      StackDiffSpan *last = spans->len > 0 ? &g_array_index (spans, StackDiffSpan, spans->len - 1)
                                           : NULL;

      if (!changed[i])
        continue;
      if (last != NULL && last->end == span.start)
        last->end = span.end;
      else
        g_array_append_val (spans, span);
    }

  return spans;
}

static gboolean
is_blank (const Piece *word)
{
  return g_unichar_isspace (g_utf8_get_char (word->text));
}

/* How many bytes of words are the same, in percent of the longer line; space does not count. */
static guint
measure_likeness (GArray         *before,
                  GArray         *after,
                  const gboolean *removed)
{
  gsize same = 0;
  gsize lengths[] = { 0, 0 };

  for (guint i = 0; i < before->len; i++)
    {
      const Piece *word = &g_array_index (before, Piece, i);

      lengths[0] += is_blank (word) ? 0 : word->length;
      same += is_blank (word) || removed[i] ? 0 : word->length;
    }
  for (guint i = 0; i < after->len; i++)
    {
      const Piece *word = &g_array_index (after, Piece, i);

      lengths[1] += is_blank (word) ? 0 : word->length;
    }

  return (guint) (same * 100 / MAX (MAX (lengths[0], lengths[1]), 1));
}

/* A line that became another: which words changed. */
static void
compare_words (StackDiffLine *before,
               StackDiffLine *after)
{
  g_autoptr(GArray) before_words = split_words (before->text);
  g_autoptr(GArray) after_words = split_words (after->text);
  g_autofree gboolean *removed = NULL;
  g_autofree gboolean *added = NULL;

  compare_pieces (before_words, after_words, &removed, &added);
  if (measure_likeness (before_words, after_words, removed) < ALIKE_PERCENT)
    return;

  before->spans = build_spans (before_words, removed, before->text);
  after->spans = build_spans (after_words, added, after->text);
}

static void
add_line (StackDiff    *self,
          StackDiffKind kind,
          const Piece  *piece,
          guint         old_number,
          guint         new_number)
{
  StackDiffLine *line = g_new0 (StackDiffLine, 1);

  line->kind = kind;
  line->old_number = old_number;
  line->new_number = new_number;
  line->text = g_strndup (piece->text, piece->length);
  g_ptr_array_add (self->lines, line);
  self->n_added += kind == STACK_DIFF_ADDED ? 1 : 0;
  self->n_removed += kind == STACK_DIFF_REMOVED ? 1 : 0;
}

/* Within each block, the first line that is removed is set against the first that is added. */
static void
compare_block (StackDiff *self,
               guint      first,
               guint      n_removed,
               guint      n_added)
{
  for (guint i = 0; i < MIN (n_removed, n_added); i++)
    compare_words (g_ptr_array_index (self->lines, first + i),
                   g_ptr_array_index (self->lines, first + n_removed + i));
}

static void
add_lines (StackDiff      *self,
           GArray         *before,
           GArray         *after,
           const gboolean *removed,
           const gboolean *added)
{
  guint i = 0;
  guint j = 0;

  while (i < before->len || j < after->len)
    {
      guint first = self->lines->len;
      guint old_start = i;
      guint new_start = j;

      for (; i < before->len && removed[i]; i++)
        add_line (self, STACK_DIFF_REMOVED, &g_array_index (before, Piece, i), i + 1, 0);
      for (; j < after->len && added[j]; j++)
        add_line (self, STACK_DIFF_ADDED, &g_array_index (after, Piece, j), 0, j + 1);
      compare_block (self, first, i - old_start, j - new_start);
      for (; i < before->len && j < after->len && !removed[i] && !added[j]; i++, j++)
        add_line (self, STACK_DIFF_EQUAL, &g_array_index (before, Piece, i), i + 1, j + 1);
    }
}

/**
 * stack_diff_new:
 * @before: a text of lines, in UTF-8
 * @after: a text of lines, in UTF-8
 *
 * Compares two texts line by line, by Myers' algorithm, and the lines that became others word by
 * word. Whether the last line has an end is not looked at.
 *
 * Returns: (transfer full): what differs
 */
StackDiff *
stack_diff_new (const char *before,
                const char *after)
{
  StackDiff *self;
  g_autoptr(GArray) before_lines = NULL;
  g_autoptr(GArray) after_lines = NULL;
  g_autofree gboolean *removed = NULL;
  g_autofree gboolean *added = NULL;

  g_return_val_if_fail (before != NULL, NULL);
  g_return_val_if_fail (after != NULL, NULL);

  before_lines = split_lines (before);
  after_lines = split_lines (after);
  compare_pieces (before_lines, after_lines, &removed, &added);

  self = g_new0 (StackDiff, 1);
  g_ref_count_init (&self->count);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  add_lines (self, before_lines, after_lines, removed, added);

  return self;
}

/**
 * stack_diff_ref:
 * @self: a diff
 *
 * Returns: (transfer full): @self
 */
StackDiff *
stack_diff_ref (StackDiff *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_ref_count_inc (&self->count);

  return self;
}

/**
 * stack_diff_unref:
 * @self: (transfer full): a diff
 *
 * Gives up a reference.
 */
void
stack_diff_unref (StackDiff *self)
{
  g_return_if_fail (self != NULL);

  if (!g_ref_count_dec (&self->count))
    return;

  g_ptr_array_unref (self->lines);
  g_free (self);
}

/**
 * stack_diff_get_lines:
 * @self: a diff
 *
 * Returns: (transfer none) (element-type StackDiffLine): every line of both texts, in order
 */
GPtrArray *
stack_diff_get_lines (StackDiff *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->lines;
}

/**
 * stack_diff_get_n_added:
 * @self: a diff
 *
 * Returns: how many lines are in the second text only
 */
guint
stack_diff_get_n_added (StackDiff *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_added;
}

/**
 * stack_diff_get_n_removed:
 * @self: a diff
 *
 * Returns: how many lines are in the first text only
 */
guint
stack_diff_get_n_removed (StackDiff *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_removed;
}

static StackDiffKind
get_kind (StackDiff *self,
          guint      index)
{
  const StackDiffLine *line = g_ptr_array_index (self->lines, index);

  return line->kind;
}

/* The first line from @index on that is not equal, or how many lines there are. */
static guint
find_changed (StackDiff *self,
              guint      index)
{
  while (index < self->lines->len && get_kind (self, index) == STACK_DIFF_EQUAL)
    index++;

  return index;
}

/* Where the changed lines end that stand from @index on, with no more than twice @context equal
 * ones between them. */
static guint
find_end (StackDiff *self,
          guint      index,
          guint      context)
{
  guint end = index;
  guint next = index;

  while (next < self->lines->len && next - end <= 2 * context)
    {
      while (next < self->lines->len && get_kind (self, next) != STACK_DIFF_EQUAL)
        next++;
      end = next;
      next = find_changed (self, next);
    }

  return end;
}

/* How many lines of a text stand in front of @index. */
static guint
count_before (StackDiff    *self,
              guint         index,
              StackDiffKind other)
{
  guint n = 0;

  for (guint i = 0; i < index; i++)
    n += get_kind (self, i) != other ? 1 : 0;

  return n;
}

static void
add_hunk (StackDiff *self,
          GArray    *hunks,
          guint      first,
          guint      end)
{
  StackDiffHunk hunk = { .first = first, .n_lines = end - first };

  hunk.old_start = count_before (self, first, STACK_DIFF_ADDED);
  hunk.new_start = count_before (self, first, STACK_DIFF_REMOVED);
  hunk.old_lines = count_before (self, end, STACK_DIFF_ADDED) - hunk.old_start;
  hunk.new_lines = count_before (self, end, STACK_DIFF_REMOVED) - hunk.new_start;
  hunk.old_start += hunk.old_lines > 0 ? 1 : 0;
  hunk.new_start += hunk.new_lines > 0 ? 1 : 0;
  g_array_append_val (hunks, hunk);
}

/**
 * stack_diff_list_hunks:
 * @self: a diff
 * @context: how many equal lines to show around changed ones
 *
 * Takes the changed lines together with those around them, as `diff -U` does: pieces that touch
 * are one.
 *
 * Returns: (transfer full) (element-type StackDiffHunk): the pieces; none if nothing differs
 */
GArray *
stack_diff_list_hunks (StackDiff *self,
                       guint      context)
{
  GArray *hunks;

  g_return_val_if_fail (self != NULL, NULL);

  hunks = g_array_new (FALSE, FALSE, sizeof (StackDiffHunk));
  context = MIN (context, self->lines->len);
  for (guint i = find_changed (self, 0); i < self->lines->len;)
    {
      guint end = find_end (self, i, context);

      add_hunk (self, hunks, i - MIN (i, context), MIN (end + context, self->lines->len));
      i = find_changed (self, end);
    }

  return hunks;
}

static void
print_hunk (StackDiff           *self,
            const StackDiffHunk *hunk,
            GString             *text)
{
  static const char signs[] = {
    [STACK_DIFF_EQUAL] = ' ',
    [STACK_DIFF_REMOVED] = '-',
    [STACK_DIFF_ADDED] = '+',
  };

  g_string_append_printf (text, "@@ -%u,%u +%u,%u @@\n", hunk->old_start, hunk->old_lines,
                          hunk->new_start, hunk->new_lines);
  for (guint i = hunk->first; i < hunk->first + hunk->n_lines; i++)
    {
      const StackDiffLine *line = g_ptr_array_index (self->lines, i);

      g_string_append_printf (text, "%c%s\n", signs[line->kind], line->text);
    }
}

/**
 * stack_diff_print:
 * @self: a diff
 * @context: how many equal lines to show around changed ones
 *
 * Writes the differences in the unified form, without the two lines that name files.
 *
 * Returns: (transfer full): a text; "" if nothing differs
 */
char *
stack_diff_print (StackDiff *self,
                  guint      context)
{
  GString *text;
  g_autoptr(GArray) hunks = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  hunks = stack_diff_list_hunks (self, context);
  for (guint i = 0; i < hunks->len; i++)
    print_hunk (self, &g_array_index (hunks, StackDiffHunk, i), text);

  return g_string_free (text, FALSE);
}
