/* stack-image-output.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-output.h"

#include "stack-image-text-private.h"

#include <string.h>

/* How many lines an error repeats, and how many characters of each. */
#define LAST_WORDS 3
#define MAX_WORDS 200

/* How many lines are looked at for words that explain a failure. */
#define SEARCHED_LINES 50

/**
 * StackImageOutput:
 *
 * What the programs of a build say, line by line, as a list of [class@ImageLine]. It keeps the
 * last lines only.
 */
struct _StackImageOutput
{
  GObject parent_instance;

  GPtrArray      *lines; /* (element-type StackImageLine) (owned) */
  StackImageText *text;  /* (owned) */
  guint           max_lines;
  guint           n_current; /* lines of the command that runs now; may be more than are kept */
  guint64         n_forgotten;
};

static void stack_image_output_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StackImageOutput, stack_image_output, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, stack_image_output_list_model_init))

static GType
stack_image_output_get_item_type (GListModel *model)
{
  return STACK_TYPE_IMAGE_LINE;
}

static guint
stack_image_output_get_n_items (GListModel *model)
{
  return STACK_IMAGE_OUTPUT (model)->lines->len;
}

static gpointer
stack_image_output_get_item (GListModel *model,
                             guint       position)
{
  StackImageOutput *self = STACK_IMAGE_OUTPUT (model);

  return position < self->lines->len ? g_object_ref (g_ptr_array_index (self->lines, position))
                                     : NULL;
}

static void
stack_image_output_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = stack_image_output_get_item_type;
  iface->get_n_items = stack_image_output_get_n_items;
  iface->get_item = stack_image_output_get_item;
}

static void
stack_image_output_finalize (GObject *object)
{
  StackImageOutput *self = STACK_IMAGE_OUTPUT (object);

  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->text, _stack_image_text_free);

  G_OBJECT_CLASS (stack_image_output_parent_class)->finalize (object);
}

static void
stack_image_output_class_init (StackImageOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_image_output_finalize;
}

static void
stack_image_output_init (StackImageOutput *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->text = _stack_image_text_new ();
}

/**
 * stack_image_output_new:
 * @max_lines: how many lines to keep
 *
 * Returns: (transfer full): an empty list
 */
StackImageOutput *
stack_image_output_new (guint max_lines)
{
  StackImageOutput *self;

  g_return_val_if_fail (max_lines > 0, NULL);

  self = g_object_new (STACK_TYPE_IMAGE_OUTPUT, NULL);
  self->max_lines = max_lines;

  return self;
}

/**
 * stack_image_output_get_n_forgotten:
 * @self: a list
 *
 * Returns: how many lines stood before the first one that is kept
 */
guint64
stack_image_output_get_n_forgotten (StackImageOutput *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_OUTPUT (self), 0);

  return self->n_forgotten;
}

static void
forget (StackImageOutput *self,
        guint             n)
{
  if (n == 0)
    return;

  g_ptr_array_remove_range (self->lines, 0, n);
  self->n_forgotten += n;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

/* Not more at a time than are kept, so that whoever listens sees each. */
static void
add_lines (StackImageOutput *self,
           GPtrArray        *texts,
           gboolean          is_command)
{
  for (guint i = 0; i < texts->len;)
    {
      guint n = MIN (texts->len - i, self->max_lines);
      guint position;

      forget (self, self->lines->len + n - MIN (self->lines->len + n, self->max_lines));
      position = self->lines->len;
      for (guint j = i; j < i + n; j++)
        g_ptr_array_add (self->lines,
                         stack_image_line_new (g_ptr_array_index (texts, j), is_command));
      i += n;
      self->n_current += n;
      g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
    }
}

/**
 * stack_image_output_begin:
 * @self: a list
 * @command: the command that is run next
 *
 * Adds a line for a command. What is printed from then on is its output.
 */
void
stack_image_output_begin (StackImageOutput *self,
                          const char       *command)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();

  g_return_if_fail (STACK_IS_IMAGE_OUTPUT (self));
  g_return_if_fail (command != NULL);

  g_ptr_array_add (texts, (gpointer) command);
  add_lines (self, texts, TRUE);
  self->n_current = 0;
}

