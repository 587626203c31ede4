/* stack-image-output.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-image-line.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_IMAGE_OUTPUT (stack_image_output_get_type ())

G_DECLARE_FINAL_TYPE (StackImageOutput, stack_image_output, STACK, IMAGE_OUTPUT, GObject)

StackImageOutput *stack_image_output_new (guint max_lines);
guint64           stack_image_output_get_n_forgotten (StackImageOutput *self);
void              stack_image_output_begin (StackImageOutput *self,
                                            const char       *command);
void              stack_image_output_write (StackImageOutput *self,
                                            const char       *data,
                                            gsize             length);
void              stack_image_output_end (StackImageOutput *self);
char             *stack_image_output_dup_last_words (StackImageOutput *self);
gboolean          stack_image_output_says (StackImageOutput *self,
                                           const char       *words);

G_END_DECLS
