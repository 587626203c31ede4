/* stack-image-text-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a byte stands in what a terminal would take for a command (ECMA-48). */
typedef enum
{
  STACK_IMAGE_TEXT_PLAIN,
  STACK_IMAGE_TEXT_ESCAPE,     /* after ESC */
  STACK_IMAGE_TEXT_CONTROL,    /* after ESC [ */
  STACK_IMAGE_TEXT_STRING,     /* in a string such as a window's title */
  STACK_IMAGE_TEXT_STRING_END, /* after ESC in a string */
} StackImageTextState;

typedef struct
{
  StackImageTextState state;
  GString            *line;
  gboolean            restarts; /* a carriage return came last */
  gboolean            is_cut;
} StackImageText;

StackImageText *_stack_image_text_new (void);
void            _stack_image_text_free (StackImageText *self);
void            _stack_image_text_feed (StackImageText *self,
                                        const char     *data,
                                        gsize           length,
                                        GPtrArray      *lines);
void            _stack_image_text_end (StackImageText *self,
                                       GPtrArray      *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackImageText, _stack_image_text_free)

G_END_DECLS