/**
 * stack_image_output_write:
 * @self: a list
 * @data: (array length=length): bytes of any kind
 * @length: how many
 *
 * Adds what a program has printed: the lines that have come to their end. Escape sequences and
 * control characters are taken out, secrets are replaced ([func@Base.redact_text]), and lines of
 * more than 4 KiB are cut.
 */
void
stack_image_output_write (StackImageOutput *self,
                          const char       *data,
                          gsize             length)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (STACK_IS_IMAGE_OUTPUT (self));
  g_return_if_fail (data != NULL || length == 0);

  _stack_image_text_feed (self->text, data, length, texts);
  add_lines (self, texts, FALSE);
}

/**
 * stack_image_output_end:
 * @self: a list
 *
 * The program has ended: what stands behind its last line break is a line, too.
 */
void
stack_image_output_end (StackImageOutput *self)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (STACK_IS_IMAGE_OUTPUT (self));

  _stack_image_text_end (self->text, texts);
  add_lines (self, texts, FALSE);
}

/* Of the n-th line from the end; NULL beyond the output of the last command. */
static const char *
get_text_from_end (StackImageOutput *self,
                   guint             n)
{
  guint n_current = MIN (self->n_current, self->lines->len);

  if (n >= n_current)
    return NULL;

  return stack_image_line_get_text (
      g_ptr_array_index (self->lines, self->lines->len - 1 - n));
}

/* Minikube draws a box with general advice below every error. */
static gboolean
says_something (const char *text)
{
  static const char *const frames[] = { "╭", "│", "╰" };
  const char              *p = text + strspn (text, " \t*-=>");

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    if (g_str_has_prefix (p, frames[i]))
      return FALSE;

  return *p != '\0';
}

/**
 * stack_image_output_dup_last_words:
 * @self: a list
 *
 * Gets the end of what the last command has printed, as it is repeated in an error: up to three
 * lines that say something.
 *
 * Returns: (transfer full): the lines with " / " in between, "" if it has printed nothing
 */
char *
stack_image_output_dup_last_words (StackImageOutput *self)
{
  GString    *words = g_string_new (NULL);
  const char *text;
  guint       n = 0;

  g_return_val_if_fail (STACK_IS_IMAGE_OUTPUT (self), g_string_free (words, FALSE));

  for (guint i = 0; n < LAST_WORDS && (text = get_text_from_end (self, i)) != NULL; i++)
    {
      g_autofree char *excerpt = NULL;

      if (!says_something (text))
        continue;
      excerpt = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_WORDS));
      if (n++ > 0)
        g_string_prepend (words, " / ");
      g_string_prepend (words, g_strstrip (excerpt));
    }

  return g_string_free (words, FALSE);
}

/**
 * stack_image_output_says:
 * @self: a list
 * @words: words of ASCII letters
 *
 * Looks for words in the last lines that the last command has printed, in any case.
 *
 * Returns: whether they are there
 */
gboolean
stack_image_output_says (StackImageOutput *self,
                         const char       *words)
{
  g_autofree char *wanted = NULL;
  const char      *text;

  g_return_val_if_fail (STACK_IS_IMAGE_OUTPUT (self), FALSE);
  g_return_val_if_fail (words != NULL, FALSE);

  wanted = g_ascii_strdown (words, -1);
  for (guint i = 0; i < SEARCHED_LINES && (text = get_text_from_end (self, i)) != NULL; i++)
    {
      g_autofree char *folded = g_ascii_strdown (text, -1);

      if (strstr (folded, wanted) != NULL)
        return TRUE;
    }

  return FALSE;
}
