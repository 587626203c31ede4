/* stack-image-line.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-line.h"

/**
 * StackImageLine:
 *
 * A line of what a build says: one that a program printed, or the command that prints those after
 * it. It does not change.
 */
struct _StackImageLine
{
  GObject parent_instance;

  char    *text; /* (owned) */
  gboolean is_command;
};

G_DEFINE_FINAL_TYPE (StackImageLine, stack_image_line, G_TYPE_OBJECT)

static void
stack_image_line_finalize (GObject *object)
{
  StackImageLine *self = STACK_IMAGE_LINE (object);

  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (stack_image_line_parent_class)->finalize (object);
}

static void
stack_image_line_class_init (StackImageLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_image_line_finalize;
}

static void
stack_image_line_init (StackImageLine *self)
{
}

/**
 * stack_image_line_new:
 * @text: the line, without its end
 * @is_command: whether it is a command that is run
 *
 * Returns: (transfer full): a line
 */
StackImageLine *
stack_image_line_new (const char *text,
                      gboolean    is_command)
{
  StackImageLine *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (STACK_TYPE_IMAGE_LINE, NULL);
  self->text = g_strdup (text);
  self->is_command = is_command;

  return self;
}

/**
 * stack_image_line_get_text:
 * @self: a line
 *
 * Returns: (transfer none): the line, in UTF-8, without control characters
 */
const char *
stack_image_line_get_text (StackImageLine *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_LINE (self), NULL);

  return self->text;
}

/**
 * stack_image_line_is_command:
 * @self: a line
 *
 * Returns: whether it is a command that is run, as a terminal would take it
 */
gboolean
stack_image_line_is_command (StackImageLine *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_LINE (self), FALSE);

  return self->is_command;
}
